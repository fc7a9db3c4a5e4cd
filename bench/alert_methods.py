"""Who alarms on which day: our detector and our verdict `breached`, and three that others use.

All take numerators and denominators of simulated days (series, days) and return, for each day,
whether the alarm stands; the first REFERENCE_DAYS days are there to learn from.
"""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from bench.simulated_days import Floats, Service
from checks.detection import advance as one_day_on
from checks.detection import begin
from checks.intervals import fill
from checks.persistence import NightState, State, advance
from checks.shifts import REFERENCE_DAYS, shift_steps
from checks.verdicts import NIGHTS_TO_BREACH

Bools = npt.NDArray[np.bool_]

MONDAY = date(2024, 1, 1)
WINDOW_DAYS = 28
LEVEL = 0.95
METRIC = "simulated"


def stands(steps: Floats) -> Bools:
    """Whether the word of charts with these steps stands after each day."""
    charts = begin(steps)
    fired = np.zeros(steps.shape[:-1], dtype=np.bool_)
    for day in range(steps.shape[-2]):
        charts = one_day_on(charts, steps[..., day, :])
        fired[..., day] = charts.is_fired
    return fired


def detector(service: Service, y: Floats, n: Floats) -> Bools:
    """Our detector."""
    steps = shift_steps(
        y, n, MONDAY, service.target, is_share=True, is_low_good=service.is_low_good
    )
    return stands(steps)


def intervals(y: Floats, n: Floats, first_night: int) -> tuple[Floats, Floats]:
    """Our intervals of the 28 days up to each night (series, nights)."""
    series, days = y.shape
    day = pl.date_range(MONDAY, MONDAY + timedelta(days=days - 1), eager=True)
    scope = pl.int_range(series, eager=True).cast(pl.String)
    frame = pl.DataFrame(
        {"scope": np.repeat(scope.to_numpy(), days), "day": pl.concat([day] * series)}
    ).with_columns(
        pl.lit(METRIC).alias("metric"),
        pl.lit("simulated").alias("scope_kind"),
        numerator=pl.Series(y.ravel()),
        denominator=pl.Series(n.ravel()),
    )
    totals = [_rolling(figures)[:, first_night:].ravel() for figures in (y, n)]
    period = frame.filter(pl.col("day") >= day[first_night]).select(
        "metric",
        "scope_kind",
        "scope",
        pl.col("day").dt.offset_by(f"-{WINDOW_DAYS - 1}d").alias("period_start"),
        pl.col("day").alias("period_end"),
        pl.Series("numerator", totals[0]),
        pl.Series("denominator", totals[1]),
    )
    found = fill(period, frame, {METRIC: "proportion"}, LEVEL)
    low, high = (found[bound].to_numpy().reshape(series, -1) for bound in ("low", "high"))
    return low, high


def breached(service: Service, y: Floats, n: Floats) -> Bools:
    """Our verdict: whether `breached` holds, from interval, estimate and run of nights."""
    low, high = intervals(y, n, REFERENCE_DAYS)
    value = (_rolling(y) / _rolling(n))[:, REFERENCE_DAYS:]
    sign = -1 if service.is_low_good else 1
    is_wrong = sign * value < sign * service.target
    is_wholly = (sign * low < sign * service.target) & (sign * high < sign * service.target)
    holds = np.zeros(y.shape, dtype=np.bool_)
    for one in range(len(y)):
        state: NightState | None = None
        for night in range(value.shape[1]):
            reading = State.AT_RISK if is_wrong[one, night] else State.MET
            reading = State.BREACHED if is_wholly[one, night] else reading
            state = advance(state, reading, MONDAY, NIGHTS_TO_BREACH)
            holds[one, REFERENCE_DAYS + night] = state.state is State.BREACHED
    return holds


def daily_threshold(service: Service, y: Floats, n: Floats) -> Bools:
    """An alarm on every day on the wrong side of the target."""
    return _worse(service, y / n)


def three_sigma(service: Service, y: Floats, n: Floats) -> Bools:
    """The mean of 28 days beyond three of its standard errors, learnt from the reference."""
    daily = y / n
    error = daily[:, :REFERENCE_DAYS].std(axis=1, ddof=1) / np.sqrt(WINDOW_DAYS)
    sign = 1 if service.is_low_good else -1
    beyond = sign * (_rolling(daily) / WINDOW_DAYS - service.target)
    return np.asarray(beyond > 3 * error[:, None])


def best_rises(service: Service, deviations: Floats, shift: float) -> Floats:
    """What a chart that knows shift and correlation adds up: the deviations that are news.

    Of an autoregression the news is z(t) - phi z(t-1); a shift is (1 - phi) of itself in it.
    """
    phi = service.daily_correlation
    news = deviations.copy()
    news[:, 1:] = (deviations[:, 1:] - phi * deviations[:, :-1]) / np.sqrt(1 - phi**2)
    rises: Floats = news - shift * (1 - phi) / np.sqrt(1 - phi**2) / 2
    return rises


def alarm_rate(rises: Floats, limit: float) -> float:
    """Alarms a day of cumulative sums that begin anew after each."""
    total, alarms = np.zeros(len(rises)), 0
    for day in range(rises.shape[1]):
        total = np.maximum(total + rises[:, day], 0)
        alarms += int((total >= limit).sum())
        total[total >= limit] = 0
    return alarms / rises.size


def limit_for(rises: Floats, rate: float) -> float:
    """The limit at which these sums alarm at a rate a day."""
    low, high = 0.0, 60.0
    for _ in range(16):
        middle = (low + high) / 2
        low, high = (middle, high) if alarm_rate(rises, middle) > rate else (low, middle)
    return high


def is_up(rises: Floats, limit: float) -> Bools:
    """Whether cumulative sums are at their limit or above it on each day; it is the most."""
    total = np.zeros(len(rises))
    up = np.zeros(rises.shape, dtype=np.bool_)
    for day in range(rises.shape[1]):
        total = np.clip(total + rises[:, day], 0, limit)
        up[:, day] = total >= limit
    return up


def _worse(service: Service, value: Floats) -> Bools:
    return np.asarray(value > service.target if service.is_low_good else value < service.target)


def _rolling(values: Floats) -> Floats:
    """Sums of the 28 days up to each day; NaN before there are as many."""
    total = np.full(values.shape, np.nan)
    running = np.cumsum(values, axis=1)
    total[:, WINDOW_DAYS - 1 :] = running[:, WINDOW_DAYS - 1 :]
    total[:, WINDOW_DAYS:] -= running[:, :-WINDOW_DAYS]
    return total
