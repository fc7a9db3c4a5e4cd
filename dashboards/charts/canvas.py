"""Charts as inline SVG that follows the page: its font, its colours in light and dark.

Every chart is layers of five marks (rules, areas, lines, dots, labels). Altair says that once,
Vega-Lite compiles it once a process, and one call of Vega draws all charts of a page, one over the
other: what a call costs, it costs once, and the marks of each chart are told apart by their order.
Places are pixels and labels are written by us: Vega's own dates and figures would follow the time
zone and the language of the machine. Nothing is clipped, so Vega numbers no elements and the same
rows give the same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from dashboards.charts.shapes import Element
from dashboards.charts.svg import elements_of, framed

if TYPE_CHECKING:
    import altair as alt

LAYERS = ("rules", "areas", "lines", "dots", "labels")  # back to front
SOLID, DASHED, DOTTED = (1, 0), (5, 3), (1.5, 3)
SHEET = 1000  # pixels of the square on which all charts of a page are drawn, from its top left
FONT_SIZE = 11  # pixels, at the width for which a chart is drawn


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


def svgs(drawings: Sequence[Drawing]) -> list[str]:
    """Each drawing as an `<svg>` with a name for those who do not see it."""
    if not drawings:
        return []
    import vl_convert

    placed = [_placed(number, drawing) for number, drawing in enumerate(drawings)]
    rows = {layer: [row for own in placed for row in own[layer]] for layer in LAYERS}
    compiled = _compiled()
    sheet = {"width": SHEET, "height": SHEET}
    scales = [{**scale, "domain": [0, SHEET]} for scale in compiled["scales"]]
    data = [
        {**part, "values": rows[part["name"]]} if part["name"] in rows else part
        for part in compiled["data"]
    ]
    elements = elements_of(
        vl_convert.vega_to_svg(json.dumps(compiled | sheet | {"data": data, "scales": scales}))
    )
    counts = [{layer: _elements(layer, own[layer]) for layer in LAYERS} for own in placed]
    return [
        framed(parts, drawing.width, drawing.height, drawing.margins, drawing.description)
        for parts, drawing in zip(_dealt(elements, counts), drawings, strict=True)
    ]


def _placed(number: int, drawing: Drawing) -> dict[str, list[dict[str, Any]]]:
    """The marks of a drawing by layer, their places in pixels of its own area."""
    left, right, top, bottom = drawing.margins
    width, height = drawing.width - left - right, drawing.height - top - bottom
    (x0, x1), (y0, y1) = drawing.x_domain, drawing.y_domain
    across, up = width / (x1 - x0), height / (y1 - y0)
    placed: dict[str, list[dict[str, Any]]] = {}
    for layer in LAYERS:
        rows = [dict(vars(mark)) for mark in getattr(drawing, layer)]
        for row in rows:
            for x in row.keys() & {"x", "x2"}:
                row[x] = (row[x] - x0) * across
            for y in row.keys() & {"y", "y2"}:
                row[y] = SHEET - height + (row[y] - y0) * up
            if layer == "lines":
                row["series"] = f"{number} {row['series']}"
        placed[layer] = rows
    return placed


def _elements(layer: str, rows: Sequence[Mapping[str, Any]]) -> int:
    """How many elements Vega makes of some rows: one each, but of lines one a line."""
    if layer != "lines":
        return len(rows)
    return len({(row["stroke"], row["width"], row["dash"], row["series"]) for row in rows})


def _dealt(
    elements: Mapping[str, list[Element]], counts: Sequence[Mapping[str, int]]
) -> list[list[list[Element]]]:
    """The elements of each drawing, layer by layer."""
    for layer in LAYERS:
        if len(elements[layer]) != sum(count[layer] for count in counts):
            raise RuntimeError(f"Vega drew another number of {layer} than there are")
    dealt, at = [], dict.fromkeys(LAYERS, 0)
    for count in counts:
        dealt.append([elements[one][at[one] : at[one] + count[one]] for one in LAYERS])
        for layer in LAYERS:
            at[layer] += count[layer]
    return dealt


@cache
def _compiled() -> dict[str, Any]:
    """The five layers as Vega understands them."""
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
