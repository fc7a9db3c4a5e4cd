"""The mixed model against its textbook form: dense covariances, agents left out one by one."""

import numpy as np
import pytest

from checks.intervals import Floats, Ints
from checks.mixed_model import agent_sums, fit_by_reml, independent_columns

SEED = 19990401
AGENTS, CELLS, COLUMNS = 9, 70, 4


def sample() -> tuple[Floats, Floats, Floats, Ints]:
    rng = np.random.default_rng(SEED)
    agent = rng.permutation(
        np.concatenate([np.arange(AGENTS), rng.integers(AGENTS, size=CELLS - AGENTS)])
    )
    x = np.column_stack([np.ones(CELLS), rng.normal(size=(CELLS, COLUMNS - 1))])
    variance = rng.uniform(0.5, 2.0, CELLS)
    y = x @ rng.normal(size=COLUMNS) + rng.normal(0, 1.5, AGENTS)[agent]
    return x, y + rng.normal(size=CELLS) * variance**0.5, variance, agent


def dense(x: Floats, y: Floats, variance: Floats, agent: Ints, tau2: float) -> tuple[Floats, float]:
    """Generalised least squares, and minus twice the restricted log-likelihood."""
    same = agent[:, None] == agent[None, :]
    inverse = np.linalg.inv(np.diag(variance) + tau2 * same)
    xx = x.T @ inverse @ x
    found = np.asarray(np.linalg.solve(xx, x.T @ inverse @ y), dtype=np.float64)
    left = y - x @ found
    deviance = np.linalg.slogdet(np.diag(variance) + tau2 * same)[1] + np.linalg.slogdet(xx)[1]
    return found, float(deviance + left @ inverse @ left)


def test_coefficients_are_those_of_generalised_least_squares_with_everyone_and_without_each() -> (
    None
):
    x, y, variance, agent = sample()
    fit = fit_by_reml(agent_sums(x, y, variance, agent), largest=5.0)
    np.testing.assert_allclose(
        fit.coefficients, dense(x, y, variance, agent, fit.tau2)[0], rtol=1e-9
    )
    for left_out in range(AGENTS):
        rest = agent != left_out
        expected, _ = dense(x[rest], y[rest], variance[rest], agent[rest], fit.tau2)
        np.testing.assert_allclose(fit.without[left_out], expected, rtol=1e-9)


def test_the_variance_between_agents_is_the_likeliest() -> None:
    x, y, variance, agent = sample()
    fit = fit_by_reml(agent_sums(x, y, variance, agent), largest=5.0)
    best = dense(x, y, variance, agent, fit.tau2)[1]
    others = [dense(x, y, variance, agent, tau**2)[1] for tau in np.linspace(0, 5, 101)]
    assert 1.0 < fit.tau2 < 4.0
    assert best <= min(others) + 1e-6


def test_agents_who_do_not_differ_have_no_variance_between_them() -> None:
    x, _, variance, agent = sample()
    y = x @ np.arange(COLUMNS) + np.tile([0.1, -0.1], CELLS // 2)
    assert fit_by_reml(agent_sums(x, y, variance, agent), largest=5.0).tau2 == 0.0


def test_what_agents_add_to_the_covariance_is_the_covariance() -> None:
    x, y, variance, agent = sample()
    fit = fit_by_reml(agent_sums(x, y, variance, agent), largest=5.0)
    same = agent[:, None] == agent[None, :]
    inverse = np.linalg.inv(np.diag(variance) + fit.tau2 * same)
    np.testing.assert_allclose(fit.spread.sum(axis=0), np.linalg.inv(x.T @ inverse @ x), rtol=1e-8)


@pytest.mark.parametrize(("column", "kept"), [(0, [0, 1, 2, 3]), (2, [0, 1, 2, 3])])
def test_a_column_that_follows_from_those_before_it_is_found(column: int, kept: list[int]) -> None:
    x, *_ = sample()
    wide = np.column_stack([x, 2 * x[:, column] - x[:, 1]])
    assert independent_columns(wide.T @ wide) == kept
