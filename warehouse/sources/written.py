"""How the columns of a file are called and written, to tell when an export changes.

A column is of a kind if nine of ten of its first filled cells are; of none if cells differ, as in
remarks, or nothing is filled.
"""

import polars as pl

from warehouse.sources import Written
from warehouse.sources.headers import Found
from warehouse.sources.text import Table

ROWS_LOOKED_AT = 1_000
LEAST_PER_CENT = 90
DAY = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
KINDS = {
    "a time": rf"^{DAY}[T ]+\d{{1,2}}[:h]\d{{2}}",
    "a date": rf"^{DAY}$",
    "hours and minutes": r"^\d+:\d{2}(:\d{2})?([.,]\d+)?$",
    "a number": r"^[-+]?[\d\s.,']*\d[\d\s.,']*$",
}
WORDS = "words"


def written(table: Table, found: dict[str, Found]) -> tuple[Written, ...]:
    """Each column of a part of a file, in its order; the first rows tell the kinds."""
    names = [column for column in table.rows.columns if column != "line"]
    fills: dict[int, str] = {}
    for column, where in found.items():
        for place in where.places:
            fills.setdefault(place, column)
    rows = table.rows.head(ROWS_LOOKED_AT)
    return tuple(
        Written(name, fills.get(place), _kind(rows[name])) for place, name in enumerate(names)
    )


def _kind(cells: pl.Series) -> str | None:
    text = pl.col("cell").str.strip_chars()
    kind = pl.coalesce(
        *(pl.when(text.str.contains(form)).then(pl.lit(name)) for name, form in KINDS.items()),
        pl.lit(WORDS),
    )
    kinds = cells.alias("cell").to_frame().filter(text != "").select(kind.alias("kind"))
    counts = kinds["kind"].value_counts()
    usual = counts.filter(pl.col("count") * 100 >= LEAST_PER_CENT * kinds.height)
    return usual["kind"][0] if usual.height else None
