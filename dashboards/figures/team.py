"""The team over time: how many there are, who came and went and why, and how long people stay."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboards import months
from dashboards.charts.axes import x_labels
from dashboards.charts.bars import FILLS, StackedBars, bars_drawing
from dashboards.charts.lines import Line, LineChart, line_drawing
from dashboards.formats import Words, number, plural, titled
from dashboards.tables import Column, Table
from dashboards.view import Figure, Row, View, in_sizes

MOST_PARTS = len(FILLS)
PERIOD = ("period_start", "period_end")


def headcount(view: View) -> Figure:
    """Heads on the last day of each month, with tenure, hires and departures in the table."""
    texts, words = view.words["team"], view.words
    rows = _monthly(view, view.marts.headcount)
    known = [row for row in rows if row["headcount"] is not None]
    if not known:
        return Figure("headcount", texts["headcount"], empty=texts["no_roster"])
    points = [(float(row["period_end"].toordinal()), float(row["headcount"])) for row in known]
    first, last = known[0]["period_start"], known[-1]["period_end"]
    newest = known[-1]
    top = max(y for _, y in points)
    chart = LineChart(
        lines=[Line(texts["heads"], number(points[-1][1], 0, words), points, has_dots=True)],
        levels=[],
        bands=[],
        x_domain=(float(first.toordinal()), float(last.toordinal() + 1)),
        y_domain=(0.0, 1.1 * top),
        x_labels=lambda most: x_labels(first, last, words, most),
        unit="count",
        description=texts["headcount"],
        events=view.event_days,
    )
    return Figure(
        name="headcount",
        title=texts["headcount"],
        lead=texts["headcount_lead"].format(
            heads=number(newest["headcount"], 0, words),
            tenure=number(newest["mean_tenure_days"] or 0, 0, words),
            novices=_share(newest["novice_agent_days"], newest["agent_days"], words),
        ),
        pictures=in_sizes(lambda size: line_drawing(chart, size, words)),
        table=_headcount_table(view, rows),
    )


def _share(part: float | None, whole: float | None, words: Words) -> str:
    if part is None or not whole:
        return str(words["none"])
    return number(100 * part / whole, 0, words)


def _headcount_table(view: View, rows: Sequence[Row]) -> Table:
    texts = view.words["team"]
    columns = [
        Column(view.words["period_headings"]["month"], "period:month", PERIOD),
        Column(texts["heads_column"], "count", ("headcount",)),
        Column(texts["tenure"], "days", ("mean_tenure_days",)),
        Column(texts["replacements"], "count", ("replacement_hires",)),
        Column(texts["growth"], "count", ("growth_hires",)),
        Column(texts["departures"], "count", ("departures",)),
    ]
    return Table("headcount", texts["headcount"], columns, list(reversed(rows)))


def movements(view: View, movement: str) -> Figure:
    """Hires by kind, or departures by reason, month by month."""
    texts, words = view.words["team"], view.words
    title = texts[f"{movement}s"]
    grouped = _monthly(view, view.marts.movements.filter(movement=movement))
    spans = _monthly(view, view.marts.headcount)
    starts = [row["period_start"] for row in spans if row["headcount"] is not None]
    if not starts:
        return Figure(f"{movement}s", title, empty=texts["no_roster"])
    reasons = _reasons(grouped)
    counts = {
        reason: [_people(grouped, start, members) for start in starts]
        for reason, members in reasons.items()
    }
    chart = StackedBars(starts, list(counts.values()), view.event_days, title)
    total = sum(row["people"] for row in grouped)
    return Figure(
        name=f"{movement}s",
        title=title,
        lead=_movement_lead(texts, movement, total, counts, words),
        pictures=in_sizes(lambda size: bars_drawing(chart, size, words)) if total else None,
        legend=[
            (f"part-{number_of}", _reason_name(movement, reason, words))
            for number_of, reason in enumerate(counts, 1)
        ],
        table=_movement_table(view, movement, title, starts, counts),
    )


def _monthly(view: View, frame: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows of the months and the scope asked for, oldest first."""
    first, last = view.filters.span("month", view.marts.as_of)
    own = frame.filter(grain="month", scope_kind=view.filters.scope_kind, scope=view.filters.scope)
    return own.filter(pl.col("period_end").is_between(first, last)).sort("period_end").to_dicts()


def _reasons(rows: Sequence[Row]) -> dict[str, list[str]]:
    """The commonest reasons, and the others as one where they are too many to be told apart."""
    totals: dict[str, int] = {}
    for row in rows:
        totals[row["reason"]] = totals.get(row["reason"], 0) + row["people"]
    order = sorted(totals, key=lambda reason: (-totals[reason], reason))
    if len(order) <= MOST_PARTS:
        return {reason: [reason] for reason in order}
    shown = order[: MOST_PARTS - 1]
    return {reason: [reason] for reason in shown} | {"others": order[MOST_PARTS - 1 :]}


def _people(rows: Sequence[Row], start: object, members: Sequence[str]) -> float:
    return float(
        sum(r["people"] for r in rows if r["period_start"] == start and r["reason"] in members)
    )


def _reason_name(movement: str, reason: str, words: Words) -> str:
    return titled("hire_kinds" if movement == "hire" else "leave_reasons", reason, words)


def _movement_lead(
    texts: Words, movement: str, total: int, counts: Mapping[str, Sequence[float]], words: Words
) -> str:
    if not total:
        return str(texts[f"no_{movement}s"])
    parts = ", ".join(
        f"{number(sum(values), 0, words)} {_reason_name(movement, reason, words)}"
        for reason, values in counts.items()
    )
    shown = number(total, 0, words)
    form = str(texts[f"{movement}s_lead"])
    return form.format(total=shown, plural=plural(shown, words), parts=parts)


def _movement_table(
    view: View,
    movement: str,
    title: str,
    starts: Sequence[Any],
    counts: Mapping[str, Sequence[float]],
) -> Table:
    rows = [
        {"month": start, "end": months.last_day(start)}
        | {reason: int(values[place]) for reason, values in counts.items()}
        for place, start in enumerate(starts)
    ]
    columns = [Column(view.words["period_headings"]["month"], "period:month", ("month", "end"))]
    columns += [
        Column(_reason_name(movement, reason, view.words), "count", (reason,)) for reason in counts
    ]
    return Table(f"{movement}s", title, columns, rows[::-1])
