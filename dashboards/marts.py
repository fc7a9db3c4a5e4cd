"""The marts as the pages see them: one frame a Parquet file.

The folder is resolved first (it is usually the link `marts/current`), so that every frame is of
one night even when the link is swapped while we read. Metrics, the one mart that may be large, are
read by the part that a page shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from dashboards.mart_columns import COLUMNS, DAY, TEXT
from warehouse.errors import ConfigurationError


@dataclass(frozen=True)
class Marts:
    """One night's marts, with the columns of `COLUMNS`; `site` has exactly one row.

    `folder`: where they were read; each night and each delivery has its own.
    """

    folder: Path
    metrics: pl.LazyFrame
    frames: Mapping[str, pl.DataFrame]

    def __getattr__(self, name: str) -> pl.DataFrame:
        """A mart by its name."""
        try:
            return self.frames[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def as_of(self) -> date:
        """The last complete local day."""
        day: date = self.frames["site"]["as_of"][0]
        return day

    @property
    def rebased_on(self) -> list[date]:
        """Days from which on another reference holds, by the site's own word."""
        days: list[date] = self.frames["events"].filter("is_rebase")["day"].to_list()
        return days


def read_marts(folder: Path) -> Marts:
    """Read the marts of `folder`, the folder that holds the Parquet files or a link to it.

    Raises `ConfigurationError`, one sentence for each file that is missing or lacks a column.
    """
    folder = folder.resolve()
    faults = [fault for name in COLUMNS if (fault := _fault(folder / f"{name}.parquet"))]
    if faults:
        raise ConfigurationError(*faults)
    lazy = {name: _scan(folder / f"{name}.parquet") for name in COLUMNS}
    metrics = lazy.pop("metrics")
    frames = dict(zip(lazy, pl.collect_all(list(lazy.values())), strict=True))
    return Marts(folder, metrics, frames)


def _fault(path: Path) -> str | None:
    if not path.is_file():
        return f"{path}: this mart is missing; a night (`qos run`) writes it."
    missing = COLUMNS[path.stem].keys() - pl.read_parquet_schema(path).keys()
    if missing:
        return f"{path}: no column {', '.join(sorted(missing))}; a night (`qos run`) writes it."
    if path.stem == "site" and pl.scan_parquet(path).select(pl.len()).collect().item() != 1:
        return f"{path}: not exactly one row; a night (`qos run`) writes it."
    return None


def _scan(path: Path) -> pl.LazyFrame:
    schema = pl.read_parquet_schema(path)
    return pl.scan_parquet(path).select(
        _typed(name, schema[name], dtype) for name, dtype in COLUMNS[path.stem].items()
    )


def _typed(name: str, written: pl.DataType, expected: pl.DataType) -> pl.Expr:
    """What comes from operations.db has days as ISO text, flags as 0 and 1; if empty, no type."""
    if expected == DAY and written == TEXT:
        return pl.col(name).str.to_date("%Y-%m-%d")
    # A cast, even to the same type, would hide from the reader which rows it may leave out.
    return pl.col(name) if expected == written else pl.col(name).cast(expected)
