"""From rows of the metrics mart to one card a metric: chart, table and what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl

from dashboards.axes import x_labels, y_domain, y_labels
from dashboards.charts import Judged, Point, Trend, trend_svg
from dashboards.formats import Words, amount, period, titled
from dashboards.marts import Marts

Row = Mapping[str, Any]

# Periods that do not overlap, so that each dot is news: long ones for rare events, and for what no
# norm watches, so that the page stays light.
RARE_KINDS = ("rate", "cohort")
WEEKLY = ("week", "month", "rolling_28")
MONTHLY = ("month", "rolling_91", "week")
DRAWN_STATES = ("met", "at_risk", "breached")


@dataclass(frozen=True)
class Filters:
    """Which part of the marts a page shows: one scope, and how many days back."""

    scope_kind: str = "all"
    scope: str = "all"
    days: int = 456  # fifteen months


@dataclass(frozen=True)
class Card:
    """A metric on the page; `rows` newest first; no `grain` and no `svg` without figures."""

    metric: str
    kind: str
    unit: str
    verdict: Row | None
    grain: str | None
    rows: Sequence[Row]
    svg: str | None


def cards(marts: Marts, verdicts: Sequence[Row], filters: Filters, words: Words) -> list[Card]:
    """One card for each metric that is defined, in a place of its own that stays."""
    return [
        _card(marts, definition, verdicts, filters, words)
        for definition in marts.definitions.unique("metric", keep="last").sort("metric").to_dicts()
    ]


def _card(
    marts: Marts, definition: Row, verdicts: Sequence[Row], filters: Filters, words: Words
) -> Card:
    scope = {"scope_kind": filters.scope_kind, "scope": filters.scope}
    wanted = {"metric": definition["metric"], **scope}.items()
    verdict = next((row for row in verdicts if wanted <= row.items()), None)
    is_watched = any(row["metric"] == definition["metric"] for row in verdicts)
    rows = _rows(marts.metrics, definition, filters, is_watched=is_watched)
    grain = rows[-1]["grain"] if rows else None
    trend = _trend(rows, definition, verdict, words)
    return Card(
        metric=definition["metric"],
        kind=definition["kind"],
        unit=definition["unit"],
        verdict=verdict,
        grain=grain,
        rows=rows[::-1],
        svg=trend_svg(trend) if trend else None,
    )


def _rows(
    metrics: pl.DataFrame, definition: Row, filters: Filters, *, is_watched: bool
) -> list[dict[str, Any]]:
    """The rows of the first grain that has any, oldest first; what no norm watches, by month."""
    found = metrics.filter(
        metric=definition["metric"], scope_kind=filters.scope_kind, scope=filters.scope
    )
    grains = WEEKLY if is_watched and definition["kind"] not in RARE_KINDS else MONTHLY
    grain = next((grain for grain in grains if grain in set(found["grain"])), None)
    if grain is None:
        return []
    found = found.filter(grain=grain).sort("period_end")
    oldest = pl.col("period_end").max() - timedelta(days=filters.days)
    return found.filter(pl.col("period_end") > oldest).to_dicts()


def _trend(rows: Sequence[Row], definition: Row, verdict: Row | None, words: Words) -> Trend | None:
    points = [_point(row) for row in rows if row["value"] is not None and not row["is_suppressed"]]
    if not points:
        return None
    unit = definition["unit"]
    judged = _judged(verdict, points)
    first = points[0].start
    last = max(points[-1].end, judged.end) if judged else points[-1].end
    target = verdict["target"] if verdict else None
    values = [point.value for point in points] + ([] if target is None else [target])
    ends = [end for point in points for end in (point.low, point.high) if end is not None]
    domain = y_domain(values, ends, unit)
    return Trend(
        points=points,
        target=target,
        target_label=_target_label(target, unit, words),
        judged=judged,
        x_domain=(first, last),
        y_domain=domain,
        y_labels=y_labels(domain, unit, words),
        x_labels=x_labels(first, last, words),
        description=_description(rows[0]["grain"], points, definition, verdict, words),
    )


def _point(row: Row) -> Point:
    return Point(
        start=row["period_start"],
        end=row["period_end"],
        value=row["value"],
        low=row["low"],
        high=row["high"],
        is_final=row["is_final"],
    )


def _judged(verdict: Row | None, points: Sequence[Point]) -> Judged | None:
    """The window of the verdict, as far as it lies after the chart's first day."""
    if verdict is None or verdict["value"] is None or verdict["state"] not in DRAWN_STATES:
        return None
    start, end = max(verdict["period_start"], points[0].start), verdict["period_end"]
    return Judged(start, end, verdict["value"], verdict["state"]) if start <= end else None


def _target_label(target: float | None, unit: str, words: Words) -> list[str]:
    if target is None:
        return []
    return [words["trends"]["target"], amount(target, unit, words, trim=True)]


def _description(
    grain: str, points: Sequence[Point], definition: Row, verdict: Row | None, words: Words
) -> str:
    """The chart for those who do not see it: span, latest, extremes, target and verdict."""
    texts, unit = words["trends"], definition["unit"]
    values = [point.value for point in points]
    parts = [
        texts["alt"].format(
            metric=titled("metrics", definition["metric"], words),
            grain=titled("grains", grain, words),
            start=period(grain, points[0].start, points[0].end, words),
            end=period(grain, points[-1].start, points[-1].end, words),
            latest=amount(values[-1], unit, words),
            lowest=amount(min(values), unit, words),
            highest=amount(max(values), unit, words),
        )
    ]
    if verdict:
        target = amount(verdict["target"], unit, words, trim=True)
        parts.append(texts["alt_target"].format(_bound(verdict["direction"], target, words)))
        parts.append(texts["alt_judged"].format(titled("states", verdict["state"], words)))
    text = " ".join(parts)
    return text[:1].upper() + text[1:]


def _bound(direction: str, target: str, words: Words) -> str:
    return str(words["directions"][direction]).format(target)
