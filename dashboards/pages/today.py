"""Today: one sentence of state, the triggers, and a tile for each norm, the worst first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.charts.spark import spark_svg
from dashboards.filters import Filters
from dashboards.formats import amount, upper_first
from dashboards.pages.alerts import open_incidents
from dashboards.series import RARE_KINDS, Series, all_series
from dashboards.state import norm_title
from dashboards.view import Row, View

WEEKS_SHOWN = 13


@dataclass(frozen=True)
class Tile:
    """One norm: its verdict, how the metric varies, and thirteen weeks (or months) of it."""

    verdict: Row
    title: str
    variation: str
    assurance: str | None
    spark: str
    span: str


def content(view: View) -> dict[str, Any]:
    """The parts of the page: `tiles` worst first, `incidents` that are open."""
    return {
        "tiles": [_tile(view, verdict, series) for verdict, series in _with_series(view)],
        "incidents": open_incidents(view),
    }


def _with_series(view: View) -> list[tuple[Row, Series | None]]:
    """Each verdict with the series of its own metric and scope."""
    scopes = {(row["scope_kind"], row["scope"]) for row in view.verdicts}
    by_scope: Mapping[tuple[str, str], dict[str, Series]] = {
        scope: all_series(
            view.marts,
            [row["metric"] for row in view.verdicts if _scope_of(row) == scope],
            view.verdicts,
            Filters(*scope),
        )
        for scope in sorted(scopes)
    }
    return [(row, by_scope[_scope_of(row)].get(row["metric"])) for row in view.verdicts]


def _scope_of(row: Row) -> tuple[str, str]:
    return row["scope_kind"], row["scope"]


def _tile(view: View, verdict: Row, series: Series | None) -> Tile:
    title = upper_first(norm_title(verdict, view.words))
    spark, span = "", ""
    if series is not None:
        spark, span = _spark(view, series, title)
    return Tile(
        verdict=verdict,
        title=title,
        variation=series.variation if series else "unknown",
        assurance=series.assurance if series else None,
        spark=spark,
        span=span,
    )


def _spark(view: View, series: Series, title: str) -> tuple[str, str]:
    """The last thirteen periods, estimates included, and what they are called."""
    words = view.words
    rows = [row for row in series.rows if not row["is_suppressed"]][-WEEKS_SHOWN:]
    estimated = {one.start: one.value for one in series.estimates}
    values = [estimated.get(row["period_start"], row["value"]) for row in rows]
    grain = "month" if series.kind in RARE_KINDS else series.grain
    span = words["spark"][grain].format(len(rows))
    known = [value for value in values if value is not None]
    if not known:
        return "", ""
    first, last = (amount(value, series.unit, words) for value in (known[0], known[-1]))
    said = words["spark"]["alt"].format(title=title, span=span, first=first, last=last)
    return spark_svg(values, series.target, said), span
