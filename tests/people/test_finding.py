"""The list of people."""

from functools import partial
from typing import Any

from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount
from tests.edge.browser import browser
from tests.server import Account, Server


async def found(server: Server, who: Account, q: str = "", after: str = "") -> Any:
    """The answer of the list."""
    async with browser(server, who.token) as b:
        answer = await b.get("/api/people", params={"q": q, "after": after})
    assert answer.status_code == 200
    return answer.json()


async def names(server: Server, who: Account, q: str = "") -> list[str]:
    return [person["display"] for person in (await found(server, who, q))["people"]]


async def make(server: Server, **displays: str) -> None:
    """Accounts by name, with their display names."""
    for name, display in displays.items():
        new = NewAccount(name, display, "not a hash")
        await server.house.db.write(partial(auth.add_account, account=new))


async def test_words_of_names_are_found_whatever_their_case_and_accents(server: Server) -> None:
    ada = await server.account("ada")
    await make(
        server, bela="Béla Novák", ursula_b="Øyvind ÅSE", emre="Emre يلدز", li="李 小龍", chris="Anne-Marie"
    )
    for q, expected in {
        "bel": ["Béla Novák"],
        "NOV": ["Béla Novák"],
        "nov bé": ["Béla Novák"],
        "élá": [],
        "ase": ["Øyvind ÅSE"],
        "urs": ["Øyvind ÅSE"],
        "b": ["Béla Novák", "Øyvind ÅSE"],
        "يلد": ["Emre يلدز"],
        "小": ["李 小龍"],
        "marie": ["Anne-Marie"],
        "anne-m": ["Anne-Marie"],
        "ada nov": [],
        "%": [],
        "_": [],
        "' OR 1=1 --": [],
    }.items():
        assert await names(server, ada, q) == expected, q


async def test_the_list_is_in_order_and_comes_in_pages_without_holes(server: Server) -> None:
    ada = await server.account("ada")
    await make(server, **{f"member{number}": f"Member {number:03}" for number in range(120)})
    page = await found(server, ada)
    seen = page["people"]
    assert (len(seen), page["more"]) == (50, True)
    while page.get("more"):
        page = await found(server, ada, after=seen[-1]["id"])
        seen += page["people"]
    assert [person["display"] for person in seen] == [
        "Ada",
        *(f"Member {number:03}" for number in range(120)),
    ]
    assert (await found(server, ada, after="0" * 26))["people"] == []


async def test_guests_suspended_and_deleted_people_are_not_on_the_list(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    guest = await server.account("guest", role="guest")

    def unit(tx: Any) -> None:
        auth.forget(tx, bela.id)
        auth.suspend(tx, chidi.id, tx.now + 1000, "Spam")

    await server.house.db.write(unit)
    assert await names(server, ada) == ["Ada"]
    async with browser(server, guest.token) as b:
        assert (await b.get("/api/people")).status_code == 403


async def test_nobody_sees_more_of_others_than_their_names(server: Server) -> None:
    ada = await server.account("ada")
    assert (await found(server, ada))["people"] == [{"id": ada.id, "name": "ada", "display": "Ada"}]
