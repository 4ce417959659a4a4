import asyncio
import os
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from appliance import __version__
from appliance.kernel.control import Control
from appliance.kernel.errors import Refusal
from appliance.kernel.lock import hold

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str


async def safevoice(
    folder: Path, *args: str, stdin: str = "", environ: Mapping[str, str] | None = None
) -> Said:
    """Run the command with `folder` as the working folder; its data goes to `folder`/data."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "appliance", *args),
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | dict(environ or {}),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(stdin.encode())
    return Said(process.returncode or 0, out.decode(), err.decode())


def accounts(folder: Path) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(folder / "data/safevoice.db")) as db:
        return db.execute("SELECT name, display, role FROM accounts").fetchall()


async def test_it_tells_its_version_and_its_commands(tmp_path: Path) -> None:
    assert (await safevoice(tmp_path, "--version")).out == f"SafeVoice {__version__}\n"
    helped = await safevoice(tmp_path, "--help")
    assert all(word in helped.out for word in ("serve", "migrate", "create-admin", "doctor"))


async def test_a_mistaken_configuration_stops_the_start_with_every_reason(tmp_path: Path) -> None:
    (tmp_path / "safevoice.toml").write_text('\nlisten = "nowhere"\nfoo = 1\n')
    said = await safevoice(tmp_path, "serve", environ={"SAFEVOICE_LOG_LEVEL": "loud"})
    assert said.status == 1
    assert "has 3 problems" in said.err
    assert "\n  safevoice.toml:2: listen: 'nowhere'" in said.err
    assert "\n  safevoice.toml:3: foo: there is no such option" in said.err
    assert "\n  environment: SAFEVOICE_LOG_LEVEL: 'loud'" in said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "data").exists()


async def test_a_second_start_on_a_folder_is_refused(tmp_path: Path) -> None:
    with hold(tmp_path / "data"):
        for command in (["serve"], ["migrate"], ["create-admin", "ada"]):
            said = await safevoice(tmp_path, *command, stdin="long enough\n")
            assert said.status == 1
            assert f"already running as process {os.getpid()} on {tmp_path}/data" in said.err
            assert "Traceback" not in said.err


async def test_without_a_server_an_admin_is_made_in_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("long enough\n")
    said = await safevoice(
        tmp_path, "create-admin", "Ada", "--display", "Ada L.", "--password-file", "password"
    )
    assert (said.status, said.out) == (0, "Ada is an administrator now.\n")
    assert accounts(tmp_path) == [("ada", "Ada L.", "admin")]
    again = await safevoice(tmp_path, "create-admin", "ada", stdin="long enough\n")
    assert (again.status, again.err) == (1, "Somebody already has this name.\n")


@pytest.mark.parametrize("password", ["", "\n", "short\n"])
async def test_a_password_that_cannot_be_is_refused(tmp_path: Path, password: str) -> None:
    said = await safevoice(tmp_path, "create-admin", "ada", "--password-file", "-", stdin=password)
    assert said.status == 1
    assert said.err.splitlines()[-1] in (
        "No password was given.",
        "The password needs at least 8 characters.",
    )


async def test_a_password_never_stands_on_the_command_line(tmp_path: Path) -> None:
    assert (await safevoice(tmp_path, "create-admin", "ada", "--password", "long enough")).status == 2


async def test_a_running_server_makes_the_admin_itself(tmp_path: Path) -> None:
    asked: list[tuple[Any, ...]] = []

    async def create_admin(name: str, display: str, community: str, password: str) -> None:
        asked.append((name, display, password))
        if name == "taken":
            raise Refusal("name_taken")

    (tmp_path / "data").mkdir()
    server = Control(tmp_path / "data", {"create_admin": create_admin})
    await server.open()
    with hold(tmp_path / "data"):
        said = await safevoice(tmp_path, "create-admin", "ada", stdin="long enough\nmore\n")
        refused = await safevoice(tmp_path, "create-admin", "taken", stdin="long enough")
    await server.close()
    assert said.status == 0
    assert (refused.status, refused.err) == (1, "Somebody already has this name.\n")
    assert asked == [("ada", "", "long enough"), ("taken", "", "long enough")]


async def test_what_is_written_is_for_its_owner_only(tmp_path: Path) -> None:
    assert (await safevoice(tmp_path, "migrate")).status == 0
    assert {file.stat().st_mode & 0o077 for file in (tmp_path / "data").iterdir()} == {0}


async def test_tools_for_developers_run_by_name(tmp_path: Path) -> None:
    said = await safevoice(tmp_path, "dev", "sizes", "1")
    assert said.out.startswith("server files: ")
    assert (await safevoice(tmp_path, "dev", "nothing")).status == 2
