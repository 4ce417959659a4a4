"""All checks and tests, in named steps; the first that fails ends it. Warnings are errors.

Without arguments every step runs that is not apart. Names of steps run those; anything else is for pytest
alone.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from threading import Event

from appliance.dev.node import QUIET, ensure_packages, node, script

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
NO_TESTS = 5
"""pytest's exit status when it found nothing to run."""

Command = list[str]


@dataclass(frozen=True)
class Step:
    """`command` runs in `folder`. `shown`: its output is passed through instead of kept for a failure.
    `beside`: it uses one core and leaves the other to the next such step. `apart`: it runs only when it is
    named."""

    name: str
    what: str
    command: Callable[[], Command]
    folder: Path = ROOT
    shown: bool = False
    beside: bool = False
    apart: bool = False
    good: tuple[int, ...] = (0,)

    def run(self) -> bool:
        """Whether it passed."""
        began = time.monotonic()
        print(f"-- {self.name}: {self.what}\n", end="", flush=True)
        done = subprocess.run(
            self.command(),
            cwd=self.folder,
            env=os.environ | (QUIET if self.folder == WEB else {}),
            stdin=subprocess.DEVNULL,
            stdout=None if self.shown else subprocess.PIPE,
            stderr=None if self.shown else subprocess.STDOUT,
            check=False,
        )
        passed = done.returncode in self.good
        said = done.stdout.decode(errors="replace") if done.stdout and not passed else ""
        verdict = "ok" if passed else f"FAILED (exit status {done.returncode})"
        # In one piece, because another step may speak at the same time.
        print(f"{said}-- {self.name}: {verdict}, {time.monotonic() - began:.1f} s\n", end="", flush=True)
        return passed


def python(*args: str) -> Callable[[], Command]:
    return lambda: [sys.executable, "-m", *args]


def in_web(package: str, file: str, *args: str) -> Callable[[], Command]:
    """A tool of the web app's packages, which are installed first if need be."""

    def command() -> Command:
        ensure_packages(WEB)
        return [*node(), *script(WEB, package, file), *args]

    return command


def pytest(*args: str) -> Callable[[], Command]:
    return python("pytest", *args)


STEPS = (
    Step("format", "ruff format", python("ruff", "format", "--check", ".")),
    Step("lint", "ruff", python("ruff", "check", ".")),
    Step(
        "svelte",
        "svelte-check",
        in_web("svelte-check", "bin/svelte-check", "--fail-on-warnings", "--output", "human"),
        WEB,
        beside=True,
    ),
    Step("types", "mypy, strict", python("mypy"), beside=True),
    Step(
        "layout",
        "who may import whom, who may write what",
        pytest("-q", "tests/test_layout.py"),
        beside=True,
    ),
    Step(
        "drift",
        "pages and types made from the protocol",
        python("appliance.dev.protocol", "--check"),
        beside=True,
    ),
    Step("units", "vitest", in_web("vitest", "vitest.mjs", "run"), WEB),
    Step(
        "serial",
        "pytest, one at a time",
        pytest("-m", "serial", "--ignore=tests/test_layout.py", "tests"),
        shown=True,
        good=(0, NO_TESTS),
    ),
    Step(
        "tests",
        "pytest, side by side",
        pytest(
            *("-n", "2", "--dist", "loadfile", "-m", "not serial and not media and not nat"),
            *("--ignore=tests/test_layout.py", "tests"),
        ),
        shown=True,
    ),
    Step(
        "calls",
        "sound and pictures through the relay: coturn's client, aiortc and Chromium",
        pytest("-n", "2", "--dist", "loadfile", "-m", "media", "tests"),
        shown=True,
    ),
    Step(
        "pictures",
        "the demo community as it was approved",
        python("appliance.dev.screenshots", "--check"),
        shown=True,
    ),
    Step("judges", "axe, Lighthouse, Observatory and others", python("tests.judges"), shown=True),
    Step("nat", "calls through NATs, in networks of their own", python("tests.nat"), shown=True, apart=True),
)

GROUPS = {"web": ("svelte", "judges")}
"""Names that stand for several steps."""


def _all_pass(steps: tuple[Step, ...], at_once: int) -> bool:
    """Run them in order. After one has failed none begins."""
    failed = Event()

    def run(step: Step) -> None:
        if not failed.is_set() and not step.run():
            failed.set()

    with ThreadPoolExecutor(at_once) as pool:
        # The list is for what is raised: it is raised again here.
        list(pool.map(run, steps))
    return not failed.is_set()


def main(args: list[str]) -> int:
    """The exit status."""
    named = {step.name: step for step in STEPS}
    wanted = [name for arg in args for name in GROUPS.get(arg, (arg,))]
    if not all(name in named for name in wanted):
        return subprocess.run(pytest(*args)(), cwd=ROOT, check=False).returncode
    began = time.monotonic()
    chosen = [named[name] for name in wanted] or [step for step in STEPS if not step.apart]
    for beside, steps in groupby(chosen, lambda step: step.beside):
        if not _all_pass(tuple(steps), at_once=2 if beside else 1):
            return 1
    print(f"-- all good, {time.monotonic() - began:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
