"""One chart as inline SVG that follows the page: its font, its colours in light and dark.

Every chart is layers of five marks (rules, areas, lines, dots, labels) on two linear scales.
Altair says that once and Vega-Lite compiles it once a process; a chart then is its rows. That takes
a fifth of the time of a specification for each. Horizontal places are day numbers and labels are
written by us: Vega's own dates and figures would follow the time zone and the language of the
machine. Nothing is clipped, so Vega numbers no elements and the same rows give the same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from dashboards.charts.svg import tidy

if TYPE_CHECKING:
    import altair as alt

SOLID, DASHED, DOTTED = (1, 0), (5, 3), (1.5, 3)
FONT_SIZE = 11  # pixels, at the width for which a chart is drawn
KEPT_CHARTS = 512  # a night draws its pages twice, a server the same view for many readers


@dataclass(frozen=True)
class Area:
    """A filled rectangle between two places on each axis."""

    x: float
    x2: float
    y: float
    y2: float
    fill: str


@dataclass(frozen=True)
class Rule:
    """A straight line, level or upright."""

    x: float
    x2: float
    y: float
    y2: float
    stroke: str
    width: float = 1.0
    dash: tuple[float, float] = SOLID


@dataclass(frozen=True)
class Vertex:
    """A corner of a line; those of one `series` are joined in the order of their places."""

    series: str
    x: float
    y: float
    stroke: str
    width: float = 1.0
    dash: tuple[float, float] = SOLID


@dataclass(frozen=True)
class Dot:
    """A figure; `shape` is one of Vega's symbols, `size` its area in square pixels."""

    x: float
    y: float
    shape: str = "circle"
    fill: str = "var(--dot)"
    stroke: str = "var(--dot)"
    size: float = 20.0


@dataclass(frozen=True)
class Label:
    """A text of one or more lines, `dx` and `dy` pixels from its place."""

    x: float
    y: float
    text: tuple[str, ...]
    align: str = "left"
    dx: float = 0.0
    dy: float = 0.0
    fill: str = "var(--muted)"


@dataclass(frozen=True)
class Drawing:
    """What a chart shows. Width, height and margins (left, right, top, bottom) are in pixels."""

    width: float
    height: float
    margins: tuple[float, float, float, float]
    x_domain: tuple[float, float]
    y_domain: tuple[float, float]
    description: str
    areas: Sequence[Area] = ()
    rules: Sequence[Rule] = ()
    lines: Sequence[Vertex] = ()
    dots: Sequence[Dot] = ()
    labels: Sequence[Label] = field(default=())


def svg(drawing: Drawing) -> str:
    """The drawing as one `<svg>` with a name for those who do not see it."""
    left, right, top, bottom = drawing.margins
    rows = {
        name: [vars(mark) for mark in getattr(drawing, name)]
        for name in ("areas", "rules", "lines", "dots", "labels")
    }
    domains = {"x": drawing.x_domain, "y": drawing.y_domain}
    compiled = _compiled()
    filled = compiled | {
        "width": round(drawing.width - left - right),
        "height": round(drawing.height - top - bottom),
        "padding": {"left": left, "right": right, "top": top, "bottom": bottom},
        "data": [_with(part, "values", rows) for part in compiled["data"]],
        "scales": [_with(part, "domain", domains) for part in compiled["scales"]],
    }
    return _drawn(json.dumps(filled), drawing.description)


def _with(part: Mapping[str, Any], key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    name = part["name"]
    return {**part, key: values[name]} if name in values else dict(part)


@lru_cache(maxsize=KEPT_CHARTS)
def _drawn(vega: str, description: str) -> str:
    import vl_convert

    return tidy(vl_convert.vega_to_svg(vega), description)


@cache
def _compiled() -> dict[str, Any]:
    """The five layers, back to front, as Vega understands them."""
    import altair as alt
    import vl_convert

    chart = (
        alt.layer(*_layers())
        .properties(autosize=alt.AutoSizeParams(type="none"))
        .configure(background="transparent", aria=False)
        .configure_view(stroke=None)
    )
    version = ".".join(alt.SCHEMA_VERSION.split(".")[:2])
    compiled: dict[str, Any] = vl_convert.vegalite_to_vega(
        chart.to_dict(validate=False), vl_version=version
    )
    return compiled


def _layers() -> "list[alt.Chart]":
    import altair as alt

    scale = alt.Scale(nice=False, zero=False)
    x, y = (
        kind(f"{name}:Q", axis=None, scale=scale) for kind, name in ((alt.X, "x"), (alt.Y, "y"))
    )
    as_given: dict[str, Any] = {"scale": None, "legend": None}
    fill, stroke = alt.Fill("fill:N", **as_given), alt.Stroke("stroke:N", **as_given)
    line = (stroke, alt.StrokeDash("dash:N", **as_given), alt.StrokeWidth("width:Q", **as_given))
    area, rule, lines, dots, labels = (
        alt.Chart(alt.NamedData(name)) for name in ("areas", "rules", "lines", "dots", "labels")
    )
    text: dict[str, Any] = {place: alt.ExprRef(f"datum.{place}") for place in ("align", "dx", "dy")}
    symbol = (alt.Shape("shape:N", **as_given), alt.Size("size:Q", **as_given))
    return [
        rule.mark_rule().encode(x, alt.X2("x2"), y, alt.Y2("y2"), *line),
        area.mark_rect().encode(x, alt.X2("x2"), y, alt.Y2("y2"), fill),
        lines.mark_line().encode(x, y, alt.Detail("series:N"), alt.Order("x:Q"), *line),
        dots.mark_point(filled=True, opacity=1, strokeWidth=1).encode(x, y, fill, stroke, *symbol),
        labels.mark_text(baseline="middle", fontSize=FONT_SIZE, **text).encode(
            x, y, alt.Text("text:N"), fill
        ),
    ]
