"""Incidents: a table of nights, each opened by the sentence that it proves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from checks.contract import Contract
from checks.incidents import NOTICE, Acknowledgement, Change, Incident, decide
from checks.persistence import State
from checks.policy import Norm, Policy, Trigger
from checks.policy_grammar import Direction, NormKind
from checks.telling import Telling
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
    telling=Telling(channels={"director": "C0DIRECTOR"}),
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
    over: int | None = None,
    back: int | None = None,
    escalated: int | None = None,
) -> Incident:
    """An incident, said so many nights ago, over for or back since so many."""
    opened = max(opened, said or 0)
    return Incident(
        incident_id=f"{subject}@{ago(opened)}",
        subject=subject,
        severity=severity,
        state="open" if over is None else "resolved",
        opened_on=ago(opened),
        reopened_on=None if back is None else ago(back),
        changed_on=ago(said or 0),
        said_on=None if said is None else ago(said),
        resolved_on=None if over is None else ago(over),
        escalated_on=None if escalated is None else ago(escalated),
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
    seen: str = ""  # the subject that somebody has acknowledged
    until: date | None = None  # or snoozed until then


BREACHED = verdict(SERVICE_LEVEL, "breached")
MET = verdict(SERVICE_LEVEL, "met")
AT_RISK = verdict(SERVICE_LEVEL, "at_risk")
DETECTED = replace(AT_RISK, is_detected=True)
UNJUDGED = replace(verdict(SERVICE_LEVEL, "stale"), is_detected=True)
EARLY = incident(ALL, severity="warning")
FIRED = trigger("triggered", SERVICE_LEVEL)
FAULT = ("calls: 40 % fewer rows than on the same weekday.",)
OPEN, OVER = "open", "resolved"

NIGHTS = [
    Night("A quiet night says nothing.", verdicts=[MET], triggers=[trigger("clear")]),
    Night("A breach opens an incident.", [(ALL, "opened", OPEN)], [BREACHED]),
    Night("At risk is shown, never sent.", verdicts=[verdict(SERVICE_LEVEL, "at_risk")]),
    Night("Sent when the detector fires.", [(ALL, "opened", OPEN)], [DETECTED]),
    Night("An early word becomes a breach.", [(ALL, "worsened", OPEN)], [BREACHED], open=[EARLY]),
    Night("Then the estimate is wrong as well.", verdicts=[AT_RISK], open=[EARLY]),
    Night("Or nothing came of it.", [(ALL, "recovered", OVER)], [MET], open=[EARLY]),
    Night("A detector no longer fired ends no breach.", verdicts=[AT_RISK], open=[incident(ALL)]),
    Night(
        "An early word of the whole service mutes its parts.",
        [(ALL, "opened", OPEN), (QUEUE, "none", OPEN)],
        [DETECTED, verdict(BILLING, "breached")],
    ),
    Night("A detector that fired on what cannot be judged is not sent.", verdicts=[UNJUDGED]),
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
        open=[
            incident(ALL, said=20, muted=True),
            incident(QUALITY, said=7, severity="triggered", escalated=7),
        ],
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
        open=[incident(ALL, muted=True), incident(QUALITY, severity="triggered", escalated=3)],
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
        "What comes back within a week was not over.",
        [(ALL, "reopened", OPEN)],
        [BREACHED],
        open=[incident(ALL, said=7, over=7)],
    ),
    Night(
        "What comes back later is a new incident.",
        [(ALL, "opened", OPEN)],
        [BREACHED],
        open=[incident(ALL, said=8, over=8)],
    ),
    Night("What was over and is met stays over.", [], [MET], open=[incident(ALL, said=2, over=2)]),
    Night(
        "What comes back muted says nothing.",
        [(QUALITY, "opened", OPEN), (ALL, "none", OPEN)],
        [BREACHED],
        [FIRED],
        open=[incident(ALL, said=3, over=3)],
    ),
    Night(
        "Once it is heard again, it says that it came back.",
        [(QUALITY, "recovered", OVER), (ALL, "reopened", OPEN)],
        [BREACHED],
        [trigger("clear")],
        open=[
            incident(ALL, said=5, back=4, muted=True),
            incident(QUALITY, severity="triggered"),
        ],
    ),
    Night(
        "What came back unsaid is over without a word.",
        [(ALL, "none", OVER)],
        [MET],
        open=[incident(ALL, said=5, back=4, muted=True)],
    ),
    Night(
        "What came back and was said is taken back again.",
        [(ALL, "recovered", OVER)],
        [MET],
        open=[incident(ALL, said=4, back=4)],
    ),
    Night(
        "Data that is rejected again within a week is the same incident.",
        [(NIGHT, "reopened", OPEN)],
        open=[incident(NIGHT, said=1, over=1, severity="rejected")],
        rejected=FAULT,
    ),
    Night(
        "What somebody has acknowledged is not reminded of.",
        [],
        [BREACHED],
        open=[incident(ALL, said=20)],
        seen=ALL,
    ),
    Night(
        "Its recovery is said all the same.",
        [(ALL, "recovered", OVER)],
        [MET],
        open=[incident(ALL, said=20)],
        seen=ALL,
    ),
    Night(
        "What got worse is said, whoever has seen it.",
        [(ALL, "worsened", OPEN)],
        [BREACHED],
        open=[incident(ALL, severity="warning")],
        seen=ALL,
    ),
    Night(
        "What is snoozed until the day after tomorrow is silent: tonight is told tomorrow.",
        [],
        [BREACHED],
        open=[incident(ALL, said=20)],
        seen=ALL,
        until=ago(-2),
    ),
    Night(
        "On the morning until which it was snoozed, it is reminded of.",
        [(ALL, "reminder", OPEN)],
        [BREACHED],
        open=[incident(ALL, said=20)],
        seen=ALL,
        until=ago(-1),
    ),
    Night(
        "What is snoozed and got worse is said.",
        [(ALL, "worsened", OPEN)],
        [BREACHED],
        open=[incident(ALL, severity="warning")],
        seen=ALL,
        until=ago(-20),
    ),
    Night(
        "A trigger that nobody has acknowledged for three days goes to the director.",
        [(QUALITY, "escalated", OPEN)],
        triggers=[FIRED],
        open=[incident(QUALITY, said=3, opened=3, severity="triggered")],
    ),
    Night(
        "After two days it does not yet.",
        triggers=[FIRED],
        open=[incident(QUALITY, said=2, opened=2, severity="triggered")],
    ),
    Night(
        "One that somebody has acknowledged does not.",
        triggers=[FIRED],
        open=[incident(QUALITY, said=3, opened=3, severity="triggered")],
        seen=QUALITY,
    ),
    Night(
        "Nor does one that is snoozed.",
        triggers=[FIRED],
        open=[incident(QUALITY, said=3, opened=3, severity="triggered")],
        seen=QUALITY,
        until=ago(-5),
    ),
    Night(
        "One whose snooze is over does.",
        [(QUALITY, "escalated", OPEN)],
        triggers=[FIRED],
        open=[incident(QUALITY, said=9, opened=9, severity="triggered")],
        seen=QUALITY,
        until=NOW,
    ),
    Night(
        "It goes once; then there are reminders.",
        [(QUALITY, "reminder", OPEN)],
        triggers=[FIRED],
        open=[incident(QUALITY, said=7, opened=10, severity="triggered", escalated=7)],
    ),
    Night(
        "One that came back has three days again.",
        triggers=[FIRED],
        open=[incident(QUALITY, said=2, opened=30, severity="triggered", back=2)],
    ),
    Night(
        "A breach is the manager's own matter, however long it lasts.",
        [],
        [BREACHED],
        open=[incident(ALL, said=6, opened=60)],
    ),
]


def decided(night: Night, open_incidents: Sequence[Incident]) -> list[Change]:
    seen = {
        incident.incident_id: Acknowledgement(incident.incident_id, night.until)
        for incident in open_incidents
        if incident.subject == night.seen
    }
    return decide(night.verdicts, night.triggers, open_incidents, POLICY, NOW, night.rejected, seen)


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
    before = {i.subject: i for i in night.open if i.resolved_on is None or i.resolved_on >= ago(7)}
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


def test_without_a_director_nothing_is_escalated() -> None:
    fired = incident(QUALITY, said=3, opened=3, severity="triggered")
    alone = replace(POLICY, telling=Telling())
    assert decide([], [FIRED], [fired], alone, NOW) == []


def test_a_policy_says_how_often_it_reminds_and_when_it_escalates() -> None:
    telling = Telling({"director": "C0DIRECTOR"}, reminder_days=2, escalation_days=9)
    hasty = replace(POLICY, telling=telling)
    fired = incident(QUALITY, said=2, opened=3, severity="triggered")
    (change,) = decide([], [FIRED], [fired], hasty, NOW)
    assert change.reason == "reminder"


def test_what_comes_back_begins_anew_at_tonights_severity() -> None:
    was_worse = incident(ALL, said=3, over=3, severity="triggered", escalated=5)
    (change,) = decide([BREACHED], [], [was_worse], POLICY, NOW)
    after = change.incident
    assert (after.incident_id, after.severity, after.reopened_on) == (
        was_worse.incident_id,
        "breached",
        NOW,
    )
    assert (after.resolved_on, after.escalated_on, after.opened_on) == (None, None, ago(10))


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


def test_notice_is_reminded_of_with_the_state_of_every_trigger() -> None:
    """Weekly from 30 days before the deadline on, and over on the day after it."""
    contract = Contract(
        date(2024, 1, 1), date(2025, 12, 31), "EUR", "as signed", notice_days=92, remind_days=30
    )
    policy = replace(POLICY, contract=contract)
    incidents: list[Incident] = []
    said = []
    for night in (date(2025, 8, 31) + timedelta(days=n) for n in range(40)):
        fired = trigger("triggered", as_of=night)
        changes = decide([], [fired], incidents, policy, night)
        changes = [change for change in changes if change.incident.subject == NOTICE]
        incidents = [change.incident for change in changes] or incidents
        said += [(night, change.reason) for change in changes]
        if night == date(2025, 8, 31):
            reminder = changes[0].reminder
            assert reminder is not None
            assert reminder.notice.deadline == date(2025, 9, 30)
            assert reminder.triggers == (fired,)
    assert said == [
        (date(2025, 8, 31), "opened"),
        (date(2025, 9, 7), "reminder"),
        (date(2025, 9, 14), "reminder"),
        (date(2025, 9, 21), "reminder"),
        (date(2025, 9, 28), "reminder"),
        (date(2025, 10, 1), "recovered"),
    ]
