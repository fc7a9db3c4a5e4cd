"""What changed tonight, and why it is worth saying: a pure decision on verdicts and triggers.

A message is about a change and comes once. What is worth no word (because something larger says it
already) is written down with the reason `none`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from checks.persistence import State
from checks.policy import Policy
from checks.triggers import TriggerLevel, TriggerState
from checks.verdicts import Verdict

DATA_NIGHT = "data:night"
REMINDER_DAYS = 7  # what stays wrong is said again weekly: often enough to act, too rare to mute


class Reason(StrEnum):
    """Why a change is said; `none`: written down, not said."""

    OPENED = "opened"
    WORSENED = "worsened"
    RECOVERED = "recovered"
    REMINDER = "reminder"
    NONE = "none"


class Severity(StrEnum):
    """From the least to the worst."""

    WARNING = "warning"
    BREACHED = "breached"
    TRIGGERED = "triggered"
    REJECTED = "rejected"


class IncidentState(StrEnum):
    """Whether an incident still lasts."""

    OPEN = "open"
    RESOLVED = "resolved"


@dataclass(frozen=True)
class Incident:
    """One thing that is wrong: from the night it is seen to the night it is over.

    `said_on` is the night of its last message; an incident that was never said is not taken back
    either. `is_muted`: something larger speaks for it.
    """

    incident_id: str
    subject: str
    severity: str
    state: str
    opened_on: date
    changed_on: date
    said_on: date | None
    resolved_on: date | None
    is_muted: bool


@dataclass(frozen=True)
class Change:
    """An incident after tonight, the reason to say so, and what it rests on."""

    incident: Incident
    reason: Reason
    as_of: date
    verdict: Verdict | None = None
    trigger: TriggerState | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What tonight says about one subject: it is wrong, it is over, or neither can be told."""

    subject: str
    severity: Severity
    is_wrong: bool
    is_over: bool
    is_muted: bool = False
    verdict: Verdict | None = None
    trigger: TriggerState | None = None
    faults: tuple[str, ...] = ()


def decide(
    verdicts: Sequence[Verdict],
    triggers: Sequence[TriggerState],
    open_incidents: Iterable[Incident],
    policy: Policy,
    now: date,
    rejected: tuple[str, ...] = (),
) -> list[Change]:
    """Return tonight's changes, the widest first; the same night decided again returns none.

    Only verdicts and triggers of the night `now` count. `rejected`: why tonight's data cannot be
    trusted, a sentence each; then nothing is said about the service.
    """
    known = {i.subject: i for i in open_incidents if i.state == IncidentState.OPEN}
    night = Finding(DATA_NIGHT, Severity.REJECTED, bool(rejected), not rejected, faults=rejected)
    findings = [night]
    if not rejected:
        tonight = [verdict for verdict in verdicts if verdict.as_of == now]
        fired = [trigger for trigger in triggers if trigger.as_of == now]
        findings += [_trigger_finding(trigger) for trigger in fired]
        findings += _norm_findings(tonight, fired, known)
    changes = [_change(known.get(finding.subject), finding, now) for finding in findings]
    withdrawn = [] if rejected else _withdrawn(known, policy, now)
    return [change for change in changes if change] + withdrawn


def _trigger_finding(trigger: TriggerState) -> Finding:
    is_fired = trigger.state is TriggerLevel.TRIGGERED
    subject = f"trigger:{trigger.trigger}"
    return Finding(subject, Severity.TRIGGERED, is_fired, not is_fired, trigger=trigger)


def _norm_findings(
    verdicts: Sequence[Verdict], triggers: Sequence[TriggerState], known: dict[str, Incident]
) -> list[Finding]:
    """Findings of norms: a trigger mutes those that fired it, the whole service mutes its parts."""
    spoken_for = {
        name
        for trigger in triggers
        if trigger.state is TriggerLevel.TRIGGERED
        for name in trigger.norms
    }
    lasting = {
        verdict.norm
        for verdict in verdicts
        if verdict.state is State.BREACHED
        or (f"norm:{verdict.norm}" in known and verdict.state is not State.MET)
    }
    whole = {v.metric for v in verdicts if v.scope_kind == "all" and v.norm in lasting}
    return [
        Finding(
            subject=f"norm:{verdict.norm}",
            severity=Severity.BREACHED,
            is_wrong=verdict.state is State.BREACHED,
            is_over=verdict.state is State.MET,
            is_muted=verdict.norm in spoken_for
            or (verdict.scope_kind != "all" and verdict.metric in whole),
            verdict=verdict,
        )
        for verdict in sorted(verdicts, key=lambda verdict: verdict.scope_kind != "all")
    ]


def _change(before: Incident | None, finding: Finding, now: date) -> Change | None:
    """One step in the life of an incident, or None where nothing changes."""
    if before is None and not finding.is_wrong:
        return None
    incident = before or _opened(finding, now)
    reason = _reason(incident, finding, now)
    after = replace(
        incident,
        severity=_worse(incident, finding),
        state=IncidentState.RESOLVED if finding.is_over else IncidentState.OPEN,
        said_on=incident.said_on if reason is Reason.NONE else now,
        resolved_on=now if finding.is_over else None,
        is_muted=finding.is_muted,
    )
    if after == before:
        return None
    after = replace(after, changed_on=now)
    return Change(after, reason, now, finding.verdict, finding.trigger, finding.faults)


def _opened(finding: Finding, now: date) -> Incident:
    return Incident(
        incident_id=f"{finding.subject}@{now}",
        subject=finding.subject,
        severity=finding.severity,
        state=IncidentState.OPEN,
        opened_on=now,
        changed_on=now,
        said_on=None,
        resolved_on=None,
        is_muted=finding.is_muted,
    )


def _reason(incident: Incident, finding: Finding, now: date) -> Reason:
    """1. What was said is taken back, muted or not. 2. Nothing else is said of what is muted.
    3. What is wrong and unsaid is opened, what got worse says so. 4. A week later: a reminder.
    """
    if finding.is_over:
        return Reason.RECOVERED if incident.said_on else Reason.NONE
    if finding.is_muted:
        return Reason.NONE
    if incident.said_on is None:
        return Reason.OPENED if finding.is_wrong else Reason.NONE
    if _worse(incident, finding) != incident.severity:
        return Reason.WORSENED
    is_due = (now - incident.said_on).days >= REMINDER_DAYS
    return Reason.REMINDER if is_due else Reason.NONE


def _worse(incident: Incident, finding: Finding) -> str:
    """The worse of an incident's severity and tonight's."""
    order = list(Severity)
    severities = [Severity(incident.severity), *([finding.severity] if finding.is_wrong else [])]
    return max(severities, key=order.index)


def _withdrawn(known: dict[str, Incident], policy: Policy, now: date) -> list[Change]:
    """Incidents whose norm or trigger left the policy end without a word: nothing recovered."""
    subjects = {f"norm:{norm.name}" for norm in policy.norms}
    subjects |= {f"trigger:{trigger.name}" for trigger in policy.triggers}
    return [
        Change(
            replace(incident, state=IncidentState.RESOLVED, resolved_on=now, changed_on=now),
            Reason.NONE,
            now,
        )
        for subject, incident in known.items()
        if subject != DATA_NIGHT and subject not in subjects
    ]
