"""How long people stay: survival of tenure, whether groups differ, how many novices there will be.

Kaplan-Meier's product-limit estimate (JASA 53, 1958, 457-481) of people some of whom were there
before anybody looked (late entry) and some of whom are there still (censored): at risk on a day of
tenure is who was seen on it. Greenwood's variance, and bounds by the complementary log-log
transform, which stay between 0 and 1 (Kalbfleisch and Prentice, 1980). The log-rank test is that of
any number of groups (Peto and Peto, JRSS A 135, 1972, 185-207).

Renewal: where every place is filled at once, the share of people with less than a days of tenure
tends to the integral of S from 0 to a over that of all S (Whitt, "The impact of increased employee
retention on performance in a customer contact center", MSOM 8, 2006, 235-252).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import chdtrc, ndtri

from checks.intervals import Floats, garwood

LEVEL = 0.95
NOVICE_DAYS = 90
SETTLED_DAYS = 180  # from here on people leave at one rate, as far as a small team can tell
DAYS_A_YEAR = 365.25


class Curve(NamedTuple):
    """Share still there after each day of tenure (0, 1, ...), with its band; NaN: no band."""

    survival: Floats
    low: Floats
    high: Floats


class LogRank(NamedTuple):
    """A log-rank test: chi-square with so many degrees of freedom."""

    statistic: float
    degrees: int
    p: float


class Bounded(NamedTuple):
    """A figure with its bounds; None: it cannot be told."""

    value: float | None
    low: float | None
    high: float | None


NOTHING = Bounded(None, None, None)


@dataclass(frozen=True)
class Stays:
    """One group: people at risk and departures on each day of tenure, from 0 on, none left out."""

    at_risk: Floats
    departures: Floats


def kaplan_meier(stays: Stays, level: float = LEVEL) -> Curve:
    """The curve of a group, as long as anybody is at risk."""
    risk, gone = stays.at_risk, stays.departures
    survival = np.asarray(np.cumprod(1 - gone / risk), dtype=np.float64)
    z = ndtri((1 + level) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(gone / (risk * (risk - gone)))
        error = z * np.sqrt(variance) / np.log(survival)
        low = np.exp(np.log(survival) * np.exp(-error))
        high = np.exp(np.log(survival) * np.exp(error))
    is_whole = survival == 1
    low[is_whole] = high[is_whole] = np.nan
    return Curve(survival, low, high)


def median(curve: Curve) -> Bounded:
    """The day of tenure by which half are gone; bounds where the band crosses one half."""
    return Bounded(*(_first_below(c, 0.5) for c in (curve.survival, curve.low, curve.high)))


def log_rank(groups: Sequence[Stays]) -> LogRank | None:
    """Whether groups leave alike; None where there are not two of them, or nobody left."""
    days = max((len(group.at_risk) for group in groups), default=0)
    risk = np.array([_padded(group.at_risk, days) for group in groups])
    gone = np.array([_padded(group.departures, days) for group in groups])
    n, d = risk.sum(axis=0), gone.sum(axis=0)
    if len(groups) < 2 or not d.any():
        return None
    risk, gone, n, d = (a[..., n > 1] for a in (risk, gone, n, d))
    share = risk / n
    excess = (gone - d * share).sum(axis=1)
    weight = d * (n - d) / (n - 1)
    covariance = np.diag((weight * share).sum(axis=1)) - (weight * share) @ share.T
    statistic = float(excess @ np.linalg.pinv(covariance) @ excess)
    degrees = len(groups) - 1
    return LogRank(statistic, degrees, float(chdtrc(degrees, statistic)))


def settled_novice_share(stays: Stays, level: float = LEVEL) -> Bounded:
    """The share of novices at which a team settles where people go on leaving so.

    Beyond the last day of tenure seen, they leave at the rate of those of 180 days and more; where
    nobody of them left, it cannot be told. Bounds: departures of a day are Poisson (delta method,
    on the logit).
    """
    share = _settled(stays.at_risk, stays.departures)
    if share is None:
        return NOTHING
    variance = 0.0
    for day in np.flatnonzero(stays.departures):
        more, fewer = stays.departures.copy(), stays.departures.copy()
        more[day] *= 1.01
        fewer[day] *= 0.99
        slope = (_settled(stays.at_risk, more) or 0.0) - (_settled(stays.at_risk, fewer) or 0.0)
        variance += (slope / 0.02) ** 2 / stays.departures[day]
    half = ndtri((1 + level) / 2) * np.sqrt(variance) / (share * (1 - share))
    odds = np.log(share / (1 - share)) + np.array([-half, half])
    low, high = 1 / (1 + np.exp(-odds))
    return Bounded(share, float(low), float(high))


def settled_share_of_rate(departures: float, agent_years: float) -> Bounded:
    """The same where tenure makes no difference: 1 - exp(-L a) at L departures a year, exact."""
    low, high = garwood(np.array([departures]), np.array([agent_years]), LEVEL)
    rates = (departures / agent_years, float(low[0]), float(high[0]))
    return Bounded(*(float(-np.expm1(-rate * NOVICE_DAYS / DAYS_A_YEAR)) for rate in rates))


def _settled(risk: Floats, gone: Floats) -> float | None:
    """Who is there on day t of tenure did not leave on any day before it."""
    if len(risk) <= SETTLED_DAYS:
        return None
    rate = gone[SETTLED_DAYS:].sum() / risk[SETTLED_DAYS:].sum()
    if not rate:
        return None
    survival = np.cumprod(1 - np.minimum(gone / risk, 1))
    there = np.concatenate([[1.0], survival[:-1]])
    return float(there[:NOVICE_DAYS].sum() / (there.sum() + survival[-1] / rate))


def _first_below(curve: Floats, share: float) -> float | None:
    found = np.flatnonzero(curve <= share)
    return float(found[0]) if found.size else None


def _padded(counts: Floats, days: int) -> Floats:
    return np.concatenate([counts, np.zeros(days - len(counts))])
