"""When do missed norms speak for taking the service back? Two rules, judged every night.

`quality`: a quality norm's interval lies wholly on the wrong side tonight and 28 nights ago.
`turnover`: its norm is breached tonight and 91 nights ago, or the interval of the last 182 days
lies wholly beyond it. Both look at the whole service only. Like a breach, a trigger is left when
the estimates of the norms that fired it are back on the good side; a norm that cannot be judged
tonight stays where it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

import polars as pl

from checks.policy import Norm, Policy, Trigger
from checks.policy_grammar import NormKind
from checks.trigger_words import ENGLISH, TriggerWords
from checks.verdicts import State, Verdict
from checks.windows import Window, windows

Known = Mapping[tuple[str, date], Verdict]


class TriggerLevel(StrEnum):
    """How far a trigger is; `watch`: the condition holds, its persistence does not yet."""

    CLEAR = "clear"
    WATCH = "watch"
    TRIGGERED = "triggered"


@dataclass(frozen=True)
class TriggerState:
    """One trigger on one night; `norms` are the names of those that put it there."""

    as_of: date
    trigger: str
    state: TriggerLevel
    since: date
    norms: tuple[str, ...]
    evidence: str
    is_backfilled: bool
    policy_version: str


class Sighting(NamedTuple):
    """What one norm says to its trigger on one night, and the figures that say so."""

    norm: str
    level: TriggerLevel
    evidence: str


def judge_triggers(
    verdicts: Iterable[Verdict],
    days: pl.DataFrame,
    policy: Policy,
    nights: Sequence[date],
    previous: Mapping[str, TriggerState],
    words: TriggerWords = ENGLISH,
) -> list[TriggerState]:
    """Judge each trigger on `nights` (ascending, none left out); all but the last are backfilled.

    `verdicts`: those of these nights and of the nights before that triggers look back to (91), one
    a norm and night. `days`: as in `intervals.fill`. `previous`: by trigger, its last state before.
    `words`: those of the language in which the evidence is kept.
    States come night by night, in policy order.
    """
    norms = {norm.name: norm for norm in policy.norms}
    known = {
        (verdict.norm, verdict.as_of): verdict
        for verdict in verdicts
        if verdict.norm in norms and verdict.is_about(norms[verdict.norm])
    }
    by_trigger = (
        _judge_trigger(trigger, known, days, policy, nights, previous.get(trigger.name), words)
        for trigger in policy.triggers
    )
    return [state for night in zip(*by_trigger, strict=True) for state in night]


def _judge_trigger(
    trigger: Trigger,
    known: Known,
    days: pl.DataFrame,
    policy: Policy,
    nights: Sequence[date],
    before: TriggerState | None,
    words: TriggerWords,
) -> list[TriggerState]:
    norms = [n for n in policy.norms if n.kind is trigger.name and n.scope_kind == "all"]
    long = {norm.name: _long_windows(trigger, norm, known, days, nights) for norm in norms}
    states = []
    for night in nights:
        sightings = [
            _sighting(trigger, norm, night, known, long[norm.name].get(night), before, words)
            for norm in norms
        ]
        state = _state(trigger, sightings, night, before, policy.version, words)
        before = replace(state, is_backfilled=night != nights[-1])
        states.append(before)
    return states


def _long_windows(
    trigger: Trigger, norm: Norm, known: Known, days: pl.DataFrame, nights: Sequence[date]
) -> dict[date, Window]:
    """The long window of each night, where the trigger has one and history holds it whole."""
    if trigger.long_window_days is None:
        return {}
    ends = {
        night: known[norm.name, night].period_end for night in nights if (norm.name, night) in known
    }
    found = windows(days, norm, list(ends.values()), trigger.long_window_days)
    return {
        night: window
        for night, window in zip(ends, found, strict=True)
        if window.is_whole and (window.denominator or 0) >= norm.min_denominator
    }


def _sighting(
    trigger: Trigger,
    norm: Norm,
    night: date,
    known: Known,
    long: Window | None,
    before: TriggerState | None,
    words: TriggerWords,
) -> Sighting:
    tonight = known.get((norm.name, night))
    earlier = known.get((norm.name, night - timedelta(days=trigger.apart_nights)))
    was = before.state if before and norm.name in before.norms else TriggerLevel.CLEAR
    if tonight is None or tonight.value is None or not tonight.state.is_judged:
        return Sighting(norm.name, was, words.unjudged(norm))

    was_fired = was is TriggerLevel.TRIGGERED and norm.is_wrong(tonight.value)
    level, said = _level(trigger, norm, tonight, earlier, long, was_fired, words)
    return Sighting(norm.name, level, said)


def _level(
    trigger: Trigger,
    norm: Norm,
    tonight: Verdict,
    earlier: Verdict | None,
    long: Window | None,
    was_fired: bool,
    words: TriggerWords,
) -> tuple[TriggerLevel, str]:
    """What a judged norm says, and why; `was_fired`: it fired before and is not back yet."""
    said = words.against_norm(norm, tonight)
    is_missed = _is_missed(trigger, norm, tonight)
    if long and norm.is_wholly_wrong(long.low, long.high):
        return TriggerLevel.TRIGGERED, words.and_missed(said, norm, long)
    if is_missed and earlier and _is_missed(trigger, norm, earlier):
        return TriggerLevel.TRIGGERED, words.and_missed(said, norm, earlier)
    if was_fired:
        return TriggerLevel.TRIGGERED, words.say("not_back", said=said)
    if is_missed:
        nights = trigger.apart_nights
        return TriggerLevel.WATCH, words.say("not_missed_before", said=said, nights=nights)
    return TriggerLevel.CLEAR, said


def _is_missed(trigger: Trigger, norm: Norm, verdict: Verdict) -> bool:
    """Whether the norm was missed on a night in the way that this trigger means."""
    if trigger.name is NormKind.TURNOVER:
        return verdict.state is State.BREACHED
    return verdict.state.is_judged and norm.is_wholly_wrong(verdict.low, verdict.high)


def _state(
    trigger: Trigger,
    sightings: list[Sighting],
    night: date,
    before: TriggerState | None,
    policy_version: str,
    words: TriggerWords,
) -> TriggerState:
    """The worst of what the norms say; the evidence is theirs that say it (all, if all is well)."""
    order = list(TriggerLevel)
    level = max((sighting.level for sighting in sightings), key=order.index)
    made_by = [sighting for sighting in sightings if sighting.level is level]
    return TriggerState(
        as_of=night,
        trigger=trigger.name.value,
        state=level,
        since=before.since if before and before.state is level else night,
        norms=() if level is TriggerLevel.CLEAR else tuple(s.norm for s in made_by),
        evidence=words.sentence([sighting.evidence for sighting in made_by]),
        is_backfilled=False,
        policy_version=policy_version,
    )
