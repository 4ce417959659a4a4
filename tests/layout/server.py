"""Who may import whom on the server, read from the source with `ast`, imports inside functions too."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "appliance"
TOP = ("app", "cli", "dev", "__main__")
MAY_USE = {
    "kernel": ("kernel", "config"),
    "config": ("config", "kernel"),
    "wire": ("wire", "kernel"),
    "edge": ("edge", "wire", "kernel", "config"),
    "features": ("features", "wire", "kernel", "config"),
}
# What a file of a feature may use of its own feature. Any other name (presence.py, say) is a helper.
OWN = {
    "__init__": (),
    "model": ("model",),
    "store": ("model", "store"),
    "helper": ("model", "helper"),
    "actions": ("model", "store", "actions", "helper"),
    "api": ("model", "actions", "api", "helper", "worker"),
    "worker": ("model", "actions", "worker", "helper"),
}
OF_EARLIER = ("actions", "model")


@dataclass(frozen=True)
class Import:
    """`importer` uses `target` on `line`; both are dotted module names."""

    importer: str
    target: str
    line: int

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.target}"


def modules(root: Path) -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for file in sorted((root / PACKAGE).rglob("*.py")):
        parts = file.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def imports(importer: str, source: str, known: set[str], *, package: bool = False) -> Iterator[Import]:
    """Every import of a module of ours in `source`, however it is written."""
    for node in ast.walk(ast.parse(source)):
        for target in _targets(node, importer, package):
            name = target
            while name and name not in known:
                name = name.rpartition(".")[0]
            if name:
                yield Import(importer, name, getattr(node, "lineno", 0))


def _targets(node: ast.AST, importer: str, package: bool) -> list[str]:
    match node:
        case ast.Import():
            return [alias.name for alias in node.names]
        case ast.ImportFrom():
            base = node.module or ""
            if node.level:
                above = importer.split(".")
                above = above[: len(above) - node.level + package]
                base = ".".join([*above, *([node.module] if node.module else [])])
            return [f"{base}.{alias.name}" for alias in node.names]
        case ast.Call(args=[ast.Constant(value=str(name)), *_]):
            called = ast.unparse(node.func).rpartition(".")[2]
            return [name] if called in ("import_module", "__import__", "run_module") else []
    return []


def refusal(use: Import, order: tuple[str, ...]) -> str:
    """Why this import may not be, or nothing."""
    importer, target = use.importer.split(".")[1:], use.target.split(".")[1:]
    if not importer or not target or importer[0] in TOP:
        return ""
    if target[0] in TOP:
        return f"nothing below may know {target[0]}"
    if target[0] not in MAY_USE[importer[0]]:
        return f"{importer[0]} may use only {', '.join(MAY_USE[importer[0]])}"
    if importer[0] == target[0] == "features":
        return _between_features(importer[1:], target[1:], order)
    return ""


def _between_features(importer: list[str], target: list[str], order: tuple[str, ...]) -> str:
    if not importer or not target:
        return "the ladder is for the composition root"
    mine, its = importer[0], target[0]
    layer = (importer[1:] or ["__init__"])[0]
    used = (target[1:] or ["__init__"])[0]
    if mine == its:
        allowed = OWN[layer if layer in OWN else "helper"]
        used = used if used in OWN else "helper"
        return (
            ""
            if used in allowed
            else f"{layer} may use only {', '.join(allowed) or 'nothing'} of its own feature"
        )
    if order.index(its) > order.index(mine):
        return f"{its} comes after {mine} on the ladder"
    return "" if used in OF_EARLIER else f"of an earlier feature only {' and '.join(OF_EARLIER)} may be used"
