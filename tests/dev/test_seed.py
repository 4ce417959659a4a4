"""The demo community is whole, and the same every time."""

import asyncio
import contextlib
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from appliance import app
from appliance.config import Config
from appliance.dev.seed import command, script
from appliance.dev.seed.settle import Community
from appliance.dev.seed.timeline import Said, Teller, last_evening
from appliance.kernel.transaction import Reader

T = TypeVar("T")
END = datetime(2025, 9, 20, 20, 40)


def told(seed: int) -> list[Said]:
    bees = next(room for room in script.rooms() if room.headers["name"] == "Bees")
    return Teller(script.people(), END, seed).tell(bees, bees.members, 300)


def words(said: list[Said]) -> list[tuple[datetime, str, str, str]]:
    return [(one.at, one.who, one.text, one.reply_to.text if one.reply_to else "") for one in said]


def test_the_same_seed_tells_the_same_and_another_tells_otherwise() -> None:
    assert words(told(1)) == words(told(1))
    assert words(told(1)) != words(told(2))


def test_everybody_who_speaks_is_known_and_every_reply_finds_its_message() -> None:
    names = {person.name for person in script.people()}
    for scene in (*script.rooms(), *script.dms()):
        assert set(scene.members) <= names
        spoken: set[str] = set()
        for line in scene.lines:
            assert not line.reply_to or line.reply_to in spoken, line
            spoken.add(line.who)


def test_the_newest_messages_of_a_room_are_the_hand_written_ones_in_their_order() -> None:
    bees = next(room for room in script.rooms() if room.headers["name"] == "Bees")
    newest = told(1)[-len(bees.lines) :]
    assert [one.text for one in newest] == [line.text for line in bees.lines]
    assert sorted(one.at for one in newest) == [one.at for one in newest]


@pytest.mark.parametrize("now", [END, END + timedelta(hours=23), END.replace(hour=21)])
def test_the_last_day_ends_on_the_last_evening_that_is_over(now: datetime) -> None:
    assert last_evening(now) == END


def test_all_messages_are_told_and_none_after_the_end() -> None:
    community = Community(script.people(), script.rooms(), script.dms(), END, 1)
    assert community.tell(3000) == 3000
    assert all(when <= END for when, _ in community.happenings("!"))


def ask(folder: Path, question: Callable[[Reader], T]) -> T:
    async def reading() -> T:
        async with app.opened(Config(data=folder)) as house:
            return await house.db.read(question)

    return asyncio.run(reading())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    with contextlib.redirect_stdout(io.StringIO()):
        command.main(["--data", str(folder), "--messages", "2400", "--until", END.isoformat()])
    return folder


def test_a_seeded_folder_holds_all_of_it(demo: Path) -> None:
    def count(db: Reader) -> tuple[Any, ...]:
        return db.rows(
            "SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM accounts),"
            " (SELECT count(*) FROM rooms WHERE kind IN ('dm', 'group')),"
            " (SELECT count(*) FROM rooms WHERE kind NOT IN ('dm', 'group'))"
        )[0]

    assert ask(demo, count) == (2400, len(script.people()), len(script.dms()), len(script.rooms()))


def test_the_admin_finds_unread_messages_where_the_script_says_so(demo: Path) -> None:
    def unread(db: Reader) -> dict[str, int]:
        rows: list[Any] = db.rows(
            "SELECT r.name, (SELECT count(*) FROM messages m WHERE m.room = r.id AND m.seq > k.seq"
            " AND m.author <> k.account) FROM read_marks k JOIN rooms r ON r.id = k.room"
            " JOIN accounts a ON a.id = k.account WHERE a.name = 'ada' AND r.kind NOT IN ('dm', 'group')"
        )
        return dict(rows)

    wanted = {room.headers["name"]: room.number("unread") for room in script.rooms()}
    assert ask(demo, unread) == wanted


def test_the_demo_shows_every_kind_of_room_and_role(demo: Path) -> None:
    def look(db: Reader) -> tuple[set[str], set[str], list[Any], list[Any]]:
        return (
            {row[0] for row in db.rows("SELECT kind FROM rooms")},
            {row[0] for row in db.rows("SELECT role FROM members")},
            db.rows("SELECT name FROM rooms WHERE archived_at > 0"),
            db.rows("SELECT name FROM categories ORDER BY position"),
        )

    kinds, roles, archived, headings = ask(demo, look)
    assert kinds == {"public", "private", "secret", "dm", "group"}
    assert roles == {"owner", "moderator", "member"}
    assert archived == [("Brick Fair",)]
    assert [row[0] for row in headings] == script.categories()


def test_a_folder_with_people_in_it_is_left_alone(demo: Path) -> None:
    with pytest.raises(SystemExit, match="community"):
        command.main(["--data", str(demo)])
