"""What a replay found: the alerts that would have been sent, and how the nights went."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from checks.incidents import Change
from checks.policy import load_policy
from flows.phrases import headline_of
from flows.replay import Replay, replay
from flows.settings import load_settings
from flows.wording import Words, against_target, load_words
from warehouse.build import metric_kinds
from warehouse.connect import reading

STATES = ("met", "at_risk", "detected", "breached", "too_few", "no_data", "stale")
LEVELS = ("clear", "watch", "triggered")


def print_replay(
    config: Path,
    warehouse: Path | None,
    policy: Path | None,
    first: date | None,
    last: date | None,
    *,
    form: str,
) -> None:
    """Replay the nights from `first` to `last` under a policy (None: the site's), as table or json.

    Raises:
        ConfigurationError: the policy has faults, or these nights cannot be replayed.
    """
    settings = load_settings(config, warehouse=warehouse)
    tried = load_policy(policy or settings.policy, metric_kinds(settings.parameters))
    replayed = replay(settings, tried, first, last)
    words = load_words(settings.language)
    if form == "json":
        print(replay_json(replayed, words))
        return
    with reading(settings.folders.warehouse) as connection:
        units = connection.execute("select metric, unit from metrics.definition").fetchall()
    tell_replay(replayed, dict(units), words)


def tell_replay(replayed: Replay, units: Mapping[str, str], words: Words) -> None:
    """Print every alert, and the summary. `units`: by metric."""
    print(f"Policy {replayed.policy.version}, nights from {replayed.first} to {replayed.last}")
    for change in replayed.alerts:
        print(f"  {change.as_of}  {change.reason.value:9}  {_told(change, units, words)}")
    print(f"\n{len(replayed.alerts)} alerts. By month, and nights in each state:")
    for subject in replayed.subjects:
        states = LEVELS if subject.startswith("trigger:") else STATES
        nights = replayed.nights_by_state[subject]
        counts = ", ".join(f"{state} {nights[state]}" for state in states if state in nights)
        print(f"  {replayed.alerts_a_month[subject]:5.2f}  {subject}: {counts}")


def replay_json(replayed: Replay, words: Words) -> str:
    """The same as one JSON object."""
    found = {
        "policy_version": replayed.policy.version,
        "from": replayed.first.isoformat(),
        "to": replayed.last.isoformat(),
        "alerts": [_alert(change, words) for change in replayed.alerts],
        "summary": {
            "alerts": len(replayed.alerts),
            "alerts_a_month": {s: round(n, 3) for s, n in replayed.alerts_a_month.items()},
            "nights_by_state": replayed.nights_by_state,
        },
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


def _told(change: Change, units: Mapping[str, str], words: Words) -> str:
    headline = headline_of(change, words)
    if change.verdict is None:
        return headline
    unit = units.get(change.verdict.metric, "")
    return f"{headline}: {against_target(change.verdict, unit, words)}"


def _alert(change: Change, words: Words) -> dict[str, object]:
    verdict, trigger = change.verdict, change.trigger
    figures = ("state", "value", "low", "high", "target", "numerator", "denominator")
    return {
        "night": change.as_of.isoformat(),
        "subject": change.incident.subject,
        "reason": change.reason.value,
        "severity": change.incident.severity,
        "headline": headline_of(change, words),
        **({name: getattr(verdict, name) for name in figures} if verdict else {}),
        **({"state": trigger.state.value, "evidence": trigger.evidence} if trigger else {}),
    }
