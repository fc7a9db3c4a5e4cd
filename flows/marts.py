"""The marts: Parquet files that dashboards read, swapped in one step.

What the warehouse knows comes from `warehouse/marts/*.sql`; what operations.db knows passes through
Polars, because DuckDB's own reader of SQLite is an extension that cannot be had everywhere.
"""

import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import get_args, get_type_hints

import polars as pl

from checks.explanation import Attribution
from checks.harm_grammar import HARM
from checks.incidents import Incident, Reason
from checks.policy import COST, Norm, Policy
from checks.triggers import TriggerState
from checks.validate import CheckResult
from checks.verdicts import Verdict
from dashboards.site import write_site
from flows.causes import worded
from flows.contract_marts import write_contract_marts
from flows.settings import Settings
from flows.wording import capitalised, load_words, name_of
from warehouse.connect import reading
from warehouse.mart_models import mart_names, mart_sql
from warehouse.operations import read
from warehouse.operations.attributions import attributions_in_force

KEPT_FOLDERS = 2  # the one in use, and the one that a reader may still hold
# Readers ask for one scope and grain, by which the metrics are sorted: of a file in small groups of
# rows they can leave most unread.
ROWS_A_GROUP = 16_384

ACKNOWLEDGEMENT = {"incident_id": str, "acknowledged_by": str, "acknowledged_at": str}
TRIGGER_RULE = {"trigger": str, "apart_nights": int, "long_window_days": int | None, "why": str}
CHANGE = dict.fromkeys(("incident_id", "reason", "severity", "headline"), str)
OUTBOX = dict.fromkeys(
    ("message_key", "kind", "incident_id", "route", "state", "error", "created_at", "updated_at"),
    str,
)


def draw_pages(settings: Settings, con: sqlite3.Connection, policy: Policy) -> Path:
    """Write the marts and the pages made from them; the first page."""
    write_marts(settings, con, policy)
    return write_site(settings.folders.marts / "current", settings.folders.pages, settings.language)


def write_marts(settings: Settings, con: sqlite3.Connection, policy: Policy) -> Path:
    """Write all marts into a new folder and let the link `current` point to it."""
    marts = settings.folders.marts
    number = max([0, *(int(p.name) for p in marts.glob("[0-9]*"))]) + 1
    folder = marts / f"{number:06}"
    fill(folder, settings, con, policy)
    _point_to(folder)
    return folder


def fill(folder: Path, settings: Settings, con: sqlite3.Connection, policy: Policy) -> None:
    """Write all marts of the warehouse and of what `con` knows into a new folder."""
    folder.mkdir(parents=True)
    with reading(settings.folders.warehouse) as connection:
        for name in mart_names():
            frame = connection.execute(mart_sql(name)).pl()
            frame.write_parquet(folder / f"{name}.parquet", row_group_size=ROWS_A_GROUP)
        write_contract_marts(folder, connection, con, policy)
    _describe_site(folder, settings, con)
    _mark_rebased(folder, settings)
    _write_policy(folder, policy)
    _write_operations(folder, con, settings.language)


def _describe_site(folder: Path, settings: Settings, con: sqlite3.Connection) -> None:
    """Its name, its zone, and why a night was last rejected, a sentence a line."""
    path = folder / "site.parquet"
    site = pl.read_parquet(path).with_columns(
        name=pl.lit(settings.name),
        time_zone=pl.lit(settings.parameters.time_zone),
        rejected_for=pl.lit(read.last_rejection(con), pl.String),
    )
    site.write_parquet(path)


def _mark_rebased(folder: Path, settings: Settings) -> None:
    """Events, and the days from which on charts have another reference, with or without event."""
    path = folder / "events.parquet"
    rebased = pl.DataFrame({"day": settings.dashboard.rebase_on}, schema={"day": pl.Date})
    events = pl.read_parquet(path).with_columns(
        is_rebase=pl.col("day").is_in(rebased["day"].implode())
    )
    alone = rebased.join(events, on="day", how="anti").unique()
    alone = alone.with_columns(label=pl.lit(""), is_rebase=pl.lit(True))
    pl.concat([events, alone]).sort("day", "label").write_parquet(path)


def _write_policy(folder: Path, policy: Policy) -> None:
    """The norms and triggers in force, each number with its why."""
    norms = [asdict(norm) | {"version": policy.version} for norm in policy.norms]
    triggers = [
        {"trigger": trigger.name, "apart_nights": trigger.apart_nights}
        | {"long_window_days": trigger.long_window_days, "why": trigger.why}
        for trigger in policy.triggers
    ]
    others = {HARM: policy.harm, COST: policy.cost_trigger}
    triggers += [{"trigger": name, "why": rule.why} for name, rule in others.items() if rule]
    _write(folder, "norms", norms, get_type_hints(Norm) | {"version": str})
    _write(folder, "trigger_rules", triggers, TRIGGER_RULE)


def _write_operations(folder: Path, con: sqlite3.Connection, language: str) -> None:
    words = dict.fromkeys(("reason", "headline"), str)
    marts = {
        "verdicts": (read.verdicts_in_force(con), get_type_hints(Verdict)),
        "triggers": (read.trigger_states_in_force(con), get_type_hints(TriggerState)),
        "attribution": (
            worded(attributions_in_force(con), load_words(language)),
            get_type_hints(Attribution) | {"sentence": str},
        ),
        "incidents": (_headed(read.incidents(con), language), get_type_hints(Incident) | words),
        "checks": (read.latest_check_results(con), get_type_hints(CheckResult)),
        "outbox": (read.outbox(con), OUTBOX),
        "changes": (read.changes(con), CHANGE | {"as_of": date, "is_muted": bool}),
        "acknowledgements": (
            list(read.standing_acknowledgements(con).values()),
            ACKNOWLEDGEMENT | {"snoozed_until": date | None},
        ),
    }
    for name, (rows, columns) in marts.items():
        _write(folder, name, rows, columns)


def _write(
    folder: Path, name: str, rows: Sequence[Mapping[str, object]], columns: Mapping[str, object]
) -> None:
    frame = pl.DataFrame(rows, schema=list(columns), infer_schema_length=None)
    typed = [_typed(column, hint) for column, hint in columns.items()]
    frame.select(typed).write_parquet(folder / f"{name}.parquet")


def _headed(incidents: list[dict[str, object]], language: str) -> list[dict[str, object]]:
    """An incident that was muted from the beginning has no change that would give it a headline."""
    return [
        {
            **incident,
            "reason": incident["reason"] or Reason.NONE.value,
            "headline": incident["headline"] or _name(str(incident["subject"]), language),
        }
        for incident in incidents
    ]


def _name(subject: str, language: str) -> str:
    return capitalised(name_of(subject.split(":", 1)[1], load_words(language)))


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
