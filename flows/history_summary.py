"""What the nights judged afterwards found, said once.

A first load judges months of history in one go. Said night by night it would be noise; unsaid,
the manager would not know what the service has been like. So: one message.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from checks.triggers import TriggerLevel, TriggerState
from checks.verdicts import State, Verdict
from flows.block_kit import Message, message
from flows.slack import Site, name_of
from flows.wording import day, days, listed, target, title

MOST_LINES = 30
MOST_EPISODES = 5


@dataclass(frozen=True)
class Episode:
    """From the first to the last night of it; open if nothing ended it."""

    first: date
    last: date
    is_open: bool

    def __str__(self) -> str:
        return f"from {day(self.first)} on" if self.is_open else days(self.first, self.last)


def backfill_summary(
    verdicts: Sequence[Verdict], triggers: Sequence[TriggerState], site: Site
) -> Message:
    """Breached episodes by norm and triggered episodes by trigger, over nights in any order.

    Only nights marked as backfilled count: of tonight the changes speak.
    """
    verdicts = [verdict for verdict in verdicts if verdict.is_backfilled]
    triggers = [trigger for trigger in triggers if trigger.is_backfilled]
    nights = sorted({verdict.as_of for verdict in verdicts})
    headline = f"{len(nights)} nights of history judged"
    intro = (
        "Nothing of this was said at the time. From now on a message comes when something changes."
    )
    if nights:
        intro = f"{days(nights[0], nights[-1])}. {intro}"
    found = [*_trigger_lines(triggers), *_norm_lines(verdicts, site)]
    text = f"{site.name}: {headline}. {' '.join(found)}"
    return message(
        headline, [intro, *listed(found, MOST_LINES)], [f"{site.name}."], site.link, text
    )


def episodes(nights: Iterable[tuple[date, bool | None]]) -> list[Episode]:
    """Runs of True; None (not known) neither ends nor begins one. Nights in order."""
    found: list[Episode] = []
    for night, is_on in nights:
        is_running = bool(found) and found[-1].is_open
        if is_on and is_running:
            found[-1] = Episode(found[-1].first, night, True)
        elif is_on:
            found.append(Episode(night, night, True))
        elif is_on is False and is_running:
            found[-1] = Episode(found[-1].first, found[-1].last, False)
    return found


def _norm_lines(verdicts: Sequence[Verdict], site: Site) -> list[str]:
    by_norm: dict[tuple[str, str, str], list[Verdict]] = defaultdict(list)
    for verdict in sorted(verdicts, key=lambda v: v.as_of):
        by_norm[verdict.norm, verdict.scope_kind, verdict.scope].append(verdict)
    return [_norm_line(judged, site) for judged in by_norm.values()]


def _norm_line(judged: Sequence[Verdict], site: Site) -> str:
    last = judged[-1]
    unit = site.units.get(last.metric, "")
    breaches = episodes(
        (v.as_of, v.state is State.BREACHED if v.state.is_judged else None) for v in judged
    )
    if not any(verdict.state.is_judged for verdict in judged):
        outcome = "could not be judged"
    else:
        outcome = _told("breached", breaches)
    return f"{name_of(last.norm)}, {target(last, unit)}: {outcome}."


def _trigger_lines(triggers: Sequence[TriggerState]) -> list[str]:
    by_trigger: dict[str, list[TriggerState]] = defaultdict(list)
    for state in sorted(triggers, key=lambda t: t.as_of):
        by_trigger[state.trigger].append(state)
    return [_trigger_line(name, states) for name, states in by_trigger.items()]


def _trigger_line(name: str, states: Sequence[TriggerState]) -> str:
    fired = episodes((s.as_of, s.state is TriggerLevel.TRIGGERED) for s in states)
    line = f"Repatriation trigger {title(name)}: {_told('triggered', fired)}."
    by = ", ".join(name_of(norm) for norm in states[-1].norms)
    return f"{line} At last: {states[-1].state.value}" + (f", by {by}." if by else ".")


def _told(word: str, found: Sequence[Episode]) -> str:
    if not found:
        return f"never {word}"
    shown = ", ".join(str(episode) for episode in found[-MOST_EPISODES:])
    earlier = len(found) - MOST_EPISODES
    return f"{word} {shown}" + (f", and {earlier} times before" if earlier > 0 else "")
