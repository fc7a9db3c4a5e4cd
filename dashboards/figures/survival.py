"""How long people stay: the share still there by tenure, for the whole team and by group."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import polars as pl

from dashboards.charts.canvas import Area
from dashboards.charts.lines import Line, LineChart, line_drawing
from dashboards.formats import amount, interval, number
from dashboards.tables import Column, Table
from dashboards.view import Figure, Row, View, in_sizes

WINDOWS = ("history", "rolling_365")
TICKS = (0, 90, 180, 365, 730, 1095, 1460, 1825)  # days of tenure under the axis


def survival(view: View) -> Figure:
    """Kaplan-Meier with its 95 % band and the number at risk under the axis."""
    texts, words = view.words["team"], view.words
    curves = view.marts.survival.filter(scope_kind="all").sort("tenure_days")
    grain = next((name for name in WINDOWS if name in set(curves["grain"])), None)
    rows = curves.filter(grain=grain).to_dicts() if grain else []
    if not any(row["survival"] is not None for row in rows):
        return Figure("survival", texts["survival"], empty=texts["no_survival"])
    known = [row for row in rows if row["survival"] is not None]
    last = float(known[-1]["tenure_days"])
    at_risk = {row["tenure_days"]: row["at_risk"] for row in known}
    end = known[-1]["survival"]
    chart = LineChart(
        lines=[Line(texts["still_there"], amount(end, "share", words), _steps(known, "survival"))],
        levels=[],
        bands=_band(known),
        x_domain=(0.0, last),
        y_domain=(0.0, 1.0),
        x_labels=lambda most: _tenure_labels(at_risk, last, most, view),
        unit="share",
        description=texts["survival"],
    )
    return Figure(
        name="survival",
        title=texts["survival"],
        lead=_lead(view, grain or ""),
        pictures=in_sizes(lambda size: line_drawing(chart, size, words)),
        legend=[("solid", texts["still_legend"]), ("band", texts["band_legend"])],
        table=_curve_table(view, known),
        remark=texts["at_risk_note"],
    )


def _steps(rows: Sequence[Row], name: str) -> list[tuple[float, float]]:
    """The corners of a curve that falls at once where somebody left.

    Places a hair apart, because the points of a line are joined in the order of their places.
    """
    corners, level = [], 1.0
    for row in rows:
        day = float(row["tenure_days"])
        corners += [(day - 1e-6, level), (day, row[name])]
        level = row[name]
    return corners


def _band(rows: Sequence[Row]) -> list[Area]:
    """From each day on which the curve falls to the next."""
    spans = ((row["tenure_days"], after["tenure_days"], row) for row, after in pairwise(rows))
    return [
        Area(float(day), float(until), row["low"], row["high"], "var(--band)")
        for day, until, row in spans
        if row["low"] is not None and row["high"] is not None
    ]


def _tenure_labels(
    at_risk: dict[int, int], last: float, most: int, view: View
) -> dict[float, list[str]]:
    """Days of tenure, and under each how many were there to be lost."""
    places = [day for day in TICKS if day <= last and day in at_risk]
    while len(places) > most:
        places = places[::2]
    texts = view.words["team"]
    return {
        float(day): [
            texts["tenure_tick"].format(number(day, 0, view.words)),
            texts["at_risk_tick"].format(at_risk[day]),
        ]
        for day in places
    }


def _lead(view: View, grain: str) -> str | None:
    """The median stay with its interval, and where the share of novices will settle."""
    texts, words = view.words["team"], view.words
    rows = view.marts.tenure.filter(grain=grain, scope_kind="all").to_dicts()
    if not rows:
        return None
    row, said = rows[0], []
    if row["median_days"] is not None:
        said.append(
            texts["median"].format(
                median=number(row["median_days"], 0, words),
                interval=_open_interval(row["median_low"], row["median_high"], view),
            )
        )
    else:
        said.append(texts["no_median"])
    if row["settled_novice_share"] is not None:
        said.append(
            texts["settled"].format(
                share=amount(row["settled_novice_share"], "share", words),
                interval=interval(row["settled_low"], row["settled_high"], "share", words),
            )
        )
    return " ".join(said)


def _open_interval(low: float | None, high: float | None, view: View) -> str:
    """An interval whose upper end may lie beyond what has been seen."""
    words = view.words
    if low is not None and high is None:
        return str(words["team"]["from_on"]).format(number(low, 0, words))
    return interval(low, high, "days", words)


def _curve_table(view: View, rows: Sequence[Row]) -> Table:
    texts = view.words["team"]
    columns = [
        Column(texts["tenure"], "days", ("tenure_days",)),
        Column(texts["still_there"], "share", ("survival",)),
        Column(view.words["tables"]["interval"], "interval:share", ("low", "high")),
        Column(texts["at_risk"], "count", ("at_risk",)),
        Column(texts["departures"], "count", ("departures",)),
    ]
    return Table("survival", texts["survival"], columns, rows)


def groups(view: View) -> Table | None:
    """Cohorts of hire and providers beside each other; small ones withheld."""
    texts = view.words["team"]
    rows: list[dict[str, Any]] = (
        view.marts.tenure.filter(
            pl.col("scope_kind").is_in(["cohort", "provider"]), grain="history"
        )
        .sort("scope_kind", "scope")
        .to_dicts()
    )
    if not rows:
        return None
    columns = [
        Column(texts["group"], "text", ("scope",)),
        Column(texts["agents"], "count", ("agents",)),
        Column(texts["departures"], "count", ("departures",)),
        Column(texts["median_column"], "days", ("median_days",)),
        Column(view.words["tables"]["interval"], "interval:days", ("median_low", "median_high")),
        Column(texts["novices"], "share", ("novice_share",)),
    ]
    return Table("cohorts", texts["cohorts"], columns, rows, _log_rank(view, rows))


def _log_rank(view: View, rows: Sequence[Row]) -> str | None:
    """Whether the cohorts differ more than chance would have it."""
    found = next((row for row in rows if row["log_rank_p"] is not None), None)
    if found is None:
        return None
    text = view.words["team"]["differ" if found["log_rank_p"] < 0.05 else "alike"]
    return str(text).format(number(found["log_rank_p"], 3, view.words))
