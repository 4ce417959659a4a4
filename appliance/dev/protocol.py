"""Writes the pages that are made from the protocol's own types; `--check` fails when they drifted."""

import sys
from pathlib import Path

from appliance.dev import permissions_page, protocol_page, rights
from appliance.dev.vocabulary import gather
from appliance.wire import typescript

ROOT = Path(__file__).parents[2]
COMMAND = "python -m appliance.dev.protocol"


def pages() -> dict[Path, str]:
    """Each generated file and what it must hold."""
    words = gather()
    return {
        ROOT / "web/src/wire/protocol.gen.ts": typescript.render(words),
        ROOT / "web/src/wire/rights.gen.ts": rights.render(),
        ROOT / "docs/protocol.md": protocol_page.render(words),
        ROOT / "docs/permissions.md": permissions_page.render(),
    }


def write(check: bool) -> int:
    """Write the pages, or with `check` only compare them. Returns the exit status."""
    drifted = [
        (page, text) for page, text in pages().items() if not page.exists() or page.read_text() != text
    ]
    for page, text in drifted:
        name = page.relative_to(ROOT)
        if check:
            print(f"{name} is not what the protocol's types say. Run `{COMMAND}` and commit it.")
        else:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text)
            print(f"wrote {name}")
    return 1 if check and drifted else 0


if __name__ == "__main__":
    raise SystemExit(write("--check" in sys.argv[1:]))
