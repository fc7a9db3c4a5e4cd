"""Tenure bands and places in them, hire labels, and why an attribution has no figure."""

from enum import StrEnum

import numpy as np

from checks.intervals import Floats, Ints

BANDS = ("0-29", "30-89", "90-179", "180-364")  # of agents who still learn, in days of tenure
VETERANS = ("365+",)
STARTS = np.array([0.0, 30.0, 90.0, 180.0])
ENDS = np.array([30.0, 90.0, 180.0, 365.0])
VETERAN_DAYS = 365
EARLY_VETERAN_DAYS = 180  # where hardly anybody stays a year
DAYS_A_YEAR = 365.25
# A curve has a height and a slope in every band, and a bend in the last: half a year is long.
LEARNT = np.array([[True, True, start == STARTS[-1]] for start in STARTS])
MIN_AGENTS = 5  # below it a group is a handful of people: neither shown nor relied on


class HireLabel(StrEnum):
    """Whose place an agent of less than 365 days has taken; from then on nobody's.

    `earlier`: hired before the rosters could tell who had left.
    """

    REPLACEMENT = "replacement"
    GROWTH = "growth"
    EARLIER = "earlier"


class Gap(StrEnum):
    """Why there is no figure."""

    TOO_FEW_VETERANS = "too_few_veterans"
    TOO_FEW_LEARNERS = "too_few_learners"
    TOO_FEW_ON_ROSTER = "too_few_on_roster"
    TOO_FEW_CONTACTS = "too_few_contacts"
    NOT_ESTIMABLE = "not_estimable"
    NO_REFERENCE = "no_reference"
    NO_TURNOVER_NORM = "no_turnover_norm"
    STALE = "stale"


def shape_in_band(days: Floats, squares: Floats, band: Ints) -> Floats:
    """(..., 3): what a curve needs to know of calls in a band of BANDS: 1, mean place, mean bend.

    A call's place is how far its agent's whole days of tenure are from the middle of the band, in
    widths of it: -1/2 on the first day, 1/2 on the last. Its bend is place squared less 1/12, the
    mean over the band. `days` and `squares` are means over calls, of the days and of their squares.
    """
    middle, width = ((STARTS + ENDS - 1) / 2)[band], (ENDS - STARTS)[band]
    place = (days - middle) / width
    bend = (squares - 2 * middle * days + middle**2) / width**2 - 1 / 12
    return np.stack(np.broadcast_arrays(1.0, place, bend), axis=-1)


def stationary_team(departures_a_year: float, training_days: int = 0) -> Floats:
    """(bands, 3): share of each band in a team that only replaces, times `shape_in_band`.

    Where each seat is left so many times a year, by anybody alike, tenures are exponential: the
    band from a to b years holds exp(-L a) - exp(-L b) of the team. The rest are veterans. Of those
    who answer: whoever is still in training takes no calls.
    """
    days = np.arange(VETERAN_DAYS + 1.0)
    on_phone = np.exp(-departures_a_year * np.maximum(days - training_days, 0.0) / DAYS_A_YEAR)
    share = -np.diff(on_phone)
    band = np.searchsorted(ENDS, days[:-1], side="right")
    team = np.zeros((len(BANDS), 3))
    np.add.at(team, band, share[:, None] * shape_in_band(days[:-1], days[:-1] ** 2, band))
    return team
