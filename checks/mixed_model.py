"""A linear model with a random effect for each agent, by REML, and without each agent in turn.

y = X b + u_agent + e with u ~ N(0, tau2) and e of known variance. Within one agent the covariance
is D + tau2 1 1', whose inverse is D^-1 - c D^-1 1 1' D^-1 with c = tau2 / (1 + tau2 sum(1 / d))
(Sherman and Morrison). So the normal equations are sums over agents, each of rank one more than its
weighted cross-products, and leaving an agent out is a subtraction. REML: Patterson and Thompson,
Biometrika 58, 1971, 545-554, in the form of Harville, JASA 72, 1977, 320-338.
"""

import itertools
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize_scalar

from checks.intervals import Floats, Ints

DEPENDENT = 1e-9  # of a column's own square: what is left of it after those before it
SEARCH_TOLERANCE = 1e-5  # of the largest standard deviation looked at


@dataclass(frozen=True)
class AgentSums:
    """Weighted sums by agent (k of them) over p columns; weights are 1 / variance."""

    weight: Floats  # (k,)
    x: Floats  # (k, p)
    y: Floats  # (k,)
    xx: Floats  # (k, p, p)
    xy: Floats  # (k, p)
    yy: Floats  # (k,)


@dataclass(frozen=True)
class Fit:
    """Coefficients, with every agent and without each in turn.

    Attributes:
        coefficients: (p,).
        without: (k, p), line i without agent i, tau2 as with everyone.
        spread: (k, p, p), what each agent adds to the coefficients' covariance.
        tau2: variance between agents.
        squares: generalised residual sum of squares.
    """

    coefficients: Floats
    without: Floats
    spread: Floats
    tau2: float
    squares: float

    def of(self, columns: slice) -> "Fit":
        """The same for some of the columns."""
        return replace(
            self,
            coefficients=self.coefficients[columns],
            without=self.without[:, columns],
            spread=self.spread[:, columns, columns],
        )


def agent_sums(x: Floats, y: Floats, variance: Floats, agent: Ints) -> AgentSums:
    """Sum cells (n rows of `x`, `y`, `variance`) by `agent`, numbered from 0 without a gap."""
    order = np.argsort(agent, kind="stable")
    starts = np.flatnonzero(np.diff(agent[order], prepend=-1))
    weight = 1 / variance[order]
    x, y = x[order], y[order]
    bounds = itertools.pairwise([*starts.tolist(), len(y)])
    xx = np.array([(x[a:b] * weight[a:b, None]).T @ x[a:b] for a, b in bounds])
    return AgentSums(
        weight=np.add.reduceat(weight, starts),
        x=np.add.reduceat(x * weight[:, None], starts),
        y=np.add.reduceat(y * weight, starts),
        xx=xx,
        xy=np.add.reduceat(x * (y * weight)[:, None], starts),
        yy=np.add.reduceat(y * y * weight, starts),
    )


def independent_columns(xx: Floats) -> list[int]:
    """Columns that are no combination of those before them, by their cross-products (p, p)."""
    left, kept = xx.copy(), []
    for column in range(len(xx)):
        pivot = left[column, column]
        if pivot > DEPENDENT * max(xx[column, column], np.finfo(float).tiny):
            left -= np.outer(left[:, column], left[column]) / pivot
            kept.append(column)
    return kept


def fit_by_reml(sums: AgentSums, largest: float) -> Fit:
    """Fit the model; columns have to be independent.

    Args:
        largest: standard deviation between agents beyond which nobody has to look.

    Raises:
        numpy.linalg.LinAlgError: without some agent the columns depend on each other.
    """
    found = minimize_scalar(
        lambda deviation: _deviance(sums, deviation**2),
        bounds=(0.0, largest),
        method="bounded",
        options={"xatol": SEARCH_TOLERANCE * largest},
    )
    tau2 = float(found.x) ** 2
    # The search never tries its bounds: agents may not differ at all.
    return _fit(sums, 0.0 if _deviance(sums, 0.0) <= found.fun else tau2)


def _fit(sums: AgentSums, tau2: float) -> Fit:
    shrink = _shrink(sums, tau2)
    xx = sums.xx - shrink[:, None, None] * sums.x[:, :, None] * sums.x[:, None, :]
    xy = sums.xy - (shrink * sums.y)[:, None] * sums.x
    all_xx, all_xy = xx.sum(axis=0), xy.sum(axis=0)
    inverse = np.linalg.inv(all_xx)
    coefficients = inverse @ all_xy
    without = np.linalg.solve(all_xx - xx, (all_xy - xy)[:, :, None])[:, :, 0]
    squares = float((sums.yy - shrink * sums.y**2).sum() - coefficients @ all_xy)
    return Fit(coefficients, without, inverse @ xx @ inverse, tau2, squares)


def _deviance(sums: AgentSums, tau2: float) -> float:
    """Minus twice the restricted log-likelihood, constants left out."""
    shrink = _shrink(sums, tau2)
    xx = sums.xx.sum(axis=0) - (sums.x * shrink[:, None]).T @ sums.x
    xy = sums.xy.sum(axis=0) - sums.x.T @ (shrink * sums.y)
    yy = (sums.yy - shrink * sums.y**2).sum()
    squares = yy - xy @ np.linalg.solve(xx, xy)
    return float(np.log1p(tau2 * sums.weight).sum() + np.linalg.slogdet(xx)[1] + squares)


def _shrink(sums: AgentSums, tau2: float) -> Floats:
    shrink: Floats = tau2 / (1 + tau2 * sums.weight)
    return shrink
