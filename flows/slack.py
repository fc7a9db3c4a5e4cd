"""An incident, or several, as a message that is read in ten seconds on a phone.

What, value [interval] against target, since when, sample, likely cause, what it means for the
contract, a picture, link. All functions are pure; no figure here belongs to fewer people than its
metric was published for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from checks.incidents import Change, IncidentState, NoticeReminder, Reason
from checks.telling import DIRECTOR, MANAGER
from checks.verdicts import Verdict
from flows.block_kit import Message, footer, message, section
from flows.buttons import buttons_for
from flows.phrases import headline_of, meaning_of, span_of, trigger_line
from flows.pictures import Picture
from flows.wording import (
    Words,
    against_target,
    capitalised,
    day,
    days,
    listed,
    load_words,
    name_of,
    sample,
)

SUMMARY_LINES = 20
FAULT_LINES = 10


@dataclass(frozen=True)
class Site:
    """What messages need to know beside the change.

    `link` leads to the page (None: there is none); `units` gives the unit of each metric, as in
    metrics.definition; `whys` the policy's reason for each norm; `causes` the likely cause of an
    incident, a sentence by its subject; `pictures` the last weeks of norms.
    """

    name: str
    link: str | None
    units: Mapping[str, str]
    whys: Mapping[str, str] = field(default_factory=dict)
    causes: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    language: str = "en"
    has_buttons: bool = False

    @property
    def words(self) -> Words:
        """The words of its language."""
        return load_words(self.language)


def message_for(
    change: Change, verdicts: Sequence[Verdict], site: Site, route: str = MANAGER
) -> Message:
    """One change of one incident; `verdicts` hold the figures of a trigger's norms that night."""
    words = site.words
    headline, figures = headline_of(change, words), figures_of(change, verdicts, site)
    lines = [figures, _since(change, words, site, route), *_meaning(change, words, site)]
    picture = _picture(change, site)
    is_answerable = site.has_buttons and change.incident.state == IncidentState.OPEN
    blocks = [
        *(section(line) for line in lines if line.strip()),
        *([picture.block()] if picture else []),
        *([buttons_for(change.incident.incident_id, words)] if is_answerable else []),
        footer(_footer(change, words, site), site.link, words),
    ]
    return message(
        headline, blocks, _text(headline, figures, site), picture.png if picture else None
    )


def summary_for(changes: Sequence[Change], verdicts: Sequence[Verdict], site: Site) -> Message:
    """Several incidents of one night; each has its own message in the thread below."""
    words = site.words
    forms = words["summary"]
    headline = str(forms["headline"]).format(count=len(changes), day=day(changes[0].as_of, words))
    headlines = [headline_of(change, words) for change in changes]
    lines = [
        f"{line}. {figures_of(change, verdicts, site)}".strip()
        for line, change in zip(headlines, changes, strict=True)
    ]
    blocks = [
        *(section(line) for line in listed(lines, SUMMARY_LINES, words)),
        footer([str(forms["footer"]).format(site=site.name)], site.link, words),
    ]
    return message(headline, blocks, _text(headline, ". ".join(headlines), site))


def test_alert(name: str, link: str | None, words: Words) -> Message:
    """A message that says nothing but that messages arrive."""
    forms = words["test"]
    text = str(forms["text"]).format(site=name)
    return message(forms["headline"], [section(text), footer([name], link, words)], text)


def _text(headline: str, rest: str, site: Site) -> str:
    opening = str(site.words["message"]["text"]).format(site=site.name, headline=headline)
    return f"{opening} {rest}".strip()


def figures_of(change: Change, verdicts: Sequence[Verdict], site: Site) -> str:
    """What a change rests on, in one paragraph: value, interval and target, or what is wrong."""
    words = site.words
    if change.verdict:
        return f"{_against(change.verdict, site)}."
    if change.trigger:
        lines = [
            f"{_line_start(v, words)} {_against(v, site)}."
            for v in verdicts
            if v.norm in change.trigger.norms and v.as_of == change.as_of
        ]
        return "\n".join(lines)
    if change.reminder:
        return "\n".join(_reminder_lines(change.reminder, words))
    return "\n".join(listed(change.faults, FAULT_LINES, words))


def _reminder_lines(reminder: NoticeReminder, words: Words) -> list[str]:
    """When notice has to be given, and what speaks for it."""
    notice, forms = reminder.notice, words["notice"]
    form = str(forms["due" if notice.days_left >= 0 else "over"])
    due = form.format(
        end=day(notice.ends_on, words),
        deadline=day(notice.deadline, words),
        days=max(notice.days_left, 0),
    )
    return [due, *(trigger_line(trigger, words) for trigger in reminder.triggers)]


def _against(verdict: Verdict, site: Site) -> str:
    return against_target(verdict, site.units.get(verdict.metric, ""), site.words)


def _line_start(verdict: Verdict, words: Words) -> str:
    return str(words["figures"]["named"]).format(capitalised(name_of(verdict.norm, words)))


def _since(change: Change, words: Words, site: Site, route: str) -> str:
    forms, span = words["message"], span_of(change, words)
    if change.verdict:
        verdict = change.verdict
        if verdict.nights:
            span += f" {forms['nights'].format(verdict.nights)}"
        measured = sample(verdict, site.units.get(verdict.metric, ""), words)
        period = days(verdict.period_start, verdict.period_end, words)
        span += f"\n{forms['sample'].format(sample=measured, days=period)}"
    if change.reason is Reason.ESCALATED:
        since = day(change.incident.lasts_since, words)
        told = forms["escalated" if route == DIRECTOR else "to_director"]
        span += f"\n{told.format(day=since)}"
    return span


def _meaning(change: Change, words: Words, site: Site) -> list[str]:
    why = site.whys.get(change.verdict.norm, "") if change.verdict else ""
    cause = site.causes.get(change.incident.subject)
    is_over = change.reason is Reason.RECOVERED
    return [
        *([str(words["message"]["cause"]).format(cause)] if cause and not is_over else []),
        meaning_of(change, words, why),
    ]


def norms_of(change: Change) -> Sequence[str]:
    """The norms whose figures a change rests on."""
    if change.verdict:
        return (change.verdict.norm,)
    return change.trigger.norms if change.trigger else ()


def _picture(change: Change, site: Site) -> Picture | None:
    """Of the norm, or of the first norm of a trigger that has one."""
    norms = norms_of(change)
    return next((site.pictures[norm] for norm in norms if norm in site.pictures), None)


def _footer(change: Change, words: Words, site: Site) -> list[str]:
    forms: Mapping[str, Any] = words["message"]
    night = forms["night"].format(site=site.name, day=day(change.as_of, words))
    if change.verdict:
        level = str(words["units"]["share"]).format(f"{change.verdict.level * 100:g}")
        policy = change.verdict.policy_version
        night += f" {forms['level'].format(level=level, policy=policy)}"
    if change.trigger:
        night += f" {forms['policy'].format(change.trigger.policy_version)}"
        return [change.trigger.evidence, night]
    return [night]
