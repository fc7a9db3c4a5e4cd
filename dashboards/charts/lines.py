"""Lines over time or over tenure, with bands and level marks: what is no control chart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboards.charts.axes import y_labels
from dashboards.charts.canvas import SOLID, Area, Dot, Drawing, Vertex
from dashboards.charts.frame import (
    BOTTOM,
    PHONE,
    TOP,
    Size,
    end_labels,
    event_marks,
    grid,
    left_margin,
    right_margin,
)
from dashboards.formats import Words


@dataclass(frozen=True)
class Line:
    """A line through points (place, value), labelled at its right end unless `figure` is empty."""

    name: str
    figure: str
    points: Sequence[tuple[float, float]]
    stroke: str = "var(--dot)"
    width: float = 1.75
    dash: tuple[float, float] = SOLID
    has_dots: bool = False


@dataclass(frozen=True)
class Level:
    """A level mark across the chart: an envelope, a target."""

    name: str
    figure: str
    value: float


@dataclass(frozen=True)
class LineChart:
    """What one chart shows. `x_labels` gives labels by place, at most as many as it is told.

    `bands` are filled behind the lines; `events` are numbers and days, for charts over time.
    """

    lines: Sequence[Line]
    levels: Sequence[Level]
    bands: Sequence[Area]
    x_domain: tuple[float, float]
    y_domain: tuple[float, float]
    x_labels: Callable[[int], Mapping[float, Sequence[str]]]
    unit: str
    description: str
    events: Sequence[tuple[int, date]] = ()


def line_drawing(chart: LineChart, size: Size, words: Words) -> Drawing:
    """The chart in one of its sizes."""
    x, y = chart.x_domain, chart.y_domain
    places = y_labels(y, chart.unit, words)
    rules, labels = grid(x, y, places, chart.x_labels(size.most_dates))
    event_rules, event_labels = event_marks(chart.events, x, y)
    ends = _ends(chart, size)
    labels += event_labels + end_labels(ends, x[1], y, size.height - TOP - BOTTOM)
    return Drawing(
        width=size.width,
        height=size.height,
        margins=(left_margin(places), right_margin([text for _, text, _ in ends]), TOP, BOTTOM),
        x_domain=x,
        y_domain=y,
        description=chart.description,
        areas=chart.bands,
        rules=rules + event_rules,
        lines=[
            Vertex(str(number), px, py, line.stroke, line.width, line.dash)
            for number, line in enumerate(chart.lines)
            for px, py in line.points
        ]
        + _levels(chart),
        dots=[
            Dot(*point, size=18) for line in chart.lines if line.has_dots for point in line.points
        ],
        labels=labels,
    )


def _levels(chart: LineChart) -> list[Vertex]:
    """Level marks across the chart, in front of the bands."""
    return [
        Vertex(f"level {number}", place, one.value, "var(--ink)", width=1.75)
        for number, one in enumerate(chart.levels)
        for place in chart.x_domain
    ]


def _ends(chart: LineChart, size: Size) -> list[tuple[float, str, str]]:
    """The texts at the right: where each line ends, and the level marks."""
    ends = [
        (line.points[-1][1], _end(line.name, line.figure, size), line.stroke)
        for line in chart.lines
        if line.figure
    ]
    return ends + [
        (one.value, _end(one.name, one.figure, size), "var(--ink)") for one in chart.levels
    ]


def _end(name: str, figure: str, size: Size) -> str:
    """On a phone only the figure finds room; the legend below tells the lines apart."""
    return figure if size is PHONE else f"{name} {figure}".strip()
