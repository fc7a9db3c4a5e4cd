"""What all charts share: two sizes, the grid, and the texts around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from dashboards.charts.canvas import DOTTED, Label, Rule

LETTER = 6.2  # pixels: a generous mean width of a character at the chart's font size
LINE = 13  # pixels from one line of text to the next
TOP, BOTTOM = 16, 34  # pixels: room for the numbers of events, and for months with their year
GAP = 8  # pixels between a chart and the texts beside it


@dataclass(frozen=True)
class Size:
    """A variant of a chart: drawn in pixels, so that text keeps its own size."""

    name: str
    width: int
    height: int
    most_dates: int


# A phone's column, and a reading line on a desk: the page shows the one that fits.
PHONE = Size("phone", 350, 210, 5)
WIDE = Size("wide", 1040, 270, 14)
SIZES = (WIDE, PHONE)


def left_margin(y_labels: Mapping[float, str]) -> float:
    """Room for the labels of the vertical axis."""
    return max((len(text) for text in y_labels.values()), default=0) * LETTER + GAP


def right_margin(texts: Sequence[str]) -> float:
    """Room for the labels at the ends of lines."""
    return max((len(text) for text in texts), default=0) * LETTER + GAP + 4


def grid(
    x_domain: tuple[float, float],
    y_domain: tuple[float, float],
    y_labels: Mapping[float, str],
    x_labels: Mapping[float, Sequence[str]],
) -> tuple[list[Rule], list[Label]]:
    """Level lines with their figures on the left, dates with ticks below."""
    first, last = x_domain
    floor = y_domain[0]
    rules = [Rule(first, last, y, y, "var(--line)") for y in y_labels]
    labels = [Label(first, y, (text,), "right", dx=-GAP / 2) for y, text in y_labels.items()]
    for x, lines in x_labels.items():
        labels += [
            Label(x, floor, (line,), "center", dy=LINE * (number + 0.8))
            for number, line in enumerate(lines)
        ]
    return rules, labels


def event_marks(
    events: Sequence[tuple[int, date]], x_domain: tuple[float, float], y_domain: tuple[float, float]
) -> tuple[list[Rule], list[Label]]:
    """An upright dotted line with its number for each event in sight; the page says what it was."""
    low, high = y_domain
    seen = [(number, day.toordinal()) for number, day in events]
    seen = [(number, x) for number, x in seen if x_domain[0] <= x <= x_domain[1]]
    rules = [Rule(x, x, low, high, "var(--muted)", dash=DOTTED) for _, x in seen]
    labels = [Label(x, high, (str(number),), "center", dy=-LINE / 2) for number, x in seen]
    return rules, labels


def spread(places: Sequence[float], least: float) -> list[float]:
    """Places moved apart so that neighbours are at least `least` apart, their order kept."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = list(places)
    for _ in range(len(places) * 4):
        for before, after in pairwise(order):
            lacking = least - (moved[after] - moved[before])
            if lacking > 1e-9:
                moved[before] -= lacking / 2
                moved[after] += lacking / 2
    return moved


def end_labels(
    ends: Sequence[tuple[float, str, str]],
    x: float,
    y_domain: tuple[float, float],
    height: float,
) -> list[Label]:
    """Texts at the right ends of level lines, (place, text, colour), moved until none overlaps.

    `height`: pixels of the drawing's own area.
    """
    low, high = y_domain
    pixels = height / (high - low)
    places = spread([y * pixels for y, _, _ in ends], LINE)
    return [
        Label(x, y, (text,), dx=GAP / 2 + 2, dy=y * pixels - place, fill=fill)
        for (y, text, fill), place in zip(ends, places, strict=True)
    ]
