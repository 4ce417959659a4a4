import sys

import pytest

from appliance.dev import check
from appliance.dev.check import Step


def saying(name: str, words: str, status: int = 0) -> Step:
    """A step that prints `words` and ends with `status`."""
    code = f"print({words!r}); raise SystemExit({status})"
    return Step(name, f"says {words}", lambda: [sys.executable, "-c", code])


def test_the_first_step_that_fails_ends_it_and_shows_what_it_said(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    steps = (saying("one", "quiet"), saying("two", "loud", 3), saying("three", "never"))
    monkeypatch.setattr(check, "STEPS", steps)
    assert check.main([]) == 1
    out = capfd.readouterr().out
    assert "one: ok" in out
    assert "\nquiet" not in out
    assert "\nloud\n-- two: FAILED (exit status 3)" in out
    assert "three" not in out


def test_steps_can_be_named(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(check, "STEPS", (saying("one", "quiet", 1), saying("two", "fine")))
    assert check.main(["two"]) == 0
    assert "one" not in capfd.readouterr().out


def test_anything_else_is_for_pytest(capfd: pytest.CaptureFixture[str]) -> None:
    assert check.main(["--version"]) == 0
    assert "pytest " in "".join(capfd.readouterr())
