"""Each night, each metric that tenure can harm: what turnover costs, and why a norm is missed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from checks.attribution import Estimate, Part, Parts, decompose, standing_cost
from checks.harm_grammar import TURNOVER_METRIC
from checks.persistence import State
from checks.policy import LEVEL, Policy
from checks.reference import Reference, reference_before
from checks.team_mix import DailyMix, TeamMix
from checks.tenure import Gap
from checks.tenure_curve import TenureCurve
from checks.verdicts import SiteFacts, Verdict

IS_SHARE = {"first_call_resolution": True, "average_handle_time": False}
METRICS = tuple(IS_SHARE)
WINDOW_DAYS = 28  # where no norm says how long a figure is looked at


@dataclass(frozen=True)
class Grounds:
    """What is known of one metric: what tenure does to it, and who took which contacts."""

    curve: TenureCurve | Gap
    days: DailyMix | None  # None where nothing was ever counted

    def over(self, days: Reference) -> TeamMix | None:
        """The contacts of some days; None if history does not hold them whole."""
        return self.days.over(days.start, days.end) if self.days else None


@dataclass(frozen=True)
class Attribution:
    """One part of one metric on one night, in the metric's unit; `gap` says why it is not known.

    `agents` and `cells` are those that the tenure curve rests on, contacts the denominators.
    `standing_cost` compares with a team of the norm's turnover, and so has no reference.
    """

    as_of: date
    metric: str
    part: Part
    estimate: float | None
    low: float | None
    high: float | None
    level: float
    gap: Gap | None
    agents: int | None
    cells: int | None
    contacts: float | None
    reference_contacts: float | None
    reference_start: date | None
    reference_end: date | None
    window_start: date
    window_end: date
    is_backfilled: bool
    definition_version: str
    policy_version: str


def onsets(verdicts: Iterable[Verdict], begun: Mapping[str, date]) -> dict[tuple[str, date], date]:
    """(norm, night) -> the day on which its present fall begins, for nights on the wrong side.

    A fall begins with the first day of the window that was first on the wrong side, so that no day
    is compared with itself; it ends with a night on the good side. `begun`: by norm, that day of
    a fall that lasts when the verdicts (in order of nights) begin.
    """
    lasting = dict(begun)
    found = {}
    for verdict in verdicts:
        if verdict.state is State.MET:
            lasting.pop(verdict.norm, None)
        elif verdict.state.is_judged:
            onset = lasting.setdefault(verdict.norm, verdict.period_start)
            found[verdict.norm, verdict.as_of] = onset
    return found


def explain(
    grounds: Mapping[str, Grounds],
    verdicts: Sequence[Verdict],
    policy: Policy,
    nights: Sequence[date],
    begun: Mapping[str, date],
    site: SiteFacts,
) -> list[Attribution]:
    """Explain `nights` (ascending), all but the last as backfilled.

    Each night has a standing cost for each metric of METRICS; a metric whose norm for the whole
    service is on the wrong side has the parts of its change too. `verdicts` are those of these
    nights; `begun` as in `onsets`. Past nights are explained by what is known of tenure now.
    """
    fell = onsets(verdicts, begun)
    whole = {(v.metric, v.as_of): v for v in verdicts if v.scope_kind == "all"}
    found: list[Attribution] = []
    for night in nights:
        for metric in METRICS:
            verdict = whole.get((metric, night))
            onset = fell.get((verdict.norm, night)) if verdict else None
            compared = _compared(metric, night, verdict, onset, policy, site)
            parts = _parts(grounds[metric], compared, policy)
            if site.is_stale(night):
                parts = {Part.STANDING_COST: Gap.STALE}
            row = _Row(night, metric, night != nights[-1], compared, grounds[metric])
            version = site.definition_versions[metric]
            found += [row.of(part, figure, policy, version) for part, figure in parts.items()]
    return found


class _Compared(NamedTuple):
    window: Reference
    reference: Reference | None


def _compared(
    metric: str,
    night: date,
    verdict: Verdict | None,
    onset: date | None,
    policy: Policy,
    site: SiteFacts,
) -> _Compared:
    """The days looked at, and those that they are compared with if the metric fell."""
    if verdict:
        window = Reference(verdict.period_start, verdict.period_end)
    else:
        end = night - timedelta(days=site.lag_days.get(metric, 0))
        window = Reference(end - timedelta(days=WINDOW_DAYS - 1), end)
    return _Compared(window, (policy.reference or reference_before(onset)) if onset else None)


def _parts(grounds: Grounds, compared: _Compared, policy: Policy) -> Parts:
    window = grounds.over(compared.window)
    if window is None:
        return {Part.STANDING_COST: Gap.TOO_FEW_CONTACTS}
    cost = standing_cost(window, grounds.curve, policy.target_of(TURNOVER_METRIC), LEVEL)
    parts: Parts = {Part.STANDING_COST: cost}
    if compared.reference is None:
        return parts
    reference = grounds.over(compared.reference)
    if reference is None:
        return {**parts, Part.CHANGE: Gap.NO_REFERENCE}
    return {**parts, **decompose(reference, window, grounds.curve, LEVEL)}


class _Row(NamedTuple):
    """What the parts of one metric and night share."""

    night: date
    metric: str
    is_backfilled: bool
    compared: _Compared
    grounds: Grounds

    def of(self, part: Part, figure: Estimate | Gap, policy: Policy, version: str) -> Attribution:
        known = figure if isinstance(figure, Estimate) else None
        curve = self.grounds.curve if isinstance(self.grounds.curve, TenureCurve) else None
        reference = None if part is Part.STANDING_COST else self.compared.reference
        return Attribution(
            as_of=self.night,
            metric=self.metric,
            part=part,
            estimate=known.value if known else None,
            low=known.low if known else None,
            high=known.high if known else None,
            level=LEVEL,
            gap=figure if isinstance(figure, Gap) else None,
            agents=curve.agents if curve else None,
            cells=curve.cells if curve else None,
            contacts=_contacts(self.grounds, self.compared.window),
            reference_contacts=_contacts(self.grounds, reference),
            reference_start=reference.start if reference else None,
            reference_end=reference.end if reference else None,
            window_start=self.compared.window.start,
            window_end=self.compared.window.end,
            is_backfilled=self.is_backfilled,
            definition_version=version,
            policy_version=policy.version,
        )


def _contacts(grounds: Grounds, days: Reference | None) -> float | None:
    mix = grounds.over(days) if days else None
    return mix.contacts if mix else None
