"""The bench of the alerts judges as nights do, on services that are what it says they are."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from bench.alert_methods import METRIC, MONDAY, breached, detector
from bench.alert_quality import SERVICES
from bench.simulated_days import Service, simulate
from checks.policy import Norm, Policy
from checks.policy_grammar import Direction, NormKind
from checks.shifts import REFERENCE_DAYS
from checks.verdicts import SiteFacts, State, Verdict, judge

FALLEN = np.concatenate([np.zeros(300), np.full(60, 1.2), np.full(80, -0.8)])


def nights_of(service: Service) -> tuple[list[Verdict], np.ndarray, np.ndarray]:
    """Every night after the reference as it is judged; detector and breach as the bench has them."""
    y, n = simulate(service, FALLEN, 1, np.random.default_rng(11))
    norm = Norm(
        metric=METRIC,
        metric_kind="proportion",
        scope_kind="all",
        scope="all",
        direction=Direction.AT_MOST if service.is_low_good else Direction.AT_LEAST,
        target=service.target,
        window="rolling_28",
        kind=NormKind.QUALITY,
        min_denominator=1,
        why="simulated",
        level=0.95,
    )
    days = [MONDAY + timedelta(days=number) for number in range(len(FALLEN))]
    frame = pl.DataFrame({"day": days, "numerator": y[0], "denominator": n[0]}).select(
        pl.lit(METRIC).alias("metric"),
        pl.lit("all").alias("scope_kind"),
        pl.lit("all").alias("scope"),
        "day",
        "numerator",
        "denominator",
    )
    site = SiteFacts(frozenset(days), {}, {METRIC: "1"})
    verdicts = judge(frame, Policy((norm,), (), "1"), days[REFERENCE_DAYS:], {}, site)
    tested = slice(REFERENCE_DAYS, None)
    return verdicts, detector(service, y, n)[0, tested], breached(service, y, n)[0, tested]


@pytest.mark.parametrize("service", SERVICES[::2], ids=lambda service: str(service.target))
def test_the_bench_judges_as_nights_do(service: Service) -> None:
    verdicts, detected, is_breached = nights_of(service)
    assert [v.state is State.BREACHED for v in verdicts] == is_breached.tolist()
    assert is_breached.any()
    # A recovery from a breach begins the charts anew, which the bench never lets come to that.
    recovered = next(i for i, v in enumerate(verdicts) if v.charted_after)
    assert [v.is_detected for v in verdicts[:recovered]] == detected[:recovered].tolist()
    assert detected.any()


@pytest.mark.parametrize("service", SERVICES, ids=str)
def test_simulated_services_are_what_they_are_said_to_be(service: Service) -> None:
    random = np.random.default_rng(2)
    y, n = simulate(service, np.zeros(364), 300, random)
    assert y.sum() / n.sum() == pytest.approx(service.target, abs=0.1 * service.daily_deviation)
    deviations = service.deviations(y, n)
    assert deviations.mean() == pytest.approx(0, abs=0.02)
    assert deviations.std() == pytest.approx(1, abs=0.05)
    lag_one = np.mean(deviations[:, 1:] * deviations[:, :-1])
    assert lag_one == pytest.approx(service.daily_correlation, abs=0.03)
    worse, contacts = simulate(service, np.ones(364), 300, random)
    assert service.deviations(worse, contacts).mean() == pytest.approx(1, abs=0.05)
    assert replace(service, autocorrelation=0.0).daily_correlation == 0
