"""From where judging goes on: the first night of all, and what stored verdicts leave behind."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from checks.intervals import history_starts
from checks.persistence import NightState
from checks.policy import Policy
from checks.verdicts import Verdict


def resume(past: Iterable[Verdict], policy: Policy, before: date) -> dict[str, NightState]:
    """Rebuild each norm's state from stored verdicts (one a norm and night) older than `before`.

    It needs them back to each norm's last judged night. Verdicts on another target, direction or
    window tell nothing about the norm as it is stated now.
    """
    norms = {norm.name: norm for norm in policy.norms}
    states: dict[str, NightState] = {}
    for verdict in sorted(past, key=lambda verdict: verdict.as_of):
        norm = norms.get(verdict.norm)
        if norm and verdict.as_of < before and verdict.is_about(norm):
            states[norm.name] = _stored(states.get(norm.name), verdict)
    return states


def first_night(days: pl.DataFrame, policy: Policy, lag_days: Mapping[str, int]) -> dict[str, date]:
    """First night on which a norm's window is whole; norms of metrics without data are left out."""
    starts = dict(history_starts(days).iter_rows())
    return {
        norm.name: starts[norm.metric]
        + timedelta(days=norm.window_days - 1 + lag_days.get(norm.metric, 0))
        for norm in policy.norms
        if norm.metric in starts
    }


def _stored(before: NightState | None, verdict: Verdict) -> NightState:
    """The state that a stored verdict leaves behind; `before` is that of the night before it."""
    state = NightState(
        verdict.state, verdict.since, verdict.nights, charted_after=verdict.charted_after
    )
    if verdict.state.is_judged:
        return replace(state, standing=verdict.state, standing_since=verdict.since)
    if before is None:
        return replace(state, skipped=1)
    return replace(
        state,
        skipped=before.skipped + 1,
        standing=before.standing,
        standing_since=before.standing_since,
    )
