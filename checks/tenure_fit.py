"""How what tenure does to a metric is learnt: how far learners are from the veterans.

    y(agent, reason, band, block) = alpha_reason + beta_block + gamma_band(tenure) + u_agent + e

over the whole history, a block being 91 days. gamma has a height and a slope in each band, and a
bend in the longest (`tenure.LEARNT`). Were it only a height, learning within a band would be taken
for better and better blocks, and a fifth of what tenure does would be lost (docs/attribution.md).
gamma of the veterans is 0 on average, and fades in their second year; they are agents of 365 days
and more, or of 180 where fewer than 5 were ever seen so long. Var e is the cell's sampling
variance: p (1 - p) / n with p of all agents in the same reason and band, or their variance within
cells / n. A cell's own would weigh cells by their luck.
"""

import numpy as np
import polars as pl
from scipy.special import fdtrc

from checks.intervals import Floats
from checks.mixed_model import Fit, agent_sums, fit_by_reml, independent_columns
from checks.tenure import (
    BANDS,
    EARLY_VETERAN_DAYS,
    LEARNT,
    MIN_AGENTS,
    STARTS,
    VETERAN_DAYS,
    VETERANS,
    Gap,
    shape_in_band,
)
from checks.tenure_curve import BANDS_LEARNT, TenureCurve

NEW = BANDS[:2]  # seen in their first three months, agents were seen to begin
LEAST_FREEDOM = 3  # with less, Student's t is so wide that the interval says nothing
NOT_HEIGHT = np.array([False, True, True])
OWN_CURVES_LEVEL = 0.01  # of the F test; once in a hundred, reasons that learn alike are kept apart


def fit_tenure_curve(cells: pl.DataFrame, *, is_share: bool) -> TenureCurve | Gap:
    """Fit the curve, or say why it cannot be.

    Args:
        cells: agent_id, reason, tenure_band, block_start, numerator, denominator (calls), squares,
            tenure_days and tenure_days_squared (sums over the calls, of the squares of what they
            count and of their agents' tenure) and first_tenure_days (the least of them); the whole
            history of one metric.
        is_share: whether each call counts 0 or 1.
    """
    known = pl.col("tenure_band").is_in([*BANDS, *VETERANS]) & pl.col("agent_id").is_not_null()
    cells = cells.filter(known).sort("agent_id", "reason", "tenure_band", "block_start")
    veterans_from = _veterans_from(cells)
    if veterans_from is None:
        return Gap.TOO_FEW_VETERANS
    cells = _without_small_groups(_without_small_groups(cells, "reason"), "block_start")
    learning = [band for band, start in zip(BANDS, STARTS, strict=True) if start < veterans_from]
    learners = _agents(cells, BANDS)
    is_thin = any(_agents(cells, [band]) < MIN_AGENTS for band in learning)
    if is_thin or learners - BANDS_LEARNT < LEAST_FREEDOM:
        return Gap.TOO_FEW_LEARNERS
    try:
        return _fit_curve(_with_variance(cells, is_share=is_share), learning, learners)
    except np.linalg.LinAlgError:
        return Gap.NOT_ESTIMABLE


def _veterans_from(cells: pl.DataFrame) -> int | None:
    if _agents(cells, VETERANS) >= MIN_AGENTS:
        return VETERAN_DAYS
    if _agents(cells, (*BANDS[-1:], *VETERANS)) >= MIN_AGENTS:
        return EARLY_VETERAN_DAYS
    return None


def _agents(cells: pl.DataFrame, bands: list[str] | tuple[str, ...]) -> int:
    return cells.filter(pl.col("tenure_band").is_in(bands))["agent_id"].n_unique()


def _without_small_groups(cells: pl.DataFrame, column: str) -> pl.DataFrame:
    """Leave out groups of a handful of agents: one agent less must not make one disappear."""
    return cells.filter(pl.col("agent_id").n_unique().over(column) >= MIN_AGENTS)


def _with_variance(cells: pl.DataFrame, *, is_share: bool) -> pl.DataFrame:
    """Add `y` and `variance`; cells of a reason and band without any spread are left out."""
    group = ["reason", "tenure_band"]
    numerator, denominator = pl.col("numerator"), pl.col("denominator")
    if is_share:
        share = ((numerator.sum() + 0.5) / (denominator.sum() + 1)).over(group)
        one = share * (1 - share)
    else:
        within = (pl.col("squares") - numerator**2 / denominator).sum().over(group)
        one = within / (denominator - 1).sum().over(group)
    found = cells.with_columns(y=numerator / denominator, variance=one / denominator)
    return found.filter(pl.col("variance").is_finite(), pl.col("variance") > 0)


def _fit_curve(cells: pl.DataFrame, learning: list[str], learners: int) -> TenureCurve:
    reasons = cells["reason"].unique().sort().to_list()
    fit, has_own = _fit(cells, reasons, learning, own_curves=False), False
    if len(reasons) > 1 and _every_reason_was_learnt(cells, learning, len(reasons)):
        by_reason = _fit(cells, reasons, learning, own_curves=True)
        has_own = _learns_differently(fit, by_reason, cells.height)
        fit = by_reason if has_own else fit
    return TenureCurve(
        reasons=tuple(reasons),
        has_own_curves=has_own,
        fit=fit,
        learners=learners,
        veterans_from=VETERAN_DAYS if len(learning) == len(BANDS) else EARLY_VETERAN_DAYS,
        cells=cells.height,
        training_days=_training_days(cells),
    )


def _training_days(cells: pl.DataFrame) -> int:
    new = cells.filter(pl.col("tenure_band").is_in(NEW))
    first = new.group_by("agent_id").agg(pl.col("first_tenure_days").min())["first_tenure_days"]
    return int(np.median(first.to_numpy()))


def _every_reason_was_learnt(cells: pl.DataFrame, learning: list[str], reasons: int) -> bool:
    """Whether enough agents were seen in every band and reason for a curve of its own."""
    seen = (
        cells.filter(pl.col("tenure_band").is_in(learning))
        .group_by("reason", "tenure_band")
        .agg(agents=pl.col("agent_id").n_unique())
    )
    return seen.filter(pl.col("agents") >= MIN_AGENTS).height == reasons * len(learning)


def _fit(cells: pl.DataFrame, reasons: list[str], learning: list[str], *, own_curves: bool) -> Fit:
    """The coefficients of the curve only: for each reason that has one, each band's two."""
    reason = cells["reason"].to_numpy()[:, None] == np.array(reasons)
    block = cells["block_start"].to_numpy()[:, None] == np.unique(cells["block_start"].to_numpy())
    # What veterans still learn must not pass for better and better blocks.
    is_learning = LEARNT & np.isin(BANDS, learning)[:, None]
    gamma = _gamma_columns(cells)
    nuisance = np.column_stack([gamma[:, LEARNT & ~is_learning & NOT_HEIGHT], _second_year(cells)])
    curve = gamma[:, is_learning]
    if own_curves:
        curve = (reason[:, :, None] * curve[:, None, :]).reshape(len(curve), -1)
    x = np.hstack([reason, block, nuisance, curve]).astype(np.float64)
    agent = cells["agent_id"].rank("dense").to_numpy().astype(np.int64) - 1
    y, variance = cells["y"].to_numpy(), cells["variance"].to_numpy()

    kept = independent_columns((x / variance[:, None]).T @ x)
    if sum(column >= x.shape[1] - curve.shape[1] for column in kept) < curve.shape[1]:
        raise np.linalg.LinAlgError("what tenure does cannot be told from reasons and blocks")
    fit = fit_by_reml(agent_sums(x[:, kept], y, variance, agent), largest=2 * float(y.std()))
    return fit.of(slice(-curve.shape[1], None))


def _gamma_columns(cells: pl.DataFrame) -> Floats:
    """(cells, bands of BANDS, 3): the shape of the cell's calls in its band, 0 in others."""
    mean = cells.select(pl.col("tenure_days", "tenure_days_squared") / pl.col("denominator"))
    band = cells["tenure_band"].to_numpy()[:, None] == np.array(BANDS)
    number = band.argmax(axis=1)
    days, squares = mean.to_numpy().T
    shape = shape_in_band(days, squares, number)
    return np.where(band[:, :, None], shape[:, None, :], 0.0)


def _second_year(cells: pl.DataFrame) -> Floats:
    """(cells,): what veterans have still to learn, fading until the end of their second year.

    0 on average over their calls, so that gamma is a difference from the average veteran.
    """
    calls = cells["denominator"].to_numpy()
    days = cells["tenure_days"].to_numpy() / calls - VETERAN_DAYS
    left = np.clip(1 - days / VETERAN_DAYS, 0.0, 1.0) ** 2
    is_veteran = days >= 0
    mean = np.average(left[is_veteran], weights=calls[is_veteran]) if is_veteran.any() else 0.0
    return np.where(is_veteran, left - mean, 0.0)


def _learns_differently(one_curve: Fit, by_reason: Fit, cells: int) -> bool:
    """F test of a curve for each reason against one for all.

    The scale is what the cells differ by beyond their sampling variance, at least 1
    (McCullagh and Nelder, Generalized Linear Models, 1989, section 4.5).
    """
    more = len(by_reason.coefficients) - len(one_curve.coefficients)
    left = cells - len(by_reason.coefficients)
    scale = max(by_reason.squares / left, 1.0)
    statistic = max(one_curve.squares - by_reason.squares, 0.0) / more / scale
    return bool(fdtrc(more, left, statistic) < OWN_CURVES_LEVEL)
