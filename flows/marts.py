"""The marts: Parquet files that dashboards read, swapped in one step.

What the warehouse knows comes from `warehouse/marts/*.sql`; what operations.db knows passes through
Polars, because DuckDB's own reader of SQLite is an extension that cannot be had everywhere.
"""

import shutil
import sqlite3
from datetime import date
from pathlib import Path
from typing import get_args, get_type_hints

import polars as pl

from checks.incidents import Incident, Reason
from checks.triggers import TriggerState
from checks.validate import CheckResult
from checks.verdicts import Verdict
from flows.settings import Settings
from flows.slack import name_of
from warehouse.connect import reading
from warehouse.mart_models import mart_names, mart_sql
from warehouse.operations import read

KEPT_FOLDERS = 2  # the one in use, and the one that a reader may still hold


def write_marts(settings: Settings, con: sqlite3.Connection) -> Path:
    """Write all marts into a new folder and let the link `current` point to it."""
    marts = settings.folders.marts
    number = max([0, *(int(p.name) for p in marts.glob("[0-9]*"))]) + 1
    folder = marts / f"{number:06}"
    folder.mkdir(parents=True)
    with reading(settings.folders.warehouse) as connection:
        for name in mart_names():
            frame = connection.execute(mart_sql(name)).pl()
            frame.write_parquet(folder / f"{name}.parquet")
    _name_site(folder, settings)
    _write_operations(folder, con)
    _point_to(folder)
    return folder


def _name_site(folder: Path, settings: Settings) -> None:
    path = folder / "site.parquet"
    site = pl.read_parquet(path).with_columns(
        name=pl.lit(settings.name), time_zone=pl.lit(settings.parameters.time_zone)
    )
    site.write_parquet(path)


def _write_operations(folder: Path, con: sqlite3.Connection) -> None:
    words = dict.fromkeys(("reason", "headline"), str)
    outbox = dict.fromkeys(("message_key", "kind", "state", "error"), str)
    marts = {
        "verdicts": (read.verdicts_in_force(con), get_type_hints(Verdict)),
        "triggers": (read.trigger_states_in_force(con), get_type_hints(TriggerState)),
        "incidents": (_headed(read.incidents(con)), get_type_hints(Incident) | words),
        "checks": (read.latest_check_results(con), get_type_hints(CheckResult)),
        "outbox": (read.outbox(con), outbox),
    }
    for name, (rows, columns) in marts.items():
        frame = pl.DataFrame(rows, schema=list(columns), infer_schema_length=None)
        typed = [_typed(column, hint) for column, hint in columns.items()]
        frame.select(typed).write_parquet(folder / f"{name}.parquet")


def _headed(incidents: list[dict[str, object]]) -> list[dict[str, object]]:
    """An incident that was muted from the beginning has no change that would give it a headline."""
    return [
        {
            **incident,
            "reason": incident["reason"] or Reason.NONE.value,
            "headline": incident["headline"] or name_of(str(incident["subject"]).split(":", 1)[1]),
        }
        for incident in incidents
    ]


def _typed(column: str, hint: object) -> pl.Expr:
    """SQLite keeps dates as text and truth as 0 and 1; Parquet keeps them as what they are."""
    kinds = get_args(hint) or (hint,)
    if date in kinds:
        return pl.col(column).cast(pl.String).str.to_date()
    if bool in kinds:
        return pl.col(column).cast(pl.Boolean)
    if float in kinds:
        return pl.col(column).cast(pl.Float64)
    return pl.col(column).cast(pl.Int64 if int in kinds else pl.String)


def _point_to(folder: Path) -> None:
    marts = folder.parent
    link = marts / ".current"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    link.replace(marts / "current")
    for old in sorted(marts.glob("[0-9]*"))[:-KEPT_FOLDERS]:
        shutil.rmtree(old)
