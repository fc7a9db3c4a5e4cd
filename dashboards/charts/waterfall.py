"""How a change is made up: each part from where the one before ended, with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.charts.axes import y_labels
from dashboards.charts.canvas import Area, Drawing, Label, Rule, Vertex
from dashboards.charts.frame import GAP, LETTER, LINE, PHONE, Size
from dashboards.formats import Words

ROW, BAR = 30, 0.5  # pixels a row; the share of it that a bar takes
TONES = {True: "var(--improve-soft)", False: "var(--concern-soft)", None: "var(--part-3)"}


@dataclass(frozen=True)
class Step:
    """One part: its estimate with its interval, in the unit drawn, and whether it is good news."""

    name: str
    estimate: float
    low: float | None
    high: float | None
    text: str
    is_good: bool | None
    is_total: bool = False


@dataclass(frozen=True)
class Waterfall:
    """The parts from the top down; a total starts from nought again."""

    steps: Sequence[Step]
    unit: str
    description: str


def waterfall_drawing(chart: Waterfall, size: Size, words: Words) -> Drawing:
    """The chart in one of its sizes, parts as rows so that a phone has room for their names."""
    spans = _spans(chart.steps)
    domain = _domain(chart.steps, spans)
    count = len(chart.steps)
    names = [step.name for step in chart.steps]
    on_phone = size is PHONE
    left = (0.0 if on_phone else max(map(len, names)) * LETTER) + GAP
    right = max(len(step.text) for step in chart.steps) * LETTER + GAP
    ticks = y_labels(domain, chart.unit, words)
    shown = dict(list(ticks.items())[:: 2 if on_phone else 1])
    labels = [Label(x, 0, (text,), "center", dy=LINE) for x, text in shown.items()]
    rules = [Rule(x, x, 0, count, "var(--line)") for x in shown]
    if domain[0] <= 0 <= domain[1]:
        rules.append(Rule(0, 0, 0, count, "var(--dot)", width=1.25))
    areas: list[Area] = []
    whiskers: list[Vertex] = []
    for number, (step, (start, end)) in enumerate(zip(chart.steps, spans, strict=True)):
        y = count - number - 0.5
        low, high = sorted((start, end))
        areas.append(Area(low, high, y - BAR / 2, y + BAR / 2, TONES[step.is_good]))
        whiskers += _whisker(step, start, y)
        place = (y + BAR / 2 + 0.16, "left", 0.0) if on_phone else (y, "right", -GAP / 2)
        labels.append(
            Label(domain[0], place[0], (step.name,), place[1], dx=place[2], fill="var(--ink)")
        )
        labels.append(Label(domain[1], y, (step.text,), dx=GAP / 2, fill="var(--ink)"))
    row = ROW * 1.35 if on_phone else ROW
    margins = (left, right, 12.0 if on_phone else 4.0, float(LINE + GAP))
    return Drawing(
        width=size.width,
        height=row * count + margins[2] + margins[3],
        margins=margins,
        x_domain=domain,
        y_domain=(0, count),
        description=chart.description,
        areas=areas,
        rules=rules,
        lines=whiskers,
        labels=labels,
    )


def _spans(steps: Sequence[Step]) -> list[tuple[float, float]]:
    """From where to where each bar goes."""
    at, spans = 0.0, []
    for step in steps:
        start = 0.0 if step.is_total else at
        spans.append((start, start + step.estimate))
        at = start + step.estimate
    return spans


def _domain(steps: Sequence[Step], spans: Sequence[tuple[float, float]]) -> tuple[float, float]:
    places = [place for span in spans for place in span]
    for step, (start, _) in zip(steps, spans, strict=True):
        places += [start + end for end in (step.low, step.high) if end is not None]
    low, high = min([*places, 0.0]), max([*places, 0.0])
    edge = 0.04 * ((high - low) or 1.0)
    return low - edge, high + edge


def _whisker(step: Step, start: float, y: float) -> list[Vertex]:
    """The interval of the estimate, from where the bar starts."""
    if step.low is None or step.high is None:
        return []
    return [
        Vertex(f"{step.name} {step.is_total}", start + end, y, "var(--ink)", width=1.5)
        for end in (step.low, step.high)
    ]
