"""Prints how long files and functions are, the worst first: a budget to feel, not a law."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE_BUDGET = {"median": 80, "p90": 250, "cap": 400}
FUNCTION_BUDGET = {"median": 0, "p90": 30, "cap": 60}
_GENERATED = re.compile(r"\.gen\.ts$|/i18n/")


def sources() -> list[Path]:
    """What people wrote, in both languages; tests and generated files aside."""
    server = (ROOT / "appliance").rglob("*.py")
    web = [file for end in ("ts", "svelte", "css") for file in (ROOT / "web/src").rglob(f"*.{end}")]
    return [
        file
        for file in sorted([*server, *web])
        if ".test." not in file.name and not _GENERATED.search(file.as_posix())
    ]


def functions(file: Path) -> Iterator[tuple[int, str]]:
    """Length in lines and name of each Python function, decorators aside."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1, f"{file.relative_to(ROOT)}:{node.name}"


def show(what: str, sizes: list[tuple[int, str]], budget: dict[str, int], worst: int) -> None:
    """One line of statistics, then the `worst`."""
    sizes = sorted(sizes, reverse=True)
    if not sizes:
        return
    lengths = [size for size, _ in sizes]
    told = {"median": lengths[len(lengths) // 2], "p90": lengths[len(lengths) // 10], "cap": lengths[0]}
    parts = [f"{name} {told[name]}" + (f" (<= {most})" if most else "") for name, most in budget.items()]
    over = sum(length > budget["cap"] for length in lengths)
    print(f"{what}: {len(sizes)}, {sum(lengths)} lines, " + ", ".join(parts) + f", over the cap {over}")
    for size, name in sizes[:worst]:
        print(f"  {size:4} {name}")


def main(worst: int) -> None:
    """Print everything there is to say."""
    files = sources()
    lengths = [(len(file.read_text().splitlines()), str(file.relative_to(ROOT))) for file in files]
    show("server files", [size for size in lengths if size[1].endswith(".py")], FILE_BUDGET, worst)
    show("web files", [size for size in lengths if not size[1].endswith(".py")], FILE_BUDGET, worst)
    python = [file for file in files if file.suffix == ".py"]
    show("server functions", [size for file in python for size in functions(file)], FUNCTION_BUDGET, worst)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 10)
