"""Mean and limits of a control chart: level from one dated change to the next, by day as lines."""

from collections.abc import Sequence
from itertools import groupby

from dashboards.charts.canvas import DASHED, Rule, Vertex
from dashboards.charts.control_data import ControlChart, middle


def reference_rules(chart: ControlChart) -> list[Rule]:
    """Mean and limits of each stretch, level; by day they follow the weekday and are lines."""
    if chart.grain == "day":
        return []
    rules = []
    for start, end, (mean, low, high) in _stretches(chart):
        rules.append(Rule(start, end, mean, mean, "var(--dot)", width=1.25))
        rules += [Rule(start, end, y, y, "var(--dot)", dash=DASHED) for y in (low, high)]
    return _inside(rules, chart.y_domain)


def _inside(rules: Sequence[Rule], y: tuple[float, float]) -> list[Rule]:
    """Nothing is clipped: a limit that the axis cannot hold is not drawn."""
    return [rule for rule in rules if y[0] <= rule.y <= y[1]]


def _stretches(chart: ControlChart) -> list[tuple[float, float, tuple[float, float, float]]]:
    """From where to where each reference holds, with its mean and limits."""
    found: list[tuple[float, float, tuple[float, float, float]]] = []
    ends = {one.observation.start: one for one in chart.judged if one.reference}
    last = float(chart.x_domain[1].toordinal() + 1)
    for reference, members in groupby(ends.values(), key=lambda one: one.reference):
        if reference is None:
            continue
        start = max(next(members).observation.start, chart.x_domain[0])
        if found:
            found[-1] = (found[-1][0], float(start.toordinal()), found[-1][2])
        low, high = reference.limits(start)
        found.append((float(start.toordinal()), last, (reference.mean(start), low, high)))
    return found


def limit_lines(chart: ControlChart) -> list[Vertex]:
    """By day: mean and limits of each weekday, as lines that follow them."""
    if chart.grain != "day":
        return []
    floor, ceiling = chart.y_domain
    lines = []
    for one in chart.judged:
        if one.reference is None:
            continue
        day = one.observation.start
        low, high = one.reference.limits(day)
        x, stretch = middle(day, day), one.reference.start.isoformat()
        for name, y in (("low", low), ("high", high)):
            y = min(max(y, floor), ceiling)
            lines.append(Vertex(f"{name} {stretch}", x, y, "var(--dot)", dash=DASHED))
        lines.append(Vertex(f"mean {stretch}", x, one.reference.mean(day), "var(--dot)"))
    return lines
