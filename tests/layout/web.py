"""Who may import whom in the web app."""

import posixpath
import re
from pathlib import Path

MAY_USE = {
    "app": ("app", "features", "ui", "local", "wire", "lib"),
    "features": ("features", "ui", "local", "wire", "lib"),
    "local": ("local", "wire", "lib"),
    "wire": ("wire", "lib"),
    "sw": ("sw", "local", "wire", "lib"),
    "ui": ("ui", "lib"),
    "lib": ("lib",),
}
NOT_FOR_SCREENS = ("wire", "local")

_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
_IMPORT = re.compile(
    r"""(?:\b(?:import|export)\b[^'"`;]*?\bfrom\s*|\bimport\s*\(?\s*|new\s+URL\(\s*)['"]([^'"\n]+)['"]"""
)


def imported(source: str) -> list[str]:
    """What a file imports, as written."""
    return _IMPORT.findall(_COMMENT.sub("", source))


def refusals(file: str, source: str) -> list[str]:
    """What `file` (its path below web/src) may not import."""
    found = []
    place = _place(file)
    for target in imported(source):
        if not target.startswith("."):
            continue
        its = _place(posixpath.normpath(posixpath.join(posixpath.dirname(file), target)))
        if its == "..":
            found.append(f"{file} imports {target}, which is outside of src")
        elif its not in MAY_USE[place]:
            found.append(f"{file} imports {target}: {place} may use only {', '.join(MAY_USE[place])}")
        elif file.endswith(".svelte") and its in NOT_FOR_SCREENS:
            found.append(f"{file} imports {target}: a screen never talks to {its}")
    return found


def _place(file: str) -> str:
    first, slash, _ = file.partition("/")
    return first if slash else "app"


def sources(root: Path) -> dict[str, str]:
    """Every source file below `root` except tests, which may use anything."""
    return {
        file.relative_to(root).as_posix(): file.read_text()
        for pattern in ("*.ts", "*.svelte")
        for file in sorted(root.rglob(pattern))
        if not re.search(r"\.(test|d)\.ts$|(^|/)testing/", file.relative_to(root).as_posix())
    }
