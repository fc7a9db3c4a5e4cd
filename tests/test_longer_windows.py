"""First-call resolution and repeats by windows of 14 and 30 days, beside the one that is set."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from nights import NightSite, csv_of

WINDOWS = (14, 30)
METRICS = ("first_call_resolution", "repeat_call_rate")
LAST_NIGHT = "2000-05-20"
ROSTER = """
    agent_id | provider | hired_on   | left_on
    a0       | north    | 1999-01-04 |
    a1       | north    | 2000-01-20 |
    a2       | north    | 1999-12-01 | 2000-03-15
    a3       | south    | 1999-06-01 |
    a4       | south    | 2000-03-01 |
    """
BY_GROUP = """
select day, provider, queue, reason, tenure_band, sum(numerator), sum(denominator)
from metrics.daily
inner join metrics.history using (metric)
where metric = $metric and day <= final_through
group by all
order by all
"""


def busy_months() -> str:
    """110 days of 500 customers who call again after hours or weeks, a few while still on the line."""
    rng = Random(1998)
    start = datetime(2000, 1, 31, 23, tzinfo=UTC)  # midnight in Paris
    lines = ["contact_id,queued_at,queue,reason,customer_id,agent_id,wait_seconds,talk_seconds,"
             "outcome,call_id"]  # fmt: skip
    for number in range(4_000):
        at = start + timedelta(seconds=rng.randrange(110 * 86_400))
        outcome, agent = ("abandoned", "") if rng.random() < 0.1 else ("handled", f"a{number % 6}")
        line = (
            f"{number},{at:%Y-%m-%dT%H:%M:%SZ},{rng.choice(['internet', 'television'])},"
            f"{rng.choice(['modem', 'billing'])},{rng.choice([*range(500), ''])},{agent},"
            f"{rng.randrange(90)},{rng.choice([60, 600, 40_000])},{outcome}"
        )
        legs = 1 + (rng.random() < 0.05)
        lines += [f"{line},{number}-{leg}" for leg in range(legs)]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> NightSite:
    site = NightSite(tmp_path_factory.mktemp("windows"))
    site.put("calls/months.csv", busy_months())
    site.put("roster/roster_2000-05-20.csv", csv_of(ROSTER))
    return site


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("window_days", WINDOWS)
def test_a_longer_window_is_what_it_would_be_if_it_were_set(
    site: NightSite, window_days: int, metric: str
) -> None:
    """Two ways to one figure, in every group: as an extra, and with the parameter."""
    site.parameters = {}
    site.night(LAST_NIGHT)
    extra = site.ask(BY_GROUP, metric=f"{metric}_{window_days}_days")
    site.parameters = {"repeat_window_days": window_days}
    site.night(LAST_NIGHT)
    assert extra == site.ask(BY_GROUP, metric=metric)
    assert len({day for day, *_ in extra}) > 40
    assert any(n and n != denominator for *_, n, denominator in extra)


def test_a_question_that_comes_back_after_ten_days(tmp_path: Path) -> None:
    """It was settled by a window of a week, and by no longer one."""
    site = NightSite(tmp_path)
    site.put("calls/months.csv", csv_of("""
        call_id | queued_at            | customer_id | agent_id | wait_seconds | outcome
        first   | 2000-01-01T09:00:00Z | 9           | ann      | 0            | handled
        a       | 2000-03-01T09:00:00Z | 1           | ann      | 0            | handled
        again   | 2000-03-11T09:00:00Z | 1           | ann      | 0            | handled
        """))  # fmt: skip
    site.night("2000-04-30")
    figures = {
        metric: site.figure(metric, "month", "2000-03-31")
        for metric in (*METRICS, *(f"{metric}_14_days" for metric in METRICS))
    }
    assert figures == {
        "first_call_resolution": (2, 2),
        "repeat_call_rate": (0, 2),
        "first_call_resolution_14_days": (0, 1),
        "repeat_call_rate_14_days": (1, 2),
    }


@pytest.mark.parametrize(("as_of", "is_counted"), [("2000-04-09", False), ("2000-04-10", True)])
def test_a_day_is_counted_when_its_last_episode_is_mature(
    tmp_path: Path, as_of: str, is_counted: bool
) -> None:
    """The call of the evening of 10 March ends after midnight: 30 days later, 10 April is over."""
    site = NightSite(tmp_path)
    site.put("calls/months.csv", csv_of("""
        call_id | queued_at            | customer_id | agent_id | wait_seconds | talk_seconds
        first   | 2000-01-01T09:00:00Z | 9           | ann      | 0            | 60
        noon    | 2000-03-10T11:00:00Z | 1           | ann      | 0            | 60
        evening | 2000-03-10T22:30:00Z | 2           | ann      | 0            | 3600
        """))  # fmt: skip
    site.night(as_of)
    found = site.ask(
        "select numerator, denominator, is_final from metrics.period where grain = 'day'"
        " and metric = 'first_call_resolution_30_days' and period_end = '2000-03-10'"
        " and scope_kind = 'all'"
    )
    assert found == ([(2, 2, True)] if is_counted else [])


def test_a_contact_id_that_is_used_again_keeps_no_other_day_waiting(tmp_path: Path) -> None:
    """Its contact lasts for months; only the day on which it began is not settled."""
    days = [datetime(2000, 1, 1, 9, tzinfo=UTC) + timedelta(days=number) for number in range(100)]
    lines = [f"{n},{n},{day:%Y-%m-%dT%H:%M:%SZ},{n},ann,1" for n, day in enumerate(days)]
    lines += [f"again{n},again,{days[n]:%Y-%m-%dT%H:%M:%SZ},again,ann,1" for n in (10, 90)]
    site = NightSite(tmp_path)
    site.put("calls/all.csv", "\n".join(
        ["call_id,contact_id,queued_at,customer_id,agent_id,wait_seconds", *lines]) + "\n")  # fmt: skip
    site.night(days[-1].date())
    found = site.ask(
        "select period_end, denominator, is_final from metrics.period where grain = 'day'"
        " and metric = 'repeat_call_rate_14_days' and scope_kind = 'all' order by period_end"
    )
    settled = [day.date() for day in days[: 100 - 15]]
    settled.remove(days[10].date())
    assert found == [(day, 1, day < days[10].date()) for day in settled]
