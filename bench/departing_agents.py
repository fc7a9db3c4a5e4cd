"""Departures on twenty seats at a known rate, and how soon it is seen that they have doubled."""

from collections.abc import Iterator

import numpy as np

from bench.alert_methods import Bools, stands
from bench.simulated_days import Floats
from checks.departures import REFERENCE_DAYS, departure_steps
from checks.intervals import garwood

SEATS = 20
A_MONTH = (4.0, 2.5)
WINDOW_DAYS = 91
YEARS = 8
SEED = 1998
SEEN_WITHIN_DAYS = 91

INTRODUCTION = """\
## Departures

Twenty seats, departures at random (Poisson) at the norm, at half of it (*inside*), or at twice it.
*detector*: `checks/departures.py`; *breached*: the exact interval of 91 days wholly above the norm.
Wanted of the detector: doubling seen within 91 days with probability 0.90 from 4 a month, and 0.80
from 2.5.

"""


def detector(departures: Floats, exposure: Floats, norm: float) -> Bools:
    """Our detector."""
    return stands(departure_steps(departures, exposure, norm))


def breached(departures: Floats, exposure: Floats, norm: float) -> Bools:
    """Our verdict: a rate is breached at once, and left when the estimate is back."""
    count, years = (_rolling(figures) for figures in (departures, exposure))
    low, _ = garwood(count, years, 0.95)
    holds = np.zeros(departures.shape, dtype=np.bool_)
    for day in range(WINDOW_DAYS - 1, departures.shape[1]):
        is_wrong = count[:, day] > norm * years[:, day]
        holds[:, day] = is_wrong & (holds[:, day - 1] | (low[:, day] > norm))
    return holds


def departure_lines(series: int) -> Iterator[str]:
    """A table of both, at both rates."""
    yield from INTRODUCTION.splitlines()
    yield "| norm | method | false, at | false, inside | doubled: seen in 91 days | mean days |"
    yield "|---|---|---:|---:|---:|---:|"
    for a_month in A_MONTH:
        norm = a_month * 12 / SEATS
        for name, method in (("detector", detector), ("breached", breached)):
            random = np.random.default_rng(SEED)
            quiet = [
                _onsets_a_year(method(*_days(a_month * times, 365 * YEARS, series, random), norm))
                for times in (1.0, 0.5)
            ]
            before = _days(a_month, 365, series, random)
            after = _days(2 * a_month, 365, series, random)
            both = [np.concatenate(parts, axis=1) for parts in zip(before, after, strict=True)]
            alarms = method(both[0], both[1], norm)
            delays = alarms[~alarms[:, 364], 365:].argmax(axis=1) + 1
            seen = (delays <= SEEN_WITHIN_DAYS).mean()
            yield (
                f"| {a_month:g} a month | {name} | {quiet[0]:.2f} | {quiet[1]:.2f} |"
                f" {seen:.2f} | {delays.mean():.0f} |"
            )


def _days(
    a_month: float, days: int, series: int, random: np.random.Generator
) -> tuple[Floats, Floats]:
    departures = random.poisson(a_month * 12 / 365.25, (series, days)).astype(np.float64)
    return departures, np.full((series, days), SEATS / 365.25)


def _onsets_a_year(alarms: Bools) -> float:
    tested = alarms[:, REFERENCE_DAYS:]
    return float((tested[:, 1:] & ~tested[:, :-1]).sum() / tested.size * 365.25)


def _rolling(values: Floats) -> Floats:
    running = np.cumsum(values, axis=1)
    total = running.copy()
    total[:, WINDOW_DAYS:] -= running[:, :-WINDOW_DAYS]
    return np.round(total, 9)
