"""Steps of the charts that watch means and proportions: a day's deviation from the target.

A day is compared with a reference: the half year before the quarter that it is in (a quarter at
least), never with itself. The reference tells how much days differ, by weekday and by chance, and
how much a day resembles the one before; the level it does not tell: that is the target's.

Two one-sided charts with k = 0.25 and 0.75 see slow and quick shifts. Limits for both together are
by simulation, about one false alarm a year at the target, for days correlated by an autoregression
of order one; bench/alert_quality.py measures them.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

QUARTER_DAYS = 91
REFERENCE_DAYS = 182
LEAST_OPEN_DAYS = 60  # of a quarter; a service that is closed at weekends has 65
SLACKS = np.array([0.25, 0.75])  # k, in standard deviations of a day
CORRELATIONS = np.arange(8) / 10
LIMITS = np.array(
    [
        [7.48, 8.51, 9.68, 11.06, 12.87, 15.05, 18.05, 22.4],
        [3.15, 3.58, 4.08, 4.66, 5.42, 6.34, 7.60, 9.45],
    ]
)
MARGIN = 1.05  # what a reference tells is an estimate
ROUNDING = 1e-9  # what days differ by when they do not
SHARES = (0.001, 0.999)  # where the angle has a curvature


class Reference(NamedTuple):
    """What a reference tells of the days after it; the last axis of `weekdays` has 7 places.

    `weekdays`: what each weekday adds to a day's figure. `centre`: a day's figure when the service
    is exactly at its target. `spread`: the standard deviation of a day of `volume` contacts.
    `correlation`: of a day with the day before. All are NaN where the reference does not suffice.
    """

    weekdays: Floats
    centre: Floats
    spread: Floats
    volume: Floats
    correlation: Floats


def shift_steps(
    numerator: Floats,
    denominator: Floats,
    first_day: date,
    target: float,
    *,
    is_share: bool,
    is_low_good: bool,
) -> Floats:
    """Return the steps (one more axis: the two charts) of daily figures; 0 where nothing is known.

    The last axis of `numerator` and `denominator` is the day, from `first_day` on.
    """
    days = numerator.shape[-1]
    weekday = (first_day.weekday() + np.arange(days)) % 7
    steps = np.zeros((*numerator.shape, len(SLACKS)))
    for start in range(QUARTER_DAYS, days, QUARTER_DAYS):
        past, now = slice(max(0, start - REFERENCE_DAYS), start), slice(start, start + QUARTER_DAYS)
        reference = reference_of(
            numerator[..., past], denominator[..., past], weekday[past], target, is_share=is_share
        )
        figure = _figure(numerator[..., now], denominator[..., now], is_share)
        excess = figure - reference.weekdays[..., weekday[now]] - reference.centre[..., None]
        weight = _weight(denominator[..., now], reference.volume)
        deviation = _ratio(weight * excess, reference.spread[..., None])
        rise = (deviation if is_low_good else -deviation)[..., None] - SLACKS
        steps[..., now, :] = np.nan_to_num(rise / limits(reference.correlation)[..., None, :])
    return steps


def limits(correlation: Floats) -> Floats:
    """The limits of the two charts (last axis) at a lag-one correlation."""
    return MARGIN * np.stack([np.interp(correlation, CORRELATIONS, row) for row in LIMITS], -1)


def reference_of(
    numerator: Floats, denominator: Floats, weekday: Ints, target: float, *, is_share: bool
) -> Reference:
    """What the days of a reference tell (NaN and 0 in `denominator`: no contact).

    1. Weekdays: their means less the mean of all, so that they change no level.
    2. Spread and correlation of what is left; phi = (T r1 + 1) / (T - 4) takes away the bias of r1
       (Marriott and Pope, Biometrika 41, 1954, 390-402), and is held within 0 and 0.7.
       Angles differ by no less than a binomial share does, 1 / (2 sqrt(n)): at a share of 0 or 1
       days may not differ at all, and none would ever be alike again.
    3. The centre. Daily figures lie about the target by as much as their mean lies about the ratio
       of the sums, of which the target speaks; and the mean of f(p) about f of the mean by
       f''(p) s^2 / 2 for the variance s^2 of p, with f'' = (2 p - 1) / (4 (p (1 - p))^1.5).
    """
    is_open = denominator > 0
    volume = _mean(denominator, is_open)
    weight = np.where(is_open, _weight(denominator, volume), 0.0)
    figure = np.where(is_open, _figure(numerator, denominator, is_share), 0.0)

    of_weekday = (weekday[:, None] == np.arange(7)).astype(np.float64)
    level = _mean(figure, weight)
    weekdays = _ratio((weight * figure) @ of_weekday, weight @ of_weekday) - level[..., None]

    rest = weight * (figure - level[..., None] - np.nan_to_num(weekdays)[..., weekday])
    open_days = is_open.sum(axis=-1)
    squares = (rest**2).sum(axis=-1)
    freedom = open_days - np.isfinite(weekdays).sum(axis=-1)
    spread = np.sqrt(_ratio(squares, np.where(open_days >= LEAST_OPEN_DAYS, freedom, 0)))
    if is_share:
        spread = np.maximum(spread, 1 / (2 * np.sqrt(volume)))
    spread = np.where(spread > ROUNDING * np.abs(level), spread, np.nan)
    lag_one = np.nan_to_num(_ratio((rest[..., 1:] * rest[..., :-1]).sum(axis=-1), squares))
    of_days = np.where(open_days >= LEAST_OPEN_DAYS, open_days - 4, 0)
    correlation = np.clip(_ratio(open_days * lag_one + 1, of_days), 0.0, CORRELATIONS[-1])
    centre = _centre(numerator, denominator, weight, target, is_share=is_share)
    return Reference(weekdays, centre, spread, volume, correlation)


def _centre(
    numerator: Floats, denominator: Floats, weight: Floats, target: float, *, is_share: bool
) -> Floats:
    daily = np.nan_to_num(_ratio(numerator, denominator))
    mean = _mean(daily, weight)
    ratio = _ratio(np.nansum(numerator, axis=-1), np.nansum(denominator, axis=-1))
    centre = target + mean - ratio
    if not is_share:
        return centre
    p = np.clip(centre, *SHARES)
    variance = _mean((daily - mean[..., None]) ** 2, weight)
    curvature = (2 * p - 1) / (4 * (p * (1 - p)) ** 1.5)
    return np.arcsin(np.sqrt(p)) + curvature * variance / 2


def _figure(numerator: Floats, denominator: Floats, is_share: bool) -> Floats:
    """A day's figure: the ratio, or the angle asin(sqrt(p)), whose spread is the same at any p."""
    daily = _ratio(numerator, denominator)
    return np.arcsin(np.sqrt(np.clip(daily, 0.0, 1.0))) if is_share else daily


def _weight(denominator: Floats, volume: Floats) -> Floats:
    """A day of few contacts differs more by chance, and counts less."""
    return np.minimum(1.0, np.sqrt(_ratio(denominator, volume[..., None])))


def _mean(values: Floats, weight: Floats | npt.NDArray[np.bool_]) -> Floats:
    return _ratio((weight * values).sum(axis=-1), weight.sum(axis=-1))


def _ratio(above: Floats, below: Floats) -> Floats:
    """NaN where there is nothing to divide by."""
    return above / np.where(below > 0, below, np.nan)
