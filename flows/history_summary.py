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
from flows.block_kit import Message, footer, message, section
from flows.slack import Site
from flows.wording import Words, capitalised, day, days, listed, name_of, target

MOST_LINES = 30
MOST_EPISODES = 5


@dataclass(frozen=True)
class Episode:
    """From the first to the last night of it; open if nothing ended it."""

    first: date
    last: date
    is_open: bool

    def told(self, words: Words) -> str:
        """From 3 March 2000 on; or 3 to 9 March 2000."""
        if self.is_open:
            return str(words["history"]["open_episode"]).format(day=day(self.first, words))
        return days(self.first, self.last, words)


def backfill_summary(
    verdicts: Sequence[Verdict], triggers: Sequence[TriggerState], site: Site
) -> Message:
    """Breached episodes by norm and triggered episodes by trigger, over nights in any order.

    Only nights marked as backfilled count: of tonight the changes speak.
    """
    verdicts = [verdict for verdict in verdicts if verdict.is_backfilled]
    triggers = [trigger for trigger in triggers if trigger.is_backfilled]
    nights = sorted({verdict.as_of for verdict in verdicts})
    words = site.words
    forms = words["history"]
    form = forms["headline_one" if len(nights) == 1 else "headline"]
    headline = str(form).format(count=len(nights))
    intro = str(forms["intro"])
    if nights:
        intro = f"{capitalised(days(nights[0], nights[-1], words))}. {intro}"
    found = [*_trigger_lines(triggers, words), *_norm_lines(verdicts, site)]
    text = str(words["message"]["text"]).format(site=site.name, headline=headline)
    blocks = [
        *(section(line) for line in [intro, *listed(found, MOST_LINES, words)]),
        footer([f"{site.name}."], site.link, words),
    ]
    return message(headline, blocks, f"{text} {' '.join(found)}")


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
    last, words = judged[-1], site.words
    forms = words["history"]
    breaches = episodes(
        (v.as_of, v.state is State.BREACHED if v.state.is_judged else None) for v in judged
    )
    if any(verdict.state.is_judged for verdict in judged):
        outcome = _told("breached", breaches, words)
    else:
        outcome = str(forms["unjudged"])
    return str(forms["norm"]).format(
        name=capitalised(name_of(last.norm, words)),
        target=target(last, site.units.get(last.metric, ""), words),
        outcome=outcome,
    )


def _trigger_lines(triggers: Sequence[TriggerState], words: Words) -> list[str]:
    by_trigger: dict[str, list[TriggerState]] = defaultdict(list)
    for state in sorted(triggers, key=lambda t: t.as_of):
        by_trigger[state.trigger].append(state)
    return [_trigger_line(name, states, words) for name, states in by_trigger.items()]


def _trigger_line(name: str, states: Sequence[TriggerState], words: Words) -> str:
    forms, last = words["history"], states[-1]
    fired = episodes((s.as_of, s.state is TriggerLevel.TRIGGERED) for s in states)
    state = str(words["trigger_states"][last.state.value])
    if last.norms:
        norms = ", ".join(name_of(norm, words) for norm in last.norms)
        state = str(forms["by"]).format(state=state, norms=norms)
    return str(forms["trigger"]).format(
        name=name_of(name, words), outcome=_told("triggered", fired, words), state=state
    )


def _told(word: str, found: Sequence[Episode], words: Words) -> str:
    forms = words["history"]
    if not found:
        return str(forms[f"never_{word}"])
    shown = ", ".join(episode.told(words) for episode in found[-MOST_EPISODES:])
    earlier = len(found) - MOST_EPISODES
    if earlier > 0:
        shown = str(forms["earlier"]).format(episodes=shown, count=earlier)
    return str(forms[word]).format(shown)
