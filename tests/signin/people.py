"""People who can sign in with a real password, and what they do most often."""

from typing import Any

import httpx2
import pyotp

from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount
from appliance.kernel.session import CommunityRole
from tests.edge.browser import browser
from tests.server import Account, Server

Json = dict[str, Any]

PASSWORD = "copper-kettle-on-the-stove"
ANOTHER = "seven-geese-went-south"


async def member(server: Server, name: str = "ada", *, role: CommunityRole = "member") -> Account:
    """An account with PASSWORD, and a session that has just signed in with it."""
    hashed = await server.house.of_feature["passwords"].hash(PASSWORD)
    account = NewAccount(name, name.title(), hashed)
    await server.house.db.write(lambda tx: auth.add_account(tx, account, role=role))
    return await signed_in(server, name)


async def signed_in(server: Server, name: str = "ada", password: str = PASSWORD, code: str = "") -> Account:
    """One more session."""
    answer = await attempt(server, name, password, code)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return Account(found["me"]["id"], found["device"], found["token"])


async def attempt(
    server: Server, name: str = "ada", password: str = PASSWORD, code: str = "", **headers: str
) -> httpx2.Response:
    """A try to sign in."""
    asked = {"name": name, "password": password, "bearer": True}
    async with browser(server) as b:
        return await b.post("/api/sign-in", json=asked | ({"code": code} if code else {}), headers=headers)


async def refusal(server: Server, *given: Any, **more: Any) -> str:
    """The code with which a try to sign in is refused; empty when it is not."""
    answer = await attempt(server, *given, **more)
    return "" if answer.status_code == 200 else str(answer.json()["code"])


async def ask(
    server: Server, who: Account | None, method: str, path: str, asked: Json | None = None
) -> httpx2.Response:
    """A request of somebody, or of a stranger."""
    async with browser(server, who.token if who else "") as b:
        return await b.request(method, f"/api/{path}", json=asked)


async def done(server: Server, who: Account | None, method: str, path: str, asked: Json | None = None) -> Any:
    """The same, which has to work; returns what came back."""
    answer = await ask(server, who, method, path, asked)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


async def refused(
    server: Server, who: Account | None, method: str, path: str, asked: Json | None = None
) -> str:
    """The same, which has to be refused; returns the code."""
    answer = await ask(server, who, method, path, asked)
    assert answer.status_code >= 400, answer.text
    return str(answer.json()["code"])


async def with_totp(server: Server, who: Account) -> tuple[pyotp.TOTP, list[str]]:
    """Switch two-step sign-in on; returns the app, and the recovery codes."""
    secret = (await done(server, who, "POST", "totp"))["secret"]
    app = pyotp.TOTP(secret)
    now = server.house.clock.now_ms() // 1000
    codes: list[str] = (await done(server, who, "POST", "totp/confirm", {"code": app.at(now)}))["codes"]
    return app, codes


async def is_in(server: Server, who: Account) -> bool:
    """Whether the session still lives."""
    return (await ask(server, who, "GET", "devices")).status_code == 200


async def mark(server: Server, account: str, column: str, value: Any) -> None:
    """Set a column of the account's row, as verbs of other features do."""
    sql = f"UPDATE accounts SET {column} = :value WHERE id = :account"
    await server.house.db.write(lambda tx: tx.run(sql, value=value, account=account))
