"""Writes the emoji that the web app offers, from an unpacked `emojibase-data` package (MIT).

They change once a year, and the package is 48 MB: so what is needed of it lies beside the sources of the app,
and this runs by hand: `npm pack emojibase-data`, unpack, `python -m appliance.dev.emoji FOLDER`.
"""

import argparse
import json
import re
from pathlib import Path
from typing import Any

OUT = Path(__file__).parents[2] / "web/src/lib/emojis"
LANGUAGES = ("en", "de")
COMPONENTS = 2
"""The group of skin tones and hair, which are nothing by themselves."""


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text())


def one(emoji: dict[str, Any], names: dict[str, Any], codes: list[str]) -> str:
    """A line: the emoji, its version, `+` for skin tones, its name, what else finds it, its shortcodes."""
    toned = "+" if any(isinstance(skin.get("tone"), int) for skin in emoji.get("skins", [])) else ""
    named = names[emoji["hexcode"]]
    label = re.sub(r"\s+", " ", named["label"])
    known = {label.lower(), *re.split(r"[\s:,]+", label.lower())}
    tags = [tag for tag in named.get("tags", []) if tag.lower() not in known]
    return "\t".join((emoji["emoji"], f"{emoji['version']:g}", toned, label, ",".join(tags), ",".join(codes)))


def listed(folder: Path, language: str) -> str:
    """All of them in the order of Unicode; a line that begins with # opens a group."""
    github, own = (read(folder, f"en/shortcodes/{name}.json") for name in ("github", "emojibase"))
    names = {emoji["hexcode"]: emoji for emoji in read(folder, f"{language}/data.json")}
    emojis = [emoji for emoji in read(folder, "en/data.json") if emoji.get("group", COMPONENTS) != COMPONENTS]
    emojis.sort(key=lambda each: int(each["order"]))
    found: dict[str, list[str]] = {emoji["hexcode"]: [] for emoji in emojis}
    taken: set[str] = set()
    # Of two emoji of one code it is GitHub's, which most people know.
    for codes in (github, own):
        for mark, mine in found.items():
            known = codes.get(mark, [])
            mine += [code for code in ([known] if isinstance(known, str) else known) if code not in taken]
            taken.update(mine)
    lines: list[str] = []
    group = -1
    for emoji in emojis:
        if emoji["group"] != group:
            group = emoji["group"]
            lines.append(f"#{group}")
        lines.append(one(emoji, names, found[emoji["hexcode"]]))
    return "\n".join(lines) + "\n"


def main() -> None:
    """Command line: the folder of the unpacked package."""
    parser = argparse.ArgumentParser(prog="safevoice dev emoji", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    OUT.mkdir(exist_ok=True)
    for language in LANGUAGES:
        (OUT / f"{language}.txt").write_text(listed(folder, language))
    notice = (folder / "LICENSE").read_text()
    (OUT / "LICENSE").write_text(f"en.txt and de.txt are made from emojibase-data.\n\n{notice}")


if __name__ == "__main__":
    main()
