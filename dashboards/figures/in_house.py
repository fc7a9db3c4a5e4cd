"""What a solved problem costs, here and in-house, and when a move would pay for itself."""

from collections.abc import Sequence
from functools import partial

from dashboards import months
from dashboards.charts.axes import x_labels, y_domain
from dashboards.charts.canvas import Area
from dashboards.charts.frame import PHONE
from dashboards.charts.groups import Group, GroupChart, groups_drawing
from dashboards.charts.lines import Level, Line, LineChart, line_drawing
from dashboards.formats import amount, titled
from dashboards.money import money_interval
from dashboards.tables import Column, Table
from dashboards.view import Figure, Row, View, in_sizes

PER_CONTACT = "cost_per_resolved_contact"


def per_contact(view: View, billed: Sequence[Row]) -> Figure:
    """The cost of a resolved contact by month, beside the in-house figure with its range."""
    texts, words = view.words["cost"], view.words
    title = texts["per_resolved_title"]
    known = [row for row in billed if row[PER_CONTACT] is not None]
    if not known:
        return Figure(PER_CONTACT, title, empty=texts["no_contact_cost"])
    currency = known[0]["currency"]
    ours = _in_house_row(view, PER_CONTACT)
    points = [(months.middle(row["month"]), row[PER_CONTACT]) for row in known]
    show = partial(amount, unit=currency, words=words)
    levels = [Level(texts["in_house"], show(ours["likely"]), ours["likely"])] if ours else []
    x = (
        float(known[0]["month"].toordinal()),
        float(months.next_month(known[-1]["month"]).toordinal()),
    )
    bands = [Area(*x, ours["low"], ours["high"], "var(--band)")] if ours else []
    values = [value for _, value in points] + [level.value for level in levels]
    ends = [end for area in bands for end in (area.y, area.y2)]
    newest = known[-1]
    chart = LineChart(
        lines=[Line("", show(newest[PER_CONTACT]), points, has_dots=True)],
        levels=levels,
        bands=bands,
        x_domain=x,
        y_domain=y_domain(values, ends, currency),
        x_labels=lambda most: x_labels(
            known[0]["month"], months.last_day(known[-1]["month"]), words, most
        ),
        unit=currency,
        description=title,
        events=view.event_days,
    )
    lead = texts["per_resolved_lead"].format(
        month=months.name(newest["month"], words), value=show(newest[PER_CONTACT])
    )
    if ours:
        lead += " " + texts["in_house_lead"].format(
            value=show(ours["likely"]),
            interval=money_interval(ours["low"], ours["high"], currency, words),
        )
    return Figure(
        name=PER_CONTACT,
        title=title,
        lead=lead,
        pictures=in_sizes(lambda size: line_drawing(chart, size, words)),
        table=_month_table(view, title, known, currency),
        legend=[("solid", texts["dot_legend"])]
        + ([("ink", texts["in_house_legend"]), ("band", texts["range_legend"])] if ours else []),
    )


def _month_table(view: View, title: str, known: Sequence[Row], currency: str) -> Table:
    """The months drawn, newest first."""
    rows = [row | {"end": months.last_day(row["month"])} for row in map(dict, reversed(known))]
    columns = [
        Column(view.words["period_headings"]["month"], "period:month", ("month", "end")),
        Column(view.words["cost"]["cost"], currency, ("cost",)),
        Column(view.words["cost"]["per_resolved"], currency, (PER_CONTACT,)),
    ]
    return Table(PER_CONTACT, title, columns, rows)


def _in_house_row(view: View, quantity: str) -> Row | None:
    rows = view.marts.in_house.filter(quantity=quantity).to_dicts()
    return rows[0] if rows else None


def break_even(view: View) -> Figure:
    """The quantities beside each other, and when a move would have paid for itself."""
    texts = view.words["cost"]
    rows = view.marts.in_house.to_dicts()
    if not rows:
        return Figure("in_house", texts["break_even"], empty=texts["no_in_house"])
    even = _in_house_row(view, "break_even_months")
    currency = str(view.marts.costs["currency"][0])
    named = [row | {"name": texts["quantities"][row["quantity"]]} for row in rows]
    amounts = [row for row in named if row["quantity"] != "break_even_months"]
    columns = [
        Column(texts["quantity"], "text", ("name",)),
        Column(texts["outsourced"], currency, ("outsourced",)),
        Column(texts["likely"], currency, ("likely",)),
        Column(texts["range"], f"interval:{currency}", ("low", "high")),
    ]
    return Figure(
        name="in_house",
        title=texts["break_even"],
        lead=_even_sentence(even, view),
        table=Table("in_house", texts["break_even"], columns, amounts),
    )


def _even_sentence(even: Row | None, view: View) -> str | None:
    """After how many months a move has paid for itself, with the range of the answer."""
    if even is None:
        return None
    texts = view.words["cost"]
    if even["likely"] is None:
        return str(texts["never"])
    form = "even_open" if even["high"] is None else "even"
    return str(texts[form]).format(
        likely=round(even["likely"]),
        low=round(even["low"]) if even["low"] is not None else "",
        high=round(even["high"]) if even["high"] is not None else "",
        month=months.name(even["likely_month"], view.words),
    )


def sensitivity(view: View) -> Figure:
    """What each input does to the in-house cost of a resolved contact, the largest first."""
    texts, words = view.words["cost"], view.words
    rows = view.marts.in_house_inputs.sort("place").to_dicts()
    title = texts["sensitivity"]
    if not rows:
        return Figure("in_house_inputs", title, empty=texts["no_in_house"])
    ours = _in_house_row(view, PER_CONTACT)
    currency = str(view.marts.costs["currency"][0])
    named = [row | {"name": titled("inputs", row["input"], words)} for row in rows]
    columns = [
        Column(texts["input"], "text", ("name",)),
        Column(texts["low"], "plain", ("low",)),
        Column(texts["likely"], "plain", ("likely",)),
        Column(texts["high"], "plain", ("high",)),
        Column(texts["cost_from"], currency, ("cost_at_low",)),
        Column(texts["cost_to"], currency, ("cost_at_high",)),
        Column(texts["why"], "text", ("why",)),
    ]
    table = Table("in_house_inputs", title, columns, named)
    swings = [row for row in named if row["cost_at_low"] != row["cost_at_high"]]
    if not swings or ours is None:
        return Figure("in_house_inputs", title, table=table)
    groups = [
        Group(
            row["name"],
            ours["likely"],
            min(row["cost_at_low"], row["cost_at_high"]),
            max(row["cost_at_low"], row["cost_at_high"]),
            amount(abs(row["cost_at_high"] - row["cost_at_low"]), currency, words),
        )
        for row in swings
    ]
    chart = GroupChart(groups, ours["outsourced"], currency, title, is_whole=True)
    return Figure(
        name="in_house_inputs",
        title=title,
        lead=texts["sensitivity_lead"],
        pictures=in_sizes(lambda _: groups_drawing(chart, words), (PHONE,)),
        table=table,
    )
