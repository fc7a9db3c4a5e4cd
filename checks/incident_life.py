"""The life of one incident: opened, worsened, recovered, reopened; reminded of, escalated, silent.

A message is about a change and comes once. What is worth no word is written down with the reason
`none`: something larger says it already, or somebody has seen it.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from checks.contract import Notice
from checks.telling import DIRECTOR, Telling
from checks.triggers import TriggerState
from checks.verdicts import Verdict

REOPEN_DAYS = 7  # what comes back within a week was not over: it goes on in the same thread


class Reason(StrEnum):
    """Why a change is said; `none`: written down, not said."""

    OPENED = "opened"
    REOPENED = "reopened"
    WORSENED = "worsened"
    RECOVERED = "recovered"
    REMINDER = "reminder"
    ESCALATED = "escalated"
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
    either. `reopened_on`: when it last came back. `escalated_on`: when the director was told.
    `is_muted`: something larger speaks for it.
    """

    incident_id: str
    subject: str
    severity: str
    state: str
    opened_on: date
    reopened_on: date | None
    changed_on: date
    said_on: date | None
    resolved_on: date | None
    escalated_on: date | None
    is_muted: bool

    @property
    def lasts_since(self) -> date:
        """The night on which it opened, or came back."""
        return self.reopened_on or self.opened_on

    @property
    def is_said(self) -> bool:
        """Whether anything was said of it since then."""
        return self.said_on is not None and self.said_on >= self.lasts_since


@dataclass(frozen=True)
class Acknowledgement:
    """Somebody has seen an incident, which got no worse since.

    `snoozed_until`: the day on which it may be spoken of again; without one, reminders are over.
    """

    incident_id: str
    snoozed_until: date | None

    def silences(self, night: date) -> bool:
        """Whether it holds on a night, which is told on the morning after."""
        return self.snoozed_until is None or night + timedelta(days=1) < self.snoozed_until


@dataclass(frozen=True)
class NoticeReminder:
    """The contract's notice, and how every trigger stands on that night."""

    notice: Notice
    triggers: tuple[TriggerState, ...]


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
    reminder: NoticeReminder | None = None


@dataclass(frozen=True)
class Change:
    """An incident after tonight, the reason to say so, and what it rests on."""

    incident: Incident
    reason: Reason
    as_of: date
    verdict: Verdict | None = None
    trigger: TriggerState | None = None
    faults: tuple[str, ...] = ()
    reminder: NoticeReminder | None = None


def step(
    before: Incident | None,
    finding: Finding,
    now: date,
    telling: Telling,
    seen: Acknowledgement | None,
) -> Change | None:
    """One night in the life of an incident, or None where nothing changes.

    `before`: the incident of this subject that is open, or was until lately. `seen`: what somebody
    said of it that still stands.
    """
    is_back = before is not None and before.state == IncidentState.RESOLVED
    if not finding.is_wrong and (before is None or is_back):
        return None
    incident = before or _opened(finding, now)
    if is_back:
        incident = replace(incident, reopened_on=now, escalated_on=None)
    reason = _reason(incident, finding, now, telling, seen)
    after = replace(
        incident,
        severity=_worse(incident, finding),
        state=IncidentState.RESOLVED if finding.is_over else IncidentState.OPEN,
        said_on=incident.said_on if reason is Reason.NONE else now,
        resolved_on=now if finding.is_over else None,
        escalated_on=now if reason is Reason.ESCALATED else incident.escalated_on,
        is_muted=finding.is_muted,
    )
    if after == before:
        return None
    after = replace(after, changed_on=now)
    return Change(
        after, reason, now, finding.verdict, finding.trigger, finding.faults, finding.reminder
    )


def _opened(finding: Finding, now: date) -> Incident:
    return Incident(
        incident_id=f"{finding.subject}@{now}",
        subject=finding.subject,
        severity=finding.severity,
        state=IncidentState.OPEN,
        opened_on=now,
        reopened_on=None,
        changed_on=now,
        said_on=None,
        resolved_on=None,
        escalated_on=None,
        is_muted=finding.is_muted,
    )


def _reason(
    incident: Incident,
    finding: Finding,
    now: date,
    telling: Telling,
    seen: Acknowledgement | None,
) -> Reason:
    """1. What was said is taken back, muted or not. 2. Nothing else is said of what is muted.
    3. What is wrong and unsaid is opened, what got worse says so, whoever has seen it.
    4. What somebody has seen is left in peace. 5. A trigger that nobody has seen is escalated.
    6. A week later: a reminder.
    """
    if finding.is_over:
        return Reason.RECOVERED if incident.is_said else Reason.NONE
    if finding.is_muted:
        return Reason.NONE
    if incident.state == IncidentState.RESOLVED or not incident.is_said:
        unsaid = Reason.REOPENED if incident.said_on else Reason.OPENED
        return unsaid if finding.is_wrong else Reason.NONE
    if _worse(incident, finding) != incident.severity:
        return Reason.WORSENED
    if seen and seen.silences(now):
        return Reason.NONE
    if _is_for_the_director(incident, now, telling):
        return Reason.ESCALATED
    is_due = incident.said_on and (now - incident.said_on).days >= telling.reminder_days
    return Reason.REMINDER if is_due else Reason.NONE


def _is_for_the_director(incident: Incident, now: date, telling: Telling) -> bool:
    return (
        incident.severity == Severity.TRIGGERED
        and DIRECTOR in telling.channels
        and incident.escalated_on is None
        and (now - incident.lasts_since).days >= telling.escalation_days
    )


def _worse(incident: Incident, finding: Finding) -> str:
    """The worse of an incident's severity and tonight's; one that came back starts anew."""
    if incident.state == IncidentState.RESOLVED:
        return finding.severity
    order = list(Severity)
    severities = [Severity(incident.severity), *([finding.severity] if finding.is_wrong else [])]
    return max(severities, key=order.index)
