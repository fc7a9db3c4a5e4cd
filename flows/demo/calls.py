"""The waiting line: customers in order of arrival, agents as they become free.

An event-driven simulation, one day after the other. Calls wait because all agents are busy;
customers hang up when their patience ends; who was not helped calls again.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import heapify, heappop, heappush, heapreplace
from math import inf

import numpy as np

from flows.demo import assumptions as a
from flows.demo.demand import call_seconds, is_open, new_issues
from flows.demo.people import Agent
from flows.demo.shifts import Stint, hours_at_telephone, plan_stints

NOBODY = -1
DAY_SECONDS = 86_400
DRAWS_AT_ONCE = 65_536
RESOLUTION = [reason.resolution for reason in a.REASONS]
HANDLE_SECONDS = [reason.handle_seconds for reason in a.REASONS]

Arrival = tuple[int, int, int]  # second of the day, customer, place in REASONS
Call = tuple[int, int, int, int, float, float]  # an arrival, agent or NOBODY, wait, handle seconds
Ability = tuple[float, float]  # added to the chance of resolving, factor on the handle time
Luck = tuple[float, float, float, float, float]
"""Patience in seconds, factor on the handle time, uniform draws for resolving and for calling
again, and for how long after (exponential with mean one day, in seconds)."""


@dataclass(frozen=True)
class Day:
    """The calls of one day in order of arrival, and the hours agents sat at the telephone."""

    day: date
    calls: list[Call]
    hours: float


def simulate(rng: np.random.Generator, agents: Sequence[Agent], last: date) -> Iterator[Day]:
    """Every open day from `FIRST_DAY` to `last`."""
    callers: defaultdict[date, list[tuple[int, int]]] = defaultdict(list)
    luck = _luck(rng)
    for ordinal in range(a.FIRST_DAY.toordinal() - a.WARM_UP_DAYS, last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        issues = callers.pop(day, [])
        if not is_open(day):
            callers[day + timedelta(days=1)] += issues
            continue
        issues += new_issues(rng, day)
        seconds = call_seconds(rng, len(issues))
        arrivals = [(s, *issue) for s, issue in zip(seconds, issues, strict=True)]
        stints = plan_stints(rng, day, agents)
        calls, later = work_off(arrivals, list(stints), _abilities(agents, day), luck)
        for due, customer, reason in later:
            callers[day + timedelta(days=max(1, due // DAY_SECONDS))].append((customer, reason))
        if day >= a.FIRST_DAY:
            yield Day(day, calls, hours_at_telephone(stints))


def _luck(rng: np.random.Generator) -> Iterator[Luck]:
    """Draws for one call after the other, made in blocks because that is many times faster."""
    # A lognormal factor with mean 1.
    location = -(a.HANDLE_NOISE**2) / 2
    while True:
        yield from zip(
            rng.exponential(a.PATIENCE_SECONDS, DRAWS_AT_ONCE).tolist(),
            rng.lognormal(location, a.HANDLE_NOISE, DRAWS_AT_ONCE).tolist(),
            rng.random(DRAWS_AT_ONCE).tolist(),
            rng.random(DRAWS_AT_ONCE).tolist(),
            rng.exponential(DAY_SECONDS, DRAWS_AT_ONCE).tolist(),
            strict=True,
        )


def _abilities(agents: Sequence[Agent], day: date) -> list[Ability]:
    return [(agent.resolution_gain(day), agent.handle_factor(day)) for agent in agents]


def work_off(
    arrivals: list[Arrival], stints: list[Stint], abilities: list[Ability], luck: Iterator[Luck]
) -> tuple[list[Call], list[Arrival]]:
    """One day at the telephone: its calls, and the arrivals it causes after closing time.

    First come, first served, so the next customer always gets the agent who is free first (among
    the idle, the one idle for longest), unless patience ends before. Both lists are used up.
    """
    calls: list[Call] = []
    later: list[Arrival] = []
    heapify(arrivals)
    heapify(stints)
    while arrivals:
        second, customer, reason = heappop(arrivals)
        patience, noise, chance, share, delay = next(luck)
        start = _first_free(stints, second)
        if start - second > patience:
            calls.append((second, customer, reason, NOBODY, patience, 0.0))
            is_back = share < a.REDIAL_SHARE
            due = int(second + patience + a.REDIAL_DAYS * delay)
        else:
            _, end, agent = stints[0]
            gain, factor = abilities[agent]
            handle = min(HANDLE_SECONDS[reason] * factor * noise, a.HANDLE_LIMIT_SECONDS)
            heapreplace(stints, (start + handle, end, agent))
            calls.append((second, customer, reason, agent, start - second, handle))
            is_back = chance >= RESOLUTION[reason] + gain and share < a.REPEAT_SHARE
            due = int(start + handle + a.REPEAT_DAYS * delay)
        if is_back and due < a.CLOSES_SECOND:
            heappush(arrivals, (due, customer, reason))
        elif is_back:
            later.append((due, customer, reason))
    return calls, later


def _first_free(stints: list[Stint], second: int) -> float:
    """When the next agent can answer who called at `second`; stints that are over are dropped."""
    while stints:
        free, end, _ = stints[0]
        start = free if free > second else float(second)
        if start < end:
            return start
        heappop(stints)
    return inf
