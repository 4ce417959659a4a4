"""Going to another site to sign in, and coming back."""

from typing import Any
from urllib.parse import urlsplit

import httpx2

from tests.accessing.elsewhere import Elsewhere
from tests.server import Account, Server


def confirm(server: Server, account: Account) -> None:
    """The person showed a moment ago that it is them."""
    server.house.of_feature["confirmed"].keep(account.device, True)


async def begin(b: httpx2.AsyncClient, provider: str = "there", purpose: str = "sign_in") -> str:
    """Returns the address that the browser goes to."""
    answer = await b.post(
        f"/api/oidc/{provider}/begin", json={"purpose": purpose, "device_name": "my browser"}
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["url"])


async def come_back(b: httpx2.AsyncClient, query: str, provider: str = "there") -> str:
    """Follow the way back; returns what came of it."""
    answer = await b.get(f"/api/oidc/{provider}/callback?{query}", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 303, answer.text
    location = urlsplit(answer.headers["location"])
    assert (location.netloc, location.path, location.query) == ("", "/returned", "")
    return location.fragment


async def go(
    b: httpx2.AsyncClient,
    there: Elsewhere,
    *,
    provider: str = "there",
    purpose: str = "sign_in",
    subject: str = "ada@there",
) -> str:
    """There and back; returns what came of it."""
    return await come_back(b, there.agree(await begin(b, provider, purpose), subject), provider)


async def me(b: httpx2.AsyncClient) -> dict[str, Any]:
    """Who the browser is signed in as; nothing for nobody."""
    found: dict[str, Any] = (await b.get("/api/community")).json().get("me", {})
    return found
