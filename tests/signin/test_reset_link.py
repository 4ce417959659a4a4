"""An admin's link for somebody who cannot get in any more."""

import asyncio
from pathlib import Path

from appliance.features.audit import actions as audit
from appliance.kernel.clock import HandClock
from tests.edge.browser import browser
from tests.server import Account, Server, serving
from tests.signin.people import (
    ANOTHER,
    PASSWORD,
    ask,
    done,
    is_in,
    member,
    refusal,
    refused,
    signed_in,
    with_totp,
)


async def link_for(server: Server, admin: Account, person: Account) -> str:
    """The code of a new link."""
    made = await done(server, admin, "POST", f"accounts/{person.id}/reset-link")
    before, _, code = made["url"].partition("#")
    assert before == f"{server.url}/reset"
    assert made["expires_at"] - server.house.clock.now_ms() <= 24 * 3_600_000
    return str(code)


async def test_the_person_chooses_a_password_and_is_in_alone(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", clock=HandClock()) as server:
        root, ada = await member(server, "root", role="admin"), await member(server)
        await with_totp(server, ada)
        code = await link_for(server, root, ada)
        found = await done(server, None, "POST", "reset/look", {"code": code})
        assert (found["name"], found["display"], found["community"]) == ("ada", "Ada", "SafeVoice")
        assert (
            await refused(server, None, "POST", "reset", {"code": code, "password": "x"}) == "password_short"
        )
        async with server.connect(ada) as socket, browser(server) as b:
            answer = await b.post("/api/reset", json={"code": code, "password": ANOTHER})
            assert answer.json()["me"]["id"] == ada.id
            assert await socket.closed() == 4401
            assert (await b.get("/api/sign-in-methods")).json()["totp"] is False
        assert not await is_in(server, ada)
        await signed_in(server, password=ANOTHER)
        for path in ("reset/look", "reset"):
            asked = {"code": code} | ({"password": PASSWORD} if path == "reset" else {})
            assert await refused(server, None, "POST", path, asked) == "reset_invalid"


async def test_it_is_written_down_who_made_it_for_whom(server: Server) -> None:
    root, ada = await member(server, "root", role="admin"), await member(server)
    code = await link_for(server, root, ada)
    rows = await server.house.db.read(
        lambda db: audit.entries(db, before="", subject=ada.id, actor="", most=10)
    )
    assert [(row[2], row[3], row[4]) for row in rows] == [(root.id, "account.reset_link", ada.id)]
    assert code not in str(rows)


async def test_only_admins_make_one_and_not_for_themselves(server: Server) -> None:
    root, ada = await member(server, "root", role="admin"), await member(server)
    mod = await server.account("mod", role="moderator")
    guest = await server.account("guest", role="guest")
    for who, person, code in (
        (None, ada, "signed_out"),
        (ada, mod, "forbidden"),
        (mod, ada, "forbidden"),
        (root, root, "forbidden"),
        (root, guest, "not_found"),
        (root, Account("0" * 26, "", ""), "not_found"),
    ):
        assert await refused(server, who, "POST", f"accounts/{person.id}/reset-link") == code
    assert await link_for(server, root, await member(server, "second", role="admin"))


async def test_a_new_one_voids_the_old_and_none_lasts_longer_than_a_day(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        root, ada = await member(server, "root", role="admin"), await member(server)
        old = await link_for(server, root, ada)
        new = await link_for(server, root, ada)
        assert await refused(server, None, "POST", "reset/look", {"code": old}) == "reset_invalid"
        clock.advance(24 * 3600 - 1)
        await done(server, None, "POST", "reset/look", {"code": new})
        clock.advance(1)
        for path, asked in (("reset/look", {"code": new}), ("reset", {"code": new, "password": ANOTHER})):
            assert await refused(server, None, "POST", path, asked) == "reset_invalid"
        assert await is_in(server, ada)


async def test_two_at_once_with_one_link_one_wins(server: Server) -> None:
    root, ada = await member(server, "root", role="admin"), await member(server)
    code = await link_for(server, root, ada)
    answers = await asyncio.gather(
        *(
            ask(server, None, "POST", "reset", {"code": code, "password": f"{ANOTHER}-{number}"})
            for number in range(4)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404]
    won = [answer.status_code for answer in answers].index(200)
    await signed_in(server, password=f"{ANOTHER}-{won}")


async def test_a_password_that_was_set_in_another_way_voids_the_link(server: Server) -> None:
    root, ada = await member(server, "root", role="admin"), await member(server)
    code = await link_for(server, root, ada)
    await done(server, ada, "POST", "password", {"password": ANOTHER})
    assert await refused(server, None, "POST", "reset/look", {"code": code}) == "reset_invalid"


async def test_the_code_is_not_in_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with serving(folder) as server:
        root, ada = await member(server, "root", role="admin"), await member(server)
        code = await link_for(server, root, ada)
    stored = b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
    assert code.encode() not in stored
    assert ada.id.encode() in stored


async def test_an_old_password_is_of_no_use_while_the_reset_is_under_way(server: Server) -> None:
    """Somebody signs in with the password that the owner is replacing at this moment."""
    root, ada = await member(server, "root", role="admin"), await member(server)
    code = await link_for(server, root, ada)
    reset = ask(server, None, "POST", "reset", {"code": code, "password": ANOTHER})
    tries = [refusal(server, password=PASSWORD) for _ in range(4)]
    await asyncio.gather(reset, *tries)
    # Whoever came in before it was put out by it, and nobody came in after.
    sql = "SELECT 1 FROM sessions s JOIN devices d ON d.id = s.device WHERE d.account = :account"
    assert len(await server.house.db.read(lambda db: db.rows(sql, account=ada.id))) == 1
