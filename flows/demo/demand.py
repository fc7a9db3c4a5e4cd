"""Who calls on a day, when and why, before any of them has waited."""

from datetime import date

import numpy as np

from flows.demo import assumptions as a

UNIDENTIFIED = -1  # a customer who gave no number
HOUR_EDGES = np.arange(len(a.HOUR_SHARES) + 1) * 3600.0 + a.OPENS_HOUR * 3600.0
CUMULATIVE_SHARES = np.concatenate(([0.0], np.cumsum(a.HOUR_SHARES)))
REASON_EDGES = np.cumsum([reason.share for reason in a.REASONS])


def is_open(day: date) -> bool:
    """Whether anybody answers that day."""
    return day not in a.CLOSED_DAYS


def rota_weekday(day: date) -> int:
    """The weekday (Monday is 0) a day is like: public holidays are like Sundays."""
    return a.SUNDAY if day in a.HOLIDAYS else day.weekday()


def new_issues(rng: np.random.Generator, day: date) -> list[tuple[int, int]]:
    """Customers with something new to ask, as (customer, place of the reason in REASONS)."""
    population = a.subscribers(day)
    _, event_factor = a.EVENTS.get(day, ("", 1.0))
    mean = population * a.ISSUES_PER_SUBSCRIBER_DAY * a.WEEKDAY_FACTORS[rota_weekday(day)]
    busyness = rng.gamma(a.DAY_NOISE**-2, a.DAY_NOISE**2)
    count = rng.poisson(mean * event_factor * busyness)
    customers = rng.integers(population, size=count)
    customers[rng.random(count) < a.UNIDENTIFIED_SHARE] = UNIDENTIFIED
    reasons = np.searchsorted(REASON_EDGES, rng.random(count) * REASON_EDGES[-1], side="right")
    return list(zip(customers.tolist(), reasons.tolist(), strict=True))


def call_seconds(rng: np.random.Generator, count: int) -> list[int]:
    """Seconds after local midnight at which so many customers of one day dial."""
    seconds = np.interp(rng.random(count), CUMULATIVE_SHARES, HOUR_EDGES)
    return [int(second) for second in seconds]
