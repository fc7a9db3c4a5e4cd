"""The trigger `cost`: is the service dearer than it would be in-house, or than the contract allows?

It fires when a resolved contact cost more than in-house in so many closed months running (two), or
when even the lower bound of the contract year's projected spend is above the envelope. In-house
costs are a range: dearer means above all of it. A condition that cannot be told tonight stays
where it was.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from checks.contract import months_later
from checks.in_house import InHouse, cost_per_resolved
from checks.policy import COST, Policy
from checks.spending import MonthCost, months_over, spending
from checks.trigger_words import ENGLISH, TriggerWords
from checks.triggers import TriggerLevel, TriggerState

PER_CONTACT, ENVELOPE = "cost_per_resolved_contact", "contract_year_spend"
OLDEST_MONTHS = 3  # an invoice that is later than that says nothing about tonight


class Sighting(NamedTuple):
    """What one of the two conditions says on one night, and the figures that say so."""

    condition: str
    level: TriggerLevel
    evidence: str


def judge_cost(
    policy: Policy,
    months: Sequence[MonthCost],
    nights: Sequence[date],
    before: TriggerState | None,
    lag_days: int,
    words: TriggerWords = ENGLISH,
) -> list[TriggerState]:
    """Judge `nights` (ascending, none left out); all but the last are backfilled.

    `months`: those that are known, in order; on a night count those over by then, and a month's
    resolved contacts from `lag_days` after its end on. `before`: the trigger's last state. The
    conditions that put it there are in `norms`. `words`: those of the language in which the
    evidence is kept.
    """
    states = []
    for night in nights:
        mature = months_over(months, night - timedelta(days=lag_days))
        sightings = [
            _per_contact(policy, mature, night, _was(before, PER_CONTACT), words),
            _envelope(policy, months_over(months, night), night, _was(before, ENVELOPE), words),
        ]
        state = _state(policy, sightings, night, before, words)
        before = replace(state, is_backfilled=night != nights[-1])
        states.append(before)
    return states


def _was(before: TriggerState | None, condition: str) -> TriggerLevel:
    return before.state if before and condition in before.norms else TriggerLevel.CLEAR


def _per_contact(
    policy: Policy,
    months: Sequence[MonthCost],
    night: date,
    was: TriggerLevel,
    words: TriggerWords,
) -> Sighting:
    """The latest closed months against what they would have cost in-house."""
    if policy.in_house is None or policy.cost_trigger is None:
        return Sighting(PER_CONTACT, TriggerLevel.CLEAR, words.say("cost.no_model"))
    closed = [month for month in months if month.cost_per_resolved is not None]
    oldest = months_later(night.replace(day=1), -OLDEST_MONTHS)
    if not closed or closed[-1].month < oldest:
        return Sighting(PER_CONTACT, was, words.say("cost.no_month"))
    billed = [m for m in months if m.cost_per_resolved is not None or m.is_unclear]
    unclear = [m.month for m in billed[-policy.cost_trigger.months_running :] if m.is_unclear]
    if unclear:
        return Sighting(PER_CONTACT, was, words.say("cost.unclear", month=words.month(unclear[-1])))
    running = 0
    for back, month in enumerate(reversed(closed)):
        is_next = month.month == months_later(closed[-1].month, -back)
        if not is_next or not _is_dearer(policy.in_house, month):
            break
        running += 1
    level = TriggerLevel.WATCH if running else TriggerLevel.CLEAR
    if running >= policy.cost_trigger.months_running:
        level = TriggerLevel.TRIGGERED
    said = _comparison(policy.in_house, closed[-1], _currency(policy), words)
    if running > 1:
        said = words.say("cost.running", said=said, months=running)
    return Sighting(PER_CONTACT, level, said)


def _is_dearer(model: InHouse, month: MonthCost) -> bool:
    ours, contacts = month.cost_per_resolved, month.first_contacts
    return bool(ours and contacts and ours > cost_per_resolved(model, contacts).high)


def _comparison(model: InHouse, month: MonthCost, currency: str, words: TriggerWords) -> str:
    low, likely, high = cost_per_resolved(model, month.first_contacts or 1.0)
    return words.say(
        "cost.contact",
        ours=words.number(month.cost_per_resolved or 0.0, ".2f"),
        currency=currency,
        month=words.month(month.month),
        likely=words.number(likely, ".2f"),
        low=words.number(low, ".2f"),
        high=words.number(high, ".2f"),
    )


def _currency(policy: Policy) -> str:
    return policy.contract.currency if policy.contract else ""


def _envelope(
    policy: Policy,
    months: Sequence[MonthCost],
    night: date,
    was: TriggerLevel,
    words: TriggerWords,
) -> Sighting:
    """The contract year's projected spend against its envelope."""
    if policy.contract is None or policy.contract.envelope is None:
        return Sighting(ENVELOPE, TriggerLevel.CLEAR, words.say("cost.no_envelope"))
    spend = spending(policy.contract, months, night)
    if spend is None:
        return Sighting(ENVELOPE, TriggerLevel.CLEAR, words.say("cost.no_contract"))
    if spend.projected is None or spend.low is None or spend.high is None:
        return Sighting(ENVELOPE, was, words.say("cost.too_few_months"))
    unclear = [
        month.month for month in months if month.is_unclear and month.month >= spend.first_month
    ]
    # A month that is not clear any more widens the interval: that is no good news.
    level = was if unclear else TriggerLevel.CLEAR
    if spend.is_beyond_envelope:
        level = TriggerLevel.TRIGGERED
    said = words.say(
        "cost.projected",
        month=words.month(spend.last_month),
        projected=words.number(spend.projected, ",.0f"),
        currency=policy.contract.currency,
        low=words.number(spend.low, ",.0f"),
        high=words.number(spend.high, ",.0f"),
        envelope=words.number(policy.contract.envelope, ",.0f"),
    )
    if unclear:
        said = words.say("cost.without", said=said, month=words.month(unclear[-1]))
    return Sighting(ENVELOPE, level, said)


def _state(
    policy: Policy,
    sightings: Sequence[Sighting],
    night: date,
    before: TriggerState | None,
    words: TriggerWords,
) -> TriggerState:
    """The worse of the two conditions; the evidence is all of it, for a manager asks for both."""
    order = list(TriggerLevel)
    level = max((sighting.level for sighting in sightings), key=order.index)
    made_by = tuple(s.condition for s in sightings if s.level is level)
    return TriggerState(
        as_of=night,
        trigger=COST,
        state=level,
        since=before.since if before and before.state is level else night,
        norms=() if level is TriggerLevel.CLEAR else made_by,
        evidence=words.sentence([sighting.evidence for sighting in sightings]),
        is_backfilled=False,
        policy_version=policy.version,
    )
