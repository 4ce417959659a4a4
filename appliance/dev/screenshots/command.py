"""`safevoice dev screenshots`: takes the pictures anew, or compares them with the approved ones."""

import argparse
import asyncio
import shutil
import tempfile
from pathlib import Path

from appliance.dev.screenshots.compare import compare, show
from appliance.dev.screenshots.scenes import SCENES
from appliance.dev.screenshots.studio import Shot, shots, take

APPROVED = Path(__file__).parents[3] / "docs" / "screenshots"


def approve(wanted: list[Shot], taken: Path, out: Path) -> None:
    """What still looks the same keeps its file, so that only real changes are committed."""
    out.mkdir(parents=True, exist_ok=True)
    for shot in wanted:
        if (out / shot.file).exists() and not compare(out / shot.file, taken / shot.file).matters:
            continue
        shutil.move(taken / shot.file, out / shot.file)
        print(shot.file)


def check(wanted: list[Shot], taken: Path, shown: Path) -> int:
    """How many do not look as they were approved, or are of no scene; comparisons are written to `shown`."""
    wrong = 0
    for shot in wanted:
        held = APPROVED / shot.file
        if not held.exists():
            print(f"{shot.file}: never approved")
        elif (found := compare(held, taken / shot.file)).matters:
            print(f"{shot.file}: {found.share:.2%} differs, in {found.box}")
            shown.mkdir(parents=True, exist_ok=True)
            show(held, taken / shot.file, shown / shot.file)
        else:
            continue
        wrong += 1
    stale = {file.name for file in APPROVED.glob("*.png")} - {shot.file for shot in shots()}
    for name in sorted(stale):
        print(f"{name}: of a scene that is no more")
    print(f"{len(wanted) - wrong} of {len(wanted)} pictures as they were approved")
    if wrong:
        print(f"Was, is and what changed: {shown}. To approve: ./run safevoice dev screenshots")
    return wrong + len(stale)


def main(argv: list[str] | None = None) -> int:
    """Exit status 0 if nothing differs."""
    parser = argparse.ArgumentParser(prog="safevoice dev screenshots", description=__doc__)
    parser.add_argument("scenes", nargs="*", choices=[*SCENES, []], help=f"of {', '.join(SCENES)}")
    parser.add_argument("--out", type=Path, default=APPROVED, help="the folder for the pictures")
    parser.add_argument("--check", action="store_true", help="take none, compare with the approved ones")
    options = parser.parse_args(argv)
    wanted = shots(options.scenes)
    with tempfile.TemporaryDirectory(prefix="safevoice-pictures-") as place:
        asyncio.run(take(wanted, Path(place)))
        if not options.check:
            approve(wanted, Path(place), options.out)
            return 0
        shown = Path(tempfile.gettempdir()) / "safevoice-pictures"
        shutil.rmtree(shown, ignore_errors=True)
        return 1 if check(wanted, Path(place), shown) else 0
