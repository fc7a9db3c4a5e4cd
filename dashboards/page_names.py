"""The pages there are, in the order in which they are offered; `index` is the one that opens."""

from collections.abc import Mapping

PAGES = ("index", "quality", "team", "turnover", "cost", "alerts", "data")
# Which of the filters change what a page shows; the others are not offered on it.
FILTERED: Mapping[str, tuple[str, ...]] = {
    "quality": ("period", "grain", "scope"),
    "team": ("period", "scope"),
    "cost": ("period",),
}
