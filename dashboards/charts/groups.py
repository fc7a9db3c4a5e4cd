"""Groups of the service beside each other: a dot and its interval each, against the target."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.charts.axes import y_domain, y_labels
from dashboards.charts.canvas import Dot, Drawing, Label, Rule
from dashboards.charts.frame import GAP, LETTER, LINE, PHONE
from dashboards.formats import Words

ROW = 22  # pixels
MOST_LETTERS = 24  # of a group's name beside its row; the table has all of it


@dataclass(frozen=True)
class Group:
    """One group; without value, `text` says why."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    text: str


@dataclass(frozen=True)
class GroupChart:
    """What the chart shows, from the top down; values in the metric's unit.

    `is_whole`: intervals are what the chart is about, so that none is cut at its edge.
    """

    groups: Sequence[Group]
    target: float | None
    unit: str
    description: str
    is_whole: bool = False

    @property
    def is_known(self) -> bool:
        """Whether any group has a value: without one there is nothing to draw."""
        return any(group.value is not None for group in self.groups)


def groups_drawing(chart: GroupChart, words: Words) -> Drawing:
    """A row a group: its name, its value with its interval, and the figure."""
    groups, count = chart.groups, len(chart.groups)
    domain = _domain(chart)
    names = [_short(group.name) for group in groups]
    left = max(map(len, names)) * LETTER + GAP
    right = max(len(group.text) for group in groups if group.value is not None) * LETTER + GAP
    ticks = _few(y_labels(domain, chart.unit, words))
    rules = [Rule(x, x, 0, count, "var(--line)") for x in ticks]
    labels = [Label(x, 0, (text,), "center", dy=LINE) for x, text in ticks.items()]
    if chart.target is not None:
        rules.append(Rule(chart.target, chart.target, 0, count, "var(--ink)", width=1.75))
    dots: list[Dot] = []
    for number, (group, name) in enumerate(zip(groups, names, strict=True)):
        y = count - number - 0.5
        labels.append(Label(domain[0], y, (name,), "right", dx=-GAP / 2, fill="var(--ink)"))
        labels.append(_figure(group, y, domain))
        rules += _bar(group, y, domain)
        dots += [] if group.value is None else [Dot(group.value, y, size=36)]
    margins = (left, right, 4.0, float(LINE + GAP))
    return Drawing(
        width=PHONE.width,
        height=ROW * count + margins[2] + margins[3],
        margins=margins,
        x_domain=domain,
        y_domain=(0, count),
        description=chart.description,
        rules=rules,
        dots=dots,
        labels=labels,
    )


def _domain(chart: GroupChart) -> tuple[float, float]:
    values = [group.value for group in chart.groups if group.value is not None]
    ends = [end for group in chart.groups for end in (group.low, group.high) if end is not None]
    values += [] if chart.target is None else [chart.target]
    return y_domain(values + (ends if chart.is_whole else []), ends, chart.unit)


def _figure(group: Group, y: float, domain: tuple[float, float]) -> Label:
    """The value at the right end of the row, or in the row why there is none."""
    if group.value is None:
        return Label(domain[0], y, (group.text,), dx=GAP / 2)
    return Label(domain[1], y, (group.text,), dx=GAP / 2, fill="var(--ink)")


def _bar(group: Group, y: float, domain: tuple[float, float]) -> list[Rule]:
    if group.low is None or group.high is None:
        return []
    low, high = max(group.low, domain[0]), min(group.high, domain[1])
    return [Rule(low, high, y, y, "var(--dot)", width=2)]


def _short(name: str) -> str:
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1]}…"


def _few(labels: dict[float, str]) -> dict[float, str]:
    """Every second label where they would run into each other."""
    return dict(list(labels.items())[::2]) if len(labels) > 3 else labels
