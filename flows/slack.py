"""An incident, or several, as a message that is read in ten seconds on a phone.

What, value [interval] against target, since when, sample, what it means for the contract, link.
All functions are pure; no figure here belongs to fewer people than its metric was published for.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape

from checks.incidents import Change, IncidentState, Reason
from checks.verdicts import Verdict
from flows.block_kit import Message, header, message, section
from flows.phrases import HEADLINES, MEANINGS
from flows.wording import against_target, day, days, listed, sample, title

SUMMARY_LINES = 20
FAULT_LINES = 10


@dataclass(frozen=True)
class Site:
    """What messages need to know beside the change.

    `link` leads to the page (None: there is none); `units` gives the unit of each metric, as in
    metrics.definition; `whys` the policy's reason for each norm.
    """

    name: str
    link: str | None
    units: Mapping[str, str]
    whys: Mapping[str, str] = field(default_factory=dict)


def message_for(change: Change, verdicts: Sequence[Verdict], site: Site) -> Message:
    """One change of one incident; `verdicts` hold the figures of a trigger's norms that night."""
    headline = headline_of(change)
    figures = _figures(change, verdicts, site)
    lines = [figures, _since(change, site), _meaning(change, site)]
    text = f"{site.name}: {headline}. {figures}"
    return message(headline, lines, _footer(change, site), site.link, text)


def summary_for(changes: Sequence[Change], verdicts: Sequence[Verdict], site: Site) -> Message:
    """Several incidents of one night; each has its own message in the thread below."""
    headline = f"{len(changes)} alerts on {day(changes[0].as_of)}"
    lines = [
        f"{headline_of(change)}. {_figures(change, verdicts, site)}".strip() for change in changes
    ]
    footer = [f"{site.name}. Each alert has its details in the thread."]
    text = f"{site.name}: {headline}. {'. '.join(headline_of(change) for change in changes)}"
    return message(headline, listed(lines, SUMMARY_LINES), footer, site.link, text)


def edited(payload: str, change: Change, verdicts: Sequence[Verdict], site: Site) -> Message:
    """The first message of an incident (its payload), with a line that tells how it stands."""
    first = json.loads(payload)
    top, *rest = first["blocks"]
    text = first["text"]
    if change.incident.state == IncidentState.RESOLVED:
        text = f"Resolved: {text}"
        top = header(f"Resolved: {unescape(top['text']['text'])}")
    figures = _figures(change, verdicts, site)
    status = section(f"{day(change.as_of)}: {headline_of(change)}. {figures}".strip())
    return Message(text, (top, status, *rest))


def headline_of(change: Change) -> str:
    """What happened, in one line."""
    headline = HEADLINES[change.incident.severity][change.reason]
    return headline.format(name_of(change.incident.subject.partition(":")[2]))


def name_of(subject: str) -> str:
    """A norm (`service_level:queue:billing`) or trigger as people call it."""
    name, _, scope = subject.partition(":")
    scope_kind, _, which = scope.partition(":")
    return title(name) + (f" ({scope_kind} {which})" if which and scope_kind != "all" else "")


def _figures(change: Change, verdicts: Sequence[Verdict], site: Site) -> str:
    if change.verdict:
        return f"{against_target(change.verdict, site.units.get(change.verdict.metric, ''))}."
    if change.trigger:
        lines = [
            f"{name_of(v.norm)}: {against_target(v, site.units.get(v.metric, ''))}."
            for v in verdicts
            if v.norm in change.trigger.norms and v.as_of == change.as_of
        ]
        return "\n".join(lines)
    return "\n".join(listed(change.faults, FAULT_LINES))


def _since(change: Change, site: Site) -> str:
    span = _span(change)
    if not change.verdict:
        return span
    verdict = change.verdict
    if verdict.nights:
        span += f" Nights on the wrong side: {verdict.nights}."
    measured = sample(verdict, site.units.get(verdict.metric, ""))
    return f"{span}\nSample: {measured}, {days(verdict.period_start, verdict.period_end)}."


def _span(change: Change) -> str:
    """How long it lasts: where history was judged at once, longer than there is an incident."""
    incident = change.incident
    if incident.resolved_on:
        return f"Open: {days(incident.opened_on, incident.resolved_on)}."
    state = change.verdict or change.trigger
    return f"Since {day(min(incident.opened_on, state.since) if state else incident.opened_on)}."


def _meaning(change: Change, site: Site) -> str:
    while_open, when_over = MEANINGS[change.incident.severity]
    if change.reason is Reason.RECOVERED:
        return when_over
    why = site.whys.get(change.verdict.norm, "") if change.verdict else ""
    return f"{while_open} {why}".strip()


def _footer(change: Change, site: Site) -> list[str]:
    footer = f"{site.name}, night of {day(change.as_of)}."
    if change.verdict:
        level = f"{change.verdict.level * 100:g} %"
        footer += f" {level} interval, policy {change.verdict.policy_version}."
    if change.trigger:
        footer += f" Policy {change.trigger.policy_version}."
        return [change.trigger.evidence, footer]
    return [footer]
