"""Verdicts: how long a run lasts, which days a window holds, and what cannot be judged."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from checks.intervals import fill
from checks.persistence import NightState, State, advance
from checks.policy import Norm, Policy
from checks.policy_grammar import Direction, NormKind
from checks.resume import first_night, resume
from checks.verdicts import SiteFacts, Verdict, judge

START = date(2025, 1, 1)
SERVICE_LEVEL = Norm(
    metric="service_level",
    metric_kind="proportion",
    scope_kind="all",
    scope="all",
    direction=Direction.AT_LEAST,
    target=0.8,
    window="rolling_28",
    kind=NormKind.QUALITY,
    min_denominator=100,
    why="the in-house figure",
    level=0.95,
)
RESOLUTION = replace(SERVICE_LEVEL, metric="first_call_resolution", target=0.6)
TURNOVER = replace(
    SERVICE_LEVEL,
    metric="agent_turnover",
    metric_kind="rate",
    direction=Direction.AT_MOST,
    target=1.5,
    window="rolling_91",
    kind=NormKind.TURNOVER,
    min_denominator=2,
)
LAG_DAYS = {"first_call_resolution": 8}


def day(number: int) -> date:
    """The day so many days after history began."""
    return START + timedelta(days=number)


def policy_of(*norms: Norm) -> Policy:
    return Policy(norms=norms, triggers=(), version="policy-1")


def series(
    norm: Norm, numerators: Sequence[float | None], denominator: float | None = 100
) -> pl.DataFrame:
    """One row a day from the first on."""
    return pl.DataFrame(
        {
            "metric": norm.metric,
            "scope_kind": norm.scope_kind,
            "scope": norm.scope,
            "day": [day(number) for number in range(len(numerators))],
            "numerator": numerators,
            "denominator": denominator,
        },
        schema={
            "metric": pl.String,
            "scope_kind": pl.String,
            "scope": pl.String,
            "day": pl.Date,
            "numerator": pl.Float64,
            "denominator": pl.Float64,
        },
    )


def site(data_days: Iterable[int]) -> SiteFacts:
    versions = {norm.metric: "definition-1" for norm in (SERVICE_LEVEL, RESOLUTION, TURNOVER)}
    return SiteFacts(frozenset(day(number) for number in data_days), LAG_DAYS, versions)


def judged(
    days: pl.DataFrame, norm: Norm, nights: Iterable[int], data_days: Iterable[int] = range(500)
) -> list[Verdict]:
    return judge(days, policy_of(norm), [day(n) for n in nights], {}, site(data_days))


# A night reads + (estimate good), - (estimate wrong), ! (whole interval wrong), . (unjudged);
# it becomes M (met), R (at risk), B (breached) or stays unjudged.
READINGS = {"+": State.MET, "-": State.AT_RISK, "!": State.BREACHED, ".": State.STALE}
SHOWN = {State.MET: "M", State.AT_RISK: "R", State.BREACHED: "B", State.STALE: "."}


@pytest.mark.parametrize(
    ("sentence", "readings", "states"),
    [
        ("Seven nights in a row are a breach, six are not.", "+!!!!!!!!", "MRRRRRRBB"),
        ("A night that is not wholly wrong breaks the run.", "!!!!!!-!!!!!!!", "RRRRRRRRRRRRRB"),
        ("So does a good night.", "!!!!!!+!!!!!!!", "RRRRRRMRRRRRRB"),
        ("A breach lasts while the estimate is wrong.", "!!!!!!!----", "RRRRRRBBBBB"),
        ("It is left when the estimate is good.", "!!!!!!!-+-!", "RRRRRRBBMRR"),
        ("Three nights unjudged break no run.", "!!!!!!...!", "RRRRRR...B"),
        ("Nor do they count.", "!!!!!...!", "RRRRR...R"),
        ("Four nights unjudged break it.", "!!!!!!....!!!!!!!", "RRRRRR....RRRRRRB"),
        ("Single unjudged nights do not add up.", "!!.!.!.!.!.!", "RR.R.R.R.R.B"),
        ("No number of them heals a breach.", "!!!!!!!.....-.....!+", "RRRRRRB.....B.....BM"),
        ("The first night of all may be unjudged.", "....+", "....M"),
    ],
)
def test_runs(sentence: str, readings: str, states: str) -> None:
    assert run(readings, nights_to_breach=7) == states, sentence


def test_a_rate_is_breached_at_once() -> None:
    assert run("+!-+", nights_to_breach=1) == "MBBM"


def run(readings: str, nights_to_breach: int) -> str:
    state: NightState | None = None
    shown = ""
    for number, reading in enumerate(readings):
        state = advance(state, READINGS[reading], day(number), nights_to_breach)
        shown += SHOWN[state.state]
    return shown


def test_since_is_the_first_night_of_the_state_and_outlives_unjudged_nights() -> None:
    state, since = None, []
    for number, reading in enumerate("++..+--..-+"):
        state = advance(state, READINGS[reading], day(number), 7)
        since.append((state.since - START).days)
    assert since == [0, 0, 2, 2, 0, 5, 5, 7, 7, 5, 10]


def test_a_norm_is_judged_from_its_first_whole_window_on() -> None:
    days = series(SERVICE_LEVEL, [90] * 40)
    states = [verdict.state for verdict in judged(days, SERVICE_LEVEL, range(40))]
    assert states == [State.TOO_FEW] * 27 + [State.MET] * 13
    first = first_night(days, policy_of(SERVICE_LEVEL, TURNOVER), LAG_DAYS)
    assert first == {"service_level:all:all": day(27)}

    quarter = judged(series(TURNOVER, [0] * 92, 20 / 365.25), TURNOVER, range(92))
    assert [verdict.state for verdict in quarter] == [State.TOO_FEW] * 90 + [State.MET] * 2


def test_a_metric_that_waits_for_repeats_is_judged_on_a_window_that_ended_earlier() -> None:
    days = series(RESOLUTION, [float(number) for number in range(60)])
    first = first_night(days, policy_of(RESOLUTION), LAG_DAYS)[RESOLUTION.name]
    assert first == day(35)
    before, on = judged(days, RESOLUTION, [34, 35])
    assert (before.state, on.state) == (State.TOO_FEW, State.AT_RISK)
    assert (on.period_start, on.period_end) == (day(0), day(27))
    assert (on.numerator, on.denominator) == (sum(range(28)), 2800)


def test_a_fall_is_at_risk_then_a_breach_then_met_again() -> None:
    days = series(SERVICE_LEVEL, [85 + n % 3 for n in range(100)] + [60] * 30 + [99] * 60)
    verdicts = judged(days, SERVICE_LEVEL, range(30, 190))
    changes = [(v.state, (v.as_of - START).days) for v in verdicts if v.since == v.as_of]
    states = [state for state, _ in changes]
    assert states == [State.MET, State.AT_RISK, State.BREACHED, State.MET]
    breached = next(v for v in verdicts if v.state is State.BREACHED)
    assert breached.nights == 7
    run_of_seven = [v for v in verdicts if 0 <= (breached.as_of - v.as_of).days < 7]
    assert all(v.high is not None and v.high < 0.8 for v in run_of_seven)
    before = next(v for v in verdicts if (breached.as_of - v.as_of).days == 7)
    assert before.high is not None
    assert before.high >= 0.8
    back = verdicts[-1]
    assert (back.state, back.nights) == (State.MET, 0)
    first_good = next(v for v in verdicts if v.as_of == back.since)
    assert first_good.value is not None
    assert first_good.value >= 0.8


def test_departures_are_a_breach_on_the_first_night_beyond_chance() -> None:
    exposure = 20 / 365.25
    departures = [1.0 if number % 30 == 0 else 0.0 for number in range(120)] + [1.0] * 12
    verdicts = judged(series(TURNOVER, departures, exposure), TURNOVER, range(90, 132))
    first = next(v for v in verdicts if v.state is State.BREACHED)
    before = next(v for v in verdicts if v.as_of == first.as_of - timedelta(days=1))
    assert first.low is not None
    assert before.low is not None
    assert before.low <= 1.5 < first.low
    assert first.nights == 1


@pytest.mark.parametrize(
    ("sentence", "state", "numerators", "denominator", "data_until"),
    [
        ("Data of the day before yesterday is fresh.", State.MET, [90] * 60, 100, 58),
        ("Older data says nothing about tonight.", State.STALE, [90] * 60, 100, 57),
        ("No contacts in 28 days are no data.", State.NO_DATA, [90] * 32, 100, 60),
        ("No row at all is no data.", State.NO_DATA, [], 100, 60),
        ("A figure held back is not judged.", State.TOO_FEW, [90] * 50 + [None] * 10, 100, 60),
    ],
)
def test_what_cannot_be_judged_says_why(
    sentence: str,
    state: State,
    numerators: list[float | None],
    denominator: float,
    data_until: int,
) -> None:
    days = series(SERVICE_LEVEL, numerators, denominator)
    (verdict,) = judged(days, SERVICE_LEVEL, [60], range(data_until + 1))
    assert verdict.state is state, sentence


@pytest.mark.parametrize(("least", "state"), [(112, State.MET), (113, State.TOO_FEW)])
def test_the_least_denominator_is_enough(least: float, state: State) -> None:
    norm = replace(SERVICE_LEVEL, min_denominator=least)
    (verdict,) = judged(series(norm, [4] * 60, 4), norm, [59])
    assert (verdict.denominator, verdict.state) == (112, state)


def test_the_target_itself_is_good() -> None:
    (verdict,) = judged(series(SERVICE_LEVEL, [80] * 60), SERVICE_LEVEL, [59])
    assert (verdict.value, verdict.state) == (0.8, State.MET)


def test_a_queue_is_judged_on_its_own_days() -> None:
    billing = replace(SERVICE_LEVEL, scope_kind="queue", scope="billing", level=0.99)
    sales = replace(billing, scope="sales")
    days = pl.concat([series(SERVICE_LEVEL, [90] * 60), series(billing, [70] * 60)])
    policy = policy_of(SERVICE_LEVEL, billing, sales)
    whole, part, none = judge(days, policy, [day(59)], {}, site(range(60)))
    assert (whole.value, whole.state, whole.norm) == (0.9, State.MET, "service_level:all:all")
    assert (part.value, part.state, part.norm) == (
        0.7,
        State.AT_RISK,
        "service_level:queue:billing",
    )
    assert part.level == 0.99
    assert (none.value, none.state) == (None, State.NO_DATA)


def test_a_part_that_rests_on_too_few_agents_is_not_judged_and_shows_no_figure() -> None:
    billing = replace(SERVICE_LEVEL, scope_kind="queue", scope="billing", level=0.99)
    closed = frozenset({("service_level", "queue", "billing", day(58))})
    facts = replace(site(range(60)), closed=closed)
    nights = [day(57), day(58), day(59)]
    verdicts = judge(series(billing, [70] * 60), policy_of(billing), nights, {}, facts)
    assert [v.state for v in verdicts] == [State.AT_RISK, State.TOO_FEW, State.AT_RISK]
    held = verdicts[1]
    assert (held.value, held.low, held.high, held.numerator, held.denominator) == (None,) * 5


def test_a_verdict_carries_the_interval_of_its_level() -> None:
    norm = replace(SERVICE_LEVEL, level=0.99)
    days = series(norm, list(np.random.default_rng(1).binomial(100, 0.8, 200).astype(float)))
    (verdict,) = judged(days, norm, [199])
    period = pl.DataFrame([vars(verdict)]).drop("low", "high")
    expected = (
        fill(period, days, {"service_level": "proportion"}, 0.99).select("low", "high").row(0)
    )
    assert (verdict.low, verdict.high) == expected
    assert verdict.low is not None
    assert verdict.low < 0.8


def test_nights_come_in_order_and_all_but_the_last_are_backfilled() -> None:
    days = pl.concat([series(norm, [70] * 60) for norm in (SERVICE_LEVEL, RESOLUTION)])
    nights = [day(number) for number in (57, 58, 59)]
    verdicts = judge(days, policy_of(SERVICE_LEVEL, RESOLUTION), nights, {}, site(range(60)))
    assert [(v.as_of, v.metric) for v in verdicts] == [
        (night, metric) for night in nights for metric in ("service_level", "first_call_resolution")
    ]
    assert [v.is_backfilled for v in verdicts] == [True, True, True, True, False, False]
    assert {(v.policy_version, v.definition_version) for v in verdicts} == {
        ("policy-1", "definition-1")
    }


def restless_days() -> pl.DataFrame:
    """A service that falls, recovers and falls, around its norms."""
    random = np.random.default_rng(5)
    centre = 80 + 6 * np.sin(np.arange(260) / 25)
    share = [float(x) for x in np.round(centre + random.normal(0, 2, 260))]
    leavers = [float(x) for x in random.poisson(0.1, 260)]
    return pl.concat([series(SERVICE_LEVEL, share), series(TURNOVER, leavers, 20 / 365.25)])


def test_nights_judged_one_by_one_are_nights_judged_at_once() -> None:
    days, policy = restless_days(), policy_of(SERVICE_LEVEL, TURNOVER)
    # Feeds that fail for two, five and six days: within and beyond what a run outlives.
    facts = site(
        n for n in range(260) if n not in {*range(60, 64), *range(120, 127), *range(200, 208)}
    )
    nights = [day(number) for number in range(27, 240)]
    at_once = judge(days, policy, nights, {}, facts)
    assert {v.state for v in at_once} == set(State) - {State.NO_DATA}
    assert {v.is_detected for v in at_once} == {True, False}
    assert {v.charted_after is None for v in at_once} == {True, False}
    one_by_one: list[Verdict] = []
    for night in nights:
        state = resume(reversed(one_by_one[-20:]), policy, night)
        one_by_one += judge(days, policy, [night], state, facts)
    assert [replace(v, is_backfilled=True) for v in one_by_one] == [
        replace(v, is_backfilled=True) for v in at_once
    ]


def test_tonights_own_verdict_is_no_past() -> None:
    days, policy, facts = (
        series(SERVICE_LEVEL, [70] * 60),
        policy_of(SERVICE_LEVEL),
        site(range(60)),
    )
    verdicts = judge(days, policy, [day(number) for number in range(27, 31)], {}, facts)
    assert verdicts[-1].nights == 4
    again = judge(days, policy, [day(30)], resume(verdicts, policy, day(30)), facts)
    assert again == verdicts[-1:]


def test_another_target_starts_the_count_anew() -> None:
    days = series(SERVICE_LEVEL, [70] * 60)
    verdicts = judge(days, policy_of(SERVICE_LEVEL), [day(n) for n in range(27, 59)], {}, site([]))
    stricter = policy_of(replace(SERVICE_LEVEL, target=0.85))
    assert resume(verdicts, policy_of(SERVICE_LEVEL), day(59)).keys() == {SERVICE_LEVEL.name}
    assert resume(verdicts, stricter, day(59)) == {}
