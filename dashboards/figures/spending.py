"""What the contract year has been invoiced, and where it is going, against the envelope."""

from collections.abc import Sequence
from functools import partial

from dashboards import months
from dashboards.charts.axes import x_labels
from dashboards.charts.canvas import DASHED, Area
from dashboards.charts.lines import Level, Line, LineChart, line_drawing
from dashboards.formats import amount
from dashboards.money import MILLION
from dashboards.tables import Column, Table
from dashboards.view import Figure, Row, View, in_sizes


def spend(view: View, billed: Sequence[Row], contract: Row | None, description: str) -> Figure:
    """The months of the contract year added up; `billed` are the months of the page."""
    texts = view.words["cost"]
    table = _cost_table(view, billed)
    title = texts["spend"]
    if not billed or contract is None or contract["first_month"] is None:
        empty = texts["no_invoices"] if not billed else texts["no_contract"]
        return Figure("costs", title, table=table if billed else None, empty=empty)
    year = [row for row in billed if contract["first_month"] <= row["month"]]
    known = [row for row in year if row["state"] == "invoiced"]
    if not known or contract["projected"] is None:
        return Figure("costs", title, table=table, empty=texts["no_month_billed"])
    chart = _spend_chart(view, known, contract, description)
    return Figure(
        name="costs",
        title=title,
        pictures=in_sizes(lambda size: line_drawing(chart, size, view.words)),
        table=table,
        legend=[
            ("solid", texts["spent_legend"]),
            ("dashed", texts["projected_legend"]),
            ("ink", texts["envelope"]),
        ],
    )


def _spend_chart(view: View, known: Sequence[Row], contract: Row, description: str) -> LineChart:
    """Invoices of the contract year added up, in millions, and where they are going."""
    words, texts = view.words, view.words["cost"]
    unit = f"M{contract['currency']}"
    first, end = contract["first_month"], months.next_month(contract["last_month"])
    spent, points = 0.0, [(float(first.toordinal()), 0.0)]
    for row in known:
        spent += row["invoiced"] / MILLION
        points.append((float(months.next_month(row["month"]).toordinal()), spent))
    goal = (float(end.toordinal()), contract["projected"] / MILLION)
    show = partial(amount, unit=unit, words=words)
    lines = [Line("", "", points, has_dots=True)]
    if points[-1][0] < goal[0]:
        ends = [points[-1], goal]
        lines.append(Line(texts["projected_end"], show(goal[1]), ends, dash=DASHED))
    levels = []
    if contract["envelope"] is not None:
        envelope = contract["envelope"] / MILLION
        levels.append(Level(texts["envelope"], show(envelope), envelope))
    tops = [goal[1], *(level.value for level in levels)]
    tops += [] if contract["high"] is None else [contract["high"] / MILLION]
    x = (float(first.toordinal()), goal[0])
    y = (0.0, 1.06 * max(tops))
    return LineChart(
        lines=lines,
        levels=levels,
        bands=_fan(points[-1], goal, contract),
        x_domain=x,
        y_domain=y,
        x_labels=lambda most: x_labels(first, contract["last_month"], words, most),
        unit=unit,
        description=f"{texts['spend']}. {description}",
        events=view.event_days,
    )


def _fan(start: tuple[float, float], goal: tuple[float, float], contract: Row) -> list[Area]:
    """The interval of the projection, as a bar at the end of the year."""
    if contract["low"] is None or contract["high"] is None:
        return []
    width = (goal[0] - start[0]) * 0.04 + 3
    low, high = contract["low"] / MILLION, contract["high"] / MILLION
    return [Area(goal[0] - width, goal[0], low, high, "var(--band)")]


def _cost_table(view: View, billed: Sequence[Row]) -> Table:
    texts = view.words["cost"]
    currency = str(billed[0]["currency"]) if billed else ""
    rows = [dict(row) | {"end": months.last_day(row["month"])} for row in reversed(billed)]
    columns = [
        Column(view.words["period_headings"]["month"], "period:month", ("month", "end")),
        Column(texts["state"], "titled:cost_states", ("state",)),
        Column(texts["invoiced"], currency, ("invoiced",)),
        Column(texts["training"], currency, ("training_cost",)),
        Column(texts["management"], currency, ("own_management",)),
        Column(texts["cost"], currency, ("cost",)),
        Column(texts["billed_hours"], "count", ("billed_hours",)),
        Column(texts["per_handled"], currency, ("cost_per_handled_contact",)),
        Column(texts["per_resolved"], currency, ("cost_per_resolved_contact",)),
    ]
    return Table("costs", texts["by_month"], columns, rows)
