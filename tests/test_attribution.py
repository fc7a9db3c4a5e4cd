"""Why a metric changed: what adds up to what, what nobody can tell, and whom the truth agrees with."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl
import pytest

from bench.attribution import LEVEL, Result, result_of
from bench.made_up_teams import (
    CURVES,
    NORM_A_YEAR,
    REFERENCE,
    SCENARIOS,
    WINDOW,
    cells_of,
    days_of,
    first_calls,
    make_team,
    period,
    smooth,
)
from checks.attribution import Estimate, Part, decompose, standing_cost
from checks.team_mix import DailyMix, TeamMix
from checks.tenure import BANDS, Gap, stationary_team
from checks.tenure_curve import TenureCurve
from checks.tenure_fit import fit_tenure_curve

BEFORE, AFTER = date(1999, 3, 1), date(1999, 6, 7)  # Mondays
FALL = SCENARIOS[0]


def mix_of(start: date, rows: list[tuple[str, str, str | None, float, float]]) -> TeamMix:
    """Two weeks alike: reason, first day of tenure's band, label, share of contacts, rate."""
    frame = pl.DataFrame(
        [
            (day, reason, band, label, share * rate, share, share * days, share * days**2)
            for day in (start, start + timedelta(days=7))
            for reason, band, label, share, rate in rows
            for days in (float(band.split("-")[0].rstrip("+")),)
        ],
        schema=["day", "reason", "tenure_band", "hire_label", "numerator", "denominator",
                "tenure_days", "tenure_days_squared"],
        orient="row",
    )  # fmt: skip
    mix = DailyMix(frame).over(start, start + timedelta(days=13))
    assert mix
    return mix


@cache
def made_up(scenario: int = 0) -> pl.DataFrame:
    rng = np.random.default_rng(7)
    return first_calls(rng, make_team(rng, SCENARIOS[scenario]), smooth)


@cache
def learnt(scenario: int = 0) -> TenureCurve:
    curve = fit_tenure_curve(cells_of(made_up(scenario)), is_share=True)
    assert isinstance(curve, TenureCurve)
    return curve


def value(part: Estimate | Gap) -> float:
    assert isinstance(part, Estimate)
    return part.value


def test_a_change_of_shares_and_rates_splits_into_mix_and_rate() -> None:
    """Worked example 7 of the definitions; its groups are tenures, here they are reasons."""
    before = {"a": (0.20, 0.55), "b": (0.40, 0.70), "c": (0.40, 0.80)}
    after = {"a": (0.45, 0.53), "b": (0.35, 0.70), "c": (0.20, 0.79)}
    one = mix_of(BEFORE, [(name, "365+", None, *figures) for name, figures in before.items()])
    two = mix_of(AFTER, [(name, "365+", None, *figures) for name, figures in after.items()])
    parts = decompose(one, two, learnt(), LEVEL)
    assert value(parts[Part.CHANGE]) == pytest.approx(0.6415 - 0.71)
    assert value(parts[Part.REASON_MIX]) == pytest.approx(-0.059)
    assert value(parts[Part.PERFORMANCE]) == pytest.approx(-0.0095)


def test_a_reason_that_nobody_called_about_before_changes_the_mix_only() -> None:
    one = mix_of(BEFORE, [("a", "365+", None, 1.0, 0.8), ("b", "365+", None, 0.0, 0.0)])
    two = mix_of(AFTER, [("a", "365+", None, 0.5, 0.8), ("b", "365+", None, 0.5, 0.4)])
    parts = decompose(one, two, learnt(), LEVEL)
    assert value(parts[Part.REASON_MIX]) == pytest.approx(-0.2)
    assert value(parts[Part.PERFORMANCE]) == pytest.approx(0.0, abs=1e-15)


def test_the_curve_tells_what_more_novices_cost_by_whose_place_they_took() -> None:
    """A tenth more of the contacts by novices of the first day: half fill places, half add seats."""
    veterans = ("billing", "365+", None)
    one = mix_of(BEFORE, [(*veterans, 1.0, 0.7)])
    two = mix_of(
        AFTER,
        [
            (*veterans, 0.9, 0.7),
            ("billing", "0-29", "replacement", 0.05, 0.4),
            ("billing", "0-29", "growth", 0.05, 0.4),
        ],
    )
    parts = decompose(one, two, learnt(), LEVEL)
    loads = np.zeros((1, len(BANDS), 3))
    loads[0, 0, 0] = 1.0
    fortnight, error, _ = learnt().apply(("billing",), loads)
    assert fortnight == pytest.approx(smooth(np.array([14.5]))[0], abs=3 * error)
    loads[0, 0, 1] = -14.5 / 30
    first_day = learnt().apply(("billing",), loads).value
    assert value(parts[Part.REPLACEMENT]) == pytest.approx(0.05 * first_day)
    assert value(parts[Part.GROWTH]) == pytest.approx(0.05 * first_day)
    assert value(parts[Part.PERFORMANCE]) == pytest.approx(-0.03 - 0.1 * first_day)
    assert Part.EARLIER_HIRES not in parts


def test_hires_of_whom_nobody_knows_whose_place_they_took_stand_apart() -> None:
    one = mix_of(
        BEFORE, [("billing", "365+", None, 0.8, 0.7), ("billing", "0-29", "earlier", 0.2, 0.5)]
    )
    two = mix_of(AFTER, [("billing", "365+", None, 1.0, 0.7)])
    parts = decompose(one, two, learnt(), LEVEL)
    assert value(parts[Part.EARLIER_HIRES]) > 0.05
    assert value(parts[Part.GROWTH]) == value(parts[Part.REPLACEMENT]) == 0.0


def test_a_team_of_the_norms_turnover_that_only_replaces_costs_nothing_more() -> None:
    normal = stationary_team(NORM_A_YEAR)
    assert normal[0, 0] == pytest.approx(1 - np.exp(-NORM_A_YEAR * 30 / 365.25))
    assert normal[:, 0].sum() == pytest.approx(1 - np.exp(-NORM_A_YEAR * 365 / 365.25))
    window = period(days_of(made_up()), WINDOW)
    hires = np.zeros_like(window.hires)
    hires[0] = window.denominator.sum(axis=0)[:, None, None] * normal
    cost = standing_cost(replace(window, hires=hires), learnt(), NORM_A_YEAR, LEVEL)
    assert value(cost) == pytest.approx(0.0, abs=1e-12)
    assert value(standing_cost(replace(window, hires=hires), learnt(), 0.5, LEVEL)) < -0.02


def test_who_is_in_training_takes_no_calls_at_the_norm_either() -> None:
    """The first fortnight is nobody's: all tenures are fourteen days later, a little more veterans."""
    trained = stationary_team(NORM_A_YEAR, 14)
    assert trained[0, 0] == pytest.approx(1 - np.exp(-NORM_A_YEAR * 16 / 365.25))
    assert trained[0, 1] / trained[0, 0] == pytest.approx(7 / 30, abs=0.01)
    assert learnt().training_days == 0
    late = cells_of(made_up().filter(pl.col("tenure") >= 14))
    curve = fit_tenure_curve(late, is_share=True)
    assert isinstance(curve, TenureCurve)
    assert curve.training_days == 14


def test_reasons_that_are_learnt_differently_have_curves_of_their_own() -> None:
    """Of `line` there is no more to learn; of reasons learnt alike one curve is made."""
    rng = np.random.default_rng(7)
    team = make_team(rng, FALL)
    calls = first_calls(rng, team, smooth)
    known = pl.col("numerator") - (pl.col("denominator") * pl.col("gain")).round()
    easy = calls.with_columns(
        numerator=pl.when(pl.col("reason") == "line").then(known).otherwise("numerator")
    )
    curve = fit_tenure_curve(cells_of(easy), is_share=True)
    assert isinstance(curve, TenureCurve)
    assert curve.has_own_curves
    assert not learnt().has_own_curves
    window = period(days_of(easy), WINDOW)
    hires = np.zeros_like(window.hires)
    hires[0, :, 0, 0] = window.denominator.sum(axis=0)
    for reason, expected in enumerate((-0.28, 0.0)):
        loads = np.zeros((2, len(BANDS), 3))
        loads[reason, 0, 0] = 1.0
        assert curve.apply(window.reasons, loads).value == pytest.approx(expected, abs=0.03)
    loads = np.zeros((1, len(BANDS), 3))
    loads[0, 0, 0] = 1.0
    assert curve.apply(("another",), loads).value == pytest.approx(-0.14, abs=0.03)


def test_handle_time_is_weighed_by_how_calls_differ_within_cells() -> None:
    """Novices take 120 s more on the first day; calls differ by 200 s whoever takes them."""
    rng = np.random.default_rng(3)
    cells = cells_of(made_up())
    n = cells["denominator"].to_numpy()
    mean = 300 - 400 * smooth((cells["tenure_days"] / cells["denominator"]).to_numpy())
    seconds = n * mean + rng.normal(0, 200, len(n)) * n**0.5
    spread = (n - 1) * 200**2 + seconds**2 / n
    curve = fit_tenure_curve(
        cells.with_columns(numerator=pl.Series(seconds), squares=pl.Series(spread)), is_share=False
    )
    assert isinstance(curve, TenureCurve)
    loads = np.zeros((1, len(BANDS), 3))
    loads[0, 0, :2] = 1.0, -14.5 / 30
    found = curve.apply(("billing",), loads)
    assert found.value == pytest.approx(120, abs=3 * found.error)
    assert found.error < 6


def test_too_little_to_go_by_is_said_and_no_figure_made_up() -> None:
    cells = cells_of(made_up())
    few = cells.filter(pl.col("tenure_band") != "365+", pl.col("tenure_band") != "180-364")
    assert fit_tenure_curve(few, is_share=True) is Gap.TOO_FEW_VETERANS
    assert fit_tenure_curve(cells.clear(), is_share=True) is Gap.TOO_FEW_VETERANS
    old = cells.filter(pl.col("tenure_band") != "0-29")
    assert fit_tenure_curve(old, is_share=True) is Gap.TOO_FEW_LEARNERS
    days = days_of(made_up())
    reference, window = period(days, REFERENCE), period(days, WINDOW)
    assert standing_cost(window, learnt(), None, LEVEL) is Gap.NO_TURNOVER_NORM
    dark = replace(window, off_roster=0.2 * window.contacts)
    assert standing_cost(dark, learnt(), NORM_A_YEAR, LEVEL) is Gap.TOO_FEW_ON_ROSTER
    parts = decompose(reference, dark, learnt(), LEVEL)
    assert isinstance(parts[Part.REASON_MIX], Estimate)
    assert parts[Part.REPLACEMENT] is parts[Part.PERFORMANCE] is Gap.TOO_FEW_ON_ROSTER
    assert days.over(date(1997, 1, 1), date(1997, 1, 28)) is None


def test_where_hardly_anybody_stays_a_year_half_a_year_makes_a_veteran() -> None:
    cells = cells_of(made_up(1))
    veterans = cells.filter(pl.col("tenure_band") == "365+")["agent_id"].unique().sort()[4:]
    rest = cells.filter(
        (pl.col("tenure_band") != "365+") | ~pl.col("agent_id").is_in(veterans.implode())
    )
    curve = fit_tenure_curve(rest, is_share=True)
    assert isinstance(curve, TenureCurve)
    assert curve.veterans_from == 180
    loads = np.zeros((1, len(BANDS), 3))
    loads[0, 3] = 1.0
    assert curve.apply(("billing",), loads).value == 0.0


@cache
def results(scenario: int) -> list[Result]:
    return [result_of(SCENARIOS[scenario], CURVES["smooth"], seed) for seed in range(100, 108)]


@pytest.mark.parametrize("scenario", range(len(SCENARIOS)))
def test_parts_add_up_and_the_truth_lies_inside_the_intervals(scenario: int) -> None:
    """Few seeds of bench/attribution.py: most intervals hold the truth, and none misses by far."""
    assert max(result.failure for result in results(scenario)) < 1e-12
    for part in (Part.REPLACEMENT, Part.GROWTH, Part.STANDING_COST):
        found = [(r.found[part], r.truth[part]) for r in results(scenario)]
        assert sum(f.low <= truth <= f.high for f, truth in found) >= len(found) - 2
        assert all(abs(f.value - truth) <= 5 * f.error for f, truth in found)


def test_turnover_that_harms_is_seen_and_growth_is_not_taken_for_it() -> None:
    assert all(result.would_fire for result in results(0))
    assert not any(result.would_fire for result in results(2))
