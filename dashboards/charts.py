"""Charts as inline SVG that follows the page: its font, its colours in light and dark, its width.

Altair is imported where it is used, for it takes longer to load than a page to make. Horizontal
places are day numbers and axis labels are written by us: Vega's own dates and figures would follow
the time zone and the language of the machine. Nothing is clipped, so Vega numbers no elements and
the same points give the same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dashboards.svg import tidy

if TYPE_CHECKING:
    import altair as alt

WIDTH, HEIGHT = 350, 190  # pixels: a phone's column, so that text is drawn at its own size
TOP, BOTTOM = 10, 34
LETTER = 6.2  # pixels: a generous mean width of a character at the chart's font size
BAR_SHARE = 0.02  # half the greatest width of an interval bar, as a share of the days drawn


@dataclass(frozen=True)
class Point:
    """One period of a metric: `end` is inclusive; `low` and `high` may be missing."""

    start: date
    end: date
    value: float
    low: float | None
    high: float | None
    is_final: bool


@dataclass(frozen=True)
class Judged:
    """The window of a verdict, drawn as a line in the colour of the state."""

    start: date
    end: date
    value: float
    state: str


@dataclass(frozen=True)
class Trend:
    """What one chart shows: `x_domain` inclusive; labels by place (value, or day number)."""

    points: Sequence[Point]
    target: float | None
    target_label: list[str]
    judged: Judged | None
    x_domain: tuple[date, date]
    y_domain: tuple[float, float]
    y_labels: Mapping[float, str]
    x_labels: Mapping[float, list[str]]
    description: str


def trend_svg(trend: Trend) -> str:
    """Dots with their interval bars, the target, and the window judged, as one `<svg>`."""
    import altair as alt
    import vl_convert

    left = max(len(label) for label in trend.y_labels.values()) * LETTER + 8
    right = max((len(line) for line in trend.target_label), default=0) * LETTER + 12
    chart = (
        alt.layer(*_layers(trend))
        .properties(
            width=round(WIDTH - left - right),
            height=HEIGHT - TOP - BOTTOM,
            padding={"left": round(left), "right": round(right), "top": TOP, "bottom": BOTTOM},
            autosize=alt.AutoSizeParams(type="none"),
        )
        .configure(background="transparent", aria=False)
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=11, labelColor="var(--muted)", title=None, domain=False)
    )
    # Rows join the specification last: Altair would copy them for every layer.
    specification = chart.to_dict(validate=False) | {"datasets": _datasets(trend)}
    version = ".".join(alt.SCHEMA_VERSION.split(".")[:2])
    return tidy(vl_convert.vegalite_to_svg(specification, vl_version=version), trend.description)


def _layers(trend: Trend) -> "list[alt.Chart]":
    """Back to front: interval bars, thread, target with its label, judged window, dots."""
    import altair as alt

    points = alt.Chart(alt.NamedData("points"))
    middle, value = alt.X("middle:Q"), alt.Y("value:Q")
    bars = points.mark_bar(color="var(--band)")
    thread = points.mark_line(color="var(--dot)", strokeWidth=1, opacity=0.5)
    dots = points.mark_circle(size=16, opacity=1, stroke="var(--dot)", strokeWidth=1)
    fill = alt.condition("datum.is_final", alt.value("var(--dot)"), alt.value("var(--card)"))
    return [
        bars.encode(_x_axis(trend), alt.X2("bar_end"), _y_axis(trend), alt.Y2("high")),
        thread.encode(middle, value, detail="stretch:N"),
        *(_target(trend.target_label) if trend.target is not None else ()),
        *([_judged(trend.judged.state)] if trend.judged else ()),
        dots.encode(middle, value, fill=fill),
    ]


def _x_axis(trend: Trend) -> "alt.X":
    import altair as alt

    first, last = trend.x_domain
    scale = alt.Scale(domain=[first.toordinal(), last.toordinal() + 1], nice=False, zero=False)
    axis = alt.Axis(
        values=list(trend.x_labels),
        labelExpr=_lookup(trend.x_labels),
        labelAlign="center",
        labelOverlap=False,
        grid=False,
        tickColor="var(--line)",
    )
    return alt.X("bar_start:Q", scale=scale, axis=axis)


def _y_axis(trend: Trend) -> "alt.Y":
    import altair as alt

    axis = alt.Axis(
        values=list(trend.y_labels),
        labelExpr=_lookup(trend.y_labels),
        labelOverlap=False,
        gridColor="var(--line)",
        ticks=False,
    )
    scale = alt.Scale(domain=list(trend.y_domain), nice=False, zero=False)
    return alt.Y("low:Q", scale=scale, axis=axis)


def _target(label: list[str]) -> "tuple[alt.Chart, alt.Chart]":
    import altair as alt

    target = alt.Chart(alt.NamedData("target")).encode(alt.Y("value:Q"))
    text = target.mark_text(align="left", dx=6, dy=-6, fontSize=11, lineHeight=12)
    return (
        target.mark_rule(color="var(--ink)", strokeWidth=1.5),
        text.encode(x=alt.value("width"), text=alt.value(label), color=alt.value("var(--ink)")),
    )


def _judged(state: str) -> "alt.Chart":
    import altair as alt

    line = alt.Chart(alt.NamedData("judged")).mark_rule(color=f"var(--{state})", strokeWidth=4)
    window: alt.Chart = line.encode(alt.X("bar_start:Q"), alt.X2("bar_end"), alt.Y("value:Q"))
    return window


def _datasets(trend: Trend) -> dict[str, list[dict[str, Any]]]:
    """The rows of each layer, as places on the two axes."""
    judged, target = trend.judged, trend.target
    return {
        "points": _places(trend),
        "target": [] if target is None else [{"value": target}],
        "judged": [] if judged is None else [_span(judged, 0) | {"value": judged.value}],
    }


def _places(trend: Trend) -> list[dict[str, Any]]:
    """Points with their bars: never wide when there are few, and cut where the chart ends."""
    days_drawn = (trend.x_domain[1] - trend.x_domain[0]).days + 1
    floor, ceiling = trend.y_domain
    rows: list[dict[str, Any]] = []
    stretch, expected = 0, trend.points[0].start
    for point in trend.points:
        # The thread breaks where a period is missing or withheld.
        stretch += point.start > expected
        expected = point.end + timedelta(days=1)
        days = (expected - point.start).days
        ends = (point.value if end is None else end for end in (point.low, point.high))
        low, high = (min(max(end, floor), ceiling) for end in ends)
        rows.append(
            _span(point, trim=max(0.1 * days, days / 2 - BAR_SHARE * days_drawn))
            | {"middle": point.start.toordinal() + days / 2, "value": point.value}
            | {"low": low, "high": high, "is_final": point.is_final, "stretch": stretch}
        )
    return rows


def _span(period: Point | Judged, trim: float) -> dict[str, float]:
    """From the first midnight to the last, less `trim` days at both ends."""
    start, end = period.start.toordinal(), period.end.toordinal() + 1
    return {"bar_start": start + trim, "bar_end": end - trim}


def _lookup(labels: Mapping[float, Any]) -> str:
    """A Vega expression that finds a label by its place."""
    by_text = {f"{place:.10g}": label for place, label in labels.items()}
    return f"{json.dumps(by_text)}[datum.value]"
