"""Provisional first-call resolution: against a slow loop, chance itself, and the real pipeline."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from math import sqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest
from nights import NightSite
from scipy import stats

from checks.provisional import MIN_OPENERS, fill_provisional, history_days
from flows.tasks import fill_in_estimates
from warehouse import connect
from warehouse.ledger import made_from
from warehouse.manifest import read_manifest
from warehouse.models import models_hash
from warehouse.night import renew

FCR = "first_call_resolution"
FIRST = date(2024, 1, 1)
W = 7
Scope = tuple[str, str]
ALL = ("all", "all")
PERIOD = {
    "metric": pl.String,
    "grain": pl.String,
    "period_start": pl.Date,
    "period_end": pl.Date,
    "scope_kind": pl.String,
    "scope": pl.String,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "provisional": pl.Float64,
    "provisional_low": pl.Float64,
    "provisional_high": pl.Float64,
    "is_final": pl.Boolean,
    "is_suppressed": pl.Boolean,
    "definition_version": pl.String,
}


class Openers(NamedTuple):
    """How many openers of each day (0 is `FIRST`) repeated after so many days; the last: never."""

    scope: Scope
    counts: np.ndarray[tuple[int, ...], np.dtype[np.int64]]  # day x days to the repeat, 0 to W

    @property
    def window(self) -> int:
        return self.counts.shape[1] - 2


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def known(openers: list[Openers], as_of: int) -> pl.DataFrame:
    """The openers as a night knows them: no repeat that comes later, none mature before W days."""
    window = openers[0].window
    rows = [
        (*scope, day(d), d + window <= as_of, after if after <= as_of - d else None, int(n))
        for scope, counts in openers
        for d in range(max(0, as_of - history_days(window)), as_of + 1)
        for after, n in enumerate(counts[d])
        if n
    ]
    columns = ["scope_kind", "scope", "day", "is_mature", "repeated_after_days", "openers"]
    return (
        pl.DataFrame(rows, schema=columns, orient="row")
        .with_columns(pl.col("repeated_after_days").replace(window + 1, None).cast(pl.Int64))
        .group_by(columns[:-1], maintain_order=True)
        .agg(pl.sum("openers"))
    )


def period(openers: list[Openers], as_of: int, spans: list[tuple[str, int, int]]) -> pl.DataFrame:
    """Rows (grain, first and last day) as the models leave them: with the mature openers only."""
    rows = []
    for scope, counts in openers:
        for grain, first, last in spans:
            mature = counts[first : max(first, min(last, as_of - openers[0].window) + 1)]
            y, n = float(mature[:, -1].sum()), float(mature.sum())
            figures = (y, n, y / n if n else None, None, None, None, None, None)
            rows.append((FCR, grain, day(first), day(last), *scope, *figures, False, False, "v1"))
    return pl.DataFrame(rows, schema=PERIOD, orient="row")


def chance(days: int, seed: int, mean: int = 400, scope: Scope = ALL, window: int = W) -> Openers:
    """Customers of a service with a weekly rhythm, whose days differ by more than luck.

    The four in ten who were not helped call again, one in three of those left on each day, and
    more of them on a busy one; one in thirty of the others has something new to ask.
    """
    random = np.random.default_rng(seed)
    rhythm = np.resize([1.25, 1.05, 1.0, 1.0, 1.05, 1.0, 0.65], days + window + 1)
    pull = rhythm * np.exp(random.normal(0, 0.15, days + window + 1))
    part_of_day = np.array([0.4, *[1.0] * (window - 1), 0.5])  # of the first and the last
    counts = np.zeros((days, window + 2), dtype=np.int64)
    for d in range(days):
        calls_again = 1 - np.exp(-0.45 * part_of_day * pull[d : d + window + 1])
        still_open = np.cumprod([1.0, *(1 - calls_again)])
        unhelped = np.clip(random.normal(0.4, 0.03), 0.2, 0.6)
        shares = unhelped * still_open[:-1] * calls_again + (1 - unhelped) * 0.004
        number = random.poisson(mean * rhythm[d])
        counts[d] = random.multinomial(number, [*shares, 1 - shares.sum()])
    return Openers(scope, counts)


def by_hand(
    own: Openers, whole: Openers, as_of: int, first: int, last: int
) -> tuple[float, float, float] | None:
    """The figure and its band as a reader of the definition would work them out."""
    window = whole.window

    @cache
    def share(d: int, age: int) -> float | None:
        newest_mature = d + age - window - 1
        eight = [r for r in range(newest_mature, newest_mature - 56, -1) if (d - r) % 7 == 0]
        if min(eight) < 0:
            return None
        for counts in (own.counts, whole.counts):
            unrepeated = sum(counts[r][age + 1 :].sum() for r in eight)
            if unrepeated >= MIN_OPENERS or counts is whole.counts:
                return float(sum(counts[r][-1] for r in eight) / unrepeated)
        return None

    young = [d for d in range(first, last + 1) if d > as_of - window and own.counts[d].sum()]
    errors = []
    weeks_until_mature = -(-(window - 2) // 7)
    for week in range(weeks_until_mature, weeks_until_mature + 13):
        error, n = 0.0, 0
        for d in young:
            s = share(d - 7 * week, as_of - d)
            if s is None:
                break
            then = own.counts[d - 7 * week]
            error += s * then[as_of - d + 1 :].sum() - then[-1]
            n += then.sum()
        else:
            errors += [error / sqrt(n)] if n else []
    m = len(errors)
    if not young or m < 4:
        return None
    shares = {d: share(d, as_of - d) or 0.0 for d in young}
    resolved = sum(own.counts[d][-1] for d in range(first, last + 1) if d not in young)
    unrepeated = {d: own.counts[d][as_of - d + 1 :].sum() for d in young}
    expected = resolved + sum(shares[d] * unrepeated[d] for d in young)
    s = sqrt(sum(error**2 for error in errors) / m)
    half = float(stats.t.ppf(0.975, m - 1)) * s * sqrt(1 + 1 / m)
    half *= sqrt(sum(own.counts[d].sum() for d in young))
    total = own.counts[first : last + 1].sum()
    low = max(expected - half, resolved)
    high = min(expected + half, resolved + sum(unrepeated.values()))
    return expected / total, low / total, high / total


FIGURES = ("provisional", "provisional_low", "provisional_high")


@pytest.mark.parametrize(("as_of", "window"), [(170, 7), (121, 7), (97, 7), (170, 14), (150, 30)])
def test_figures_and_bands_follow_the_definition(as_of: int, window: int) -> None:
    """Whole service, a queue of nearly its size, and one too small to have a share of its own."""
    openers = [
        chance(171, 1, window=window),
        chance(171, 2, mean=300, scope=("queue", "large"), window=window),
        chance(171, 3, mean=4, scope=("queue", "small"), window=window),
    ]
    openers[2].counts[100] = 0  # closed on a day that is young on one of the nights, past on one
    ends = range(as_of - 10, as_of + 1)
    lengths = {"day": 1, "rolling_7": 7, "rolling_28": 28}
    spans = [(grain, end - n + 1, end) for grain, n in lengths.items() for end in ends]
    rows = period(openers, as_of, spans)
    filled = fill_provisional(rows, known(openers, as_of), day(as_of), window)
    found = {
        (row["scope"], row["period_start"], row["period_end"]): tuple(row[k] for k in FIGURES)
        for row in filled.to_dicts()
    }
    figures = 0
    for own in openers:
        for _, first, last in spans:
            expected = by_hand(own, openers[0], as_of, first, last) if last <= as_of - 3 else None
            row = found.get((own.scope[1], day(first), day(last)), (None, None, None))
            assert row == (pytest.approx(expected, abs=1e-12) if expected else (None, None, None))
            figures += expected is not None
    assert figures >= 20


def test_only_periods_that_ended_three_days_ago_and_are_not_mature_have_a_figure() -> None:
    openers = [chance(171, 1)]
    rows = period(openers, 170, [("rolling_7", end - 6, end) for end in range(155, 171)])
    filled = fill_provisional(rows, known(openers, 170), day(170), W)
    found = filled.filter(pl.col("grain") == "rolling_7", pl.col("provisional").is_not_null())
    assert found["period_end"].to_list() == [day(end) for end in (164, 165, 166, 167)]


def test_other_metrics_and_closed_groups_are_left_as_they_are() -> None:
    queue = ("queue", "large")
    openers = [chance(171, 1), chance(171, 2, scope=queue)]
    rows = period(openers, 170, [("rolling_7", 161, 167)])
    nothing = pl.lit(None, pl.Float64)
    closed = rows.filter(scope_kind="queue").with_columns(
        numerator=nothing, denominator=nothing, value=nothing, is_suppressed=True
    )
    other = rows.with_columns(metric=pl.lit("repeat_call_rate"))
    filled = fill_provisional(pl.concat([closed, other]), known(openers, 170), day(170), W)
    assert filled.head(3).equals(pl.concat([closed, other]))
    assert filled.drop_nulls("provisional").filter(metric=FCR, grain="rolling_7").is_empty()


def test_a_day_without_mature_openers_is_shown_if_it_gets_a_figure() -> None:
    """From three days on; a day whose openers are mature is shown anyway, as a row of 0 / 0 is not."""
    openers = [chance(171, 1), chance(171, 2, scope=("queue", "large"))]
    rows = period(openers, 170, [("day", d, d) for d in range(160, 171)])
    filled = fill_provisional(rows, known(openers, 170), day(170), W)
    for scope_kind in ("all", "queue"):
        found = filled.filter(scope_kind=scope_kind)
        assert found["period_start"].to_list() == [day(d) for d in range(160, 168)]
        assert found["provisional"].is_null().to_list() == [True] * 4 + [False] * 4
    assert filled.filter(denominator=0).height == 8
    few = fill_provisional(rows, known(openers, 170).clear(), day(170), W)
    assert few.filter(denominator=0).is_empty()


@pytest.mark.parametrize(("as_of", "has_figure"), [(86, False), (87, True)])
def test_four_past_errors_and_eight_weeks_before_them_are_needed(
    as_of: int, has_figure: bool
) -> None:
    """Of the 3rd of 4 weeks back and 8 more weeks before it, the first day is day 0 on night 87."""
    openers = [chance(100, 1)]
    rows = period(openers, as_of, [("day", as_of - 3, as_of - 3)])
    filled = fill_provisional(rows, known(openers, as_of), day(as_of), W)
    assert (filled.height == 1) == has_figure


def test_a_row_depends_neither_on_the_others_nor_on_the_order_of_openers() -> None:
    openers = [chance(171, 1), chance(171, 2, mean=30, scope=("reason", "modem"))]
    spans = [("day", 166, 166), ("rolling_7", 160, 166), ("rolling_28", 140, 167)]
    rows, night = period(openers, 170, spans), known(openers, 170)
    filled = fill_provisional(rows, night, day(170), W).head(rows.height)
    alone = [
        fill_provisional(row, night.sample(fraction=1, shuffle=True, seed=1), day(170), W).head(1)
        for row in rows.iter_slices(1)
    ]
    assert filled["provisional"].null_count() == 0
    assert pl.concat(alone).equals(filled)


def young_days(seed: int) -> Iterator[tuple[int, float, float, float, float, float]]:
    """Age, provisional figure with its band, plain Kaplan-Meier, and what it came to."""
    openers = [chance(330, seed)]
    counts = openers[0].counts
    for as_of in range(170, 320, 2):
        night = known(openers, as_of)
        rows = period(openers, as_of, [("day", as_of - age, as_of - age) for age in (3, 4, 5, 6)])
        for row in fill_provisional(rows, night, day(as_of), W).to_dicts():
            d = (row["period_end"] - FIRST).days
            survived = counts[d, as_of - d + 1 :].sum() / counts[d].sum()
            final = counts[d, -1] / counts[d].sum()
            yield as_of - d, *(row[k] for k in FIGURES), survived, final


def test_a_young_day_is_as_right_as_its_band_says() -> None:
    """Four services, 300 young days at each age. Kaplan-Meier sees no repeat that is to come."""
    found = np.array([row for seed in range(4) for row in young_days(seed)])
    for age, most_too_high in ((3, 0.06), (4, 0.035), (5, 0.015), (6, 0.005)):
        _, figure, low, high, survived, final = found[found[:, 0] == age].T
        assert abs((figure - final).mean()) < 0.002
        assert 0.92 <= ((low <= final) & (final <= high)).mean() <= 0.98
        assert (survived - final).mean() > most_too_high


def renewed(site: NightSite, as_of: date, *, is_full: bool = False) -> pl.DataFrame:
    """metrics.period as a night leaves it: models, then what is filled in after them."""
    site.load()
    planned = made_from.planned_build(
        site.site(), read_manifest(site.folders.manifest), as_of, models_hash()
    )
    with connect.writing(site.folders), connect.writing_clone(site.folders) as clone:
        manifest = read_manifest(site.folders.manifest)
        renew(clone, site.site(), manifest, planned, is_full=is_full)
        fill_in_estimates.fn(clone)
        found = clone.execute("select * from metrics.period order by all").pl()
    connect.publish(site.folders)
    return found.filter(metric=FCR)


def ten_a_day(days: int, calls_again_after: dict[int, int]) -> str:
    """Ten customers a day, each his own question; some call again, days later at the same hour.

    The last one of a day calls just before midnight and is still talking when the next day begins.
    """
    lines = [
        "call_id,queued_at,queue,reason,customer_id,agent_id,wait_seconds,talk_seconds,outcome"
    ]
    for d in range(days):
        for k in range(10):
            time = "23:58" if k == 9 else f"10:{k:02}"
            said = f"support,modem,{d}-{k},agent {k % 6},1,300,handled"
            lines.append(f"{d}-{k},{day(d)}T{time}:00,{said}")
            if k in calls_again_after and d + calls_again_after[k] < days:
                lines.append(f"{d}-{k}-again,{day(d + calls_again_after[k])}T{time}:00,{said}")
    return "\n".join(lines) + "\n"


def test_a_night_fills_what_is_not_mature_tonight(tmp_path: Path) -> None:
    """One in ten calls again the next day and one after four: 0.8 are resolved, 0.9 so at 3 days."""
    site = NightSite(tmp_path)
    site.put("calls/all.csv", ten_a_day(110, {0: 1, 1: 4}))
    period = renewed(site, day(109))
    filled = period.drop_nulls("provisional")
    assert filled["provisional"].to_list() == pytest.approx([0.8] * filled.height)
    assert not filled["is_final"].any()
    assert set(filled["scope_kind"]) == {"all", "queue", "reason", "provider", "tenure_band"}
    days = filled.filter(grain="day", scope_kind="all")
    # The 103rd is mature but for the one who talked past midnight.
    figures = days.select("period_end", "numerator", "denominator").rows()
    assert figures == [(day(102), 7, 9), *((day(d), 0, 0) for d in (103, 104, 105, 106))]
    for kind, scope in (("queue", "support"), ("reason", "modem")):
        same = filled.filter(grain="day", scope_kind=kind, scope=scope)
        assert same["period_end"].equals(days["period_end"])
    weeks = filled.filter(grain="rolling_7", scope_kind="all")
    assert weeks["period_end"].to_list() == [day(d) for d in (102, 103, 104, 105, 106)]


def test_nights_one_by_one_leave_the_same_as_one(tmp_path: Path) -> None:
    """Also with W = 14, where a repeat may be twelve days away."""
    site = NightSite(tmp_path, parameters={"repeat_window_days": 14})
    site.put("calls/all.csv", ten_a_day(140, {0: 1, 1: 12}))
    for number in (136, 138):
        renewed(site, day(number))
    period = renewed(site, day(139))
    assert period.equals(renewed(site, day(139), is_full=True))
    days = period.filter(grain="day", scope_kind="all").drop_nulls("provisional")
    assert days["period_end"].to_list() == [day(d) for d in range(125, 137)]
    assert days["provisional"].to_list() == pytest.approx([0.8] * days.height)


def test_a_young_day_of_few_agents_stays_closed(tmp_path: Path) -> None:
    """Two of the ten calls are a queue of two agents; the rest would tell them by subtraction."""
    site = NightSite(tmp_path)
    calls = re.sub(r"(\n\d+-[89](?:-again)?,[^,]+),support,", r"\1,mail,", ten_a_day(110, {0: 1}))
    site.put("calls/all.csv", calls)
    young = renewed(site, day(109)).filter(grain="day", denominator=0)
    assert {*young["scope_kind"]} == {"all", "reason"}
