"""On which line of a TOML 1.0 file each key stands, which `tomllib` does not tell."""

import re
import tomllib

Path = tuple[str, ...]

_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]+")
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")


class _Scanner:
    """Walks over a text that `tomllib` has already accepted, so it need not check anything."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found.group()

    def note(self, path: Path, start: int) -> None:
        for depth in range(1, len(path) + 1):
            self.lines.setdefault(path[:depth], self.text.count("\n", 0, start) + 1)

    def file(self) -> None:
        table: Path = ()
        self.skip(_GAP)
        while self.at < len(self.text):
            start = self.at
            if self.peek() == "[":
                while self.peek() == "[":
                    self.at += 1
                table = self.key()
                while self.peek() == "]":
                    self.at += 1
                self.note(table, start)
            else:
                self.pair(table)
            self.skip(_GAP)

    def key(self) -> Path:
        parts: list[str] = []
        while True:
            self.skip(_GAP)
            quoted = self.skip(_STRING)
            parts.append(tomllib.loads(f"k = {quoted}")["k"] if quoted else self.skip(_BARE_KEY))
            self.skip(_GAP)
            if self.peek() != ".":
                return tuple(parts)
            self.at += 1

    def pair(self, table: Path) -> None:
        start = self.at
        path = table + self.key()
        self.note(path, start)
        self.at += 1  # "="
        self.value(path)

    def value(self, path: Path) -> None:
        self.skip(_GAP)
        opened = self.peek()
        if opened not in ("[", "{"):
            if not self.skip(_STRING):
                self.skip(_SCALAR)
            return
        self.at += 1
        self.skip(_GAP)
        while self.peek() not in ("]", "}", ""):
            if opened == "{":
                self.pair(path)
            else:
                self.value(path)
            self.skip(_GAP)
            if self.peek() == ",":
                self.at += 1
                self.skip(_GAP)
        self.at += 1


def key_lines(text: str) -> dict[Path, int]:
    """The line (from 1) where each key or table first appears. `text` must be valid TOML."""
    scanner = _Scanner(text)
    scanner.file()
    return scanner.lines
