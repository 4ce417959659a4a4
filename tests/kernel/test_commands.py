from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from appliance.features.messages.model import Post
from appliance.kernel.commands import KEEP_MS, Outcome, digest, forget_expired, forget_later, once
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx
from tests.durability.kernel import Kernel, kernel

ADA, BELA = Who("ada", "adas-phone"), Who("bela", "belas-phone")
ROOM = "0" * 26


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Kernel]:
    async with kernel(tmp_path) as opened:
        yield opened


class Script:
    """Carries out commands and counts how often it really did."""

    def __init__(self, house: Kernel) -> None:
        self.house = house
        self.acts = 0

    async def say(
        self, client_id: str, content: bytes = b"hello", who: Who = ADA, *, kept: bool = False
    ) -> tuple[str, int, int]:
        def act() -> Outcome:
            self.acts += 1
            return Outcome(f"made {self.acts}", self.acts, kept)

        return await self.house.db.write(lambda tx: once(tx, who, client_id, content, act))

    async def forget(self, **options: int) -> int:
        return await self.house.db.write(lambda tx: forget_expired(tx, **options))


async def test_a_repeat_is_answered_like_the_first_and_does_nothing(house: Kernel) -> None:
    script = Script(house)
    first = await script.say("c1")
    house.clock.advance(60)
    assert await script.say("c1") == first == ("made 1", 1, house.clock.now_ms() - 60_000)
    assert script.acts == 1


async def test_twice_in_one_batch_is_once_too(house: Kernel) -> None:
    import asyncio

    script = Script(house)
    answers = await asyncio.gather(script.say("c1"), script.say("c1"), script.say("c1"))
    assert len(set(answers)) == script.acts == 1


async def test_the_same_id_with_another_content_is_a_conflict_and_changes_nothing(house: Kernel) -> None:
    script = Script(house)
    first = await script.say("c1")
    with pytest.raises(Refusal) as refused:
        await script.say("c1", b"bye")
    assert (refused.value.code, refused.value.field) == ("conflict", "client_id")
    assert await script.say("c1") == first
    assert script.acts == 1


async def test_ids_belong_to_a_device(house: Kernel) -> None:
    script = Script(house)
    assert (await script.say("c1"))[0] == "made 1"
    assert (await script.say("c1", b"bye", BELA))[0] == "made 2"


async def test_a_command_that_was_refused_may_be_tried_again(house: Kernel) -> None:
    def refused() -> Outcome:
        raise Refusal("room_full")

    with pytest.raises(Refusal, match="room_full"):
        await house.db.write(lambda tx: once(tx, ADA, "c1", b"hello", refused))
    assert (await Script(house).say("c1"))[0] == "made 1"


async def test_a_unit_that_fails_after_its_command_forgets_it(house: Kernel) -> None:
    def unit(tx: Tx) -> None:
        once(tx, ADA, "c1", b"hello", lambda: Outcome("never", 1))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await house.db.write(unit)
    assert (await Script(house).say("c1"))[0] == "made 1"


async def test_it_is_remembered_after_a_restart(tmp_path: Path) -> None:
    async with kernel(tmp_path) as house:
        first = await Script(house).say("c1")
    async with kernel(tmp_path) as house:
        script = Script(house)
        assert await script.say("c1") == first
        assert script.acts == 0


async def test_a_command_is_forgotten_after_90_days(house: Kernel) -> None:
    script = Script(house)
    await script.say("c1")
    house.clock.advance(KEEP_MS / 1000)
    assert await script.forget() == 0
    house.clock.advance(0.001)
    assert await script.forget() == 1
    assert (await script.say("c1"))[0] == "made 2"


async def test_what_made_something_is_remembered_as_long_as_that_lives_and_90_days_more(
    house: Kernel,
) -> None:
    script = Script(house)
    await script.say("c1", kept=True)
    house.clock.advance(10 * KEEP_MS / 1000)
    assert await script.forget() == 0
    await house.db.write(lambda tx: forget_later(tx, ADA.device, "c1"))
    house.clock.advance(KEEP_MS / 1000)
    assert await script.forget() == 0
    assert (await script.say("c1"))[0] == "made 1"
    house.clock.advance(0.001)
    assert await script.forget() == 1


async def test_forgetting_goes_in_small_steps(house: Kernel) -> None:
    script = Script(house)
    for number in range(5):
        await script.say(f"c{number}")
    house.clock.advance(2 * KEEP_MS / 1000)
    assert [await script.forget(most=2) for _ in range(4)] == [2, 2, 1, 0]


def test_only_the_request_id_does_not_count_as_content() -> None:
    post = Post(id="q1", client_id="c" * 16, room=ROOM, content=msgspec.Raw(b'{"type":"text","text":"a"}'))
    again = msgspec.structs.replace(post, id="q2")
    other = msgspec.structs.replace(post, content=msgspec.Raw(b'{"type":"text","text":"b"}'))
    moved = msgspec.structs.replace(post, room="1" * 26)
    assert digest(post) == digest(again)
    assert len({digest(each) for each in (post, other, moved)}) == 3
    assert len(digest(post)) == 16
