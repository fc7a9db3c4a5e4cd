"""What every page is made from: one night's marts, the filters, and the words of one language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from dashboards.charts.canvas import Drawing
from dashboards.charts.frame import SIZES, Size
from dashboards.filters import Filters
from dashboards.formats import Words
from dashboards.marts import Marts
from dashboards.state import in_force, verdicts_worst_first
from dashboards.tables import Table

Row = Mapping[str, Any]


@dataclass(frozen=True)
class View:
    """The arguments of a page and what several sections of it need."""

    marts: Marts
    filters: Filters
    words: Words

    @cached_property
    def verdicts(self) -> list[dict[str, Any]]:
        """The verdicts in force, worst first."""
        return verdicts_worst_first(self.marts)

    @cached_property
    def triggers(self) -> list[dict[str, Any]]:
        """The trigger states in force."""
        return in_force(self.marts.triggers).sort("trigger").to_dicts()

    @cached_property
    def units(self) -> dict[str, str]:
        """The unit of each metric."""
        return dict(self.marts.definitions.select("metric", "unit").iter_rows())

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kind of uncertainty of each metric."""
        return dict(self.marts.definitions.select("metric", "kind").iter_rows())

    @cached_property
    def events(self) -> list[tuple[int, date, str, bool]]:
        """Dated events under the numbers that the charts give them; the last flag: re-based."""
        rows = self.marts.events.sort("day", "label").iter_rows()
        return [(number, day, label, rebase) for number, (day, label, rebase) in enumerate(rows, 1)]

    @cached_property
    def event_days(self) -> list[tuple[int, date]]:
        """Numbers and days of the events, as charts take them."""
        return [(number, day) for number, day, _, _ in self.events]


@dataclass(frozen=True)
class Figure:
    """One picture with its words and its table, or the reason why there is none.

    `name` is its anchor in the page and the name of its CSV; `pictures` are by size;
    `legend` is (style of the key, text); `parts` are small figures of what it is made of.
    """

    name: str
    title: str
    lead: str | None = None
    pictures: Mapping[str, Drawing] | None = None
    table: Table | None = None
    state: str | None = None
    variation: str | None = None
    assurance: str | None = None
    legend: Sequence[tuple[str, str]] = ()
    parts: Sequence["Figure"] = ()
    remark: str | None = None
    empty: str | None = None


def in_sizes(draw: Callable[[Size], Drawing], sizes: Sequence[Size] = SIZES) -> dict[str, Drawing]:
    """The pictures of a figure, one a size; `draw` takes the size."""
    return {size.name: draw(size) for size in sizes}
