"""A metric over time by the conventions of statistical process control.

Grey dots on a thin line, the reference mean solid, its limits dashed and labelled at the right, the
target a dark line. A signal is told by its shape (a triangle that points to its side), and by being
filled (for the worse) or hollow (for the better), before its colour tells it again. Estimates of
days that are not final are dashed.
"""

from collections.abc import Sequence
from datetime import timedelta

from dashboards.charts.axes import x_labels, y_labels
from dashboards.charts.canvas import DASHED, Area, Dot, Drawing, Rule, Vertex
from dashboards.charts.control_data import ControlChart, Estimate, middle, period_end
from dashboards.charts.control_limits import limit_lines, reference_rules
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
from dashboards.control import Judged
from dashboards.formats import Words, amount

DOT, SIGNAL = 16.0, 58.0  # square pixels
TONES = {"concerning": "var(--concern)", "improving": "var(--improve)", "neither": "var(--neither)"}


def control_drawing(chart: ControlChart, size: Size, words: Words) -> Drawing:
    """The chart in one of its sizes."""
    y = chart.y_domain
    first, last = chart.x_domain
    x = (float(first.toordinal()), float(last.toordinal() + 1))
    left_labels = y_labels(y, chart.unit, words)
    rules, labels = grid(x, y, left_labels, x_labels(first, last, words, size.most_dates))
    event_rules, event_labels = event_marks(chart.events, x, y)
    ends = _ends(chart, size, words)
    margins = (left_margin(left_labels), right_margin([text for _, text, _ in ends]), TOP, BOTTOM)
    labels += event_labels + end_labels(ends, x[1], y, size.height - TOP - BOTTOM)
    target = [] if chart.target is None else [_target(chart.target, x)]
    return Drawing(
        width=size.width,
        height=size.height,
        margins=margins,
        x_domain=x,
        y_domain=y,
        description=chart.description,
        areas=_bands(chart.estimates, y),
        rules=rules + event_rules + reference_rules(chart) + target,
        lines=_thread(chart) + limit_lines(chart),
        dots=_dots(chart),
        labels=labels,
    )


def _target(target: float, x: tuple[float, float]) -> Rule:
    return Rule(*x, target, target, "var(--ink)", width=1.75)


def _ends(chart: ControlChart, size: Size, words: Words) -> list[tuple[float, str, str]]:
    """The labels at the right: target, mean and limits in force on the last day drawn."""
    texts = words["chart"]
    ends = []
    if chart.target is not None:
        ends.append((chart.target, texts["target"], chart.target, "var(--ink)"))
    newest = chart.judged[-1] if chart.judged else None
    if newest and newest.reference:
        day = newest.observation.start
        mean, (low, high) = newest.reference.mean(day), newest.reference.limits(day)
        ends.append((mean, texts["mean"], mean, "var(--muted)"))
        floor, ceiling = chart.y_domain
        for place, text in ((low, texts["lower"]), (high, texts["upper"])):
            if floor <= place <= ceiling:
                ends.append((place, text, place, "var(--muted)"))
    return [
        (place, _end_text(text, amount(figure, chart.unit, words, trim=True), size), fill)
        for place, text, figure, fill in ends
    ]


def _end_text(name: str, figure: str, size: Size) -> str:
    """On a phone the line itself tells target, mean and limits apart, and the legend says how."""
    return figure if size is PHONE else f"{name} {figure}"


def _thread(chart: ControlChart) -> list[Vertex]:
    """A thin line through the figures, broken where a period is missing, dashed where not final."""
    lines = []
    stretch, expected = 0, None
    for one in chart.judged:
        start = one.observation.start
        stretch += expected is not None and start > expected
        end = period_end(start, chart.grain)
        expected = end + timedelta(days=1)
        x = middle(start, end)
        lines.append(Vertex(f"final {stretch}", x, one.observation.value, "var(--thread)"))
    if not chart.estimates:
        return lines
    joint = [] if not lines or chart.estimates[0].start != expected else [lines[-1]]
    dashed = [(vertex.x, vertex.y) for vertex in joint]
    dashed += [(middle(one.start, one.end), one.value) for one in chart.estimates]
    return lines + [Vertex("estimate", x, y, "var(--dot)", dash=DASHED) for x, y in dashed]


def _dots(chart: ControlChart) -> list[Dot]:
    dots = []
    for one in chart.judged:
        start = one.observation.start
        x = middle(start, period_end(start, chart.grain))
        dots.append(_dot(one, x, chart.direction))
    dots.sort(key=lambda dot: (dot.size, dot.stroke, dot.shape))  # signals on top
    return dots + [
        Dot(middle(one.start, one.end), one.value, fill="var(--card)", size=DOT * 1.4)
        for one in chart.estimates
    ]


def _dot(one: Judged, x: float, direction: str | None) -> Dot:
    if one.signal is None:
        return Dot(x, one.observation.value, size=DOT)
    shape = "triangle-up" if one.side > 0 else "triangle-down"
    tone = TONES[tone_of(one, direction)]
    fill = "var(--card)" if tone == TONES["improving"] else tone
    return Dot(x, one.observation.value, shape, fill, tone, SIGNAL)


def tone_of(one: Judged, direction: str | None) -> str:
    """Whether a signal is `improving`, `concerning` or, where no norm says, `neither`."""
    if direction is None:
        return "neither"
    return "improving" if (one.side > 0) == (direction == "at_least") else "concerning"


def _bands(estimates: Sequence[Estimate], y: tuple[float, float]) -> list[Area]:
    """The band of each provisional figure."""
    return [
        Area(
            one.start.toordinal() + 0.2,
            one.end.toordinal() + 0.8,
            max(one.low, y[0]),
            min(one.high, y[1]),
            "var(--band)",
        )
        for one in estimates
        if one.low is not None and one.high is not None
    ]
