"""The tables of `raw`, as models see them: views, so that no path is stored in a warehouse."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

from warehouse.ledger.site import Site
from warehouse.raw import QUARANTINE, empty_raw, literal, quarantine_path, raw_path
from warehouse.sources import raw_table_of
from warehouse.sources.columns import RAW


def show_raw(connection: duckdb.DuckDBPyConnection, site: Site) -> None:
    """The tables of `raw`: views over the Parquet files of what is in, and of what is withdrawn."""
    for table in RAW:
        feeds = [name for name, feed in site.feeds.items() if raw_table_of(feed) == table]
        files = connection.execute(
            "select feed, file, reading, change = 'withdrawn' from ledger.files"
            " where list_contains($feeds, feed) order by arrival",
            {"feeds": feeds},
        ).fetchall()
        for name, is_out in ((table, False), (f"withdrawn_{table}", True)):
            paths = [
                str(raw_path(site.folders, feed, file, reading))
                for feed, file, reading, is_withdrawn in files
                if is_withdrawn == is_out
            ]
            there = [path for path in paths if not is_out or Path(path).exists()]
            _show(connection, name, empty_raw(table), there)
    _show_quarantine(connection, site)


def _show_quarantine(connection: duckdb.DuckDBPyConnection, site: Site) -> None:
    """Rejected rows of the files that are in; there are few files with any."""
    files = connection.execute(
        "select feed, file, reading from ledger.files"
        " where rows_quarantined > 0 and change <> 'withdrawn' and list_contains($feeds, feed)"
        " order by arrival",
        {"feeds": list(site.feeds)},
    ).fetchall()
    paths = [quarantine_path(site.folders, *place) for place in files]
    _show(connection, "quarantine", pl.DataFrame(schema=QUARANTINE), [str(path) for path in paths])


def _show(
    connection: duckdb.DuckDBPyConnection, name: str, nothing: pl.DataFrame, paths: Sequence[str]
) -> None:
    if paths:
        listed = ", ".join(literal(path) for path in paths)
        connection.execute(f"create view raw.main.{name} as select * from read_parquet([{listed}])")
    else:
        connection.register("no_rows", nothing)
        connection.execute(f"create table raw.main.{name} as select * from no_rows")
        connection.unregister("no_rows")
