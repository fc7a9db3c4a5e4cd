"""Counts by month as stacked bars: who came and went, and what for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboards import months
from dashboards.charts.axes import x_labels, y_labels
from dashboards.charts.canvas import Area, Drawing, Label
from dashboards.charts.frame import (
    BOTTOM,
    GAP,
    LINE,
    TOP,
    Size,
    event_marks,
    grid,
    left_margin,
)
from dashboards.formats import Words, number

BAR_SHARE = 0.72  # of a month's width
# Dark to light, so that the order tells the parts apart before their colour does.
FILLS = ("var(--part-1)", "var(--part-2)", "var(--part-3)", "var(--part-4)", "var(--part-5)")


@dataclass(frozen=True)
class StackedBars:
    """Months in order, and for each part, from the bottom up, its count in every month."""

    starts: Sequence[date]
    parts: Sequence[Sequence[float]]
    events: Sequence[tuple[int, date]]
    description: str


def bars_drawing(chart: StackedBars, size: Size, words: Words) -> Drawing:
    """The chart in one of its sizes, the sum above each bar."""
    sums = [sum(counts) for counts in zip(*chart.parts, strict=True)]
    y = (0.0, max([*sums, 4.0]) * 1.08)
    first, end = chart.starts[0], months.next_month(chart.starts[-1])
    x = (float(first.toordinal()), float(end.toordinal()))
    places = {place: text for place, text in y_labels(y, "", words).items() if place == int(place)}
    places = {place: number(place, 0, words) for place in places}
    last = months.last_day(chart.starts[-1])
    rules, labels = grid(x, y, places, x_labels(first, last, words, size.most_dates))
    event_rules, event_labels = event_marks(chart.events, x, y)
    labels += event_labels + [
        Label(months.middle(start), total, (number(total, 0, words),), "center", dy=-LINE / 2)
        for start, total in zip(chart.starts, sums, strict=True)
        if total
    ]
    return Drawing(
        width=size.width,
        height=size.height,
        margins=(left_margin(places), float(GAP), TOP, BOTTOM),
        x_domain=x,
        y_domain=y,
        description=chart.description,
        areas=_stacks(chart),
        rules=rules + event_rules,
        labels=labels,
    )


def _stacks(chart: StackedBars) -> list[Area]:
    areas = []
    bottoms = [0.0] * len(chart.starts)
    for counts, fill in zip(chart.parts, FILLS, strict=False):
        for place, (start, count) in enumerate(zip(chart.starts, counts, strict=True)):
            if not count:
                continue
            days = (months.next_month(start) - start).days
            trim = days * (1 - BAR_SHARE) / 2
            left, right = start.toordinal() + trim, start.toordinal() + days - trim
            areas.append(Area(left, right, bottoms[place], bottoms[place] + count, fill))
            bottoms[place] += count
    return areas
