"""`qos replay`: past nights judged one after another, as each would have seen them.

It is how a manager tunes a policy before living with it. Nothing is written and nothing is sent.
Nobody is there to acknowledge anything, and no night's data is rejected.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from checks.incidents import Change, Incident, Reason, decide
from checks.policy import Policy
from checks.triggers import TriggerState
from checks.verdicts import Verdict
from flows.costs import with_contract
from flows.evidence import first_night_of, judge_nights, read_evidence
from flows.settings import Settings
from warehouse.errors import ConfigurationError
from warehouse.hindsight import Hindsight, hindsight, nights_between
from warehouse.ledger.site import Site

NIGHTS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Replay:
    """What became of the nights from `first` to `last`: what was found, and what was said of it."""

    policy: Policy
    first: date
    last: date
    verdicts: Sequence[Verdict]
    triggers: Sequence[TriggerState]
    alerts: Sequence[Change]

    @property
    def subjects(self) -> list[str]:
        """All norms and triggers of the policy."""
        norms = [f"norm:{norm.name}" for norm in self.policy.norms]
        return [*norms, *(f"trigger:{name}" for name in self.policy.trigger_names)]

    @cached_property
    def alerts_a_month(self) -> dict[str, float]:
        """Alerts by month of 30.4 nights, of each subject."""
        months = ((self.last - self.first).days + 1) / NIGHTS_A_MONTH
        said = Counter(change.incident.subject for change in self.alerts)
        return {subject: said[subject] / months for subject in self.subjects}

    @cached_property
    def nights_by_state(self) -> dict[str, dict[str, int]]:
        """How many nights each subject was in each state; of norms, how many `detected`."""
        counts: dict[str, Counter[str]] = {subject: Counter() for subject in self.subjects}
        for verdict in self.verdicts:
            counts[f"norm:{verdict.norm}"][verdict.state.value] += 1
            counts[f"norm:{verdict.norm}"]["detected"] += verdict.is_detected
        for state in self.triggers:
            counts[f"trigger:{state.trigger}"][state.state.value] += 1
        return {subject: dict(+count) for subject, count in counts.items()}


def replay(settings: Settings, policy: Policy, first: date | None, last: date | None) -> Replay:
    """Judge the nights from `first` to `last` (None: as far as there is anything to judge).

    The nights before are judged on what was known on `first`, as on the first night under a policy.

    Raises:
        ConfigurationError: there is no warehouse, or it does not reach from `first` to `last`.
    """
    settings = with_contract(settings, policy)
    site = Site(settings.folders, settings.feeds, settings.parameters, key=b"")  # hidden already
    shortest = timedelta(days=min(norm.window_days for norm in policy.norms) - 1)
    with_periods = policy.cost_trigger is not None or bool(policy.parts)
    with hindsight(site, with_periods=with_periods) as past:
        last = last or past.last_night
        first = first or min(past.first_day + shortest, last)
        if last > past.last_night:
            raise ConfigurationError(
                f"--to {last}: the warehouse reaches to {past.last_night}; run a later night first"
            )
        if first < past.first_day:
            raise ConfigurationError(
                f"--from {first}: the calls begin on {past.first_day}; give that day or a later one"
            )
        if first > last:
            raise ConfigurationError(f"--from {first}: after --to {last}; give them in order")
        verdicts, triggers = _judged(past, policy, first, last, settings.language)
    return Replay(policy, first, last, verdicts, triggers, _alerts(verdicts, triggers, policy))


def _judged(
    past: Hindsight, policy: Policy, first: date, last: date, language: str
) -> tuple[list[Verdict], list[TriggerState]]:
    verdicts: list[Verdict] = []
    triggers: list[TriggerState] = []
    for nights in past.stretches(first, last):
        past.go_to(nights[-1])
        evidence = read_evidence(past.connection, policy)
        if not verdicts:
            begun = min(first, first_night_of(evidence, policy) or first)
            nights = nights_between(begun, nights[-1])
        fired = list({state.trigger: state for state in triggers}.values())
        judged = judge_nights(evidence, policy, nights, verdicts, fired, language=language)
        verdicts += judged.verdicts
        triggers += judged.triggers
    return (
        [replace(verdict, is_backfilled=False) for verdict in verdicts if verdict.as_of >= first],
        [replace(state, is_backfilled=False) for state in triggers if state.as_of >= first],
    )


def _alerts(
    verdicts: Sequence[Verdict], triggers: Sequence[TriggerState], policy: Policy
) -> list[Change]:
    found: dict[date, tuple[list[Verdict], list[TriggerState]]] = {}
    for verdict in verdicts:
        found.setdefault(verdict.as_of, ([], []))[0].append(verdict)
    for state in triggers:
        found.setdefault(state.as_of, ([], []))[1].append(state)
    incidents: dict[str, Incident] = {}
    alerts = []
    for night, (norms, fired) in sorted(found.items()):
        changes = decide(norms, fired, incidents.values(), policy, night)
        incidents |= {change.incident.incident_id: change.incident for change in changes}
        alerts += [change for change in changes if change.reason is not Reason.NONE]
    return alerts
