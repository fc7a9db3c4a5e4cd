"""Aggregates that outlive the calls they were made of: Parquet files, true as the archive is.

Days of which not all calls, or not all that came before, are left, are read back from here.
"""

import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl

from warehouse.files import private_folder, sync_folder
from warehouse.folders import Folders
from warehouse.parquet import writing_parquet

NUMBER = pl.Decimal(38, 15)
SCHEMAS: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    "daily": {
        "metric": pl.String, "day": pl.Date, "provider": pl.String, "queue": pl.String,
        "reason": pl.String, "tenure_band": pl.String, "numerator": NUMBER, "denominator": NUMBER,
    },
    "fifth_agent": {
        "base": pl.String, "scope_kind": pl.String, "scope": pl.String, "day": pl.Date,
        "five_seen_since": pl.Date,
    },
    "team_days": {
        "day": pl.Date, "scope_kind": pl.String, "scope": pl.String,
        **dict.fromkeys(
            ("agents", "tenure_days", "novices", "replacements", "growth_hires", "departures"),
            pl.Int64,
        ),
    },
    "moves": {
        "day": pl.Date, "scope_kind": pl.String, "scope": pl.String, "movement": pl.String,
        "reason": pl.String, "people": pl.Int64,
    },
    "quantile": {
        "quantity": pl.String, "grain": pl.String, "period_start": pl.Date, "period_end": pl.Date,
        "scope_kind": pl.String, "scope": pl.String, "cases": pl.Int64,
        "median_seconds": pl.Float64, "percentile_90_seconds": pl.Float64,
        "is_final": pl.Boolean, "is_suppressed": pl.Boolean,
    },
}  # fmt: skip
# Without agents. Who was in a group is known by the year that a period may be long, and by then
# all of its days are frozen.
QUERIES = {
    "daily": "select * exclude (agent_id, numerator, denominator), sum(numerator) as numerator,"
    " sum(denominator) as denominator from metrics.daily where day <= $through group by all",
    "fifth_agent": "from metrics.fifth_agent where day <= $through + 366",
    "team_days": "from metrics.team_days where day <= $through",
    "moves": "from metrics.moves where day <= $through",
    "quantile": "from metrics.quantile where period_start <= $through",
}
KEPT = 2  # the one in force, and the one that an interrupted purge may leave


def frozen_through(retained_from: date, longest_window_days: int) -> date:
    """The last day to freeze: calls up to a window after `retained_from` may repeat removed ones.

    A whole month, because costs are of months.
    """
    last = retained_from + timedelta(days=longest_window_days + 1)
    return (last.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def freeze(
    connection: duckdb.DuckDBPyConnection,
    folders: Folders,
    retained_from: date,
    longest_window_days: int,
) -> None:
    """Write the aggregates of the warehouse at hand through the day that they have to replace."""
    through = frozen_through(retained_from, longest_window_days)
    for name, query in QUERIES.items():
        rows = connection.execute(f"{query} order by all", {"through": through}).pl()
        path = _path(folders, retained_from, name)
        with writing_parquet(path, SCHEMAS[name]) as file:
            file.add(rows.cast(pl.Schema(SCHEMAS[name])))
    sync_folder(private_folder(folders.frozen))
    for old in sorted(folders.frozen.iterdir())[:-KEPT]:
        shutil.rmtree(old)


def show_frozen(
    connection: duckdb.DuckDBPyConnection, folders: Folders, retained_from: date | None
) -> None:
    """The tables `raw.frozen_...`: what was frozen at the last purge, or nothing."""
    for name, schema in SCHEMAS.items():
        if retained_from:
            frame = pl.read_parquet(_path(folders, retained_from, name))
        else:
            frame = pl.DataFrame(schema=schema)
        connection.register("frozen", frame)
        connection.execute(f"create table raw.main.frozen_{name} as select * from frozen")
        connection.unregister("frozen")


def _path(folders: Folders, retained_from: date, name: str) -> Path:
    return folders.frozen / retained_from.isoformat() / f"{name}.parquet"
