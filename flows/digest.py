"""The weekly digest, on Monday, even when all is well: silence is not success."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from checks.incidents import Acknowledgement, Incident, IncidentState
from checks.triggers import TriggerState
from checks.verdicts import State, Verdict
from flows.block_kit import Message, footer, message, section
from flows.phrases import standing_headline, trigger_line
from flows.slack import Site
from flows.wording import Words, against_target, capitalised, day, days, listed, name_of

SUNDAY = 6
MOST_NORMS, MOST_INCIDENTS, MOST_FAULTS = 20, 10, 5
WORST_FIRST = (
    State.BREACHED,
    State.AT_RISK,
    State.STALE,
    State.NO_DATA,
    State.TOO_FEW,
    State.MET,
)


def digest_sunday(nights: Sequence[date]) -> date | None:
    """The last Sunday among the nights that are told now; it is told on Monday morning."""
    return max((night for night in nights if night.weekday() == SUNDAY), default=None)


def digest_key(sunday: date) -> str:
    """One digest a week, however often a night is judged."""
    return f"digest:{sunday.isoformat()}"


def digest_for(
    sunday: date,
    verdicts: Sequence[Verdict],
    triggers: Sequence[TriggerState],
    incidents: Sequence[Incident],
    seen: Mapping[str, Acknowledgement],
    site: Site,
    faults: Sequence[str] = (),
) -> Message:
    """How every norm and trigger stands, and what is open.

    `verdicts`, `triggers`: of the last night alone, none if it was rejected, for these `faults`.
    """
    words = site.words
    week = days(sunday - timedelta(days=6), sunday, words)
    headline = _headline(verdicts, week, words)
    ranked = sorted(verdicts, key=lambda verdict: WORST_FIRST.index(verdict.state))
    rejected = str(words["digest"]["rejected"])
    lines = [
        *(rejected.format(fault) for fault in listed(faults, MOST_FAULTS, words)),
        *listed([_norm_line(verdict, site) for verdict in ranked], MOST_NORMS, words),
        *(trigger_line(trigger, words) for trigger in triggers),
        *_incident_lines(incidents, seen, words),
    ]
    small_print = str(words["digest"]["footer"]).format(site=site.name)
    blocks = [*(section(line) for line in lines), footer([small_print], site.link, words)]
    text = str(words["message"]["text"]).format(site=site.name, headline=headline)
    return message(headline, blocks, text)


def _headline(verdicts: Sequence[Verdict], week: str, words: Words) -> str:
    states = [verdict.state for verdict in verdicts]
    kept = states.count(State.MET)
    wrong = states.count(State.BREACHED) + states.count(State.AT_RISK)
    if not kept and not wrong:
        form, count = "unjudged", 0
    elif wrong:
        form, count = "ill_one" if wrong == 1 else "ill", wrong
    else:
        form, count = "well" if kept == len(states) else "partly", kept
    headline: str = words["digest"][f"headline_{form}"]
    return headline.format(days=week, count=count, total=len(states))


def _norm_line(verdict: Verdict, site: Site) -> str:
    words = site.words
    return str(words["digest"]["verdict"]).format(
        state=words["states"][verdict.state.value],
        name=name_of(verdict.norm, words),
        figures=against_target(verdict, site.units.get(verdict.metric, ""), words),
    )


def _incident_lines(
    incidents: Sequence[Incident], seen: Mapping[str, Acknowledgement], words: Words
) -> list[str]:
    """What is open and speaks for itself, longest first."""
    speaking = [i for i in incidents if i.state == IncidentState.OPEN and not i.is_muted]
    if not speaking:
        return [str(words["digest"]["no_incidents"])]
    lines = [
        str(words["digest"]["incident"]).format(
            headline=standing_headline(incident, words),
            day=day(incident.lasts_since, words),
            seen=_seen(seen.get(incident.incident_id), words),
        )
        for incident in sorted(speaking, key=lambda incident: incident.lasts_since)
    ]
    return [capitalised(line) for line in listed(lines, MOST_INCIDENTS, words)]


def _seen(acknowledgement: Acknowledgement | None, words: Words) -> str:
    if acknowledgement is None:
        return ""
    if acknowledgement.snoozed_until is None:
        return str(words["digest"]["acknowledged"])
    until = day(acknowledgement.snoozed_until, words)
    return str(words["digest"]["snoozed"]).format(day=until)
