"""The first message of an incident, edited: how it stands by now, or who has seen it.

Edits start from the message as it was first sent, so that they do not pile up.
"""

import json
from collections.abc import Sequence
from datetime import date
from html import unescape

from checks.incidents import Acknowledgement, Change, IncidentState
from checks.verdicts import Verdict
from flows.block_kit import Message, header, section
from flows.buttons import without_buttons
from flows.phrases import headline_of
from flows.slack import Site, figures_of
from flows.wording import Words, day


def edited(payload: str, change: Change, verdicts: Sequence[Verdict], site: Site) -> Message:
    """The first message of an incident (its payload), with a line that tells how it stands."""
    words, first = site.words, json.loads(payload)
    top, *rest = first["blocks"]
    text = first["text"]
    if change.incident.state == IncidentState.RESOLVED:
        resolved = str(words["message"]["resolved"])
        text = resolved.format(text)
        top = header(resolved.format(unescape(top["text"]["text"])))
        rest = without_buttons(rest)
    status = str(words["message"]["status"]).format(
        day=day(change.as_of, words), headline=headline_of(change, words)
    )
    figures = figures_of(change, verdicts, site)
    return Message(text, (top, section(f"{status} {figures}".strip()), *rest))


def answered(payload: str, seen: Acknowledgement, who: str, on: date, words: Words) -> Message:
    """The first message of an incident, with who has seen it when instead of the buttons.

    `who`: a Slack user's ID is shown as the name (an edit pings nobody), anything else as text.
    """
    first = json.loads(payload)
    top, *rest = first["blocks"]
    answers = words["answers"]
    until = day(seen.snoozed_until, words) if seen.snoozed_until else ""
    form = str(answers["snoozed" if seen.snoozed_until else "acknowledged"])
    status = section(form.format(who=who, day=day(on, words), until=until), names_a_person=True)
    return Message(first["text"], (top, status, *without_buttons(rest)))
