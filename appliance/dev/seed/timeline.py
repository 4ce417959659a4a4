"""When who said what: eight months of everyday talk, then the hand-written days at the end."""

import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from appliance.dev.seed.script import Character, Script
from appliance.dev.seed.talk import Talk, Turn

MONTHS_DAYS = 240
EVENING = (20, 40)
"""The last day ends at this local time, so that it has a whole day behind it whenever one looks."""

_HOURS = (1, 0, 0, 0, 0, 1, 5, 14, 18, 14, 12, 13, 20, 14, 10, 11, 16, 24, 34, 40, 38, 26, 12, 4)
_WEEKDAYS = (7, 6, 7, 8, 9, 15, 13)
_TURNS = 2.9
"""Messages of an exchange, about."""
_EDITED_SHARE = 0.012
_DELETED_SHARE = 0.005


@dataclass
class Said:
    """A message to be: `reply_to` is another of the same room. `first`: what it said before it was edited,
    at `changed_at`; deleted then, when `deleted`."""

    at: datetime
    who: str
    text: str
    reply_to: "Said | None" = None
    first: str = ""
    deleted: bool = False
    changed_at: datetime | None = None


def last_evening(now: datetime) -> datetime:
    """The newest moment that the community's last day can end at."""
    today = now.replace(hour=EVENING[0], minute=EVENING[1], second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


class Teller:
    """Tells what happened in the rooms up to `end`. The same `seed` tells the same."""

    def __init__(self, people: list[Character], end: datetime, seed: int) -> None:
        self._people = {person.name: person for person in people}
        self._end = end
        self._begin = end - timedelta(days=MONTHS_DAYS)
        self._seed = seed
        mood = random.Random(seed)
        # Some days are quiet and some are not, for everybody alike: weather, feasts, floods.
        self._mood = [
            _WEEKDAYS[self._day(number).weekday()] * mood.gammavariate(2.0, 0.5)
            for number in range(MONTHS_DAYS)
        ]

    def tell(self, script: Script, members: list[str], count: int) -> list[Said]:
        """`count` messages of one room, oldest first."""
        # A room's own luck: what one room says does not change when another gets one line more.
        chance = random.Random(f"{self._seed}:{'-'.join(members[:2])}:{script.headers.get('name', '')}")
        recent = self._recent(script, chance)
        until = recent[0].at - timedelta(hours=2) if recent else self._end
        themes = script.words("themes") or ["chat"]
        older = self._everyday(themes, members, until, count - len(recent), chance)
        return older + recent[-count:]

    def _day(self, number: int) -> datetime:
        return self._begin + timedelta(days=number)

    def _recent(self, script: Script, chance: random.Random) -> list[Said]:
        told: list[Said] = []
        at = self._end - timedelta(days=1)
        newest_of: dict[str, Said] = {}
        for line in script.lines:
            if line.at:
                days, hour, minute = line.at
                at = (self._end - timedelta(days=days)).replace(hour=hour, minute=minute)
                at += timedelta(seconds=chance.randint(0, 50))
            elif line.gap_s is not None:
                at += timedelta(seconds=line.gap_s + chance.randint(0, 40))
            else:
                at += timedelta(seconds=chance.randint(9, 30) + len(line.text) * chance.uniform(0.15, 0.5))
            said = Said(at, line.who, line.text, newest_of.get(line.reply_to))
            if line.change:
                self._change(said, line.change == "x", chance)
            newest_of[line.who] = said
            told.append(said)
        return told

    def _everyday(
        self, themes: list[str], members: list[str], until: datetime, count: int, chance: random.Random
    ) -> list[Said]:
        talk = Talk(themes, chance)
        speakers = [name for name in members if self._people[name].since_days is None]
        days = (until - self._begin).days
        told: list[Said] = []
        while len(told) < count:
            # In order of time, so that the bag of templates keeps the same ones apart.
            exchanges = math.ceil((count - len(told)) / _TURNS)
            for at in sorted(self._moment(days, chance) for _ in range(exchanges)):
                acted = self._act(talk.exchange(), speakers, at, chance)
                told += [said for said in acted if said.at < until]
        told.sort(key=lambda said: said.at)
        return told[len(told) - count :] if count > 0 else []

    def _moment(self, days: int, chance: random.Random) -> datetime:
        day = chance.choices(range(days), self._mood[:days])[0]
        hour = chance.choices(range(24), _HOURS)[0]
        return self._day(day).replace(hour=hour, minute=chance.randint(0, 59), second=chance.randint(0, 59))

    def _act(self, turns: list[Turn], speakers: list[str], at: datetime, chance: random.Random) -> list[Said]:
        cast: dict[int, str] = {}
        told: list[Said] = []
        for turn in turns:
            free = [name for name in speakers if name not in cast.values()]
            able = [name for name in free if not turn.tongue or self._people[name].tongue == turn.tongue]
            if turn.speaker not in cast:
                if not able:
                    if not told:
                        return []
                    continue
                cast[turn.speaker] = chance.choices(able, [self._people[name].talks for name in able])[0]
            said = Said(at, cast[turn.speaker], turn.text, told[0] if turn.replies and told else None)
            self._maybe_change(said, chance)
            told.append(said)
            # Mostly a lively back and forth, sometimes an answer hours later.
            at += timedelta(seconds=chance.expovariate(1 / 70) + 6 if chance.random() < 0.86 else 4000)
        return told

    def _maybe_change(self, said: Said, chance: random.Random) -> None:
        dice = chance.random()
        if dice < _EDITED_SHARE + _DELETED_SHARE:
            self._change(said, dice < _DELETED_SHARE, chance)

    def _change(self, said: Said, deleted: bool, chance: random.Random) -> None:
        said.deleted = deleted
        said.changed_at = said.at + timedelta(seconds=chance.randint(15, 240))
        words = said.text.split(" ")
        long = [number for number, word in enumerate(words) if len(word) > 4 and word.isalpha()]
        if not deleted and long:
            # A slip of the fingers: two letters change places.
            word, cut = words[chance.choice(long)], 2
            slip = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
            said.first = said.text.replace(word, slip, 1)
        elif not deleted:
            said.first = said.text.rstrip("!.") + "…"
