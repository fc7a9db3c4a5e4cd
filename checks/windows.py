"""The windows that norms and triggers look at: some days' sums, and their interval."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import polars as pl

from checks.intervals import SERIES, TrailingSums, fill, history_starts
from checks.policy import Norm


class Window(NamedTuple):
    """Figures of one window, in the metric's unit; None: held back or beyond calculation."""

    period_start: date
    period_end: date
    numerator: float | None
    denominator: float | None
    low: float | None
    high: float | None
    is_whole: bool  # it lies inside the metric's history

    @property
    def value(self) -> float | None:
        """Numerator over denominator."""
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator


def windows(
    days: pl.DataFrame, norm: Norm, period_ends: Sequence[date], length_days: int
) -> list[Window]:
    """Return, for each end (inclusive), the window of `length_days` at the norm's level.

    `days` is as in `intervals.fill`. A norm without any daily row has sums of 0 and no interval.
    """
    days = days.filter(pl.col("metric") == norm.metric)
    own = days.filter(pl.col("scope_kind") == norm.scope_kind, pl.col("scope") == norm.scope)
    frame = pl.DataFrame({"period_end": pl.Series(period_ends, dtype=pl.Date)}).select(
        *(pl.lit(getattr(norm, name)).alias(name) for name in SERIES),
        pl.col("period_end").dt.offset_by(f"-{length_days - 1}d").alias("period_start"),
        "period_end",
    )
    ends = frame["period_end"].to_physical().to_numpy().astype(np.int64)
    sums = TrailingSums(own, length_days).at(frame, ends)
    if own.is_empty():
        sums = np.zeros(len(ends)), np.zeros(len(ends))
    frame = frame.with_columns(
        pl.Series("numerator", sums[0]).fill_nan(None),
        pl.Series("denominator", sums[1]).fill_nan(None),
    )
    frame = fill(frame, days, {norm.metric: norm.metric_kind}, norm.level)
    history_start = dict(history_starts(days).iter_rows()).get(norm.metric, date.max)
    frame = frame.with_columns(is_whole=pl.col("period_start") >= history_start)
    return [Window(*row) for row in frame.select(Window._fields).iter_rows()]
