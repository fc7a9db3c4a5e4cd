"""Does turnover harm quality? The trigger `turnover_harms_quality`, judged every night.

It fires when a quality norm is breached, the turnover norm is breached, and the standing cost of
turnover in first-call resolution lies beyond doubt above the policy's materiality: the upper bound
of its effect is below minus that. With the estimate alone beyond it, it is on watch. It is left
when a norm is no longer breached or the estimate is back; a night that cannot be judged leaves it
as it was. That a team grows costs nothing standing, so growth alone never fires it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from checks.attribution import Part
from checks.explanation import Attribution
from checks.harm_grammar import HARM
from checks.policy import HarmTrigger, Norm, Policy
from checks.policy_grammar import NormKind
from checks.trigger_words import ENGLISH, TriggerWords
from checks.triggers import TriggerLevel, TriggerState
from checks.verdicts import State, Verdict

METRIC = "first_call_resolution"

Known = Mapping[tuple[str, date], Verdict]


def judge_harm(
    verdicts: Iterable[Verdict],
    attributions: Iterable[Attribution],
    policy: Policy,
    nights: Sequence[date],
    before: TriggerState | None,
    words: TriggerWords = ENGLISH,
) -> list[TriggerState]:
    """Judge the trigger on `nights` (ascending), all but the last as backfilled; none if unstated.

    `verdicts`, `attributions`: those of these nights; `before`: the trigger's last state before;
    `words`: those of the language in which the evidence is kept.
    """
    if policy.harm is None:
        return []
    known = {(verdict.norm, verdict.as_of): verdict for verdict in verdicts}
    costs = {
        found.as_of: found
        for found in attributions
        if (found.metric, found.part) == (METRIC, Part.STANDING_COST)
    }
    states = []
    for night in nights:
        before = _state(policy, policy.harm, known, costs.get(night), night, before, words)
        if night != nights[-1]:
            before = replace(before, is_backfilled=True)
        states.append(before)
    return states


def _state(
    policy: Policy,
    harm: HarmTrigger,
    known: Known,
    cost: Attribution | None,
    night: date,
    before: TriggerState | None,
    words: TriggerWords,
) -> TriggerState:
    was = before.state if before else TriggerLevel.CLEAR
    missed = {
        kind: [norm for norm in policy.norms if _is_missed(norm, kind, known, night, before)]
        for kind in NormKind
    }
    level, said = TriggerLevel.CLEAR, words.say("harm.not_together")
    if all(missed.values()):
        level, said = _level(harm, cost, was, words)
    norms = [norm for kind in NormKind for norm in missed[kind]]
    told = [_told(norm, known.get((norm.name, night)), words) for norm in norms] + [said]
    return TriggerState(
        as_of=night,
        trigger=HARM,
        state=level,
        since=before.since if before and before.state is level else night,
        norms=() if level is TriggerLevel.CLEAR else tuple(norm.name for norm in norms),
        evidence=words.sentence(told),
        is_backfilled=False,
        policy_version=policy.version,
    )


def _is_missed(
    norm: Norm, kind: NormKind, known: Known, night: date, before: TriggerState | None
) -> bool:
    """Whether a norm of the whole service is breached, or was when it could last be judged."""
    if norm.kind is not kind or norm.scope_kind != "all":
        return False
    tonight = known.get((norm.name, night))
    if tonight is None or not tonight.state.is_judged:
        return before is not None and norm.name in before.norms
    return tonight.state is State.BREACHED


def _level(
    harm: HarmTrigger, cost: Attribution | None, was: TriggerLevel, words: TriggerWords
) -> tuple[TriggerLevel, str]:
    """What the cost says where both norms are breached, and the words for it."""
    if cost is None or cost.estimate is None or cost.low is None or cost.high is None:
        gap = words.name(cost.gap) if cost and cost.gap else words.say("harm.no_figure")
        return was, words.say("harm.unknown", gap=gap)
    is_beyond = cost.estimate < -harm.materiality
    points = words.number(-cost.estimate * 100, ".1f")
    said = words.say(
        "harm.costs",
        cost=points,
        plural=words.plural(points),
        low=words.number(-cost.high * 100, ".1f"),
        high=words.number(-cost.low * 100, ".1f"),
        metric=words.name(METRIC),
        day=words.day(cost.window_end),
        materiality=words.number(harm.materiality * 100, ".1f"),
    )
    if cost.high < -harm.materiality:
        return TriggerLevel.TRIGGERED, said
    if is_beyond and was is TriggerLevel.TRIGGERED:
        return TriggerLevel.TRIGGERED, words.say("harm.not_back", said=said)
    if is_beyond:
        return TriggerLevel.WATCH, words.say("harm.unsure", said=said)
    return TriggerLevel.CLEAR, said


def _told(norm: Norm, tonight: Verdict | None, words: TriggerWords) -> str:
    if tonight is None or not tonight.state.is_judged:
        return words.unjudged(norm)
    return words.against_norm(norm, tonight)
