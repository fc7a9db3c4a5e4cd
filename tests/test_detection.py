"""The early detector: what a day is compared with, when a chart fires, and when its word is over."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.departures import limit
from checks.detection import Charts, Watch, advance, begin, daily_steps
from checks.persistence import State
from checks.policy import Norm, Policy
from checks.policy_grammar import Direction, NormKind
from checks.shifts import CORRELATIONS, limits, reference_of, shift_steps
from checks.verdicts import SiteFacts, Verdict, judge

MONDAY = date(2024, 1, 1)
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
HANDLE_TIME = replace(
    SERVICE_LEVEL,
    metric="average_handle_time",
    metric_kind="mean",
    direction=Direction.AT_MOST,
    target=360,
)
TURNOVER = replace(
    HANDLE_TIME,
    metric="agent_turnover",
    metric_kind="rate",
    target=2.4,
    window="rolling_91",
    min_denominator=2,
)
SEATS = 20 / 365.25  # agent-years a day
Floats = npt.NDArray[np.float64]


def binomial_days(share: Sequence[float] | Floats, contacts: int = 200, seed: int = 3) -> Floats:
    random = np.random.default_rng(seed)
    return random.binomial(contacts, np.asarray(share)).astype(float)


# Charts


@pytest.mark.parametrize(
    ("sentence", "steps", "fired"),
    [
        ("Good days are not saved up.", [-5, -5, 0.6, 0.3, 0.2], "....!"),
        ("It fires at its limit.", [0.5, 0.4, 0.1], "..!"),
        ("Its word stands until it is back at zero.", [1, -0.5, -0.4, -0.2, 0.5], "!!!.."),
        ("It rises no higher than its limit.", [1, 9, 9, -0.6, -0.6], "!!!!."),
        ("Then it fires anew.", [1, -1, 0.9, 0.2], "!..!"),
    ],
)
def test_a_chart(sentence: str, steps: Sequence[float], fired: str) -> None:
    rows = np.array(steps, dtype=float)[:, None]
    charts, seen = begin(rows), ""
    for row in rows:
        charts = advance(charts, row)
        seen += "!" if charts.is_fired else "."
    assert seen == fired, sentence


def test_either_chart_fires_and_both_must_be_back() -> None:
    charts = Charts(np.array([0.2, 0.9]), np.array(False))
    charts = advance(charts, np.array([0.1, 0.1]))
    assert bool(charts.is_fired)
    charts = advance(charts, np.array([-0.1, -1.0]))
    assert bool(charts.is_fired)
    assert not advance(charts, np.array([-0.3, 0.0])).is_fired


def test_without_charts_nothing_fires() -> None:
    steps = np.zeros((5, 0))
    assert not advance(begin(steps), steps[0]).is_fired


# Limits


def test_limits_grow_with_correlation() -> None:
    assert limits(np.array([0.0, 0.3, 0.25])) == pytest.approx(
        1.05 * np.array([[7.48, 3.15], [11.06, 4.66], [(9.68 + 11.06) / 2, (4.08 + 4.66) / 2]])
    )
    assert (np.diff(limits(CORRELATIONS), axis=0) > 0).all()


@pytest.mark.parametrize(("a_month", "expected"), [(4, 3.68), (2.5, 3.23)])
def test_the_limit_of_departures_on_twenty_seats(a_month: float, expected: float) -> None:
    assert limit(a_month * 12 / 365.25) == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize("a_month", [1, 2.5, 4, 12])
def test_departures_at_the_norm_raise_one_false_alarm_a_year(a_month: float) -> None:
    rate = a_month * 12 / 365.25
    counts = np.random.default_rng(4).poisson(rate, (1000, 365 * 8))
    sums, alarms = np.zeros(1000), 0
    for day in range(counts.shape[1]):
        sums = np.maximum(sums + counts[:, day] - rate / np.log(2), 0)
        is_alarm = sums >= limit(rate) - 1e-9
        alarms += is_alarm.sum()
        sums[is_alarm] = 0
    assert alarms / 8000 == pytest.approx(1, abs=0.1)


def test_one_departure_alone_is_no_news() -> None:
    assert limit(1e-4) == limit(0) == 1


# References


@settings(max_examples=20, deadline=None)
@given(st.integers(91, 364), st.integers(0, 200), st.booleans())
def test_no_tested_day_is_in_its_own_reference(day: int, handled: int, is_share: bool) -> None:
    """Another figure on one day changes that day's steps, and those of later quarters only."""
    contacts = np.full(365, 200.0)
    before = binomial_days(np.full(365, 0.8))
    after = before.copy()
    after[day] = handled
    one, other = (
        shift_steps(y, contacts, MONDAY, 0.8, is_share=is_share, is_low_good=False)
        for y in (before, after)
    )
    differing = {int(n) for n in np.flatnonzero((one != other).any(axis=1))}
    quarter_end = 91 * (day // 91 + 1)
    assert differing - {day} <= set(range(quarter_end, quarter_end + 182))


def test_there_is_no_step_before_the_first_quarter_is_over() -> None:
    steps = daily_steps(
        binomial_days(np.full(200, 0.5)), np.full(200, 200.0), MONDAY, SERVICE_LEVEL
    )
    assert not steps[:91].any()
    assert (steps[91:] > 0).all()


def test_a_reference_tells_weekdays_spread_and_correlation() -> None:
    random = np.random.default_rng(8)
    noise = random.standard_normal((300, 182))
    for day in range(1, 182):
        noise[:, day] = 0.4 * noise[:, day - 1] + np.sqrt(1 - 0.16) * noise[:, day]
    weekday = np.arange(182) % 7
    pattern = np.array([30.0, 0, 0, 0, 0, -10, -20])
    figures = 360 + pattern[weekday] + 12 * noise
    contacts = np.full((300, 182), 100.0)
    found = reference_of(figures * contacts, contacts, weekday, 380.0, is_share=False)
    assert found.weekdays.mean(axis=0) == pytest.approx(pattern, abs=0.5)
    assert found.weekdays.sum(axis=-1) == pytest.approx(np.zeros(300), abs=1e-6)
    assert found.spread.mean() == pytest.approx(12, rel=0.03)
    assert found.correlation.mean() == pytest.approx(0.4, abs=0.03)
    assert found.centre == pytest.approx(np.full(300, 380.0))


@pytest.mark.parametrize(("target", "is_low_good"), [(0.8, False), (0.93, False), (0.05, True)])
def test_a_service_at_its_target_deviates_neither_way(target: float, is_low_good: bool) -> None:
    """Skewed days, and busy Mondays that are worse: of all contacts the share is the target."""
    random = np.random.default_rng(5)
    weekday = np.arange(273) % 7
    volume = np.array([300, 200, 200, 200, 200, 100, 80])
    worse = np.array([0.02, 0, 0, 0, 0, 0, 0]) - 0.02 * 300 / volume.sum()
    mean = target + (worse if is_low_good else -worse)[weekday]
    level = random.beta(mean * 60, (1 - mean) * 60, (400, 273))
    contacts = np.broadcast_to(volume[weekday], (400, 273))
    successes = random.binomial(contacts, level).astype(float)
    steps = shift_steps(
        successes, contacts.astype(float), MONDAY, target, is_share=True, is_low_good=is_low_good
    )
    # The quick chart's slack and limit turned back into deviations; correlation is about 0.
    deviation = steps[:, 182:, 1] * limits(np.array(0.0))[1] + 0.75
    assert abs(deviation.mean()) < 0.04
    by_weekday = [deviation[:, weekday[182:] == number].mean() for number in range(7)]
    assert np.abs(by_weekday).max() < 0.1


def test_a_day_of_few_contacts_alone_is_no_alarm() -> None:
    numerator = binomial_days(np.full(200, 0.8))
    contacts = np.full(200, 200.0)
    numerator[150], contacts[150] = 0, 2
    steps = daily_steps(numerator, contacts, MONDAY, SERVICE_LEVEL)
    assert 0 < steps[150, 1] < 0.8
    contacts[150] = 200
    assert daily_steps(numerator, contacts, MONDAY, SERVICE_LEVEL)[150, 1] > 1


def test_days_that_never_differed_make_no_alarm_of_a_single_call() -> None:
    """Nobody hung up for half a year; one of two hundred who does is not beyond chance."""
    abandonment = replace(SERVICE_LEVEL, direction=Direction.AT_MOST, target=0.01)
    numerator = np.zeros(300)
    numerator[200] = 1
    steps = daily_steps(numerator, np.full(300, 200.0), MONDAY, abandonment)
    assert steps.max() < 0.2
    seconds = np.full(270, 360.1 * 200)
    seconds[200] += 1
    assert not daily_steps(seconds, np.full(270, 200.0), MONDAY, HANDLE_TIME).any()


@pytest.mark.parametrize("open_days", [0, 1, 3, 4, 5, 59])
@pytest.mark.parametrize("is_share", [True, False])
def test_few_open_days_are_no_reference(open_days: int, is_share: bool) -> None:
    contacts = np.where(np.arange(91) < open_days, 100.0, 0.0)
    weekday = np.arange(91) % 7
    found = reference_of(contacts * 0.8, contacts, weekday, 0.8, is_share=is_share)
    assert np.isnan(found.spread)
    assert np.isnan(found.correlation)


def test_closed_days_are_no_evidence() -> None:
    contacts = np.where(np.arange(250) % 7 < 5, 200.0, 0.0)
    numerator = np.where(contacts > 0, binomial_days(np.full(250, 0.8)), 0.0)
    steps = daily_steps(numerator, contacts, MONDAY, SERVICE_LEVEL)
    assert (steps[91:][contacts[91:] == 0] == 0).all()
    assert (steps[91:][contacts[91:] > 0] != 0).all()
    # A weekday on which the service was never open tells nothing on the first such day.
    contacts[243], numerator[243] = 200, 0
    assert (daily_steps(numerator, contacts, MONDAY, SERVICE_LEVEL)[243] == 0).all()


@pytest.mark.parametrize(
    "norm",
    [
        replace(SERVICE_LEVEL, scope_kind="queue", scope="web"),
        replace(SERVICE_LEVEL, metric_kind="cohort"),
        replace(TURNOVER, direction=Direction.AT_LEAST),
        replace(TURNOVER, scope_kind="provider", scope="north"),
    ],
)
def test_what_has_no_chart(norm: Norm) -> None:
    assert daily_steps(np.ones(200), np.ones(200), MONDAY, norm).shape == (200, 0)


def test_departures_count_against_the_heads_of_their_day() -> None:
    departures = np.zeros(120)
    departures[100] = 1
    exposure = np.where(np.arange(120) < 110, SEATS, SEATS / 2)
    steps = daily_steps(departures, exposure, MONDAY, TURNOVER)[:, 0]
    height = limit(float(f"{2.4 * SEATS:.3g}"))
    slack = 2.4 * SEATS / np.log(2)
    assert not steps[:91].any()
    assert steps[[95, 100, 115]] == pytest.approx(
        np.array([-slack, 1 - slack, -slack / 2]) / height
    )


# Verdicts


def frame(norm: Norm, numerator: Floats, denominator: Floats) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "metric": norm.metric,
            "scope_kind": norm.scope_kind,
            "scope": norm.scope,
            "day": [day(number) for number in range(len(numerator))],
            "numerator": numerator,
            "denominator": denominator,
        }
    )


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def judged(norm: Norm, numerator: Floats, denominator: Floats, lag: int = 0) -> list[Verdict]:
    """Every night from the first whole window on; in the verdicts of tests a night has its number."""
    count = len(numerator)
    site = SiteFacts(
        frozenset(day(n) for n in range(count + lag)), {norm.metric: lag}, {norm.metric: "1"}
    )
    nights = [day(number) for number in range(27 + lag, count + lag)]
    policy = Policy(norms=(norm,), triggers=(), version="1")
    return judge(frame(norm, numerator, denominator), policy, nights, {}, site)


def number_of(verdict: Verdict) -> int:
    return (verdict.as_of - MONDAY).days


def test_a_fall_is_at_risk_before_the_window_tells_and_a_recovery_begins_anew() -> None:
    share = np.r_[np.full(200, 0.86), np.full(60, 0.7), np.full(100, 0.86)]
    verdicts = judged(SERVICE_LEVEL, binomial_days(share), np.full(360, 200.0))
    detected = [v for v in verdicts if v.is_detected]
    early = detected[0]
    assert 200 <= number_of(early) < 205
    assert (early.state, early.chart) == (State.AT_RISK, 1)
    assert early.value is not None
    assert early.value > 0.8
    worst = next(v for v in verdicts if v.state is State.BREACHED)
    assert number_of(worst) > number_of(early) + 7
    assert all(v.state is State.AT_RISK for v in verdicts if early.as_of <= v.as_of < worst.as_of)
    recovered = next(v for v in verdicts if v.as_of > worst.as_of and v.state is State.MET)
    assert (recovered.is_detected, recovered.chart) == (False, 0)
    assert recovered.charted_after == recovered.as_of
    assert [v.charted_after for v in verdicts if v.as_of >= recovered.as_of][-1] == recovered.as_of
    assert all(v.state is State.MET for v in verdicts if v.as_of > recovered.as_of)


def test_an_early_word_is_over_when_the_days_are_good_again() -> None:
    share = np.r_[np.full(200, 0.86), np.full(4, 0.7), np.full(100, 0.86)]
    verdicts = judged(SERVICE_LEVEL, binomial_days(share), np.full(304, 200.0))
    numbers = [number_of(v) for v in verdicts if v.state is State.AT_RISK]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert numbers[0] in range(201, 205)
    assert numbers[0] < numbers[-1] < 220
    assert all(v.value is None or v.value > 0.8 for v in verdicts)


def test_the_chart_of_a_metric_that_waits_holds_the_days_that_are_known() -> None:
    share = np.r_[np.full(200, 0.86), np.full(60, 0.7)]
    numerator, denominator = binomial_days(share), np.full(260, 200.0)
    at_once, later = (judged(SERVICE_LEVEL, numerator, denominator, lag) for lag in (0, 8))
    first, second = (
        next(number_of(v) for v in found if v.is_detected) for found in (at_once, later)
    )
    assert second == first + 8


def test_departures_that_double_are_at_risk_before_the_exact_interval_tells() -> None:
    departures = np.zeros(300)
    departures[:200:8] = 1
    departures[200::3] = 1
    verdicts = judged(TURNOVER, departures, np.full(300, SEATS))
    early = next(v for v in verdicts if v.is_detected)
    breached = next(v for v in verdicts if v.state is State.BREACHED)
    assert early.state is State.AT_RISK
    assert 200 < number_of(early) < number_of(breached)


def test_a_part_of_the_service_has_no_chart() -> None:
    norm = replace(SERVICE_LEVEL, scope_kind="queue", scope="web", level=0.99)
    share = np.r_[np.full(200, 0.86), np.full(60, 0.7)]
    verdicts = judged(norm, binomial_days(share), np.full(260, 200.0))
    assert {(v.is_detected, v.chart) for v in verdicts} == {(False, None)}
    assert verdicts[-1].state is State.BREACHED


def test_a_norm_without_any_row_has_empty_charts() -> None:
    watch = Watch(frame(SERVICE_LEVEL, np.ones(0), np.ones(0)), SERVICE_LEVEL)
    charts = watch.on(MONDAY, watch.through(MONDAY, after=None))
    assert (charts.heights.tolist(), bool(charts.is_fired)) == ([0, 0], False)
