"""`safevoice dev screenshots`: takes the pictures that look different anew, or says which those are."""

import argparse
import asyncio
import shutil
import tempfile
from pathlib import Path

from appliance.dev.screenshots.compare import compare, show
from appliance.dev.screenshots.scenes import LETTERS, SCENES
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
    # Elsewhere there may be pictures of other things.
    for name in sorted(_of_no_scene(out)) if out == APPROVED else ():
        (out / name).unlink()
        print(f"{name}: gone")


def check(wanted: list[Shot], taken: Path, shown: Path, approved: Path = APPROVED) -> int:
    """How many do not look as they were approved, or are of no scene; comparisons are written to `shown`. 0
    where this machine draws words differently: then that is no fault of the app."""
    wrong: list[Shot] = []
    for shot in wanted:
        held = approved / shot.file
        if not held.exists():
            print(f"{shot.file}: never approved")
        elif (found := compare(held, taken / shot.file)).matters:
            print(f"{shot.file}: {found.share:.2%} differs, in {found.box}")
            shown.mkdir(parents=True, exist_ok=True)
            show(held, taken / shot.file, shown / shot.file)
        else:
            continue
        wrong.append(shot)
    stale = _of_no_scene(approved)
    for name in sorted(stale):
        print(f"{name}: of a scene that is no more")
    print(f"{len(wanted) - len(wrong)} of {len(wanted)} pictures as they were approved")
    if wrong or stale:
        print(f"Was, is and what changed: {shown}. To approve: ./run safevoice dev screenshots")
    if any(shot.name == LETTERS for shot in wrong):
        print("Words alone look different here: another Chromium or other fonts. So this is no verdict.")
        return 0
    return len(wrong) + len(stale)


def _of_no_scene(folder: Path) -> set[str]:
    return {file.name for file in folder.glob("*.png")} - {shot.file for shot in shots()}


def main(argv: list[str] | None = None) -> int:
    """Exit status 0 if nothing differs."""
    parser = argparse.ArgumentParser(prog="safevoice dev screenshots", description=__doc__)
    parser.add_argument("scenes", nargs="*", choices=[*SCENES, []], help=f"of {', '.join(SCENES)}")
    parser.add_argument("--out", type=Path, default=APPROVED, help="the folder for the pictures")
    parser.add_argument("--check", action="store_true", help="take none, compare with the approved ones")
    options = parser.parse_args(argv)
    wanted = shots(options.scenes)
    if options.check:
        wanted += [shot for shot in shots([LETTERS]) if shot not in wanted]
    with tempfile.TemporaryDirectory(prefix="safevoice-pictures-") as place:
        asyncio.run(take(wanted, Path(place)))
        if not options.check:
            approve(wanted, Path(place), options.out)
            return 0
        shown = Path(tempfile.gettempdir()) / "safevoice-pictures"
        shutil.rmtree(shown, ignore_errors=True)
        return 1 if check(wanted, Path(place), shown) else 0
