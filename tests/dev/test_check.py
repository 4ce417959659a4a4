import os
import sys
from dataclasses import replace
from pathlib import Path

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


def test_a_step_that_is_apart_runs_only_when_it_is_named(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "STEPS", (saying("one", "fine"), replace(saying("two", "quiet"), apart=True)))
    assert check.main([]) == 0
    assert "two" not in capfd.readouterr().out
    assert check.main(["two"]) == 0
    assert "two: ok" in capfd.readouterr().out


def test_anything_else_is_for_pytest(capfd: pytest.CaptureFixture[str]) -> None:
    assert check.main(["--version"]) == 0
    assert "pytest " in "".join(capfd.readouterr())


def test_steps_beside_each_other_stop_at_a_failure_and_speak_one_at_a_time(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The first two pass each other a word, which only works while both run."""
    hither, thither = tmp_path / "hither", tmp_path / "thither"
    os.mkfifo(hither)
    os.mkfifo(thither)
    talk = f"open({str(hither)!r}, 'w').close(); open({str(thither)!r}).close()"
    answer = f"open({str(hither)!r}).close(); print('loud'); open({str(thither)!r}, 'w').close(); exit(3)"
    steps = (
        Step("one", "talks", lambda: [sys.executable, "-c", talk], beside=True),
        Step("two", "answers", lambda: [sys.executable, "-c", answer], beside=True),
        saying("three", "never"),
    )
    monkeypatch.setattr(check, "STEPS", steps)
    assert check.main([]) == 1
    out = capfd.readouterr().out
    assert "one: ok" in out
    assert "\nloud\n-- two: FAILED (exit status 3)" in out
    assert "three" not in out
