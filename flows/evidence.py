"""What nights are judged on, read from a warehouse; the same for a night and for a replay of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import duckdb
import polars as pl

from checks.cost_trigger import judge_cost
from checks.explanation import Attribution, Grounds, explain, onsets
from checks.harm import judge_harm
from checks.harm_grammar import HARM
from checks.policy import COST, Policy
from checks.resume import first_night, resume
from checks.spending import MonthCost
from checks.triggers import TriggerState, judge_triggers
from checks.verdicts import SiteFacts, Verdict, judge
from flows.costs import month_costs
from flows.explaining import read_grounds
from flows.wording import trigger_words
from warehouse.estimates import daily_series


@dataclass(frozen=True)
class Evidence:
    """`days` as in `estimates.daily_series`, what months cost, what else is known of the site.

    `units`: by metric, as in metrics.definition.
    """

    days: pl.DataFrame
    facts: SiteFacts
    months: Sequence[MonthCost] = ()
    grounds: Mapping[str, Grounds] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


class Judged(NamedTuple):
    """What nights came to, in order."""

    verdicts: list[Verdict]
    triggers: list[TriggerState]
    attributions: list[Attribution]

    def on(self, night: date) -> "Judged":
        """What one of the nights came to."""
        return Judged(
            [verdict for verdict in self.verdicts if verdict.as_of == night],
            [state for state in self.triggers if state.as_of == night],
            [found for found in self.attributions if found.as_of == night],
        )


def read_evidence(connection: duckdb.DuckDBPyConnection, policy: Policy) -> Evidence:
    """Read what judging under this policy needs."""
    definitions = connection.execute(
        "select metric, lag_days, version, unit from metrics.definition"
    ).fetchall()
    data_days = connection.execute("select distinct day from facts.contacts").fetchall()
    facts = SiteFacts(
        data_days=frozenset(day for (day,) in data_days),
        lag_days={metric: lag for metric, lag, _, _ in definitions},
        definition_versions={metric: version for metric, _, version, _ in definitions},
        closed=_closed(connection, policy),
    )
    months = month_costs(connection) if policy.cost_trigger else ()
    units = {metric: unit for metric, _, _, unit in definitions}
    return Evidence(daily_series(connection), facts, months, read_grounds(connection), units)


def _closed(
    connection: duckdb.DuckDBPyConnection, policy: Policy
) -> frozenset[tuple[str, str, str, date]]:
    """The windows of norms on parts of the service that rest on too few agents.

    Providers and tenure bands have no longer periods than 28 days; what rests on five agents in
    those rests on five in the longer one that ends on the same day.
    """
    found = set()
    for norm in policy.parts:
        grain = norm.window if norm.scope_kind in ("queue", "reason") else "rolling_28"
        found |= set(
            connection.execute(
                "select metric, scope_kind, scope, period_end from metrics.period"
                " where (metric, scope_kind, scope, grain) = (?, ?, ?, ?) and is_suppressed",
                [norm.metric, norm.scope_kind, norm.scope, grain],
            ).fetchall()
        )
    return frozenset(found)


def first_night_of(evidence: Evidence, policy: Policy) -> date | None:
    """The first night on which any norm's window is whole; None without data."""
    return min(first_night(evidence.days, policy, evidence.facts.lag_days).values(), default=None)


def judge_nights(
    evidence: Evidence,
    policy: Policy,
    nights: Sequence[date],
    before: Sequence[Verdict],
    fired: Sequence[TriggerState],
    begun: Mapping[str, date] | None = None,
    language: str = "en",
) -> Judged:
    """Judge norms and triggers on `nights` (ascending, none left out), and explain them.

    `before`: verdicts of earlier nights, as far back as triggers look and to each norm's last
    judged night; `fired`: each trigger's last state before; `begun`: by norm, the first day of a
    fall that lasts (as `before` tells, if left out); `language`: that of the triggers' evidence.
    """
    words = trigger_words(language, evidence.units)
    days, facts = evidence.days, evidence.facts
    verdicts = judge(days, policy, nights, resume(before, policy, nights[0]), facts)
    last = {state.trigger: state for state in fired}
    triggers = judge_triggers([*before, *verdicts], days, policy, nights, last, words)
    if policy.cost_trigger:
        lag_days = facts.lag_days["first_call_resolution"]
        triggers += judge_cost(policy, evidence.months, nights, last.get(COST), lag_days, words)
    if begun is None:
        earlier = sorted(before, key=lambda verdict: verdict.as_of)
        begun = {norm: onset for (norm, _), onset in onsets(earlier, {}).items()}
    attributions = explain(evidence.grounds, verdicts, policy, nights, begun, facts)
    triggers += judge_harm(verdicts, attributions, policy, nights, last.get(HARM), words)
    return Judged(verdicts, triggers, attributions)
