"""Control charts: references, limits that know the weekday, signals, and the icons."""

from datetime import date, timedelta
from itertools import pairwise
from statistics import fmean

import pytest

from dashboards.control import (
    FAR,
    REFERENCE,
    Judged,
    Observation,
    Signal,
    assurance,
    judge,
    variation,
)

MONDAY = date(2000, 1, 3)


def weeks(values: list[float], start: date = MONDAY) -> list[Observation]:
    return [
        Observation(start + timedelta(weeks=number), value) for number, value in enumerate(values)
    ]


def steady(count: int = 26) -> list[float]:
    """Ten up and ten down in turn around 100: a mean moving range of 20."""
    return [110.0 if number % 2 else 90.0 for number in range(count)]


def signals(values: list[float]) -> list[Signal | None]:
    """The signals of what comes after a steady half-year."""
    return [one.signal for one in judge(weeks(steady() + values), "week", [])][26:]


def test_limits_are_those_of_an_individuals_chart() -> None:
    """2.66 mean moving ranges on both sides of the mean (Wheeler)."""
    (first, *_) = judge(weeks(steady()), "week", [])
    assert first.reference is not None
    assert first.reference.mean(MONDAY) == 100
    low, high = first.reference.limits(MONDAY)
    assert (low, high) == pytest.approx((100 - 2.66 * 20, 100 + 2.66 * 20), abs=0.02)


def test_the_reference_is_the_beginning_and_never_what_is_judged_by_it() -> None:
    before = judge(weeks(steady()), "week", [])[0].reference
    after = judge(weeks(steady() + [500.0] * 40), "week", [])
    assert {one.reference for one in after} == {before}


def test_no_limits_on_too_few_points() -> None:
    assert {one.reference for one in judge(weeks(steady(12)), "week", [])} == {None}
    assert {one.reference is None for one in judge(weeks(steady(13)), "week", [])} == {False}


def test_a_dated_change_begins_a_new_reference_and_nothing_else_does() -> None:
    moved = weeks(steady() + [value + 300 for value in steady()])
    change = MONDAY + timedelta(weeks=26)
    old, new = (judge(moved, "week", [change])[place].reference for place in (0, -1))
    assert old is not None
    assert new is not None
    assert (old.mean(MONDAY), new.mean(MONDAY)) == (100, 400)
    assert all(one.signal is None for one in judge(moved, "week", [change]))


def test_limits_by_day_know_the_weekday() -> None:
    """A Sunday at half the level of other days is no signal; the same figure on a Monday is one."""
    days = [
        Observation(day, (50.0 if day.weekday() == 6 else 100.0) + number % 3)
        for number in range(200)
        for day in [MONDAY + timedelta(days=number)]
    ]
    assert {one.signal for one in judge(days, "day", [])} == {None}
    odd = [*days[:-4], Observation(days[-4].start, 51.0), *days[-3:]]
    assert odd[-4].start.weekday() != 6
    assert judge(odd, "day", [])[-4].signal is Signal.BEYOND


# 100 is the mean, 20 / 1.128 = 17.7 a standard deviation.
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([150.0], [None]),
        ([154.0], [Signal.BEYOND]),
        ([46.0], [Signal.BEYOND]),
        ([101.0, 104.0] * 3, [None] * 6),
        ([101.0, 104.0] * 3 + [101.0], [Signal.SHIFT] * 7),
        ([101.0, 104.0, 99.0] + [101.0, 104.0] * 2, [None] * 7),
        ([94.0, 96.0, 98.0, 99.0, 101.0, 103.0, 106.0], [Signal.TREND] * 7),
        ([106.0, 103.0, 101.0, 99.0, 98.0, 96.0, 94.0], [Signal.TREND] * 7),
        ([140.0, 101.0, 139.0], [Signal.NEAR_LIMIT, None, Signal.NEAR_LIMIT]),
        ([140.0, 99.0, 139.0], [None, None, None]),
    ],
)
def test_signals_are_those_of_making_data_count(
    values: list[float], expected: list[Signal | None]
) -> None:
    # What stands before ends above the mean; a value below it keeps runs apart.
    assert signals([99.0, *values])[1:] == expected


def judged(*values: float) -> list[Judged]:
    return judge(weeks([*steady(), *values]), "week", [])


def test_the_variation_icon_says_whether_a_change_is_good() -> None:
    assert variation(judged(99.0), "at_least") == "common"
    assert variation(judged(200.0), "at_least") == "improving_high"
    assert variation(judged(200.0), "at_most") == "concerning_high"
    assert variation(judged(0.0), "at_least") == "concerning_low"
    assert variation(judged(0.0), None) == "neither_low"
    assert variation(judge(weeks(steady(5)), "week", []), "at_least") == "unknown"
    assert variation([], "at_least") == "unknown"


@pytest.mark.parametrize(
    ("target", "direction", "expected"),
    [
        (40.0, "at_least", "pass"),
        (40.0, "at_most", "fail"),
        (160.0, "at_least", "fail"),
        (160.0, "at_most", "pass"),
        (100.0, "at_least", "hit_or_miss"),
        (None, "at_least", None),
    ],
)
def test_the_assurance_icon_says_whether_the_target_will_be_kept(
    target: float | None, direction: str, expected: str | None
) -> None:
    assert assurance(judged(99.0), target, direction) == expected


def test_there_is_no_forecast_while_the_process_changes() -> None:
    assert assurance(judged(200.0), 100.0, "at_least") == "changing"


def test_a_series_without_any_variation_has_limits_on_its_mean() -> None:
    flat = judge(weeks([5.0] * 26 + [5.0, 6.0]), "week", [])
    assert [one.signal for one in flat[-2:]] == [None, Signal.BEYOND]


def test_the_deviation_is_that_of_the_moving_ranges_not_of_the_whole() -> None:
    """A slow drift within the reference must not widen the limits that are there to show it."""
    drifting = [float(number) for number in range(REFERENCE["week"])]
    reference = judge(weeks(drifting), "week", [])[0].reference
    assert reference is not None
    ranges = fmean(abs(after - before) for before, after in pairwise(drifting))
    assert reference.deviation == pytest.approx(ranges / 1.128)
    upper = reference.mean(MONDAY) + FAR * reference.deviation
    assert reference.limits(MONDAY)[1] == pytest.approx(upper)
