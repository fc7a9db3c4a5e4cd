"""First-call resolution before it is final: what the openers of the last W days will come to.

A young day cannot be taken as it stands: many who will call again have not done so yet. Of the
openers not yet repeated, S(W) / S(age) will stay so, where S is the share without repeat by age on
the 8 days of the same weekday among the last 56 mature ones. What is decided here:

* Age: whole local days from the end of the day to the end of `as_of`, one for all its openers. The
  same opening hours then lie behind them as behind those of the 8 days.
* Which periods: those that ended at least 3 days ago and hold openers that are not mature. The
  figure is (resolved mature openers + expected ones) / all openers.
* Whose S: the scope's own if at least 200 of its openers on the 8 days were unrepeated at that age,
  which makes the share as sure (2 points) as scopes are alike; otherwise the whole service's.
* Band: t x s x sqrt(1 + 1/m), s the standard deviation of m past errors of the same estimate, made
  with what was known then for the same days whole weeks earlier. It is taken about 0, so that an
  estimate that is always too high is no surer for it. The young days of a period are added up
  first, because they err together (as independent ones they would give 83 % instead of 95 % in a
  large centre); errors are put on one scale by the square root of the openers they rest on. m is
  13 at most, and below 4 there is no figure. The band ends where arithmetic does: at the mature
  openers resolved, and at all that are unrepeated.
* History: the 8 days, tonight's and those of past errors, lie in the history of openers, which
  begins W days after the first call.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import stdtrit

from checks.intervals import LEVEL, MIN_WEEKS, WEEKS, Floats, Ints

METRIC = "first_call_resolution"
YOUNGEST_DAYS = 3  # before, so much is still to come that the band would say nothing
REFERENCE_WEEKS = 8
MIN_OPENERS = 200
SCOPE = ["scope_kind", "scope"]
ALL = {"scope_kind": "all", "scope": "all"}
FIGURES = ["provisional", "provisional_low", "provisional_high"]


@dataclass(frozen=True)
class _Openers:
    """Numbers of openers by scope (S), age of the day (A, from 3 to W) and weeks back (I).

    Those at `[s, a, i]` are of the day `ages[a] + 7 * i` days before `as_of`; `unrepeated` is what
    was known of them at the end of that age. `immature` ones (S, A) are of tonight.
    """

    scopes: pl.DataFrame
    ages: Ints
    history_days: int
    counted: Floats
    unrepeated: Floats
    resolved: Floats
    immature: Floats
    immature_unrepeated: Floats


def history_days(window_days: int) -> int:
    """How many days before `as_of` openers have to be known; `window_days` is W."""
    spare = 7  # so that a closed day at the beginning is not taken for the beginning of history
    return window_days + 7 * (_weeks_read(window_days) - 1) + spare


def fill_provisional(
    period: pl.DataFrame,
    openers: pl.DataFrame,
    as_of: date,
    window_days: int,
    level: float = LEVEL,
) -> pl.DataFrame:
    """Return `period` with provisional figures and their bands (shares), null where there are none.

    `period`: rows as in metrics.period, of any metric; one without a mature opener is 0 / 0, and is
    left out unless it gets a figure. `openers`: scope_kind, scope, day, is_mature (on `as_of`),
    repeated_after_days (local days from `day` to the repeat; null if none is known), openers (how
    many); the whole service ('all', 'all') and all scopes, no row after `as_of`, the last
    `history_days` at least. `window_days` is W. A row's figures do not depend on the other rows.
    """
    is_empty = ((pl.col("metric") == METRIC) & (pl.col("denominator") == 0)).fill_null(value=False)
    if openers.is_empty() or window_days < YOUNGEST_DAYS:
        return period.filter(~is_empty)
    known = _known(openers, as_of, window_days)
    rows = period.with_row_index("row")
    figures = _figures(_young_periods(rows, known, as_of), known, window_days, level)
    return (
        rows.drop(FIGURES)
        .join(figures, on="row", how="left", maintain_order="left")
        .filter(~is_empty | pl.col("provisional").is_not_null())
        .select(period.columns)
    )


def _mature_weeks(ages: Ints, window_days: int) -> Ints:
    """Weeks from a day of that age back to the first one, of its weekday, that is surely mature."""
    return -(-(window_days + 1 - ages) // 7)


def _weeks_read(window_days: int) -> int:
    """Weeks back that the references of the oldest error reach, from a day of any age."""
    weeks = int(_mature_weeks(np.array(YOUNGEST_DAYS), window_days))
    return weeks + WEEKS - 1 + weeks + REFERENCE_WEEKS


def _known(openers: pl.DataFrame, as_of: date, window_days: int) -> _Openers:
    scopes = openers.select(SCOPE).unique().sort(SCOPE).with_row_index("place")
    ages = np.arange(YOUNGEST_DAYS, window_days + 1)
    backs = ages[:, None] + 7 * np.arange(_weeks_read(window_days))
    back = _days_before(as_of, "day")
    cells = openers.filter(back <= int(backs.max())).join(scopes, on=SCOPE)
    never = window_days + 2  # an opener that ends after midnight is repeated W + 1 days later
    repeated = pl.col("repeated_after_days").clip(upper_bound=never - 1).fill_null(never)
    where = cells.select("is_mature", "place", back, repeated).to_numpy().astype(np.int64).T
    counts = np.zeros((2, scopes.height, int(backs.max()) + 1, never + 1))
    np.add.at(counts, tuple(where), cells["openers"].to_numpy())
    # By the last axis: openers whose repeat came that many days later or is not known at all.
    immature, mature = np.flip(np.flip(counts, -1).cumsum(-1), -1)
    both = immature + mature
    return _Openers(
        scopes,
        ages,
        history_days=openers.select(back.max()).item(),
        counted=both[:, backs, 0],
        unrepeated=both[:, backs, ages[:, None] + 1],
        resolved=both[:, backs, never],
        immature=immature[:, ages, 0],
        immature_unrepeated=immature[:, ages, never],
    )


def _young_periods(rows: pl.DataFrame, known: _Openers, as_of: date) -> pl.DataFrame:
    """The rows that may have a figure, with the ages of their days as places in `known.ages`."""
    youngest, oldest = _days_before(as_of, "period_end"), _days_before(as_of, "period_start")
    last = int(known.ages[-1])
    return (
        rows.filter(pl.col("metric") == METRIC, ~pl.col("is_suppressed"))
        .filter(youngest.is_between(YOUNGEST_DAYS, last))
        .with_columns(
            first_age=youngest - YOUNGEST_DAYS,
            past_age=oldest.clip(upper_bound=last) - YOUNGEST_DAYS + 1,
        )
        .join(known.scopes, on=SCOPE, how="inner", maintain_order="left")
    )


def _figures(rows: pl.DataFrame, known: _Openers, window_days: int, level: float) -> pl.DataFrame:
    """Figures of those `rows` that have any, by `row`.

    Column 0 is tonight, the others are past nights, whole weeks ago, whose openers are mature now.
    """
    settled = int(_mature_weeks(np.array(YOUNGEST_DAYS), window_days))
    nights = np.r_[0, settled : settled + WEEKS]
    share = _shares_to_stay(known, window_days)[:, :, nights]
    is_young = known.immature[:, :, None] > 0
    counted = np.where(is_young, known.counted[:, :, nights], 0.0)
    n = _over_ages(counted, rows)
    is_known = (n > 0) & (_over_ages(counted * np.isnan(share), rows) == 0)
    share = np.nan_to_num(share)
    missed = share * known.unrepeated[:, :, nights] - known.resolved[:, :, nights]
    error = _over_ages(missed * is_young, rows) / np.sqrt(np.maximum(n, 1))
    half = _half_width(error[:, 1:], is_known[:, 1:], level) * np.sqrt(n[:, 0])

    resolved = rows["numerator"].to_numpy()
    total = rows["denominator"].to_numpy() + _over_ages(known.immature, rows)
    total = np.maximum(total, 1)  # where there are no openers, there is no figure
    expected = resolved + _over_ages(share[:, :, 0] * known.immature_unrepeated, rows)
    most = resolved + _over_ages(known.immature_unrepeated, rows)
    return (
        rows.select("row")
        .with_columns(
            pl.Series("provisional", expected / total),
            pl.Series("provisional_low", np.maximum(expected - half, resolved) / total),
            pl.Series("provisional_high", np.minimum(expected + half, most) / total),
        )
        .filter(pl.Series(is_known[:, 0] & ~np.isnan(half)))
    )


def _shares_to_stay(known: _Openers, window_days: int) -> Floats:
    """S(W) / S(age) by scope, age and night, tonight first, then whole weeks ago; NaN: unknown."""
    settled = _mature_weeks(known.ages, window_days)[:, None]
    first = settled + np.arange(int(settled.max()) + WEEKS)
    oldest_days = known.ages[:, None] + 7 * (first + REFERENCE_WEEKS - 1)
    unrepeated = _over_references(known.unrepeated, first)
    resolved = _over_references(known.resolved, first)
    is_known = (unrepeated > 0) & (oldest_days <= known.history_days)
    share = np.where(is_known, resolved / np.maximum(unrepeated, 1), np.nan)
    whole = known.scopes.filter(**ALL)["place"].item()
    return np.where(unrepeated >= MIN_OPENERS, share, share[whole])


def _over_references(counts: Floats, first: Ints) -> Floats:
    """Sums over 8 weeks from week `first` (A, nights) on."""
    sums = np.pad(counts.cumsum(axis=2), [(0, 0), (0, 0), (1, 0)])
    age = np.arange(len(first))[:, None]
    found: Floats = sums[:, age, first + REFERENCE_WEEKS] - sums[:, age, first]
    return found


def _over_ages(counts: Floats, rows: pl.DataFrame) -> Floats:
    """Sums over the ages of each row's days, in its scope; axis 1 of `counts` is the age."""
    sums = np.pad(counts.cumsum(axis=1), [(0, 0), (1, 0)] + [(0, 0)] * (counts.ndim - 2))
    place, first, past = rows.select("place", "first_age", "past_age").to_numpy().T
    found: Floats = sums[place, past] - sums[place, first]
    return found


def _half_width(errors: Floats, is_known: npt.NDArray[np.bool_], level: float) -> Floats:
    """Half the width of the band for an error like those known of each row; NaN for too few."""
    m = is_known.sum(axis=1)
    m = np.where(m >= MIN_WEEKS, m, np.nan)
    squares = np.where(is_known, errors**2, 0.0).sum(axis=1)
    half: Floats = stdtrit(m - 1, (1 + level) / 2) * np.sqrt(squares / m * (1 + 1 / m))
    return half


def _days_before(as_of: date, column: str) -> pl.Expr:
    return (pl.lit(as_of) - pl.col(column)).dt.total_days()
