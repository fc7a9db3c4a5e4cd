"""What tenure does to a metric, and what it makes of who took the contacts.

How it is learnt is for `tenure_fit`.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from checks.intervals import Floats
from checks.mixed_model import Fit
from checks.tenure import LEARNT, STARTS

BANDS_LEARNT = 5  # degrees of freedom are the agents seen learning, less the bands there are


class Applied(NamedTuple):
    """What the curve makes of a composition."""

    value: float
    error: float
    freedom: float


@dataclass(frozen=True)
class TenureCurve:
    """Differences from the veterans, in the metric's unit.

    Attributes:
        reasons: those that the curve knows; any other is taken for the average of them.
        has_own_curves: whether each reason has a curve of its own.
        fit: gamma of each band below `veterans_from`; with own curves, of each reason.
        learners: agents seen below 365 days of tenure.
        veterans_from: days of tenure from which on there is no more to learn.
        cells: how many the curve rests on.
        training_days: tenure on the day of an agent's first call, the median of those seen new.
    """

    reasons: tuple[str, ...]
    has_own_curves: bool
    fit: Fit
    learners: int
    veterans_from: int
    cells: int
    training_days: int

    @property
    def agents(self) -> int:
        """Agents the curve rests on."""
        return len(self.fit.without)

    def apply(self, reasons: tuple[str, ...], loads: Floats) -> Applied:
        """The sum of `loads` (reasons, bands of BANDS, 3) times gamma.

        The error is the jackknife's. Its degrees of freedom are the learners less the bands, or
        the number of agents alike that would add as evenly to the variance, less one, if that is
        smaller: a few veterans may decide (Carter, Schnepel and Steigerwald, Review of Economics
        and Statistics 99, 2017, 698-709).
        """
        load = self._columns(reasons, loads)
        each = self.fit.without @ load
        squares = ((each - each.mean()) ** 2).sum() * (self.agents - 1) / self.agents
        added = np.einsum("i,kij,j->k", load, self.fit.spread, load)
        alike = added.sum() ** 2 / (added**2).sum() if added.any() else self.agents
        freedom = min(self.learners - BANDS_LEARNT, max(alike - 1, 1.0))
        return Applied(float(self.fit.coefficients @ load), float(squares**0.5), float(freedom))

    def _columns(self, reasons: tuple[str, ...], loads: Floats) -> Floats:
        """Loads by reason as loads on the coefficients."""
        is_learning = LEARNT & (self.veterans_from > STARTS)[:, None]
        learning = loads[:, is_learning]
        if not self.has_own_curves:
            return np.asarray(learning.sum(axis=0), dtype=np.float64)
        columns = np.zeros((len(self.reasons), learning.shape[1]))
        for reason, load in zip(reasons, learning, strict=True):
            if reason in self.reasons:
                columns[self.reasons.index(reason)] += load
            else:
                columns += load / len(self.reasons)
        return columns.reshape(-1)
