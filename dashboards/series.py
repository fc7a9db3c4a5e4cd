"""From rows of the metrics mart to what is known of one metric: points, judged by its own past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from dashboards.charts.control_data import Estimate
from dashboards.control import Judged, Observation, assurance, judge, variation
from dashboards.filters import Filters
from dashboards.marts import Marts

Row = Mapping[str, Any]

# Periods that do not overlap, so that each dot is news: long ones for rare events, and for what no
# norm watches, so that a page stays light.
RARE_KINDS = ("rate", "cohort")
WEEKLY, MONTHLY = ("week", "month"), ("month", "week")


@dataclass(frozen=True)
class Series:
    """One metric of one scope at one grain.

    `rows` are the mart's, of the period shown, oldest first.
    `judged` and `estimates` are of the period shown; the references they are judged by come from
    all there is. `norm` is the verdict in force of this very scope, or None; `target` and
    `direction` (`at_least` or `at_most`) are its own, or else those of the norm for the whole.
    """

    metric: str
    kind: str
    unit: str
    grain: str
    norm: Row | None
    target: float | None
    direction: str | None
    rows: Sequence[Row]
    judged: Sequence[Judged]
    estimates: Sequence[Estimate]
    variation: str
    assurance: str | None


def all_series(
    marts: Marts, metrics: Sequence[str], verdicts: Sequence[Row], filters: Filters
) -> dict[str, Series]:
    """The series of those of the metrics that have figures in the scope and period asked for."""
    definitions = {row["metric"]: row for row in marts.definitions.to_dicts()}
    found = (
        marts.metrics.filter(scope_kind=filters.scope_kind, scope=filters.scope)
        .filter(pl.col("metric").is_in(list(metrics)), pl.col("grain").is_in(_grains(filters)))
        .sort("period_end")
        .collect()
    )
    parts = {key[0]: part for key, part in found.partition_by("metric", as_dict=True).items()}
    built = {
        metric: _series(marts, definitions[metric], parts[metric], verdicts, filters)
        for metric in metrics
        if metric in parts and metric in definitions
    }
    return {metric: series for metric, series in built.items() if series is not None}


def _grains(filters: Filters) -> tuple[str, ...]:
    return (filters.grain,) if filters.grain else WEEKLY


def _series(
    marts: Marts, definition: Row, found: pl.DataFrame, verdicts: Sequence[Row], filters: Filters
) -> Series | None:
    metric, kind = definition["metric"], definition["kind"]
    norms = [row for row in verdicts if row["metric"] == metric]
    own, whole_service = (_norm_of(norms, scope) for scope in (_scope(filters), ("all", "all")))
    norm = own or whole_service or {"target": None, "direction": None}
    preferred = WEEKLY if norms and kind not in RARE_KINDS else MONTHLY
    there = set(found["grain"])
    grain = filters.grain or next(grain for grain in preferred if grain in there)
    site = marts.site.row(0, named=True)
    # A week or month that began before the history holds only a part of what happened in it.
    whole = (
        found.filter(pl.col("period_start") >= site["first_data_on"])
        if site["first_data_on"]
        else found
    )
    rows = whole.filter(grain=grain).to_dicts()
    judged = judge([_observation(row) for row in rows if _is_settled(row)], grain, marts.rebased_on)
    first, last = filters.span(grain, site["as_of"])
    shown = [row for row in rows if first <= row["period_end"] <= last]
    if not shown:
        return None
    seen = _between(judged, shown)
    return Series(
        metric=metric,
        kind=kind,
        unit=definition["unit"],
        grain=grain,
        norm=own,
        target=norm["target"],
        direction=norm["direction"],
        rows=shown,
        judged=seen,
        estimates=[estimate for row in shown if (estimate := _estimate(row))],
        variation=variation(seen, norm["direction"]),
        assurance=assurance(seen, norm["target"], norm["direction"]),
    )


def _scope(filters: Filters) -> tuple[str, str]:
    return filters.scope_kind, filters.scope


def _norm_of(norms: Sequence[Row], scope: tuple[str, str]) -> Row | None:
    return next((row for row in norms if (row["scope_kind"], row["scope"]) == scope), None)


def _is_settled(row: Row) -> bool:
    return bool(row["is_final"]) and not row["is_suppressed"] and row["value"] is not None


def _observation(row: Row) -> Observation:
    return Observation(row["period_start"], row["value"])


def _between(judged: Sequence[Judged], shown: Sequence[Row]) -> list[Judged]:
    first: date = shown[0]["period_start"]
    last: date = shown[-1]["period_end"]
    return [one for one in judged if first <= one.observation.start <= last]


def _estimate(row: Row) -> Estimate | None:
    """What is known so far of a period that is not final; the provisional figure where there is."""
    if row["is_final"] or row["is_suppressed"]:
        return None
    start, end = row["period_start"], row["period_end"]
    if row["provisional"] is not None:
        band = row["provisional_low"], row["provisional_high"]
        return Estimate(start, end, row["provisional"], *band)
    return None if row["value"] is None else Estimate(start, end, row["value"], None, None)
