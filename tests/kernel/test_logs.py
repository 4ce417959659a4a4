import io
import json
import logging
from collections.abc import Iterator

import pytest

from appliance.kernel import logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Where log lines go during a test; the loggers are put back afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.getLogger("safevoice").level
    stream = io.StringIO()
    logs.set_up("info", "json", stream)
    yield stream
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    logging.getLogger("safevoice").setLevel(before[2])


def test_an_event_is_one_json_line(lines: io.StringIO) -> None:
    logs.event("room.made", room="r1", members=2, note="two\nlines")
    facts = json.loads(lines.getvalue())
    assert lines.getvalue().count("\n") == 1
    assert facts | {"at": ""} == {
        "at": "",
        "level": "info",
        "event": "room.made",
        "room": "r1",
        "members": 2,
        "note": "two\nlines",
    }


def test_text_lines_quote_what_could_forge_another_line(lines: io.StringIO) -> None:
    logs.set_up("info", "text", lines)
    logs.event("x.y", name='a\n2030-01-01 error "forged"', plain="a/b:c", empty="", odd="a\u2028b")
    assert lines.getvalue().count("\n") == 1
    head, _, rest = lines.getvalue().partition(" info    x.y ")
    assert head.endswith("Z")
    assert rest == 'name="a\\n2030-01-01 error \\"forged\\"" plain=a/b:c empty="" odd="a\\u2028b"\n'


def test_a_failure_tells_its_traceback_in_the_same_line(lines: io.StringIO) -> None:
    try:
        raise KeyError("here")
    except KeyError as error:
        logs.failure("job.failed", error, job="j1")
    facts = json.loads(lines.getvalue())
    assert facts["error"] == "KeyError"
    assert "test_logs.py" in facts["traceback"]
    assert lines.getvalue().count("\n") == 1


@pytest.mark.parametrize(
    "name", ["password", "new_password", "token", "text", "set_cookie", "query", "content"]
)
def test_what_looks_like_a_secret_is_refused_loudly(name: str, lines: io.StringIO) -> None:
    with pytest.raises(ValueError, match=name):
        logs.event("x.y", **{name: "s3cret"})


def test_outside_of_tests_a_secret_is_withheld(lines: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_LOUD", False)
    logs.event("x.y", token="s3cret", text_bytes=5)
    assert "s3cret" not in lines.getvalue()
    assert json.loads(lines.getvalue())["text_bytes"] == 5


def test_what_is_below_the_level_costs_no_line(lines: io.StringIO) -> None:
    logs.debug("x.y")
    logging.getLogger("uvicorn.error").info('"WebSocket /api/socket?ticket=s3cret" [accepted]')
    logging.getLogger("uvicorn.access").error("GET /?q=s3cret")
    logging.getLogger("uvicorn.error").error("Exception in ASGI application\n")
    assert lines.getvalue() == ""


def test_other_libraries_records_get_the_same_form(lines: io.StringIO) -> None:
    logging.getLogger("asyncio").warning("slow: %s", "yes")
    assert json.loads(lines.getvalue())["event"] == "asyncio"
    assert json.loads(lines.getvalue())["says"] == "slow: yes"
