"""The second step: a code of an app, or a recovery code."""

import asyncio
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp

from appliance.features.signin import totp
from appliance.kernel.clock import HandClock
from tests.server import ROOMY, Server, serving
from tests.signin.people import PASSWORD, ask, attempt, done, member, refusal, refused, signed_in, with_totp


def code_at(app: pyotp.TOTP, server: Server, steps: int = 0) -> str:
    """What the app shows, so many half minutes from now."""
    return app.at(server.house.clock.now_ms() // 1000 + 30 * steps)


async def test_a_code_fits_its_half_minute_and_the_ones_beside_it() -> None:
    """The values of RFC 6238, appendix B, of which apps show the last six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for at, code in ((1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")):
        step = at // 30
        for off, found in ((-2, None), (-1, step), (0, step), (1, step), (2, None)):
            assert totp.step_of(secret, code, (at + 30 * off) * 1000) == found, (at, off)
        assert totp.step_of(secret, f" {code[:3]} {code[3:]} ", at * 1000) == step
    for wrong in ("", "005925", "05924", "0059240", "é05924"):
        assert totp.step_of(secret, wrong, 1_234_567_890_000) is None


async def test_switching_on_takes_a_code_and_shows_recovery_codes_once(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", clock=HandClock()) as server:
        ada = await member(server)
        begun = await done(server, ada, "POST", "totp")
        url = urlsplit(begun["url"])
        assert (url.scheme, url.netloc, unquote(url.path)) == ("otpauth", "totp", "/SafeVoice:ada")
        assert parse_qs(url.query)["secret"] == [begun["secret"]]
        assert len(begun["secret"]) == 32
        for wrong in ("000000", "", "x"):
            assert await refused(server, ada, "POST", "totp/confirm", {"code": wrong}) == "code_wrong"
        assert await refusal(server) == "", "nothing counts before a code was shown"
        app = pyotp.TOTP(begun["secret"])
        codes = (await done(server, ada, "POST", "totp/confirm", {"code": code_at(app, server)}))["codes"]
        assert len(set(codes)) == 10
        assert await refused(server, ada, "POST", "totp/confirm", {"code": "1"}) == "challenge_over"
        methods = await done(server, ada, "GET", "sign-in-methods")
        assert methods == {"password": True, "totp": True, "recovery_left": 10, "passkeys": []}
        # A new secret for a new phone; the recovery codes stay what they were.
        again = (await done(server, ada, "POST", "totp"))["secret"]
        code = code_at(pyotp.TOTP(again), server)
        assert (await done(server, ada, "POST", "totp/confirm", {"code": code}))["codes"] == []


async def test_the_secret_waits_ten_minutes_and_belongs_to_the_device_that_asked(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada = await member(server)
        other = await signed_in(server)
        secret = (await done(server, ada, "POST", "totp"))["secret"]
        code = {"code": code_at(pyotp.TOTP(secret), server)}
        assert await refused(server, other, "POST", "totp/confirm", code) == "challenge_over"
        clock.advance(601)
        code = {"code": code_at(pyotp.TOTP(secret), server)}
        assert await refused(server, ada, "POST", "totp/confirm", code) == "challenge_over"


async def test_the_code_is_asked_for_only_after_the_right_password(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        app, _ = await with_totp(server, await member(server))
        clock.advance(60)
        assert await refusal(server) == "second_step_needed"
        assert await refusal(server, code=" ") == "second_step_needed"
        wrong = await attempt(server, code="123456")
        assert (wrong.status_code, wrong.json()["code"], wrong.json()["field"]) == (401, "code_wrong", "code")
        assert await refusal(server, password="wrong", code=code_at(app, server)) == "wrong_credentials"
        await signed_in(server, code=code_at(app, server))


async def test_no_code_is_good_twice_nor_one_that_is_older_than_the_last(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        app, _ = await with_totp(server, await member(server))
        assert await refusal(server, code=code_at(app, server)) == "code_wrong", "it switched it on"
        clock.advance(90)
        await signed_in(server, code=code_at(app, server, 1))
        for step in (1, 0, -1):
            assert await refusal(server, code=code_at(app, server, step)) == "code_wrong", step
        clock.advance(60)
        code = code_at(app, server)
        answers = await asyncio.gather(*(attempt(server, code=code) for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]


async def test_codes_cannot_be_guessed_from_many_addresses(tmp_path: Path) -> None:
    clock, limits = HandClock(), replace(ROOMY, code_tries_per_hour=3, sign_in_tries=100)
    async with serving(tmp_path / "data", clock=clock, limits=limits) as server:
        app, recovery = await with_totp(server, await member(server))
        clock.advance(60)
        for number in range(3):
            assert await refusal(server, code=f"00000{number}") == "code_wrong"
        held = await attempt(server, code=code_at(app, server))
        assert (held.status_code, held.json()["limit"]) == (429, "code_tries_per_hour")
        # The owner has a way in all the same, and nobody else's codes are held back.
        await signed_in(server, code=recovery[0])
        other, _ = await with_totp(server, await member(server, "bela"))
        clock.advance(60)
        await signed_in(server, "bela", code=code_at(other, server))
        clock.advance(3600)
        await signed_in(server, code=code_at(app, server))


async def test_wrong_codes_count_as_failed_tries_and_a_missing_one_does_not(tmp_path: Path) -> None:
    clock, limits = HandClock(), replace(ROOMY, sign_in_tries=3)
    async with serving(tmp_path / "data", clock=clock, limits=limits) as server:
        await with_totp(server, await member(server))
        for _ in range(5):
            assert await refusal(server) == "second_step_needed"
        for _ in range(3):
            assert await refusal(server, code="000000") == "code_wrong"
        held = await attempt(server)
        assert (held.status_code, held.json()["limit"]) == (429, "sign_in_tries")


async def test_a_recovery_code_stands_in_for_the_app_once(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", clock=HandClock()) as server:
        ada = await member(server)
        _, codes = await with_totp(server, ada)
        assert await refusal(server, code="aaaa-bbbb-cccc-dddd") == "code_wrong"
        # However it was copied.
        await signed_in(server, code=f" {codes[0].upper().replace('-', ' ')}")
        assert await refusal(server, code=codes[0]) == "code_wrong"
        answers = await asyncio.gather(*(attempt(server, code=codes[1]) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
        assert (await done(server, ada, "GET", "sign-in-methods"))["recovery_left"] == 8


async def test_switched_off_the_password_is_enough_again(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", clock=HandClock()) as server:
        ada = await member(server)
        await with_totp(server, ada)
        await done(server, ada, "DELETE", "totp")
        await signed_in(server)
        assert not (await done(server, ada, "GET", "sign-in-methods"))["totp"]
        assert (await ask(server, ada, "DELETE", "totp")).status_code == 204


async def test_neither_secrets_nor_codes_leave_in_what_others_hear(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with serving(folder, clock=HandClock()) as server:
        ada = await member(server)
        async with server.connect(ada) as socket:
            app, codes = await with_totp(server, ada)
            await socket.until(lambda frame: frame["op"] == "credentials")
            assert not [frame for frame in socket.heard if app.secret in str(frame) or codes[0] in str(frame)]
    stored = b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
    for secret in (*codes, codes[0].replace("-", ""), PASSWORD):
        assert secret.encode() not in stored
