"""An early word: has a service shifted to the wrong side of its norm, before a window can tell?

Charts of cumulative sums (Page, Biometrika 41, 1954, 100-115) of daily deviations from the target.
A chart rises with evidence and never falls below zero. It fires at its limit, which is as far as it
goes, and stands until it is back at zero: a long fall is forgotten as fast as a short one.

Steps are in shares of a chart's limit, so that it fires at 1. The last axis of an array is the
chart; the days, where there are several, are the axis before; series may come in front.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from checks.departures import departure_steps
from checks.intervals import history_starts
from checks.policy import Norm
from checks.policy_grammar import Direction
from checks.shifts import shift_steps

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Charts(NamedTuple):
    """How high charts stand, from 0 to 1, and whether their word stands (one axis less)."""

    heights: Floats
    is_fired: Bools


def begin(steps: Floats) -> Charts:
    """The charts of these steps before any of them: nothing is held against the service."""
    heights = np.zeros((*steps.shape[:-2], steps.shape[-1]))
    return Charts(heights, np.zeros(heights.shape[:-1], dtype=np.bool_))


def advance(charts: Charts, step: Floats) -> Charts:
    """The charts one day later."""
    heights = np.clip(charts.heights + step, 0.0, 1.0)
    is_up, is_at_limit = (heights > 0).any(axis=-1), (heights >= 1).any(axis=-1)
    return Charts(heights, is_at_limit | (charts.is_fired & is_up))


def daily_steps(numerator: Floats, denominator: Floats, first_day: date, norm: Norm) -> Floats:
    """Return the steps of a norm's charts on each day, from the first of its history on.

    A day without evidence has steps of 0: one without denominator, or before the first reference is
    whole. There is no chart for metrics that are neither mean, proportion nor rate, for rates that
    are to be high, and for parts of the service: a chart more is a false alarm a year more.
    """
    is_low_good = norm.direction is Direction.AT_MOST
    if norm.scope_kind == "all" and norm.metric_kind in ("mean", "proportion"):
        is_share = norm.metric_kind == "proportion"
        return shift_steps(
            numerator,
            denominator,
            first_day,
            norm.target,
            is_share=is_share,
            is_low_good=is_low_good,
        )
    if norm.scope_kind == "all" and norm.metric_kind == "rate" and is_low_good:
        return departure_steps(numerator, denominator, norm.target)
    return np.zeros((*numerator.shape, 0))


class Watch:
    """The charts of one norm over the days of its history."""

    def __init__(self, days: pl.DataFrame, norm: Norm) -> None:
        """Of `days` (as in `intervals.fill`), those of the norm's metric and scope count."""
        days = days.filter(pl.col("metric") == norm.metric)
        own = days.filter(pl.col("scope_kind") == norm.scope_kind, pl.col("scope") == norm.scope)
        self._first_day: date = dict(history_starts(days).iter_rows()).get(norm.metric, date.min)
        number = (own["day"].cast(pl.Date) - self._first_day).dt.total_days().to_numpy()
        figures = np.zeros((2, number.max(initial=-1) + 1))
        figures[:, number] = own.select("numerator", "denominator").cast(pl.Float64).to_numpy().T
        self._steps = daily_steps(figures[0], figures[1], self._first_day, norm)

    def through(self, day: date, after: date | None) -> Charts:
        """The charts at the end of a day, begun after another one (None: with history)."""
        charts = begin(self._steps)
        begun = 0 if after is None else self._number(after) + 1
        for step in self._steps[max(begun, 0) : max(self._number(day) + 1, 0)]:
            charts = advance(charts, step)
        return charts

    def on(self, day: date, charts: Charts) -> Charts:
        """The charts after one more day."""
        number = self._number(day)
        is_known = 0 <= number < len(self._steps)
        return advance(charts, self._steps[number]) if is_known else charts

    def _number(self, day: date) -> int:
        return (day - self._first_day).days
