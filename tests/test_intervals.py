"""Intervals: against a slow loop over the formula, published figures, and chance itself."""

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import mean

import numpy as np
import polars as pl
import pytest
from scipy import stats

from checks.intervals import fill, garwood, wilson

START = date(2025, 1, 1)
KINDS = {"service_level": "proportion", "handle_time": "mean", "turnover": "rate", "cost": "money"}
ALL = ("all", "all")
Daily = dict[date, tuple[float, float]]


def days_of(
    daily: Daily, metric: str = "service_level", scope: tuple[str, str] = ALL
) -> pl.DataFrame:
    return pl.DataFrame(
        [(metric, *scope, day, float(y), float(n)) for day, (y, n) in daily.items()],
        schema=["metric", "scope_kind", "scope", "day", "numerator", "denominator"],
        orient="row",
    )


def period_of(
    daily: Daily,
    spans: Sequence[tuple[date, date]],
    metric: str = "service_level",
    scope: tuple[str, str] = ALL,
) -> pl.DataFrame:
    rows = []
    for first, last in spans:
        inside = [figures for day, figures in daily.items() if first <= day <= last]
        y, n = sum(figures[0] for figures in inside), sum(figures[1] for figures in inside)
        rows.append((metric, *scope, first, last, float(y), float(n)))
    schema = ["metric", "scope_kind", "scope", "period_start", "period_end"]
    return pl.DataFrame(rows, schema=[*schema, "numerator", "denominator"], orient="row")


def calls(day_count: int, seed: int = 1, closed_share: float = 0.1) -> Daily:
    """Days of contacts, some days closed, the share answered in time drifting."""
    random = np.random.default_rng(seed)
    daily = {}
    for number in range(day_count):
        if number and random.random() < closed_share:
            continue
        n = int(random.integers(20, 300))
        share = 0.8 + 0.1 * np.sin(number / 20) + random.normal(0, 0.03)
        daily[START + timedelta(days=number)] = (float(random.binomial(n, share)), float(n))
    return daily


def trailing(last: date, length: int) -> tuple[date, date]:
    return last - timedelta(days=length - 1), last


def by_hand(daily: Daily, first: date, last: date, level: float) -> tuple[float, float] | None:
    """The weekly t interval as a reader of the formula would work it out with pencil and paper."""
    inside = [figures for day, figures in daily.items() if first <= day <= last]
    total_y, total_n = sum(y for y, _ in inside), sum(n for _, n in inside)
    ratio = total_y / total_n
    window: list[float] = []
    before: list[float] = []
    for number in range(13):
        week_end = last - timedelta(weeks=number)
        week = [week_end - timedelta(days=back) for back in range(7)]
        if min(week) < min(daily):
            break
        figures = [daily.get(day, (0.0, 0.0)) for day in week]
        residual = sum(y for y, _ in figures) - ratio * sum(n for _, n in figures)
        (window if week_end >= first else before).append(residual)
    if len(window) + len(before) < 4:
        return None
    squares = sum((u - mean(window)) ** 2 for u in window)
    squares += sum((u - mean(before)) ** 2 for u in before)
    freedom = len(window) + len(before) - (2 if before else 1)
    length = (last - first).days + 1
    error = (squares / freedom * length / 7) ** 0.5 / total_n
    half = float(stats.t.ppf((1 + level) / 2, freedom)) * error
    return max(ratio - half, 0), min(ratio + half, 1)


@pytest.mark.parametrize("level", [0.95, 0.99])
@pytest.mark.parametrize(
    ("grain", "length"),
    [("day", 1), ("week", 7), ("rolling_28", 28), ("month", 31), ("rolling_91", 91), ("year", 365)],
)
def test_proportions_follow_the_formula_at_every_grain(
    grain: str, length: int, level: float
) -> None:
    daily = calls(400)
    ends = [START + timedelta(days=number) for number in range(length - 1, 400, 3)]
    spans = [trailing(end, length) for end in ends if end in daily]
    filled = fill(period_of(daily, spans), days_of(daily), KINDS, level)
    expected = [by_hand(daily, *span, level) for span in spans]
    found = list(filled.select("low", "high").iter_rows())
    assert [row == (None, None) for row in found] == [bounds is None for bounds in expected]
    for row, bounds in zip(found, expected, strict=True):
        if bounds:
            assert row == pytest.approx(bounds, abs=1e-12)


def test_a_mean_is_not_bounded_above_but_never_negative() -> None:
    # One call a week, one in four lasts 1,000 s, the others 0: the interval would reach below 0.
    daily = {
        START + timedelta(days=7 * week): (float(week % 4 == 0) * 1000, 1.0) for week in range(20)
    }
    span = trailing(START + timedelta(days=139), 28)
    filled = fill(
        period_of(daily, [span], "handle_time"), days_of(daily, "handle_time"), KINDS
    ).row(0, named=True)
    assert filled["low"] == 0
    assert filled["high"] > 250


@pytest.mark.parametrize(
    ("weeks", "freedom"),
    [(4, 3), (5, 3), (12, 10), (13, 11), (20, 11)],
)
def test_degrees_of_freedom_grow_with_history_up_to_eleven(weeks: int, freedom: int) -> None:
    daily = calls(7 * weeks, closed_share=0)
    period = period_of(daily, [trailing(max(daily), 28)])
    low95, high95 = fill(period, days_of(daily), KINDS, 0.95).select("low", "high").row(0)
    low99, high99 = fill(period, days_of(daily), KINDS, 0.99).select("low", "high").row(0)
    expected = stats.t.ppf(0.995, freedom) / stats.t.ppf(0.975, freedom)
    assert (high99 - low99) / (high95 - low95) == pytest.approx(expected)


def test_three_weeks_of_history_have_no_interval() -> None:
    daily = calls(27, closed_share=0)
    filled = fill(period_of(daily, [trailing(max(daily), 21)]), days_of(daily), KINDS)
    assert filled.select("low", "high").row(0) == (None, None)


def test_history_starts_with_the_whole_service_also_for_a_queue_that_came_later() -> None:
    whole, queue = (
        calls(200),
        {d: f for d, f in calls(200, seed=2).items() if d >= date(2025, 6, 1)},
    )
    days = pl.concat([days_of(whole), days_of(queue, scope=("queue", "new"))])
    span = trailing(START + timedelta(days=199), 28)
    found = fill(period_of(queue, [span], scope=("queue", "new")), days, KINDS).row(0, named=True)
    # Weeks before the queue opened hold 0 contacts: they are weeks of the service all the same.
    assert (found["low"], found["high"]) == pytest.approx(
        by_hand({START: (0.0, 0.0)} | queue, *span, 0.95)
    )


@pytest.mark.parametrize(
    ("what", "days", "period"),
    [
        ("no contacts in the period", {}, {"numerator": 0.0, "denominator": 0.0}),
        ("figures held back in the period", {}, {"numerator": None, "denominator": None}),
        ("a held back figure in one of the weeks", {"denominator": None}, {}),
        ("no daily series for this scope", {}, {"scope": "other"}),
        ("a metric without history", {}, {"metric": "handle_time"}),
        ("a kind that has no interval", {}, {"metric": "cost"}),
    ],
)
def test_nothing_to_go_by_is_no_interval(
    what: str, days: dict[str, None], period: dict[str, object]
) -> None:
    daily = calls(120)
    is_one_day = pl.col("day") == max(daily)
    daily_rows = days_of(daily).with_columns(
        pl.when(is_one_day).then(None).otherwise(pl.col(name)).alias(name) for name in days
    )
    columns = [pl.lit(value).alias(name) for name, value in period.items()]
    rows = period_of(daily, [trailing(max(daily), 28)]).with_columns(columns)
    assert fill(rows, daily_rows, KINDS).select("low", "high").row(0) == (None, None), what


def test_a_scope_without_daily_series_has_no_interval_beside_one_that_has() -> None:
    daily = calls(120)
    span = trailing(max(daily), 28)
    rows = [period_of(daily, [span], scope=scope) for scope in (ALL, ("queue", "other"))]
    known, other = fill(pl.concat(rows), days_of(daily), KINDS)["low"]
    assert known > 0
    assert other is None


def test_a_held_back_figure_spoils_only_the_weeks_that_hold_it() -> None:
    daily = calls(300)
    rows = days_of(daily).with_columns(
        numerator=pl.when(pl.col("day") == START).then(None).otherwise(pl.col("numerator"))
    )
    period = period_of(daily, [trailing(max(daily), 28)])
    assert fill(period, rows, KINDS).equals(fill(period, days_of(daily), KINDS))


def test_a_row_is_the_same_double_alone_and_among_others_and_after_a_purge() -> None:
    random = np.random.default_rng(3)
    daily = {day: (y + random.random(), n) for day, (y, n) in calls(400).items()}
    spans = [trailing(START + timedelta(days=number), 28) for number in range(150, 400)]
    whole = fill(period_of(daily, spans), days_of(daily), KINDS)
    recent = {day: figures for day, figures in daily.items() if day >= date(2025, 2, 1)}
    for span in spans[::50]:
        alone = fill(period_of(daily, [span]), days_of(recent), KINDS)
        assert alone.equals(whole.filter(pl.col("period_end") == span[1]))


def test_rows_and_their_order_stay_as_they_were() -> None:
    daily = calls(200)
    spans = [trailing(START + timedelta(days=number), 28) for number in (180, 90, 120)]
    period = period_of(daily, spans).with_columns(grain=pl.lit("rolling_28"))
    filled = fill(period, days_of(daily).reverse(), KINDS)
    assert filled.drop("low", "high").equals(period)
    assert fill(period.clear(), days_of(daily), KINDS).height == 0


# Exact 95 % limits of a Poisson count as printed in epidemiology's tables (after Garwood 1936).
@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0, 3.689),
        (1, 0.0253, 5.572),
        (4, 1.090, 10.242),
        (10, 4.795, 18.390),
        (20, 12.217, 30.888),
    ],
)
def test_garwood_as_printed(count: int, low: float, high: float) -> None:
    bounds = garwood(np.array([float(count)]), np.array([1.0]), 0.95)
    assert (bounds[0][0], bounds[1][0]) == pytest.approx((low, high), abs=6e-4)


# 95 % score limits without continuity correction in Newcombe, Statistics in Medicine 17, 1998.
@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_printed(successes: int, trials: int, low: float, high: float) -> None:
    bounds = wilson(np.array([float(successes)]), np.array([float(trials)]), 0.95)
    assert (bounds[0][0], bounds[1][0]) == pytest.approx((low, high), abs=6e-5)


def test_rates_are_per_year_of_exposure() -> None:
    # Twenty seats for thirty days, four departures: 2.435 a year.
    row = period_of({START: (4.0, 600 / 365.25)}, [(START, START)], "turnover")
    filled = fill(row, days_of({START: (4.0, 600 / 365.25)}, "turnover"), KINDS).row(0, named=True)
    years = 600 / 365.25
    expected = (stats.chi2.ppf(0.025, 8) / 2 / years, stats.chi2.ppf(0.975, 10) / 2 / years)
    assert (filled["low"], filled["high"]) == pytest.approx(expected)


def test_ninety_five_percent_hold_the_truth_where_days_share_their_weather() -> None:
    """600 quarters of beta-binomial days with a weekday pattern and day effects that last."""
    random = np.random.default_rng(7)
    replicates, day_count = 600, 91
    effect = np.zeros((replicates, day_count))
    effect[:, 0] = random.normal(0, 1, replicates)
    for day in range(1, day_count):
        effect[:, day] = 0.3 * effect[:, day - 1] + 0.91**0.5 * random.normal(0, 1, replicates)
    share = np.clip(
        0.8 + 0.04 * effect + np.array([0.03, 0, 0, 0, 0, -0.03, 0])[np.arange(91) % 7], 0, 1
    )
    n = random.poisson(150, (replicates, day_count))
    y = random.binomial(n, share)
    ends = [START + timedelta(days=day) for day in range(day_count)]
    scopes = [f"r{number}" for number in range(replicates)]
    days = pl.DataFrame(
        {
            "metric": "service_level",
            "scope_kind": "all",
            "scope": np.repeat(scopes, day_count),
            "day": ends * replicates,
            "numerator": y.ravel().astype(float),
            "denominator": n.ravel().astype(float),
        }
    )
    period = (
        days.filter(pl.col("day") > ends[-29])
        .group_by("metric", "scope_kind", "scope")
        .agg(
            period_start=pl.col("day").min(),
            period_end=pl.col("day").max(),
            numerator=pl.col("numerator").sum(),
            denominator=pl.col("denominator").sum(),
        )
    )
    filled = fill(period, days, KINDS)
    truth = 0.8
    coverage = (
        filled.select((pl.col("low") <= truth) & (truth <= pl.col("high"))).to_series().mean()
    )
    assert isinstance(coverage, float)
    # 600 draws of 0.95 have a standard deviation of 0.009.
    assert 0.925 <= coverage <= 0.975
