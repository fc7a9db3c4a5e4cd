"""What changed tonight, and why it is worth saying: a pure decision on verdicts and triggers.

Here is which subjects are wrong and which of them speak; `incident_life` is what becomes of each.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from checks.contract import Contract, notice
from checks.incident_life import (
    REOPEN_DAYS,
    Acknowledgement,
    Change,
    Finding,
    Incident,
    IncidentState,
    NoticeReminder,
    Reason,
    Severity,
    step,
)
from checks.persistence import State
from checks.policy import Policy
from checks.triggers import TriggerLevel, TriggerState
from checks.verdicts import Verdict

__all__ = [
    "Acknowledgement",
    "Change",
    "Finding",
    "Incident",
    "IncidentState",
    "NoticeReminder",
    "Reason",
    "Severity",
    "decide",
]

DATA_NIGHT = "data:night"
DATA_DAYS = "data:days"
NOTICE = "contract:notice"


def decide(
    verdicts: Sequence[Verdict],
    triggers: Sequence[TriggerState],
    incidents: Iterable[Incident],
    policy: Policy,
    now: date,
    rejected: tuple[str, ...] = (),
    seen: Mapping[str, Acknowledgement] | None = None,
    silent_days: Mapping[date, str] | None = None,
) -> list[Change]:
    """Return tonight's changes, the widest first; the same night decided again returns none.

    Only verdicts and triggers of the night `now` count. `incidents`: those that are open, and those
    that were until lately (others do no harm). `rejected`: why tonight's data cannot be trusted, a
    sentence each; then nothing is said about the service. `seen`: acknowledgements that stand, by
    incident. `silent_days`: what is said of days without calls, by the first day of each gap.
    """
    lately = _lately(incidents, now)
    known = {
        subject: incident
        for subject, incident in lately.items()
        if incident.state == IncidentState.OPEN
    }
    night = Finding(DATA_NIGHT, Severity.REJECTED, bool(rejected), not rejected, faults=rejected)
    findings = [night]
    if not rejected:
        tonight = [verdict for verdict in verdicts if verdict.as_of == now]
        fired = [trigger for trigger in triggers if trigger.as_of == now]
        findings += [_trigger_finding(trigger) for trigger in fired]
        findings += _norm_findings(tonight, fired, known)
        findings += _gap_findings(silent_days or {}, known)
        if policy.contract:
            findings.append(_notice_finding(policy.contract, fired, now))
    changes = []
    for finding in findings:
        before = lately.get(finding.subject)
        standing = (seen or {}).get(before.incident_id) if before else None
        changes.append(step(before, finding, now, policy.telling, standing))
    withdrawn = [] if rejected else _withdrawn(known, policy, now)
    return [change for change in changes if change] + withdrawn


def _lately(incidents: Iterable[Incident], now: date) -> dict[str, Incident]:
    """The last incident of each subject, unless it has been over for long."""
    oldest = now - timedelta(days=REOPEN_DAYS)
    lasting = [i for i in incidents if i.resolved_on is None or i.resolved_on >= oldest]
    return {i.subject: i for i in sorted(lasting, key=lambda i: i.resolved_on or date.max)}


def _trigger_finding(trigger: TriggerState) -> Finding:
    is_fired = trigger.state is TriggerLevel.TRIGGERED
    subject = f"trigger:{trigger.trigger}"
    return Finding(subject, Severity.TRIGGERED, is_fired, not is_fired, trigger=trigger)


def _gap_findings(silent_days: Mapping[date, str], known: dict[str, Incident]) -> list[Finding]:
    """Days without calls, a gap a subject; one that is filled, or long ago, is over."""
    gaps = {f"{DATA_DAYS}:{first}": said for first, said in silent_days.items()}
    over = [s for s in known if s.startswith(f"{DATA_DAYS}:") and s not in gaps]
    return [
        *(Finding(s, Severity.WARNING, True, False, faults=(said,)) for s, said in gaps.items()),
        *(Finding(s, Severity.WARNING, is_wrong=False, is_over=True) for s in over),
    ]


def _notice_finding(contract: Contract, triggers: Sequence[TriggerState], now: date) -> Finding:
    """Time to decide whether the contract goes on, with how every trigger stands."""
    told = notice(contract, now)
    is_due = told is not None and told.is_due
    reminder = NoticeReminder(told, tuple(triggers)) if told else None
    return Finding(NOTICE, Severity.WARNING, is_due, not is_due, reminder=reminder)


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
        if verdict.is_wrong or (f"norm:{verdict.norm}" in known and verdict.state is not State.MET)
    }
    whole = {v.metric for v in verdicts if v.scope_kind == "all" and v.norm in lasting}
    return [
        Finding(
            subject=f"norm:{verdict.norm}",
            severity=_severity(verdict),
            is_wrong=verdict.is_wrong,
            is_over=verdict.state is State.MET,
            is_muted=verdict.norm in spoken_for
            or (verdict.scope_kind != "all" and verdict.metric in whole),
            verdict=verdict,
        )
        for verdict in sorted(verdicts, key=lambda verdict: verdict.scope_kind != "all")
    ]


def _severity(verdict: Verdict) -> Severity:
    return Severity.BREACHED if verdict.state is State.BREACHED else Severity.WARNING


def _withdrawn(known: dict[str, Incident], policy: Policy, now: date) -> list[Change]:
    """Incidents whose norm or trigger left the policy end without a word: nothing recovered."""
    subjects = {f"norm:{norm.name}" for norm in policy.norms}
    subjects |= {f"trigger:{name}" for name in policy.trigger_names}
    if policy.contract:
        subjects.add(NOTICE)
    return [
        Change(
            replace(incident, state=IncidentState.RESOLVED, resolved_on=now, changed_on=now),
            Reason.NONE,
            now,
        )
        for subject, incident in known.items()
        if not subject.startswith("data:") and subject not in subjects
    ]
