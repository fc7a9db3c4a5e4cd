"""Where the axes of a trend begin, end and are labelled."""

import math
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from dashboards.formats import Words, amount

# Steps that people count in; for time, those of a clock. Factors of a power of ten elsewhere.
CLOCK_STEPS = (10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1800, 3600)
DECIMAL_STEPS = (1, 2, 5)
MONTHS_APART = (1, 2, 3, 4, 6, 12)
INTERVALS_WANTED = 5
SHORT_SPAN = 75  # days


def y_domain(values: Sequence[float], ends: Sequence[float], unit: str) -> tuple[float, float]:
    """Room for every value and for interval ends up to three times the values' own spread.

    A single hopeless interval (one departure in a short month) must not flatten all the rest.
    """
    low, high = min(values), max(values)
    spread = (high - low) or 0.2 * abs(high) or 1.0
    low = max(low - 3 * spread, min([low, *ends])) - 0.05 * spread
    high = min(high + 3 * spread, max([high, *ends])) + 0.05 * spread
    return max(low, 0.0), min(high, 1.0) if unit == "share" else high


def y_labels(domain: tuple[float, float], unit: str, words: Words) -> dict[float, str]:
    """Round values inside the domain, as people write them."""
    step = _step((domain[1] - domain[0]) / INTERVALS_WANTED, unit)
    first = -int(-domain[0] // step)
    places = [round(number * step, 10) for number in range(first, int(domain[1] // step) + 1)]
    return {place: amount(place, unit, words, trim=True) for place in places}


def x_labels(first: date, last: date, words: Words, most: int) -> dict[float, list[str]]:
    """Starts of months by day number, the year under the first one and under each January.

    Short spans hold hardly any month: there, days that are whole weeks apart. At most `most`.
    """
    if (last - first).days < SHORT_SPAN:
        return _week_labels(first, last, words, most)
    starts = list(_month_starts(first, last))
    apart = next((n for n in MONTHS_APART if len(starts) / n <= most), MONTHS_APART[-1])
    shown = [day for day in starts if (day.month - 1) % apart == 0] or starts[:1]
    names = words["dates"]["short_months"]
    return {
        day.toordinal(): [names[day.month - 1]]
        + [str(day.year)] * (day == shown[0] or day.month == 1)
        for day in shown
    }


def _week_labels(first: date, last: date, words: Words, most: int) -> dict[float, list[str]]:
    most -= 1  # a day with its month is longer than a month
    weeks = (last - first).days // 7 + 1
    apart = timedelta(weeks=-(-weeks // most))
    days = [first + number * apart for number in range(most) if first + number * apart <= last]
    return {
        day.toordinal(): [f"{day.day} {words['dates']['short_months'][day.month - 1]}"]
        + [str(day.year)] * (day == first)
        for day in days
    }


def _month_starts(first: date, last: date) -> Iterator[date]:
    day = first if first.day == 1 else _next_month(first)
    while day <= last:
        yield day
        day = _next_month(day)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _step(least: float, unit: str) -> float:
    """The smallest step of the unit that is not below `least`."""
    if unit == "seconds" and least > 5:
        return next((step for step in CLOCK_STEPS if step >= least), 3600 * -(-least // 3600))
    power = 10.0 ** math.floor(math.log10(least))
    steps = (factor * power for factor in DECIMAL_STEPS)
    return next((step for step in steps if step >= least), 10 * power)
