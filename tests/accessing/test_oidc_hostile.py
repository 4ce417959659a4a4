"""Another site that lies, browsers that did not begin, answers that come twice or too late, and no answer."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from joserfc.jwk import ECKey

from appliance.features.access import provider
from appliance.kernel.clock import HandClock
from tests.accessing.elsewhere import CLIENT_ID, SECRET, Elsewhere
from tests.accessing.going import begin, come_back, go, me
from tests.edge.browser import browser
from tests.server import Server

Claims = dict[str, Any]

LIES: dict[str, Claims] = {
    "the nonce of another sign-in": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "for another client": {"aud": "somebody else"},
    "for several, and given to another": {"aud": [CLIENT_ID, "somebody else"], "azp": "somebody else"},
    "for several, and given to nobody": {"aud": [CLIENT_ID, "somebody else"]},
    "for nobody": {"aud": None},
    "by another issuer": {"iss": "https://accounts.example"},
    "by nobody": {"iss": None},
    "about nobody": {"sub": None},
    "about an empty name": {"sub": ""},
    "about something that is no name": {"sub": 5},
    "about a name without end": {"sub": "x" * 256},
    "without an end": {"exp": None},
    "without a beginning": {"iat": None},
    "an end that is no time": {"exp": "tomorrow"},
}


@pytest.mark.parametrize("lie", LIES)
async def test_an_id_token_that_says_something_else_proves_nothing(
    here: Server, there: Elsewhere, lie: str
) -> None:
    there.claims = LIES[lie]
    async with browser(here) as b:
        assert await go(b, there, provider="den") == "provider_refused"
        assert await me(b) == {}
    assert await here.house.db.read(lambda db: db.value("SELECT count(*) FROM identities")) == 0


async def test_an_id_token_has_its_time(here: Server, there: Elsewhere, clock: HandClock) -> None:
    now = clock.now_ms() // 1000
    for claims, outcome in (
        ({"exp": now - 61, "iat": now - 400}, "provider_refused"),
        ({"exp": now - 59, "iat": now - 400}, "sign_in"),
        ({"iat": now + 61, "exp": now + 400}, "provider_refused"),
        ({"nbf": now + 61}, "provider_refused"),
    ):
        there.claims = claims
        async with browser(here) as b:
            assert await go(b, there, provider="den") == outcome, claims


def forgeries(there: Elsewhere) -> dict[str, Callable[[Claims], str]]:
    stranger = ECKey.generate_key("P-256", {"kid": "1"})
    return {
        "signed by nobody": there.unsigned,
        "signed by another key of the same name": lambda claims: there.sign(claims, stranger),
        "signed with the secret that both know": lambda claims: there.sealed(claims, SECRET.encode()),
        "signed with the public key as if it were a secret": lambda claims: there.sealed(
            claims, there.key.as_pem(private=False)
        ),
        "cut off": lambda claims: there.sign(claims)[:-10],
        "no token at all": lambda claims: "hello",
    }


@pytest.mark.parametrize("number", range(6))
async def test_an_id_token_that_was_not_signed_as_it_must_be_proves_nothing(
    here: Server, there: Elsewhere, number: int
) -> None:
    there.forge = list(forgeries(there).values())[number]
    async with browser(here) as b:
        assert await go(b, there, provider="den") == "provider_refused"
        assert await me(b) == {}


async def test_an_answer_without_an_id_token_proves_nothing(here: Server, there: Elsewhere) -> None:
    there.token = {"id_token": None}
    async with browser(here) as b:
        assert await go(b, there, provider="den") == "provider_refused"


# Browsers


async def test_only_the_browser_that_began_may_finish_and_only_once(here: Server, there: Elsewhere) -> None:
    """Otherwise somebody could be signed in to an account that is not theirs, and write there."""
    async with browser(here) as mallory, browser(here) as victim:
        query = there.agree(await begin(mallory, "den"))
        assert await come_back(victim, query, "den") == "sign_in_stale"
        await begin(victim, "den")
        assert await come_back(victim, query, "den") == "sign_in_stale", "nor with a cookie of its own"
        assert await me(victim) == {}
        assert await come_back(mallory, query, "there") == "sign_in_stale", "nor at another site's door"
        cookie = mallory.cookies["safevoice-oidc"]
        assert await come_back(mallory, query, "den") == "sign_in"
        mallory.cookies.set("safevoice-oidc", cookie)
        assert await come_back(mallory, query, "den") == "sign_in_stale", "the same code again"


async def test_a_code_that_the_site_knows_already_is_no_sign_in(here: Server, there: Elsewhere) -> None:
    async with browser(here) as b:
        used = there.agree(await begin(b, "den"))
        assert await come_back(b, used, "den") == "sign_in"
        fresh = there.agree(await begin(b, "den"), code="code0")
        assert await come_back(b, fresh, "den") == "provider_refused"


async def test_after_ten_minutes_it_has_to_begin_again(
    here: Server, there: Elsewhere, clock: HandClock
) -> None:
    async with browser(here) as b:
        query = there.agree(await begin(b, "den"))
        clock.advance(600)
        assert await come_back(b, query, "den") == "sign_in_stale"


@pytest.mark.parametrize(
    ("query", "outcome"),
    [
        ("", "sign_in_stale"),
        ("state=&code=x", "sign_in_stale"),
        ("state=nobodys&code=x&iss=x", "sign_in_stale"),
        ("error=access_denied", "sign_in_stale"),
    ],
)
async def test_whoever_comes_back_from_nowhere(here: Server, query: str, outcome: str) -> None:
    async with browser(here) as b:
        assert await come_back(b, query) == outcome


async def test_who_changes_their_mind_there_is_told_so(here: Server, there: Elsewhere) -> None:
    async with browser(here) as b:
        query = there.agree(await begin(b), code="", error="access_denied")
        assert await come_back(b, query) == "provider_refused"


async def test_the_address_must_say_who_answers(here: Server, there: Elsewhere) -> None:
    """Otherwise the answer of one site could be passed off as another's (RFC 9207)."""
    async with browser(here) as b:
        for issuer in ("", "https://accounts.example"):
            assert (
                await come_back(b, there.agree(await begin(b, "den"), iss=issuer), "den")
                == "provider_refused"
            )
    there.metadata = {"authorization_response_iss_parameter_supported": False}


# What it says of itself


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://accounts.example"},
        {"token_endpoint": "http://127.0.0.1:1/token"},
        {"token_endpoint": "https://127.0.0.1/token"},
        {"jwks_uri": "http://169.254.169.254/latest/meta-data"},
        {"jwks_uri": "https://router.local/keys"},
        {"userinfo_endpoint": "https://10.0.0.1/"},
        {"userinfo_endpoint": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://accounts.example/authorize"},
    ],
)
async def test_it_may_not_send_us_or_anybody_just_anywhere(
    here: Server, there: Elsewhere, metadata: dict[str, str]
) -> None:
    there.metadata = metadata
    async with browser(here) as b:
        answer = await b.post("/api/oidc/there/begin", json={})
    assert (answer.status_code, answer.json()["code"]) == (403, "provider_refused")
    assert there.asked == ["/.well-known/openid-configuration"]


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/.well-known/openid-configuration", (302, b"")),
        ("/.well-known/openid-configuration", (500, b"")),
        ("/.well-known/openid-configuration", (200, b"<html>")),
        ("/.well-known/openid-configuration", (200, b"[]")),
        ("/.well-known/openid-configuration", (200, b"{}")),
        ("/.well-known/openid-configuration", (200, b" " * 300_000)),
        ("/token", (302, b"")),
        ("/token", (500, b"")),
        ("/token", (200, b"<html>")),
        ("/token", (200, b"[]")),
        ("/keys", (302, b"")),
        ("/keys", (404, b"{}")),
        ("/keys", (200, b'{"keys": 5}')),
    ],
)
async def test_what_is_no_answer_counts_as_none(
    here: Server, there: Elsewhere, path: str, answer: tuple[int, bytes]
) -> None:
    there.answers[path] = answer
    async with browser(here) as b:
        began = await b.post("/api/oidc/den/begin", json={})
        if began.status_code == 200:
            assert await come_back(b, there.agree(began.json()["url"]), "den") == "provider_down"
        else:
            assert (began.status_code, began.json()["code"]) == (503, "provider_down")
    assert "/elsewhere" not in there.asked, "no redirect is followed"


async def test_keys_that_cannot_be_read_prove_nothing(here: Server, there: Elsewhere) -> None:
    for keys in (b'{"keys": []}', b'{"keys": [{"kty": "new"}]}', b'{"keys": [{"kty": "EC"}]}'):
        there.answers["/keys"] = (200, keys)
        async with browser(here) as b:
            assert await go(b, there, provider="den") == "provider_refused"


# Caches


async def test_it_is_asked_once_for_what_does_not_change(
    here: Server, there: Elsewhere, clock: HandClock
) -> None:
    async with browser(here) as b:
        for _ in range(3):
            await go(b, there, provider="den")
        assert there.asked.count("/.well-known/openid-configuration") == there.asked.count("/keys") == 1
        clock.advance(3601)
        await go(b, there, provider="den")
        assert there.asked.count("/.well-known/openid-configuration") == there.asked.count("/keys") == 2


async def test_a_new_key_is_fetched_but_not_at_everybodys_wish(
    here: Server, there: Elsewhere, clock: HandClock
) -> None:
    async with browser(here) as b:
        await go(b, there, provider="den")
        there.key = ECKey.generate_key("P-256", {"kid": "2"})
        assert await go(b, there, provider="den") == "provider_refused", "the keys are not a minute old"
        clock.advance(60)
        assert await go(b, there, provider="den") == "sign_in"
        assert there.asked.count("/keys") == 2
        there.header = {"kid": "never heard of"}
        clock.advance(60)
        for _ in range(5):
            assert await go(b, there, provider="den") == "provider_refused"
        assert there.asked.count("/keys") == 3


# No answer


async def test_a_slow_site_is_given_up(
    here: Server, there: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browser(here) as b:
        query = there.agree(await begin(b, "den"))
        monkeypatch.setattr(provider, "PATIENCE_S", 0.05)
        there.stalled = asyncio.Event()
        assert await come_back(b, query, "den") == "provider_down"


async def test_a_site_that_is_down_is_left_alone_for_a_while(
    here: Server, there: Elsewhere, clock: HandClock
) -> None:
    there.answers["/.well-known/openid-configuration"] = (503, b"")
    async with browser(here) as b:

        async def attempt() -> Any:
            answer = await b.post("/api/oidc/there/begin", json={})
            return answer.json().get("code", "ok"), answer.json().get("retry_after_ms", 0)

        tries = [await attempt() for _ in range(7)]
        assert [code for code, _ in tries] == ["provider_down"] * 7
        assert [wait for _, wait in tries] == [0, 0, 0, 0, 30_000, 30_000, 30_000]
        assert len(there.asked) == 5, "open: nobody asks any more"
        assert (await b.post("/api/oidc/den/begin", json={})).json()["code"] == "provider_down"
        assert len(there.asked) == 6, "each site has its own"
        clock.advance(30)
        assert await attempt() == ("provider_down", 30_000)
        assert len(there.asked) == 7, "half open: one tried"
        there.answers.clear()
        assert await attempt() == ("provider_down", 30_000)
        clock.advance(30)
        assert await attempt() == ("ok", 0)
        assert await attempt() == ("ok", 0)


async def test_nonsense_by_visitors_does_not_open_the_breaker(here: Server, there: Elsewhere) -> None:
    async with browser(here) as b:
        for _ in range(8):
            assert await come_back(b, there.agree(await begin(b), code="made up")) == "provider_refused"
        assert await go(b, there, provider="there") == "invite_needed"
