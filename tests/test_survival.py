"""Survival of tenure: equal to SciPy's and to published figures, and right about late comers."""

import numpy as np
import pytest
from scipy import stats

from checks.intervals import garwood
from checks.survival import (
    Stays,
    kaplan_meier,
    log_rank,
    median,
    settled_novice_share,
    settled_share_of_rate,
)

SEED = 19580101
ENDED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def stays(ended: list[int], censored: list[int], entered: list[int] | None = None) -> Stays:
    """At risk and gone by day; `entered`: the day of tenure from which on each is seen."""
    last = [*ended, *censored]
    first = entered or [0] * len(last)
    days = np.arange(max(last) + 1)
    risk = sum((days >= a) & (days <= b) for a, b in zip(first, last, strict=True))
    gone = np.bincount(ended, minlength=len(days))
    return Stays(np.asarray(risk, dtype=np.float64), gone.astype(np.float64))


def test_a_published_example() -> None:
    """Remissions of leukaemia (Freireich et al. 1963), as every textbook has them."""
    survival = kaplan_meier(stays(ENDED, CENSORED)).survival
    found = [round(float(survival[day]), 4) for day in (6, 7, 10, 13, 16, 22, 23)]
    assert found == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]


def test_curve_and_band_are_scipys() -> None:
    curve = kaplan_meier(stays(ENDED, CENSORED))
    sample = stats.CensoredData(uncensored=ENDED, right=CENSORED)
    theirs = stats.ecdf(sample).sf
    band = theirs.confidence_interval(method="log-log")
    places = theirs.quantiles.astype(int)
    assert curve.survival[places] == pytest.approx(theirs.probabilities, rel=1e-12)
    assert curve.low[places] == pytest.approx(band.low.probabilities, rel=1e-12, nan_ok=True)
    assert curve.high[places] == pytest.approx(band.high.probabilities, rel=1e-12, nan_ok=True)


def test_the_median_is_where_half_are_gone() -> None:
    """Published: 23 weeks with treatment, 8 without."""
    assert median(kaplan_meier(stays(ENDED, CENSORED))).value == 23
    found = median(kaplan_meier(stays(PLACEBO, [])))
    assert found.value == 8
    assert found.low is not None
    assert found.high is not None
    assert found.low < 8 < found.high
    assert median(kaplan_meier(stays([5], [30] * 9))).value is None


def test_the_log_rank_test_is_scipys_and_published() -> None:
    """16.79 on one degree of freedom in the textbooks."""
    treated, placebo = stays(ENDED, CENSORED), stays(PLACEBO, [])
    found = log_rank([treated, placebo])
    theirs = stats.logrank(stats.CensoredData(uncensored=ENDED, right=CENSORED), PLACEBO)
    assert found is not None
    assert found.statistic == pytest.approx(theirs.statistic**2, rel=1e-12)
    assert found.p == pytest.approx(theirs.pvalue, rel=1e-9)
    assert round(found.statistic, 2) == 16.79


def test_three_groups_have_two_degrees_of_freedom() -> None:
    """Two groups alike and a third: the order does not matter, and equal groups do not differ."""
    treated, placebo = stays(ENDED, CENSORED), stays(PLACEBO, [])
    found = log_rank([treated, placebo, treated])
    again = log_rank([placebo, treated, treated])
    assert found is not None
    assert again is not None
    assert found.degrees == 2
    assert found.statistic == pytest.approx(again.statistic, rel=1e-9)
    same = log_rank([treated, treated])
    assert same is not None
    assert same.p == pytest.approx(1.0)
    assert log_rank([treated]) is None
    assert log_rank([stays([], [5]), stays([], [7])]) is None


def test_who_was_there_before_is_at_risk_from_then_on() -> None:
    """Of 4,000 exponential stays of 200 days, those still there are seen from a random day on.

    Counting them from their first day would make the curve too high.
    """
    rng = np.random.default_rng(SEED)
    length = rng.geometric(1 / 200, 4000) - 1
    entered = rng.integers(0, 300, 4000)
    seen = length >= entered
    curve = kaplan_meier(stays(length[seen].tolist(), [], entered[seen].tolist()))
    assert curve.survival[199] == pytest.approx((1 - 1 / 200) ** 200, abs=0.03)


def test_the_share_of_novices_settles_as_renewal_says() -> None:
    """Where people leave at one rate whatever their tenure: 1 - exp(-L a)."""
    days, rate = np.arange(1000), 1.2 / 365.25
    risk = np.asarray(1e6 * (1 - rate) ** days, dtype=np.float64)
    found = settled_novice_share(Stays(risk, risk * rate))
    assert found.value == pytest.approx(1 - np.exp(-1.2 * 90 / 365.25), abs=2e-3)
    low, high = garwood(np.array([24.0]), np.array([20.0]), 0.95)
    rated = settled_share_of_rate(24, 20)
    assert rated.value == pytest.approx(1 - np.exp(-1.2 * 90 / 365.25), rel=1e-12)
    assert rated.low == pytest.approx(1 - np.exp(-low[0] * 90 / 365.25), rel=1e-12)
    assert rated.high == pytest.approx(1 - np.exp(-high[0] * 90 / 365.25), rel=1e-12)


def test_early_departures_make_fewer_novices_than_the_rate_alone_says() -> None:
    """Who leaves at once is no novice for long: the curve knows, the rate does not."""
    risk = np.concatenate([np.full(30, 100.0), np.full(970, 60.0)])
    gone = np.zeros(1000)
    gone[29], gone[500:1000:25] = 40.0, 1.0
    curve = settled_novice_share(Stays(risk, gone))
    rate = settled_share_of_rate(float(gone.sum()), float(risk.sum()) / 365.25)
    assert curve.value is not None
    assert rate.value is not None
    assert curve.value < rate.value


def test_the_interval_of_the_settled_share_covers() -> None:
    """Teams of 25 over a year, many times: the true share lies in 90 to 99 % of the intervals."""
    rng = np.random.default_rng(SEED)
    days = np.arange(720)
    hazard = np.where(days < 90, 0.006, 0.003)
    survival = np.cumprod(1 - hazard)
    there = np.concatenate([[1.0], survival[:-1]])
    truth = there[:90].sum() / (there.sum() + survival[-1] / 0.003)
    risk = np.asarray(25 * 365 * there / there.sum(), dtype=np.float64)
    covered = 0
    for _ in range(400):
        found = settled_novice_share(Stays(risk, rng.poisson(risk * hazard).astype(np.float64)))
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= truth <= found.high
    assert 0.90 <= covered / 400 <= 0.99


def test_what_cannot_be_told_is_not_told() -> None:
    """A team of five months; one of which nobody with experience has left."""
    young = Stays(np.full(150, 20.0), np.eye(1, 150, 40)[0])
    loyal = Stays(np.full(500, 20.0), np.eye(1, 500, 40)[0])
    assert settled_novice_share(young).value is None
    assert settled_novice_share(loyal).value is None
