"""Public rooms are found: by words, by category, page by page."""

from typing import Any

import pytest

from appliance.features.rooms import rolls
from tests.client import Client
from tests.edge.browser import browser
from tests.rooms.making import make_room
from tests.server import Account, Server


async def directory(server: Server, who: Account, **query: str) -> dict[str, Any]:
    async with browser(server, who.token) as b:
        answer = await b.get("/api/rooms", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def names(server: Server, who: Account, **query: str) -> list[str]:
    return [entry["room"]["name"] for entry in (await directory(server, who, **query))["rooms"]]


async def set_categories(server: Server, admin: Account, *wanted: Any) -> Any:
    """`wanted`: names, or (id, name)."""
    asked = [{"name": each} if isinstance(each, str) else {"id": each[0], "name": each[1]} for each in wanted]
    async with browser(server, admin.token) as b:
        return await b.put("/api/categories", json={"categories": asked})


async def make_some(a: Client) -> None:
    for name, topic in (
        ("Garten", "Beete und Säen"),
        ("Kitchen", "What grows in the garden, cooked"),
        ("Ångström", "Small things"),
    ):
        await make_room(a, name=name, topic=topic)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("gart", ["Garten"]),
        ("GARDEN", ["Kitchen"]),
        ("säen", ["Garten"]),
        ("saen beete", ["Garten"]),
        ("angstrom", ["Ångström"]),
        ("cooked kitchen", ["Kitchen"]),
        ("kitchen säen", []),
        ("%", []),
        ("  ", ["Garten", "Kitchen", "Ångström"]),
    ],
)
async def test_rooms_are_found_by_words_of_name_and_topic(
    server: Server, words: str, found: list[str]
) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        await make_some(a)
    assert sorted(await names(server, ada, q=words)) == found


async def test_the_directory_shows_open_public_rooms_largest_first_and_which_are_mine(
    server: Server,
) -> None:
    ada, bela, dana = [await server.account(name) for name in ("ada", "bela", "dana")]
    async with server.connect(ada) as a:
        small, large = await make_room(a, name="Small"), await make_room(a, bela, dana, name="Large")
        await make_room(a, name="Middle", kind="public")
        for kind in ("private", "archived", "deleted"):
            room = await make_room(a, name=kind, kind="private" if kind == "private" else "public")
            if kind == "archived":
                await a.do("archive_room", room=room, archived=True)
            elif kind == "deleted":
                await a.do("delete_room", room=room)
        await a.do("start_group", people=[dana.id], name="Group")
    found = (await directory(server, bela))["rooms"]
    assert [(entry["room"]["name"], entry["joined"]) for entry in found][:1] == [("Large", True)]
    assert {entry["room"]["name"]: entry["room"]["member_count"] for entry in found} == {
        "Large": 3,
        "Small": 1,
        "Middle": 1,
    }
    assert {entry["room"]["id"] for entry in found} >= {small, large}


async def test_the_directory_comes_in_pages_without_holes(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolls, "DIRECTORY_PAGE", 3)
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a:
        for number in range(8):
            # Several of one size, for the order among them must hold as well.
            await make_room(a, *([bela] if number % 3 == 0 else []), name=f"Room {number}")
    for query in ({}, {"q": "room"}):
        seen: list[str] = []
        after: dict[str, str] = {}
        for _ in range(3):
            shown = await directory(server, ada, **query, **after)
            seen += [entry["room"]["id"] for entry in shown["rooms"]]
            after = {"after": shown["rooms"][-1]["room"]["id"]}
            if not shown.get("more"):
                break
        assert len(seen) == len(set(seen)) == 8
        sizes = [entry["room"]["member_count"] for entry in shown["rooms"]]
        assert sizes == sorted(sizes, reverse=True)
    assert (await directory(server, ada, after="0" * 26))["rooms"] == []


async def test_an_admin_orders_the_categories_and_everybody_is_told(server: Server) -> None:
    ada, bela = await server.account("ada", admin=True), await server.account("bela")
    async with server.connect(ada) as a, server.connect(bela) as b:
        made = (await set_categories(server, ada, " Outside \n", "Inside")).json()["categories"]
        outside, inside = made
        assert [each["name"] for each in made] == ["Outside", "Inside"]
        assert await b.until(lambda frame: frame["op"] == "categories") == {"op": "categories"}
        room = await make_room(a, name="Garden", category=outside["id"])
        await make_room(b, name="Kitchen", category=inside["id"])
        assert await names(server, bela, category=outside["id"]) == ["Garden"]
        turned = (inside["id"], "Within"), (outside["id"], "Outside")
        assert (await set_categories(server, ada, *turned, "Above")).status_code == 200
        shown = await directory(server, bela)
        assert [each["name"] for each in shown["categories"]] == ["Within", "Outside", "Above"]
        assert await names(server, bela, category=inside["id"]) == ["Kitchen"]
        # The rooms of a category that is gone have none.
        await set_categories(server, ada, (inside["id"], "Within"))
        entries = (await directory(server, bela))["rooms"]
        assert {entry["room"]["name"]: entry["room"].get("category", "") for entry in entries} == {
            "Garden": "",
            "Kitchen": inside["id"],
        }
        assert (await a.do("change_room", room=room, category=outside["id"]))["field"] == "category"
        assert (await a.do("change_room", room=room, category=inside["id"]))["op"] == "ack"
        assert await names(server, bela, category=inside["id"]) == ["Garden", "Kitchen"]


async def test_categories_have_names_of_their_own(server: Server) -> None:
    ada = await server.account("ada", admin=True)
    for wanted in (("Garden", "GARDEN "), (" \n ",)):
        assert (await set_categories(server, ada, *wanted)).json()["code"] == "bad_request"
    assert (await set_categories(server, ada, ("0" * 26, "Unknown"))).status_code == 404
    assert "categories" not in await directory(server, ada)
