"""How sure a figure is: intervals for means, proportions, rates and cohorts.

Means and proportions are ratios R = sum(y) / sum(n) of calls that share a day's weather and a
week's rota, so calls are no independent sample. The sampling unit is the week: residuals of the
ratio estimator (Cochran, Sampling Techniques, 1977, chapter 6) over the 13 whole weeks that end
with the period, and Student's t. Rates are exact Poisson (Garwood, Biometrika 28, 1936, 437-442),
cohorts Wilson's score interval (JASA 22, 1927, 209-212).
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import gammaincinv, ndtri, stdtrit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bounds = tuple[Floats, Floats]

SERIES = ["metric", "scope_kind", "scope"]
LEVEL = 0.95
WEEKS = 13  # a quarter: long enough for 11 degrees of freedom, short enough to be still true
MIN_WEEKS = 4  # with fewer, t is so wide that the interval says nothing


def fill(
    period: pl.DataFrame, days: pl.DataFrame, kinds: Mapping[str, str], level: float = LEVEL
) -> pl.DataFrame:
    """Return `period`, row for row, with `low` and `high` at a two-sided `level`.

    `period`: columns metric, scope_kind, scope, period_start, period_end (inclusive), numerator,
    denominator. `days`: metric, scope_kind, scope, day, numerator, denominator, one row a day and
    series, the whole history, not suppressed. `kinds`: metric -> mean, proportion, rate or cohort;
    any other kind has no interval. Bounds carry the unit of the metric. They are null where there
    is nothing to go by: no denominator, no daily series, fewer than 4 whole weeks of history, or a
    week that holds a null figure. A row's bounds do not depend on the other rows.
    """
    kind = period["metric"].replace_strict(dict(kinds), return_dtype=pl.String)
    is_share = (kind == "proportion").to_numpy()
    is_weekly = (kind.is_in(["mean", "proportion"])).to_numpy()
    numerator, denominator = _floats(period, "numerator"), _floats(period, "denominator")
    low, high = np.full(period.height, np.nan), np.full(period.height, np.nan)
    for name, bounds in (("rate", garwood), ("cohort", wilson)):
        rows = (kind == name).to_numpy()
        low[rows], high[rows] = bounds(numerator[rows], denominator[rows], level)
    low[is_weekly], high[is_weekly] = _weekly_t(period.filter(is_weekly), days, level)
    largest = np.where(is_share, 1.0, np.inf)
    return period.with_columns(
        pl.Series("low", np.clip(low, 0.0, largest)).fill_nan(None),
        pl.Series("high", np.clip(high, 0.0, largest)).fill_nan(None),
    )


def garwood(count: Floats, exposure: Floats, level: float) -> Bounds:
    """Exact Poisson bounds of `count` events in `exposure` (agent-years); NaN without exposure.

    The limits are quantiles of chi-square / 2, which is the gamma distribution.
    """
    exposure = np.where(exposure > 0, exposure, np.nan)
    tail = (1 - level) / 2
    low = np.where(count > 0, gammaincinv(np.maximum(count, 1), tail), 0.0)
    return low / exposure, gammaincinv(count + 1, 1 - tail) / exposure


def wilson(successes: Floats, trials: Floats, level: float) -> Bounds:
    """Score bounds of a share of independent `trials` (hires); NaN without trials."""
    trials = np.where(trials > 0, trials, np.nan)
    z2 = ndtri((1 + level) / 2) ** 2
    share = successes / trials
    centre = share + z2 / (2 * trials)
    half = np.sqrt(z2 * (share * (1 - share) + z2 / (4 * trials)) / trials)
    return (centre - half) / (1 + z2 / trials), (centre + half) / (1 + z2 / trials)


def history_starts(days: pl.DataFrame) -> pl.DataFrame:
    """First day (column `history_start`) of each metric, whatever the scope."""
    return days.group_by("metric").agg(history_start=pl.col("day").min())


class TrailingSums:
    """Sums over the `length` days that end on a day, for many series at once.

    A day without row adds nothing; a null figure makes every sum that holds it NaN. Each sum is
    added up from its own days, oldest first, and is no difference of running totals: so it is the
    same double whatever else is asked and wherever history begins.
    """

    def __init__(self, days: pl.DataFrame, length: int) -> None:
        spans = days.group_by(SERIES).agg(
            first=_day_numbers("day").min(), last=_day_numbers("day").max()
        )
        self._spans = spans.sort(SERIES).with_row_index("series")
        self._first, last = _ints(self._spans, "first"), _ints(self._spans, "last")
        # One row of figures for all series: `length` empty days, then each with length - 1 more.
        self._width = last - self._first + length
        self._offset = length + np.cumsum(self._width) - self._width
        figures = np.zeros((2, length + int(self._width.sum())))
        series = self._series_of(days)
        place = self._offset[series] + _ints(days.select(_day_numbers("day")), "day")
        place -= self._first[series]
        figures[0, place], figures[1, place] = (
            _floats(days, "numerator"),
            _floats(days, "denominator"),
        )
        self._sums = np.zeros_like(figures)
        for back in range(length - 1, -1, -1):
            self._sums[:, length - 1 :] += figures[:, length - 1 - back : figures.shape[1] - back]

    def at(self, rows: pl.DataFrame, ends: Ints) -> tuple[Floats, Floats]:
        """Numerators and denominators for each row's series at `ends` (days since 1970-01-01).

        `ends` has one line a row of `rows` and may have several columns. NaN: no such series.
        """
        series = self._series_of(rows).reshape(-1, *[1] * (ends.ndim - 1))
        if not self._first.size:
            return np.full(ends.shape, np.nan), np.full(ends.shape, np.nan)
        since = ends - self._first[series]
        is_inside = (since >= 0) & (since < self._width[series])
        # Place 0 is an empty day.
        sums = self._sums[:, np.where(is_inside, self._offset[series] + since, 0)]
        sums = np.where(series < 0, np.nan, sums)
        return sums[0], sums[1]

    def _series_of(self, rows: pl.DataFrame) -> Ints:
        known = self._spans.select(*SERIES, "series")
        found = rows.select(SERIES).join(known, on=SERIES, how="left", maintain_order="left")
        return _ints(found.with_columns(pl.col("series").cast(pl.Int64).fill_null(-1)), "series")


def _weekly_t(period: pl.DataFrame, days: pl.DataFrame, level: float) -> Bounds:
    """Bounds of R = y / n from week totals y_j, n_j and u_j = y_j - R n_j.

    1. The weeks: 13 back from the period's end, those wholly inside the metric's history.
    2. S2: the variance of u_j around two means, one for weeks that end inside the period (the
       window), one for those before, so that a change between them is not taken for noise.
    3. se = sqrt(S2 x days / 7) / n; a degree of freedom is lost for each mean.
    """
    period = period.join(history_starts(days), on="metric", how="left", maintain_order="left")
    end = _ints(period.select(_day_numbers("period_end")), "period_end")
    length = end - _ints(period.select(_day_numbers("period_start")), "period_start") + 1
    # A metric without history starts after its periods: it has no week.
    history = period.select(_day_numbers("history_start").fill_null(np.iinfo(np.int32).max))
    weeks = np.clip((end - _ints(history, "history_start") + 1) // 7, 0, WEEKS)
    ratio = _floats(period, "numerator") / _positive(_floats(period, "denominator"))

    number = np.arange(WEEKS)
    week_y, week_n = TrailingSums(
        days.join(period.select(SERIES).unique(), on=SERIES, how="semi"), 7
    ).at(period, end[:, None] - 7 * number)
    window_weeks = np.minimum((length - 1) // 7 + 1, weeks)
    is_window = number < window_weeks[:, None]
    is_before = (number < weeks[:, None]) & ~is_window
    residual = np.where(is_window | is_before, week_y - ratio[:, None] * week_n, 0.0)
    squares = _squares(residual, is_window) + _squares(residual, is_before)

    freedom = weeks - 1 - (weeks > window_weeks)
    freedom = np.where(weeks >= MIN_WEEKS, freedom, np.nan)
    error = np.sqrt(squares / freedom * length / 7) / _positive(_floats(period, "denominator"))
    half = stdtrit(freedom, (1 + level) / 2) * error
    return ratio - half, ratio + half


def _squares(values: Floats, mask: npt.NDArray[np.bool_]) -> Floats:
    """Sum of squares of each row's masked values around their mean; 0 for none."""
    mean = np.where(mask, values, 0.0).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)
    squares: Floats = (np.where(mask, values - mean[:, None], 0.0) ** 2).sum(axis=1)
    return squares


def _positive(values: Floats) -> Floats:
    return np.where(values > 0, values, np.nan)


def _day_numbers(column: str) -> pl.Expr:
    return pl.col(column).to_physical().cast(pl.Int64)


def _floats(frame: pl.DataFrame, column: str) -> Floats:
    return frame[column].cast(pl.Float64).to_numpy().astype(np.float64)


def _ints(frame: pl.DataFrame, column: str) -> Ints:
    return frame[column].to_numpy().astype(np.int64)
