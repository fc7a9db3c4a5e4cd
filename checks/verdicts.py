"""Each night, each norm: is the service as good as it has to be, and how sure are we?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from checks.detection import Charts, Watch
from checks.persistence import NightState, State, advance
from checks.policy import Norm, Policy
from checks.windows import Window, windows

__all__ = ["NightState", "SiteFacts", "State", "Verdict", "judge"]

NIGHTS_TO_BREACH = 7  # a week, so that every weekday has had its say
NIGHTS_TO_BREACH_RATE = 1  # exact intervals over 91 days move slowly enough by themselves
STALE_DAYS = 2  # data older than that says nothing about tonight


@dataclass(frozen=True)
class Verdict:
    """One norm on one night; figures in the metric's unit, None where there is none.

    `nights` counts judged nights in a row, tonight included, with the whole interval on the wrong
    side; `since` is the first night of the present state. `is_detected`: the early detector's word
    stands; `chart` is how high its highest chart is, in shares of the limit (None: it has none),
    and `charted_after` the last day before the chart, where a recovery began it anew.
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
    is_detected: bool = False
    chart: float | None = None
    charted_after: date | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether it is worth a word: breached, or at risk by more than tonight's estimate."""
        is_early = self.state is State.AT_RISK and self.is_detected
        return is_early or self.state is State.BREACHED

    def is_about(self, norm: Norm) -> bool:
        """Whether it judged this norm as the norm is stated now."""
        stated = (norm.name, norm.target, norm.direction, norm.window)
        return (self.norm, self.target, self.direction, self.window) == stated


@dataclass(frozen=True)
class SiteFacts:
    """What verdicts need beside the figures.

    `data_days`: local days with at least one contact. `lag_days`: metric -> days by which its last
    complete day trails `as_of` (0 if absent; W + 1 for what waits for repeats).
    `definition_versions`: metric -> version. `closed`: metric, scope_kind, scope and last day of
    windows that rest on too few agents to be shown, or would give away such a one.
    """

    data_days: frozenset[date]
    lag_days: Mapping[str, int]
    definition_versions: Mapping[str, str]
    closed: frozenset[tuple[str, str, str, date]] = frozenset()

    def is_stale(self, night: date) -> bool:
        """Whether the last data is more than two days old."""
        recent = (night - timedelta(days=back) for back in range(STALE_DAYS + 1))
        return not any(day in self.data_days for day in recent)

    def is_closed(self, norm: Norm, period_end: date) -> bool:
        """Whether nobody may see the norm's window that ends on a day."""
        return (norm.metric, norm.scope_kind, norm.scope, period_end) in self.closed


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


def _judge_norm(
    days: pl.DataFrame,
    policy: Policy,
    norm: Norm,
    nights: Sequence[date],
    before: NightState | None,
    site: SiteFacts,
) -> list[Verdict]:
    lag = timedelta(days=site.lag_days.get(norm.metric, 0))
    found = [
        _held_back(window) if site.is_closed(norm, window.period_end) else window
        for window in windows(days, norm, [night - lag for night in nights], norm.window_days)
    ]
    readings = {
        night: State.STALE if site.is_stale(night) else _reading(norm, window)
        for night, window in zip(nights, found, strict=True)
    }
    standings = _standings(norm, readings, before, Watch(days, norm), lag)
    version = site.definition_versions[norm.metric]
    return [
        _verdict(policy, norm, night, window, *standing, version, night != nights[-1])
        for night, window, standing in zip(nights, found, standings, strict=True)
    ]


def _standings(
    norm: Norm,
    readings: Mapping[date, State],
    state: NightState | None,
    watch: Watch,
    lag: timedelta,
) -> list[tuple[NightState, Charts]]:
    """The norm's state after each night's reading, and its charts; a recovery begins them anew."""
    is_at_once = norm.metric_kind == "rate" and norm.scope_kind == "all"
    needed = NIGHTS_TO_BREACH_RATE if is_at_once else NIGHTS_TO_BREACH
    day_before = min(readings) - lag - timedelta(days=1)
    charts = watch.through(day_before, after=state.charted_after if state else None)
    standings = []
    for night, reading in readings.items():
        charts = watch.on(night - lag, charts)
        is_detected = bool(charts.is_fired)
        before, state = state, advance(state, reading, night, needed, is_detected=is_detected)
        if before and before.standing is State.BREACHED and state.state is State.MET:
            state = replace(state, charted_after=night - lag)
            charts = watch.through(night - lag, after=night - lag)
        standings.append((state, charts))
    return standings


def _held_back(window: Window) -> Window:
    return window._replace(numerator=None, denominator=None, low=None, high=None)


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


def _verdict(
    policy: Policy,
    norm: Norm,
    night: date,
    window: Window,
    state: NightState,
    charts: Charts,
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
        is_detected=bool(charts.is_fired),
        chart=float(charts.heights.max()) if charts.heights.size else None,
        charted_after=state.charted_after,
    )
