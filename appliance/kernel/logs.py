"""Structured logs: one line an event. No message text, no secrets, no query strings, no cookies."""

import json
import logging
import os
import re
import sys
import time
import traceback
from typing import Any, Literal, TextIO

Level = Literal["debug", "info", "warning", "error"]

_SECRET = re.compile(
    r"(^|_)(password|passphrase|secret|tokens?|cookies?|authorization|bearer|credentials?"
    r"|text|content|body|query|headers?|draft)(_|$)"
)
_PLAIN = re.compile(r"[^\s\"=\\\x00-\x20\x7f-\x9f\u2028\u2029]+")

# pytest sets this, and servers that a test starts inherit it: there a mistake must not pass quietly.
_LOUD = "PYTEST_VERSION" in os.environ

_log = logging.getLogger("safevoice")


def event(name: str, /, **fields: Any) -> None:
    """Something that an admin may want to know. `name` is like "server.ready"."""
    _write(logging.INFO, name, fields)


def debug(name: str, /, **fields: Any) -> None:
    """Something that only a developer wants to know."""
    _write(logging.DEBUG, name, fields)


def warning(name: str, /, **fields: Any) -> None:
    """Something that an admin should look at."""
    _write(logging.WARNING, name, fields)


def failure(name: str, error: BaseException, /, **fields: Any) -> None:
    """Something that must not happen did; with the traceback, in one line."""
    _write(logging.ERROR, name, fields, error)


def _write(level: int, name: str, fields: dict[str, Any], error: BaseException | None = None) -> None:
    if not _log.isEnabledFor(level):
        return
    for key, value in fields.items():
        if _SECRET.search(key) and not isinstance(value, int | float | None):
            if _LOUD:
                raise ValueError(f"a field called {key!r} must not be logged")
            fields[key] = "[withheld]"
    extra = {"event": name, "fields": fields}
    info = (type(error), error, error.__traceback__) if error is not None else None
    _log.log(level, name, extra=extra, exc_info=info)


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    """What the line says, in order. Other libraries' records become an event named after their logger."""
    milliseconds = int(record.msecs)
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{milliseconds:03d}Z"
    facts: dict[str, Any] = {"at": at, "level": record.levelname.lower()}
    name = getattr(record, "event", None)
    if name is None:
        facts |= {"event": record.name, "says": record.getMessage()}
    else:
        facts |= {"event": name, **getattr(record, "fields", {})}
    if record.exc_info and record.exc_info[1]:
        error = record.exc_info[1]
        facts["error"] = type(error).__name__
        facts["traceback"] = " | ".join(
            line.strip() for part in traceback.format_exception(error) for line in part.splitlines()
        )
    return facts


class JsonLines(logging.Formatter):
    """One JSON object a line (RFC 8259)."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_facts(record), ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """Time, level, event, then key=value, for reading."""

    def format(self, record: logging.LogRecord) -> str:
        facts = _facts(record)
        head = f"{facts.pop('at')} {facts.pop('level'):<7} {facts.pop('event')}"
        return " ".join([head, *(f"{key}={_shown(value)}" for key, value in facts.items())])


def _shown(value: Any) -> str:
    if isinstance(value, bool | None):
        return json.dumps(value)
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=not text.isprintable())


def set_up(
    level: Level = "info", form: Literal["json", "text"] = "text", stream: TextIO | None = None
) -> None:
    """Send every log line of this process to `stream` (standard error), in one form."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    _log.setLevel(level.upper())
    root.setLevel(max(logging.WARNING, _log.level))
    # Its information lines carry paths with their query strings; what they say is said by our own events.
    for noisy in ("uvicorn", "uvicorn.error", "uvicorn.asgi"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("uvicorn.error").addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    # Starlette raises a crash again after our own handler has logged it.
    return not record.getMessage().startswith("Exception in ASGI application")
