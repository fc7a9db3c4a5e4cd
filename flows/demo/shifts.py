"""Who sits at a telephone, and from when to when."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from flows.demo import assumptions as a
from flows.demo.demand import rota_weekday
from flows.demo.people import Agent

# Two stints of seven hours in all, by the clock; together they follow the two humps of the day.
# The last two are split shifts, as hotlines have them.
SHIFTS = (
    ((9, 12), (13, 17)),
    ((12, 15), (17, 21)),
    ((9, 13), (14, 17)),
    ((10, 13), (17, 21)),
    ((10, 12), (15, 20)),
)
CLEARING_SECONDS = 600  # the last shift stays to serve those who wait at closing time

# Two days off (Monday is 0); they rotate through this deck week by week. Most fall on Sundays,
# fewest on Mondays, so that the seats follow the volumes.
DAYS_OFF = ((5, 6), (3, 4), (1, 2), (5, 6), (3, 4), (1, 2), (0, 6))

Stint = tuple[float, float, int]  # free from, takes no call after (seconds), place of the agent


def plan_stints(rng: np.random.Generator, day: date, agents: Sequence[Agent]) -> list[Stint]:
    """The day's stints at the telephone; an agent is named by the place in `agents`."""
    on_the_phone = [
        place
        for place, agent in enumerate(agents)
        if agent.is_employed(day) and agent.tenure_days(day) >= a.TRAINING_CALENDAR_DAYS
    ]
    week = (day.toordinal() - 1) // 7  # the first day of the calendar was a Monday
    weekday = rota_weekday(day)
    is_absent = rng.random(len(on_the_phone)) < a.ABSENCE_SHARE
    working = [
        place
        for rank, place in enumerate(on_the_phone)
        if weekday not in DAYS_OFF[(rank + week) % len(DAYS_OFF)] and not is_absent[rank]
    ]
    return [
        (start * 3600, _end_second(end), place)
        for seat, place in enumerate(working)
        for start, end in SHIFTS[(seat + week) % len(SHIFTS)]
    ]


def _end_second(hour: int) -> int:
    return hour * 3600 + (CLEARING_SECONDS if hour * 3600 == a.CLOSES_SECOND else 0)


def hours_at_telephone(stints: Sequence[Stint]) -> float:
    """What the provider bills."""
    return sum(end - start for start, end, _ in stints) / 3600
