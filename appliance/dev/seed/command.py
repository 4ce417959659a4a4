"""`safevoice dev seed`."""

import argparse
import asyncio
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from appliance import app
from appliance.config import Config, load
from appliance.dev.seed import script
from appliance.dev.seed.settle import ADMIN, COMMUNITY, Community, batches
from appliance.dev.seed.sound import put_down
from appliance.dev.seed.timeline import last_evening
from appliance.features.auth import actions as auth
from appliance.kernel.lock import hold

PASSWORD = "brick by brick"
MESSAGES = 20_000
SEED = 1881
"""The year over the brickworks' gate."""


class Occupied(SystemExit):
    """Real people live in this folder."""


def seed(config: Config, end: datetime, messages: int, number: int) -> int:
    """Fill an empty data folder; returns how many messages there are."""
    community = Community(script.people(), script.rooms(), script.dms(), end, number)
    told = community.tell(messages)

    async def write() -> None:
        async with app.opened(config) as house:
            if await house.db.read(auth.any_account):
                raise Occupied(
                    f"There is a community in {config.data} already; give another folder by --data."
                )
            password = await house.of_feature["passwords"].hash(PASSWORD)
            for unit in batches(community.happenings(password)):
                await house.db.write(unit)
            put_down(house)

    app.migrate(config)
    with hold(config.data):
        asyncio.run(write())
    return told


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(
        prog="safevoice dev seed",
        description=f"Fill an empty data folder with a demo community, {COMMUNITY}: the same one every time.",
    )
    p.add_argument("--data", type=Path, help="the data folder (as configured)")
    p.add_argument("--messages", type=int, default=MESSAGES, help=f"messages in all ({MESSAGES})")
    p.add_argument("--seed", type=int, default=SEED, help="another number, other small talk")
    p.add_argument(
        "--until",
        type=datetime.fromisoformat,
        metavar="TIME",
        help="local time of its newest message, like 2025-09-20T20:40 (the last evening)",
    )
    return p


def main(argv: list[str] | None = None) -> int:
    """Prints whom to sign in as."""
    options = parser().parse_args(argv)
    config = load()
    if options.data:
        config = replace(config, data=options.data)
    began = time.monotonic()
    end = options.until or last_evening(datetime.now())
    told = seed(config, end, options.messages, options.seed)
    print(f"{COMMUNITY}: {told:,} messages in {config.data}, {time.monotonic() - began:.1f} s.")
    print(f'Sign in as "{ADMIN}" (or walter, noor, yuki ...) with the password "{PASSWORD}".')
    return 0
