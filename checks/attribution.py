"""Why did a metric change, and what does turnover beyond its norm cost standing?

The change between a reference and a window is split, adding up exactly, into contact-reason mix
(Das Gupta, Standardization and Decomposition of Rates, 1993), tenure mix from replacement hires,
tenure mix from growth hires, and performance, the remainder. Where rosters do not reach back far
enough to tell whose place somebody took, that part of the tenure mix stands apart as
`earlier_hires`.

Intervals take who was hired, and who called about what, as they were. Of what tenure does, the
tenure curve without each agent in turn tells the error (jackknife; Efron and Stein, Annals of
Statistics 9, 1981, 586-596); of what the service did, its weeks, as in `intervals`.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import stdtrit

from checks.intervals import Floats
from checks.team_mix import LABELS, TeamMix
from checks.tenure import Gap, HireLabel, stationary_team
from checks.tenure_curve import TenureCurve

LARGEST_OFF_ROSTER = 0.1  # share of contacts by unknown agents beyond which tenure is not known


class Part(StrEnum):
    """What a change is made of; the change itself; and what turnover costs standing."""

    CHANGE = "change"
    REASON_MIX = "reason_mix"
    REPLACEMENT = "replacement"
    GROWTH = "growth"
    EARLIER_HIRES = "earlier_hires"
    PERFORMANCE = "performance"
    STANDING_COST = "standing_cost"


PART_OF_LABEL = {
    HireLabel.REPLACEMENT: Part.REPLACEMENT,
    HireLabel.GROWTH: Part.GROWTH,
    HireLabel.EARLIER: Part.EARLIER_HIRES,
}


@dataclass(frozen=True)
class Estimate:
    """A figure in the metric's unit with its bounds; `error` has `freedom` degrees of freedom."""

    value: float
    error: float
    freedom: float
    level: float

    @property
    def low(self) -> float:
        return self.value - self._half

    @property
    def high(self) -> float:
        return self.value + self._half

    @property
    def _half(self) -> float:
        return float(stdtrit(self.freedom, (1 + self.level) / 2)) * self.error


Parts = dict[Part, Estimate | Gap]


def decompose(reference: TeamMix, window: TeamMix, curve: TenureCurve | Gap, level: float) -> Parts:
    """Split the change from `reference` to `window`: the first part is the sum of the others.

    What tenure does, and so what remains, is not known without a curve; it says why.
    """
    before, after = _rates(reference, window)
    shares = (reference.reason_shares + window.reason_shares) / 2
    shift = window.reason_shares - reference.reason_shares
    periods = reference, window
    change = float(window.reason_shares @ after - reference.reason_shares @ before)
    mix = float(shift @ (before + after) / 2)
    parts: Parts = {
        Part.CHANGE: _by_weeks(
            periods, (-reference.reason_shares, window.reason_shares), change, level
        ),
        Part.REASON_MIX: _by_weeks(periods, (shift / 2, shift / 2), mix, level),
    }
    loads = {
        PART_OF_LABEL[label]: shares[:, None, None] * load
        for label, load in zip(LABELS, window.hire_shares - reference.hire_shares, strict=True)
    }
    if not loads[Part.EARLIER_HIRES].any():
        del loads[Part.EARLIER_HIRES]
    known = _known(curve, *periods)
    if isinstance(known, Gap):
        return parts | dict.fromkeys([*loads, Part.PERFORMANCE], known)

    tenure = {part: _by_agents(known, window, load, level) for part, load in loads.items()}
    in_all = _by_agents(known, window, sum(loads.values(), np.zeros(())), level)
    rest = change - mix - sum(part.value for part in tenure.values())
    rates = _by_weeks(periods, (-shares, shares), rest, level)
    return {**parts, **tenure, Part.PERFORMANCE: _together(rest, rates, in_all)}


def standing_cost(
    window: TeamMix, curve: TenureCurve | Gap, norm_a_year: float | None, level: float
) -> Estimate | Gap:
    """What the metric loses, standing, to replacement hires beyond those the norm would bring.

    Against a team of the norm's turnover that only replaces (`tenure.stationary_team`), as large as
    what growth hires, and those of whose place nothing is known, leave of the team.
    """
    known = _known(curve, window)
    if isinstance(known, Gap):
        return known
    if norm_a_year is None:
        return Gap.NO_TURNOVER_NORM
    shares = dict(zip(LABELS, window.hire_shares, strict=True))
    others = shares[HireLabel.GROWTH] + shares[HireLabel.EARLIER]
    rest = 1 - others[:, :, 0].sum(axis=1)
    normal = rest[:, None, None] * stationary_team(norm_a_year, known.training_days)
    excess = window.reason_shares[:, None, None] * (shares[HireLabel.REPLACEMENT] - normal)
    return _by_agents(known, window, excess, level)


def _known(curve: TenureCurve | Gap, *periods: TeamMix) -> TenureCurve | Gap:
    is_dark = any(mix.off_roster > LARGEST_OFF_ROSTER * mix.contacts for mix in periods)
    return Gap.TOO_FEW_ON_ROSTER if is_dark else curve


def _rates(reference: TeamMix, window: TeamMix) -> tuple[Floats, Floats]:
    """Rates by reason; one that is new or gone changed the mix and not its rate."""
    before, after = reference.rates, window.rates
    return (
        np.where(reference.reason_shares > 0, before, after),
        np.where(window.reason_shares > 0, after, before),
    )


def _by_agents(curve: TenureCurve, mix: TeamMix, loads: Floats, level: float) -> Estimate:
    """What tenure does where hires have these shares (reasons, bands, 3) more."""
    return Estimate(*curve.apply(mix.reasons, loads), level)


def _by_weeks(
    periods: tuple[TeamMix, TeamMix], factors: tuple[Floats, Floats], value: float, level: float
) -> Estimate:
    """A sum of factors (r,) times rates of both periods, with the error that their weeks tell.

    u_j = sum over reasons of factor / share x (numerator - rate x denominator) of week j. Its
    variance is one for both periods: thirteen weeks say more of it than four.
    """
    squares, weeks, per_contact = 0.0, 0, 0.0
    for mix, factor in zip(periods, factors, strict=True):
        weight = factor / np.where(mix.reason_shares > 0, mix.reason_shares, np.inf)
        residual = (mix.numerator - mix.rates * mix.denominator) @ weight
        squares += float(((residual - residual.mean()) ** 2).sum())
        weeks += len(residual)
        per_contact += len(residual) / mix.contacts**2
    freedom = weeks - len(periods)
    return Estimate(value, (squares / freedom * per_contact) ** 0.5, freedom, level)


def _together(value: float, one: Estimate, other: Estimate) -> Estimate:
    """A difference of two independent estimates (Satterthwaite, Biometrics Bulletin 2, 1946)."""
    variances = one.error**2, other.error**2
    parts = variances[0] ** 2 / one.freedom + variances[1] ** 2 / other.freedom
    freedom = sum(variances) ** 2 / parts if parts else one.freedom
    return Estimate(value, sum(variances) ** 0.5, freedom, one.level)
