"""The `safevoice` command: one function a subcommand. Heavy things are imported where they are used."""

import argparse
import contextlib
import getpass
import os
import runpy
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from appliance import __version__
from appliance.config import Config, load
from appliance.kernel import control, logs
from appliance.kernel.errors import Refusal
from appliance.kernel.lock import StartRefused
from appliance.kernel.options import ConfigError

TOOLS = ("bench", "check", "config", "flood", "protocol", "screenshots", "seed", "sizes")

DOCTOR_S = 90.0
"""What it looks at may have to wait for answers that never come."""


class Mistake(Exception):
    """What the person at the terminal got wrong, in words for them."""


def serve(config: Config) -> None:
    """Run the server until SIGTERM or SIGINT."""
    _open_many_files()
    from appliance import app

    app.serve(config)


def migrate(config: Config) -> None:
    """Bring the database to this version's schema; the server does so by itself when it starts."""
    from appliance import app

    app.migrate(config)


def create_admin(config: Config, name: str, display: str, community: str, password_file: str) -> None:
    """Make an administrator's account, in the running server or, when none runs, in the data folder; and
    name the community, if a name is given."""
    asked: dict[str, Any] = {
        "name": name,
        "display": display,
        "community": community,
        "password": _password(password_file),
    }
    try:
        control.ask(config.data, "create_admin", **asked)
    except control.NotRunning:
        from appliance import app

        app.create_admin(config, **asked)
    print(f"{name} is an administrator now.")


def doctor(config: Config) -> int:
    """Say how the running server does; 0 where there is nothing to do."""
    try:
        found = control.ask(config.data, "doctor", timeout=DOCTOR_S)
    except control.NotRunning:
        raise Mistake(f"No SafeVoice runs on {config.data.absolute()}.") from None
    except PermissionError:
        raise Mistake(f"Only the user who runs the server may ask it: {config.data.absolute()}") from None
    print(f"SafeVoice {found['version']}")
    for part, lines in found["parts"].items():
        print(f"\n{part}", *lines, sep="\n  ")
    return 0 if found["well"] else 1


def develop(tool: str, args: list[str]) -> int:
    """Run one of the tools in appliance/dev, as `python -m` would."""
    sys.argv = [f"safevoice dev {tool}", *args]
    runpy.run_module(f"appliance.dev.{tool}", run_name="__main__", alter_sys=True)
    return 0


def _open_many_files() -> None:
    """Each socket is a file: the usual soft limit of 1024 would turn the thousandth person away."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _password(file: str) -> str:
    """From a file, standard input or the keyboard; never from the command line, which others can see."""
    if file and file != "-":
        try:
            return _first_line(Path(file).read_text())
        except (OSError, UnicodeDecodeError) as error:
            raise Mistake(f"The password file {file} cannot be read: {error}") from None
    if file == "-" or not sys.stdin.isatty():
        return _first_line(sys.stdin.readline())
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("The same again: "):
        raise Mistake("These two passwords are not the same.")
    return password


def _first_line(text: str) -> str:
    line = text.partition("\n")[0].removesuffix("\r")
    if not line:
        raise Mistake("No password was given.")
    return line


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "safevoice", description="A chat appliance that a small community hosts."
    )
    parser.add_argument("--version", action="version", version=f"SafeVoice {__version__}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--config", type=Path, metavar="FILE", help="instead of safevoice.toml")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("serve", parents=[common], help="run the server")
    commands.add_parser("migrate", parents=[common], help="bring the database to this version")
    # Without abbreviations: --password SECRET must not pass for --password-file.
    admin = commands.add_parser(
        "create-admin", parents=[common], help="make an administrator's account", allow_abbrev=False
    )
    admin.add_argument("name", help="what they sign in with")
    admin.add_argument("--display", default="", metavar="NAME", help="what others see; default: the same")
    admin.add_argument("--community", default="", metavar="NAME", help="what the community is called")
    admin.add_argument(
        "--password-file", default="", metavar="FILE", help='its first line; "-" is standard input'
    )
    commands.add_parser("doctor", parents=[common], help="see whether the running server is well")
    tools = commands.add_parser("dev", help="for working on SafeVoice", add_help=False)
    tools.add_argument("tool", choices=TOOLS)
    tools.add_argument("args", nargs=argparse.REMAINDER)
    return parser


def _carry_out(given: argparse.Namespace) -> int:
    if given.command == "dev":
        return develop(given.tool, given.args)
    config = load(given.config)
    logs.set_up(config.log_level, config.log_format)
    # Whatever is written from here on is for this user alone.
    os.umask(0o077)
    match given.command:
        case "serve":
            serve(config)
        case "migrate":
            migrate(config)
        case "doctor":
            return doctor(config)
        case "create-admin":
            create_admin(config, given.name, given.display, given.community, given.password_file)
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status: 0, or 1 when something was refused (its reason is on standard error)."""
    try:
        return _carry_out(_parser().parse_args(argv))
    except (ConfigError, StartRefused, Mistake) as error:
        print(error, file=sys.stderr)
    except Refusal as refusal:
        print(refusal.text, file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1
