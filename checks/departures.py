"""Steps of the chart that watches departures: the days' count against twice the norm's rate.

The cumulative sum for a Poisson count (Lucas, Technometrics 27, 1985, 129-144) weighs the norm's
rate against twice that: each day k = rate x headcount / ln 2 departures are taken off. Its limit is
that of one false alarm a year at the norm, found for the team's size from the chain of its heights
(Brook and Evans, Biometrika 59, 1972, 539-549).
"""

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.stats import poisson

Floats = npt.NDArray[np.float64]

QUARTER_DAYS = 91
REFERENCE_DAYS = 182
DAYS_TO_FALSE_ALARM = 365.25
PLACES = range(30, 61)  # into how many places of a chain a departure is cut
LEAST_LIMIT = 1.0  # one departure alone is no news


def departure_steps(departures: Floats, exposure: Floats, target: float) -> Floats:
    """Return the steps (one more axis, of one chart) of daily departures and agent-years.

    `target` in departures an agent-year. The limit of a quarter's days is that for the mean
    headcount of the half year (a quarter at least) before it; there is no step before that.
    """
    days = departures.shape[-1]
    steps = np.zeros((*departures.shape, 1))
    rise = np.nan_to_num(departures - target * exposure / np.log(2))
    for start in range(QUARTER_DAYS, days, QUARTER_DAYS):
        past, now = slice(max(0, start - REFERENCE_DAYS), start), slice(start, start + QUARTER_DAYS)
        expected = target * np.nan_to_num(exposure[..., past]).mean(axis=-1)
        limit = np.vectorize(_limit_near, otypes=[np.float64])(expected)
        steps[..., now, 0] = rise[..., now] / limit[..., None]
    return steps


def _limit_near(daily_rate: float) -> float:
    """The limit for a rate to two and a half digits, so that few have to be found."""
    return limit(float(f"{daily_rate:.3g}"))


@cache
def limit(daily_rate: float) -> float:
    """The limit at which a chart for `daily_rate` departures a day alarms once a year by chance.

    1. A departure is m places of the chain and a day takes k = round(m x rate / ln 2) of them, for
       the m at which rounding matters least.
    2. From each place below the limit, days to an alarm: L = 1 + P L.
    3. The limit is the first place to which it takes a year.
    """
    slack = daily_rate / np.log(2)
    if slack < 1 / PLACES.stop:
        return LEAST_LIMIT
    places = min(PLACES, key=lambda m: abs(round(m * slack) / m - slack))
    loss = round(places * slack)
    low, high = places, 2 * places
    while _days_to_alarm(daily_rate, places, loss, high) < DAYS_TO_FALSE_ALARM:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        is_long = _days_to_alarm(daily_rate, places, loss, middle) >= DAYS_TO_FALSE_ALARM
        low, high = (low, middle) if is_long else (middle, high)
    return high / places


def _days_to_alarm(daily_rate: float, places: int, loss: int, limit_place: int) -> float:
    """Mean days from zero to the limit."""
    most = (limit_place + loss) // places + 1  # so many departures in a day always reach it
    count = np.arange(most + 1)
    place = np.arange(limit_place)
    after = np.maximum(place[:, None] + places * count - loss, 0)
    step = np.zeros((limit_place, limit_place))
    here, number = np.nonzero(after < limit_place)
    np.add.at(step, (here, after[here, number]), poisson.pmf(count, daily_rate)[number])
    days = np.linalg.solve(np.eye(limit_place) - step, np.ones(limit_place))
    return float(days[0])
