"""The provider's agents: who was hired, how able, who left and when."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import log

import numpy as np

from flows.demo import assumptions as a


@dataclass(frozen=True)
class Agent:
    """One agent and one spell of employment; `left_on` is its last day.

    Skills are relative to an average agent: `resolution_skill` is added to the probability of
    resolving a call, `handle_skill` multiplies the handle time.
    """

    agent_id: str
    hired_on: date
    resolution_skill: float
    handle_skill: float
    left_on: date | None = None
    leave_reason: str | None = None

    def is_employed(self, day: date) -> bool:
        """Whether the agent is on the roster that day, the last day included."""
        return self.hired_on <= day and (self.left_on is None or day <= self.left_on)

    def tenure_days(self, day: date) -> int:
        """Days since the agent was hired."""
        return (day - self.hired_on).days

    def resolution_gain(self, day: date) -> float:
        """What skill and tenure add to the probability that a call resolves its reason."""
        to_learn = a.learning(self.tenure_days(day), a.RESOLUTION_LEARNING_DAYS)
        return self.resolution_skill - a.RESOLUTION_GAP * to_learn

    def handle_factor(self, day: date) -> float:
        """By how much skill and tenure multiply the handle time."""
        to_learn = a.learning(self.tenure_days(day), a.HANDLE_LEARNING_DAYS)
        return self.handle_skill * (1 + a.HANDLE_EXCESS * to_learn)


def hire_team(rng: np.random.Generator, months: int) -> list[Agent]:
    """All agents of the site in order of hiring, their departures included."""
    numbers = _staff_numbers(rng)
    departures = _departures(rng)
    team = [_recruit(rng, next(numbers), hired_on) for hired_on in _first_hires()]
    for month in range(1, months + 1):
        first = a.month_start(month)
        present = [place for place, agent in enumerate(team) if agent.is_employed(first)]
        recruits = _recruits_wanted(first, len(present))
        for place in _leavers(rng, team, present, next(departures), first):
            team[place] = _depart(rng, team[place], first)
        monday = first + timedelta(days=-first.weekday() % 7)
        team += [_recruit(rng, next(numbers), monday) for _ in range(recruits)]
    return team


def _first_hires() -> list[date]:
    """The first team's hiring days: quantiles of an exponential tenure, so no seed starts odd."""
    shares = [(seat + 0.5) / a.FIRST_SEATS for seat in range(a.FIRST_SEATS)]
    tenures = [min(-a.MEAN_TENURE_DAYS * log(share), a.LONGEST_TENURE_DAYS) for share in shares]
    newest = a.FIRST_DAY - timedelta(days=a.WARM_UP_DAYS + a.TRAINING_CALENDAR_DAYS)
    return [newest - timedelta(days=round(tenure)) for tenure in tenures]


def _staff_numbers(rng: np.random.Generator) -> Iterator[str]:
    """Staff numbers with gaps: the provider has other customers."""
    number = 400
    while True:
        number += int(rng.integers(1, 8))
        yield f"FT{number:04d}"


def _recruit(rng: np.random.Generator, agent_id: str, hired_on: date) -> Agent:
    return Agent(
        agent_id,
        hired_on,
        resolution_skill=float(rng.normal(0.0, a.RESOLUTION_SKILL_SPREAD)),
        handle_skill=float(rng.lognormal(0.0, a.HANDLE_SKILL_SPREAD)),
    )


def _recruits_wanted(first: date, headcount: int) -> int:
    """The provider's plan: the seats two months on, and departures as they have always been."""
    wanted = a.seats(first + timedelta(days=60)) - headcount + a.EXPECTED_DEPARTURES
    fewest, most = a.RECRUITS_A_MONTH
    return min(max(wanted, fewest), most)


def _departures(rng: np.random.Generator) -> Iterator[int]:
    """Departures of one month after the other; the story begins with a quarter of its own."""
    month = 1
    while True:
        is_story = month >= a.STORY_MONTH
        quarter = a.STORY_DEPARTURES_OF_A_QUARTER if is_story else a.DEPARTURES_OF_A_QUARTER
        yield from rng.permutation(quarter).tolist()
        month += len(quarter)


def _leavers(
    rng: np.random.Generator, team: list[Agent], present: list[int], count: int, first: date
) -> list[int]:
    """Who of those present on the first of a month leaves in it; novices more readily."""
    to_learn = [a.learning(team[p].tenure_days(first), a.NOVICE_HAZARD_DAYS) for p in present]
    hazards = 1 + (a.NOVICE_HAZARD - 1) * np.array(to_learn)
    chosen = rng.choice(present, size=count, replace=False, p=hazards / hazards.sum())
    return sorted(chosen.tolist())


def _depart(rng: np.random.Generator, agent: Agent, first: date) -> Agent:
    days = monthrange(first.year, first.month)[1]
    reasons = list(a.LEAVE_REASONS)
    reason = reasons[int(rng.choice(len(reasons), p=list(a.LEAVE_REASONS.values())))]
    left_on = first + timedelta(days=int(rng.integers(days)))
    return replace(agent, left_on=left_on, leave_reason=reason)
