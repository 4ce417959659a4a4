"""How the bench judges, and what it makes of a profile."""

import pytest

from appliance.dev.bench.budget import Budget, Verdict, table
from appliance.dev.bench.command import main
from appliance.dev.bench.hotspots import WAITING, Hotspots

CPU = Budget("CPU", "cpu", "us", 110)
SPEED = Budget("speed", "speed", "/s", 6000, least=True)
WORST = Budget("delivery p99", "delivery_ms.p99", "ms", 25)


@pytest.mark.parametrize(
    ("budget", "figures", "kept"),
    [
        (CPU, {"cpu": 110}, True),
        (CPU, {"cpu": 110.1}, False),
        (SPEED, {"speed": 6000}, True),
        (SPEED, {"speed": 5999}, False),
        (WORST, {"delivery_ms": {"p99": 24.9}}, True),
        (Budget("shown", "cpu", "us"), {"cpu": 1e9}, True),
    ],
)
def test_a_budget_is_kept_or_missed(budget: Budget, figures: dict[str, float], kept: bool) -> None:
    assert budget.kept(budget.measured(figures)) is kept


def test_the_table_says_what_was_missed_and_leaves_what_is_only_shown_unjudged() -> None:
    rows = table([Verdict("tens", CPU, 120.0), Verdict("tens", Budget("beside", "x", ""), 1.0)]).splitlines()
    assert [row.split() for row in rows if "CPU" in row] == [
        ["CPU", "120.0", "us", "<=", "110", "us", "MISS"]
    ]
    assert [row.split() for row in rows if "beside" in row] == [["beside", "1.00"]]


def test_a_profile_is_summed_up_by_place_and_by_what_it_was_inside_of() -> None:
    serve, commit = "serve (/srv/appliance/app.py)", "commit (/srv/appliance/kernel/db.py)"
    raw = f"thread 1;{serve};{commit} 3\nthread 1;{serve} 1\nthread 2;{WAITING} (aiosqlite/core.py) 9\n"
    found = Hotspots(raw)
    assert found.samples == 4
    assert found.itself.most_common(1)[0][1] == 3
    assert dict(found.within) == {"serve  appliance/app.py": 4, "commit  appliance/kernel/db.py": 3}
    assert "75.0%" in found.table()


def test_an_unknown_case_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["thousands"])
    assert "thousands" in capsys.readouterr().err
