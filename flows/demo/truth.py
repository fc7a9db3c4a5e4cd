"""The true effects behind the made-up site: what an analysis of its files should find.

Only tests read what this writes.
"""

import math
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import numpy as np
import numpy.typing as npt

from flows.demo import assumptions as a
from flows.demo.calls import NOBODY, Day
from flows.demo.people import Agent

Truth = dict[str, object]
Floats = npt.NDArray[np.float64]

WINDOW_DAYS = 7  # of a repeat, where a site states no other
HOUR_OF_A_CALL = 15  # the mean: who calls again on the last day does so before or after it


def month_truth(agents: Sequence[Agent], days: Sequence[Day]) -> Truth:
    """Hires, departures, headcount and the mean chance of resolving a call, of a month's days."""
    first = days[0].day.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    chances = [chance for day in days for chance in _chances(agents, day)]
    return {
        "month": f"{first:%Y-%m}",
        "hires": sum(first <= agent.hired_on <= last for agent in agents),
        "departures": sum(first <= (agent.left_on or date.max) <= last for agent in agents),
        "headcount_at_end": sum(agent.is_employed(last) for agent in agents),
        "mean_resolution": sum(chances) / len(chances),
    }


def _chances(agents: Sequence[Agent], day: Day) -> list[float]:
    gains = [agent.resolution_gain(day.day) for agent in agents]
    return [
        a.REASONS[reason].resolution + gains[agent]
        for _, _, reason, agent, _, _ in day.calls
        if agent != NOBODY
    ]


def site_truth(seed: int, agents: Sequence[Agent], months: Sequence[Truth]) -> Truth:
    """All of it; tenure is in days since `hired_on`, e(x) is exp(-tenure / x)."""
    has_story = len(months) >= a.STORY_MONTH
    return {
        "seed": seed,
        "story_begins_on": a.month_start(a.STORY_MONTH) if has_story else None,
        "chance_of_resolving": {
            "formula": "by_reason + resolution_skill - gap * e(learning_days)",
            "by_reason": {reason.label: reason.resolution for reason in a.REASONS},
            "gap": a.RESOLUTION_GAP,
            "learning_days": a.RESOLUTION_LEARNING_DAYS,
        },
        "mean_handle_seconds": {
            "formula": "by_reason * handle_skill * (1 + excess * e(learning_days))",
            "by_reason": {reason.label: reason.handle_seconds for reason in a.REASONS},
            "excess": a.HANDLE_EXCESS,
            "learning_days": a.HANDLE_LEARNING_DAYS,
        },
        "repeats": {"share_of_unresolved": a.REPEAT_SHARE, "mean_days": a.REPEAT_DAYS},
        "first_call_resolution": {
            "formula": "a point of resolving is worth so many points of it",
            "by_reason": {reason.label: points_of_resolving(reason) for reason in a.REASONS},
        },
        "agents": [asdict(agent) for agent in agents],
        "months": list(months),
    }


def points_of_resolving(reason: a.Reason) -> float:
    """First-call resolution gained by resolving one call more in a hundred, in points.

    Whom nobody helped calls again within the window, or does not; and who was helped may have
    something new to ask about the same reason.
    """
    days = WINDOW_DAYS - HOUR_OF_A_CALL / 24
    is_back = 1 - math.exp(-days / a.REPEAT_DAYS)
    is_quiet = math.exp(-a.ISSUES_PER_SUBSCRIBER_DAY * reason.share * WINDOW_DAYS)
    return a.REPEAT_SHARE * is_back * is_quiet


def effect_on_resolution(label: str, tenure_days: Floats) -> Floats:
    """What still has to be learnt takes from first-call resolution, by days of tenure."""
    to_learn: Floats = np.exp(-tenure_days / a.RESOLUTION_LEARNING_DAYS)
    return -a.RESOLUTION_GAP * points_of_resolving(_reason(label)) * to_learn


def effect_on_handle_seconds(label: str, tenure_days: Floats) -> Floats:
    """What still has to be learnt adds to a mean agent's handle time, by days of tenure."""
    mean_skill = math.exp(a.HANDLE_SKILL_SPREAD**2 / 2)
    to_learn: Floats = np.exp(-tenure_days / a.HANDLE_LEARNING_DAYS)
    return _reason(label).handle_seconds * mean_skill * a.HANDLE_EXCESS * to_learn


def _reason(label: str) -> a.Reason:
    return next(reason for reason in a.REASONS if reason.label == label)
