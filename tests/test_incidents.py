"""Incidents: a table of nights, each opened by the sentence that it proves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from checks.incidents import Change, Incident, decide
from checks.persistence import State
from checks.policy import Norm, Policy, Trigger
from checks.policy_grammar import Direction, NormKind
from checks.triggers import TriggerLevel, TriggerState
from checks.verdicts import Verdict

NOW = date(2025, 9, 1)
SERVICE_LEVEL = Norm(
    metric="service_level",
    metric_kind="proportion",
    scope_kind="all",
    scope="all",
    direction=Direction.AT_LEAST,
    target=0.8,
    window="rolling_28",
    kind=NormKind.QUALITY,
    min_denominator=100,
    why="the in-house figure",
    level=0.95,
)
BILLING = replace(SERVICE_LEVEL, scope_kind="queue", scope="billing")
ABANDONMENT = replace(SERVICE_LEVEL, metric="abandonment_rate", direction=Direction.AT_MOST)
POLICY = Policy(
    norms=(BILLING, SERVICE_LEVEL, ABANDONMENT),
    triggers=(Trigger(NormKind.QUALITY, 28, None, "two windows"),),
    version="policy-1",
)
ALL, QUEUE, LOST = (f"norm:{norm.name}" for norm in (SERVICE_LEVEL, BILLING, ABANDONMENT))
QUALITY, NIGHT = "trigger:quality", "data:night"


def ago(nights: int) -> date:
    return NOW - timedelta(days=nights)


def verdict(norm: Norm, state: str, as_of: date = NOW) -> Verdict:
    return Verdict(
        as_of=as_of,
        norm=norm.name,
        metric=norm.metric,
        scope_kind=norm.scope_kind,
        scope=norm.scope,
        state=State(state),
        value=0.7,
        low=0.6,
        high=0.75,
        level=norm.level,
        target=norm.target,
        direction=norm.direction,
        window=norm.window,
        period_start=as_of - timedelta(days=27),
        period_end=as_of,
        numerator=700,
        denominator=1000,
        nights=7,
        since=as_of,
        is_backfilled=False,
        definition_version="definition-1",
        policy_version="policy-1",
    )


def trigger(state: str, *norms: Norm, as_of: date = NOW) -> TriggerState:
    names = tuple(norm.name for norm in norms)
    return TriggerState(as_of, "quality", TriggerLevel(state), as_of, names, "", False, "policy-1")


def incident(
    subject: str,
    said: int | None = 3,
    severity: str = "breached",
    opened: int = 10,
    muted: bool = False,
) -> Incident:
    """An open incident, said so many nights ago."""
    return Incident(
        incident_id=f"{subject}@{ago(opened)}",
        subject=subject,
        severity=severity,
        state="open",
        opened_on=ago(opened),
        changed_on=ago(said or 0),
        said_on=None if said is None else ago(said),
        resolved_on=None,
        is_muted=muted,
    )


@dataclass(frozen=True)
class Night:
    """One night and what has to come of it: (subject, reason, state) for each change."""

    sentence: str
    expected: Sequence[tuple[str, str, str]] = ()
    verdicts: Sequence[Verdict] = ()
    triggers: Sequence[TriggerState] = ()
    open: Sequence[Incident] = ()
    rejected: tuple[str, ...] = ()


BREACHED = verdict(SERVICE_LEVEL, "breached")
MET = verdict(SERVICE_LEVEL, "met")
FIRED = trigger("triggered", SERVICE_LEVEL)
FAULT = ("calls: 40 % fewer rows than on the same weekday.",)
OPEN, OVER = "open", "resolved"

NIGHTS = [
    Night("A quiet night says nothing.", verdicts=[MET], triggers=[trigger("clear")]),
    Night("A breach opens an incident.", [(ALL, "opened", OPEN)], [BREACHED]),
    Night("At risk is shown, never sent.", verdicts=[verdict(SERVICE_LEVEL, "at_risk")]),
    Night("A watch is shown, never sent.", triggers=[trigger("watch", SERVICE_LEVEL)]),
    Night("A breach that lasts is not said again.", [], [BREACHED], open=[incident(ALL)]),
    Night("Six nights later neither.", [], [BREACHED], open=[incident(ALL, said=6)]),
    Night(
        "After a week it is.",
        [(ALL, "reminder", OPEN)],
        [BREACHED],
        open=[incident(ALL, said=7)],
    ),
    Night("Met again is recovered.", [(ALL, "recovered", OVER)], [MET], open=[incident(ALL)]),
    *(
        Night(
            f"{state} resolves nothing.", [], [verdict(SERVICE_LEVEL, state)], open=[incident(ALL)]
        )
        for state in ("at_risk", "too_few", "no_data", "stale")
    ),
    *(
        Night(f"{state} opens nothing.", [], [verdict(SERVICE_LEVEL, state)])
        for state in ("too_few", "no_data", "stale")
    ),
    Night(
        "What could not be judged for a week is reminded of all the same.",
        [(ALL, "reminder", OPEN)],
        [verdict(SERVICE_LEVEL, "stale")],
        open=[incident(ALL, said=7)],
    ),
    Night(
        "A warning that becomes a breach has worsened.",
        [(ALL, "worsened", OPEN)],
        [BREACHED],
        open=[incident(ALL, severity="warning")],
    ),
    Night(
        "A trigger opens its own incident and speaks for the norm that fired it.",
        [(QUALITY, "opened", OPEN), (ALL, "none", OPEN)],
        [BREACHED],
        [FIRED],
        open=[incident(ALL)],
    ),
    Night(
        "Also when the breach is as new as the trigger.",
        [(QUALITY, "opened", OPEN), (ALL, "none", OPEN)],
        [BREACHED],
        [FIRED],
    ),
    Night(
        "It does not speak for another norm.",
        [(QUALITY, "opened", OPEN), (LOST, "opened", OPEN)],
        [verdict(ABANDONMENT, "breached")],
        [FIRED],
    ),
    Night(
        "While it lasts, the norm is not reminded of; the trigger is.",
        [(QUALITY, "reminder", OPEN)],
        [BREACHED],
        [FIRED],
        open=[incident(ALL, said=20, muted=True), incident(QUALITY, said=7, severity="triggered")],
    ),
    Night(
        "A trigger that cleared is recovered; the norm speaks again, its week being up.",
        [(QUALITY, "recovered", OVER), (ALL, "reminder", OPEN)],
        [BREACHED],
        [trigger("watch", SERVICE_LEVEL)],
        open=[incident(ALL, said=20, muted=True), incident(QUALITY, severity="triggered")],
    ),
    Night(
        "A norm never said before is opened then.",
        [(QUALITY, "recovered", OVER), (ALL, "opened", OPEN)],
        [BREACHED],
        [trigger("clear")],
        open=[
            incident(ALL, said=None, muted=True),
            incident(QUALITY, severity="triggered"),
        ],
    ),
    Night(
        "A norm said lately is only written down as heard again.",
        [(ALL, "none", OPEN)],
        [BREACHED],
        [trigger("clear")],
        open=[incident(ALL, said=2, muted=True)],
    ),
    Night(
        "What was said is taken back, muted or not.",
        [(ALL, "recovered", OVER)],
        [MET],
        [FIRED],
        open=[incident(ALL, muted=True), incident(QUALITY, severity="triggered")],
    ),
    Night(
        "What was never said is over without a word.",
        [(ALL, "none", OVER)],
        [MET],
        open=[incident(ALL, said=None, muted=True)],
    ),
    Night(
        "The whole service speaks for its queues, and comes first.",
        [(ALL, "opened", OPEN), (QUEUE, "none", OPEN)],
        [verdict(BILLING, "breached"), BREACHED],
    ),
    Night(
        "Also on a night on which it cannot be judged.",
        [(QUEUE, "none", OPEN)],
        [verdict(BILLING, "breached"), verdict(SERVICE_LEVEL, "stale")],
        open=[incident(ALL)],
    ),
    Night(
        "A service that is well says nothing for a queue that is not.",
        [(QUEUE, "opened", OPEN)],
        [verdict(BILLING, "breached"), MET],
    ),
    Night(
        "Nor does one that is well again.",
        [(ALL, "recovered", OVER), (QUEUE, "opened", OPEN)],
        [verdict(BILLING, "breached"), MET],
        open=[incident(ALL)],
    ),
    Night(
        "Nor does another metric.",
        [(LOST, "opened", OPEN), (QUEUE, "opened", OPEN)],
        [verdict(BILLING, "breached"), verdict(ABANDONMENT, "breached")],
    ),
    Night(
        "A rejected night says so and nothing about the service.",
        [(NIGHT, "opened", OPEN)],
        [BREACHED],
        [FIRED],
        rejected=FAULT,
    ),
    Night(
        "It recovers, reminds and withdraws nothing.",
        [(NIGHT, "opened", OPEN)],
        [MET],
        [trigger("clear")],
        open=[incident(ALL, said=9), incident(QUALITY, said=9), incident("norm:gone:all:all")],
        rejected=FAULT,
    ),
    Night(
        "A second rejected night is the same incident.",
        open=[incident(NIGHT, severity="rejected")],
        rejected=FAULT,
    ),
    Night(
        "A week of them is worth a reminder.",
        [(NIGHT, "reminder", OPEN)],
        open=[incident(NIGHT, said=7, severity="rejected")],
        rejected=FAULT,
    ),
    Night(
        "The next good night resolves it and speaks of the service again.",
        [(NIGHT, "recovered", OVER), (ALL, "opened", OPEN)],
        [BREACHED],
        open=[incident(NIGHT, severity="rejected")],
    ),
    Night(
        "A norm or trigger that left the policy ends without a word.",
        [("norm:gone:all:all", "none", OVER), ("trigger:cost", "none", OVER)],
        [MET],
        open=[incident("norm:gone:all:all"), incident("trigger:cost", severity="triggered")],
    ),
    Night(
        "Other nights' verdicts and triggers are history.",
        [],
        [verdict(SERVICE_LEVEL, "breached", as_of=ago(1))],
        [trigger("triggered", SERVICE_LEVEL, as_of=ago(1))],
    ),
    Night(
        "A resolved incident is history too: the next breach is a new one.",
        [(ALL, "opened", OPEN)],
        [BREACHED],
        open=[replace(incident(ALL), state="resolved", resolved_on=ago(2))],
    ),
]


def decided(night: Night, open_incidents: Sequence[Incident]) -> list[Change]:
    return decide(
        night.verdicts, night.triggers, open_incidents, POLICY, NOW, rejected=night.rejected
    )


@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: night.sentence)
def test_a_night(night: Night) -> None:
    changes = decided(night, night.open)
    found = [(c.incident.subject, c.reason, c.incident.state) for c in changes]
    assert found == list(night.expected), night.sentence


@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: night.sentence)
def test_the_same_night_decided_again_changes_nothing(night: Night) -> None:
    after = {incident.incident_id: incident for incident in night.open}
    after |= {change.incident.incident_id: change.incident for change in decided(night, night.open)}
    assert decided(night, list(after.values())) == []


@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: night.sentence)
def test_a_change_keeps_its_dates_and_is_said_only_with_a_reason(night: Night) -> None:
    before = {incident.subject: incident for incident in night.open if incident.state == "open"}
    for change in decided(night, night.open):
        after, old = change.incident, before.get(change.incident.subject)
        assert (change.as_of, after.changed_on) == (NOW, NOW)
        assert after.opened_on == (old.opened_on if old else NOW)
        assert after.incident_id == f"{after.subject}@{after.opened_on}"
        assert after.resolved_on == (NOW if after.state == "resolved" else None)
        assert after.said_on == ((old and old.said_on) if change.reason == "none" else NOW)


def test_a_change_carries_what_it_rests_on() -> None:
    fired, muted = decide([BREACHED], [FIRED], [], POLICY, NOW)
    assert (fired.trigger, fired.verdict, fired.incident.severity) == (FIRED, None, "triggered")
    assert (muted.trigger, muted.verdict, muted.incident.is_muted) == (None, BREACHED, True)
    (night,) = decide([], [], [], POLICY, NOW, rejected=FAULT)
    assert (night.faults, night.incident.severity) == (FAULT, "rejected")


def test_a_breach_of_two_months_is_said_once_a_week_and_taken_back() -> None:
    current: list[Incident] = []
    said = []
    for number in range(60):
        now = NOW + timedelta(days=number)
        state = "breached" if 5 <= number < 40 else "met"
        for change in decide([verdict(SERVICE_LEVEL, state, as_of=now)], [], current, POLICY, now):
            current = [change.incident]
            said.append((number, change.reason.value))
    assert said == [
        (5, "opened"),
        *((number, "reminder") for number in (12, 19, 26, 33)),
        (40, "recovered"),
    ]
