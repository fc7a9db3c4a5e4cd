"""Each night, each norm: is the service as good as it has to be, and how sure are we?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from checks.intervals import history_starts
from checks.persistence import NightState, State, advance
from checks.policy import Norm, Policy
from checks.windows import Window, windows

__all__ = ["NightState", "SiteFacts", "State", "Verdict", "first_night", "judge", "resume"]

NIGHTS_TO_BREACH = 7  # a week, so that every weekday has had its say
NIGHTS_TO_BREACH_RATE = 1  # exact intervals over 91 days move slowly enough by themselves
STALE_DAYS = 2  # data older than that says nothing about tonight


@dataclass(frozen=True)
class Verdict:
    """One norm on one night; figures in the metric's unit, None where there is none.

    `nights` counts judged nights in a row, tonight included, with the whole interval on the wrong
    side; `since` is the first night of the present state.
    """

    as_of: date
    norm: str
    metric: str
    scope_kind: str
    scope: str
    state: State
    value: float | None
    low: float | None
    high: float | None
    level: float
    target: float
    direction: str
    window: str
    period_start: date
    period_end: date
    numerator: float | None
    denominator: float | None
    nights: int
    since: date
    is_backfilled: bool
    definition_version: str
    policy_version: str

    def is_about(self, norm: Norm) -> bool:
        """Whether it judged this norm as the norm is stated now."""
        stated = (norm.name, norm.target, norm.direction, norm.window)
        return (self.norm, self.target, self.direction, self.window) == stated


@dataclass(frozen=True)
class SiteFacts:
    """What verdicts need beside the figures.

    `data_days`: local days with at least one contact. `lag_days`: metric -> days by which its last
    complete day trails `as_of` (0 if absent; W + 1 for what waits for repeats).
    `definition_versions`: metric -> version.
    """

    data_days: frozenset[date]
    lag_days: Mapping[str, int]
    definition_versions: Mapping[str, str]

    def is_stale(self, night: date) -> bool:
        """Whether the last data is more than two days old."""
        recent = (night - timedelta(days=back) for back in range(STALE_DAYS + 1))
        return not any(day in self.data_days for day in recent)


def judge(
    days: pl.DataFrame,
    policy: Policy,
    nights: Sequence[date],
    previous: Mapping[str, NightState],
    site: SiteFacts,
) -> list[Verdict]:
    """Judge `nights` (ascending, none left out); all but the last are marked as backfilled.

    `days`: the whole history of the metrics, as in `intervals.fill`. `previous`: by norm name, from
    `resume`; a norm that is not in it starts anew. Verdicts come night by night, in policy order.
    """
    by_norm = (
        _judge_norm(days, policy, norm, nights, previous.get(norm.name), site)
        for norm in policy.norms
    )
    return [verdict for night in zip(*by_norm, strict=True) for verdict in night]


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


def _judge_norm(
    days: pl.DataFrame,
    policy: Policy,
    norm: Norm,
    nights: Sequence[date],
    state: NightState | None,
    site: SiteFacts,
) -> list[Verdict]:
    lag = timedelta(days=site.lag_days.get(norm.metric, 0))
    needed = NIGHTS_TO_BREACH_RATE if norm.metric_kind == "rate" else NIGHTS_TO_BREACH
    verdicts = []
    found = windows(days, norm, [night - lag for night in nights], norm.window_days)
    for night, window in zip(nights, found, strict=True):
        reading = State.STALE if site.is_stale(night) else _reading(norm, window)
        state = advance(state, reading, night, needed)
        version = site.definition_versions[norm.metric]
        is_backfilled = night != nights[-1]
        verdicts.append(_verdict(policy, norm, night, window, state, version, is_backfilled))
    return verdicts


def _reading(norm: Norm, window: Window) -> State:
    """What a window says by itself; `breached` means the whole interval on the wrong side."""
    if window.denominator == 0:
        return State.NO_DATA
    is_small = window.denominator is None or window.denominator < norm.min_denominator
    if is_small or not window.is_whole or window.value is None or window.low is None:
        return State.TOO_FEW
    if norm.is_wholly_wrong(window.low, window.high):
        return State.BREACHED
    return State.AT_RISK if norm.is_wrong(window.value) else State.MET


def _stored(before: NightState | None, verdict: Verdict) -> NightState:
    """The state that a stored verdict leaves behind; `before` is that of the night before it."""
    figures = (verdict.state, verdict.since, verdict.nights)
    if verdict.state.is_judged:
        return NightState(*figures, 0, verdict.state, verdict.since)
    if before is None:
        return NightState(*figures, skipped=1)
    return NightState(*figures, before.skipped + 1, before.standing, before.standing_since)


def _verdict(
    policy: Policy,
    norm: Norm,
    night: date,
    window: Window,
    state: NightState,
    definition_version: str,
    is_backfilled: bool,
) -> Verdict:
    return Verdict(
        as_of=night,
        norm=norm.name,
        metric=norm.metric,
        scope_kind=norm.scope_kind,
        scope=norm.scope,
        state=state.state,
        value=window.value,
        low=window.low,
        high=window.high,
        level=norm.level,
        target=norm.target,
        direction=norm.direction,
        window=norm.window,
        period_start=window.period_start,
        period_end=window.period_end,
        numerator=window.numerator,
        denominator=window.denominator,
        nights=state.nights,
        since=state.since,
        is_backfilled=is_backfilled,
        definition_version=definition_version,
        policy_version=policy.version,
    )
