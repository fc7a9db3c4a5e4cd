"""First-call resolution speaks of the customers who are known: their share stands beside it."""

import json
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from nights import NightSite, csv_of

from checks.suites import suites
from flows.show import show

AS_OF = date(2000, 6, 30)
RULE = "the share of identified customers is within 10 points of the 91 days before"


def test_it_is_shown_beside_what_it_qualifies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of two handled contacts is known; figures about everybody need no such word."""
    site = NightSite(tmp_path)
    site.put("calls/march.csv", csv_of("""
        call_id | queued_at            | customer_id | agent_id | wait_seconds
        first   | 2000-02-01T09:00:00Z | 9           | ann      | 0
        a       | 2000-03-01T09:00:00Z | 1           | ann      | 0
        b       | 2000-03-01T10:00:00Z |             | ann      | 0
        """))  # fmt: skip
    site.night("2000-03-31")
    show(
        "metrics", site.folders.warehouse, form="json", grain="month", scope="all",
        first=date(2000, 3, 31), last=None,
    )  # fmt: skip
    shown = {row["metric"]: row for row in json.loads(capsys.readouterr().out)}
    assert shown["first_call_resolution"]["denominator"] == 1
    assert shown["first_call_resolution"]["identified_share"] == 0.5
    assert shown["repeat_call_rate"]["identified_share"] == 0.5
    assert shown["average_handle_time"]["identified_share"] is None


@pytest.mark.parametrize(
    ("past", "recent", "history_days", "is_said"),
    [
        (0.70, 0.70, 400, False),
        (0.70, 0.79, 400, False),
        (0.70, 0.81, 400, True),
        (0.70, 0.59, 400, True),
        # Two months of history are enough, six weeks are not.
        (0.70, 0.81, 56, True),
        (0.70, 0.81, 42, False),
    ],
)
def test_a_move_of_ten_points_is_a_warning(
    past: float, recent: float, history_days: int, is_said: bool
) -> None:
    """Four weeks against the quarter before; on Sundays there is nobody to identify."""
    (rule,) = [rule for rule in suites()["metrics.period"] if rule.name == RULE]
    assert rule.severity == "warning"
    with duckdb.connect() as connection:
        connection.execute("create schema ledger; create schema metrics")
        connection.execute(
            "create table ledger.build as select $day::date as as_of", {"day": AS_OF}
        )
        connection.execute(
            "create table metrics.period (metric varchar, grain varchar, scope_kind varchar,"
            " period_end date, numerator double, denominator double)"
        )
        for age in range(history_days):
            day, share = AS_OF - timedelta(days=age), recent if age < 28 else past
            calls = 0 if day.isoweekday() == 7 else 200
            connection.execute(
                "insert into metrics.period values ('identified_share', 'day', 'all', $1, $2, $3)",
                [day, share * calls, calls],
            )
        found = connection.execute(rule.unexpected_rows.format(batch="metrics.period")).fetchall()
    assert bool(found) == is_said
