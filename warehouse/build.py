"""How models become tables: a page instead of a DAG engine.

A night rewrites each model from the day on from which it may differ; a full build is the same with
every day at the beginning of time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from warehouse.models import FIRST_DIFFERENCE, LAYERS, PRELUDE, Model, models
from warehouse.parameters import Parameters

BEGINNING = date(1930, 1, 1)
# Hardly any value of these comes twice. To pack text, DuckDB looks for what does: here, that takes
# twice as long and saves no room.
DISTINCT = {"call_id", "contact_id", "customer_id", "episode_id"}


@dataclass(frozen=True)
class Night:
    """What a build is for. `is_full` rewrites everything, whatever is there."""

    as_of: date
    previous_as_of: date
    parameters: Parameters
    is_full: bool


def metric_kinds(parameters: Parameters) -> dict[str, str]:
    """Every metric there is, with its kind, without a warehouse at hand."""
    return _defined("kind", parameters)


def metric_units(parameters: Parameters) -> dict[str, str]:
    """Every metric there is, with its unit, without a warehouse at hand."""
    return _defined("unit", parameters)


def _defined(column: str, parameters: Parameters) -> dict[str, str]:
    definition = next(model for model in models() if model.name == "metrics.definition")
    with duckdb.connect() as connection:
        set_prelude(connection, Night(BEGINNING, BEGINNING, parameters, is_full=True))
        found = connection.execute(f"select metric, {column} from ({definition.sql})").fetchall()
    return dict(found)


def build(
    connection: duckdb.DuckDBPyConnection, night: Night, wanted: Sequence[Model] | None = None
) -> dict[str, int]:
    """Make or bring up to date every model, or those `wanted`; how many rows of each were written.

    The connection has the prelude, the ledger and `raw` already.
    """
    _make_room(connection, night)
    wanted = models() if wanted is None else wanted
    written = {}
    for model in wanted:
        since = _since(connection, model, night)
        connection.execute("set variable since = $since", {"since": since})
        written[model.name] = _write(connection, model, since)
    for model in wanted:
        if model.is_for_tonight:
            connection.execute(f"drop table {model.name}")
    return written


def set_prelude(connection: duckdb.DuckDBPyConnection, night: Night) -> None:
    """Give SQL its functions: what engines disagree on, the night, the parameters."""
    values = night.parameters.for_sql() | {
        "as_of": str(night.as_of),
        "previous_as_of": str(night.previous_as_of),
    }
    text = re.sub(r"\{(\w+)\}", lambda found: values[found[1]], PRELUDE.read_text())
    connection.execute(text)


def _make_room(connection: duckdb.DuckDBPyConnection, night: Night) -> None:
    for layer in LAYERS:
        if night.is_full:
            connection.execute(f"drop schema if exists {layer} cascade")
        connection.execute(f"create schema if not exists {layer}")
    connection.execute("create table raw.main.sinces (model varchar, since date)")
    connection.execute("create table raw.main.due (model varchar, metric varchar, since date)")
    connection.execute("create table raw.main.keys (customer_id varchar, subject varchar)")
    connection.execute(
        "create table raw.main.calendar as"
        " select cast(range as date) as day from range($first, $last, interval 1 day)",
        {"first": BEGINNING, "last": night.as_of + timedelta(days=1)},
    )


def _since(connection: duckdb.DuckDBPyConnection, model: Model, night: Night) -> date:
    """The local day from which on a model is written anew."""
    if model.due_sql:
        return _first_due(connection, model, night)
    if night.is_full or FIRST_DIFFERENCE in model.follows:
        return BEGINNING
    if model.since_sql:
        row = connection.execute(model.since_sql).fetchone()
    else:
        row = connection.execute(
            "select min(since) from raw.sinces where list_contains($models, model)",
            {"models": list(model.follows)},
        ).fetchone()
    return row[0] if row and row[0] else BEGINNING


def _first_due(connection: duckdb.DuckDBPyConnection, model: Model, night: Night) -> date:
    """Each metric has a day of its own; the earliest of them."""
    everything = f"select metric, date '{BEGINNING}' as since from metrics.definition"
    connection.execute(
        f"insert into raw.main.due select '{model.name}', metric, since"
        f" from ({everything if night.is_full else model.due_sql})"
    )
    row = connection.execute(f"select min(since) from raw.due where model = '{model.name}'")
    return row.fetchall()[0][0] or BEGINNING


def _write(connection: duckdb.DuckDBPyConnection, model: Model, since: date) -> int:
    if model.is_view or model.is_for_tonight:
        kind = "view" if model.is_view else "table"
        connection.execute(f"create or replace {kind} {model.name} as {model.sql}")
        _note(connection, model, since)
        return 0
    if model.due_sql:
        return _write_what_is_due(connection, model)
    if not model.follows and not model.since_sql:
        return _count(connection.execute(f"create or replace table {model.name} as {model.sql}"))
    _make_table(connection, model)
    if FIRST_DIFFERENCE in model.follows:
        connection.execute(f"create table raw.main.incoming as {model.sql}")
        since = _first_difference(connection, model)
        incoming = f"select * from raw.incoming where day >= date '{since}'"
    else:
        incoming = model.sql
    _note(connection, model, since)
    old = f"{model.day_column} >= date '{since}'"
    if model.keys_sql and since > BEGINNING:
        connection.execute(f"insert into raw.main.keys {model.keys_sql}")
        old += (
            " and (customer_id, repeat_subject(reason)) in"
            " (select customer_id, subject from raw.keys)"
        )
    connection.execute(f"delete from {model.name} where {old}")
    count = _count(connection.execute(f"insert into {model.name} by name {incoming}"))
    connection.execute("drop table if exists raw.main.incoming")
    return count


def _make_table(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """An empty table, if there is none yet."""
    layer, name = model.name.split(".")
    if connection.execute(
        "select 1 from duckdb_tables() where schema_name = $layer and table_name = $name",
        {"layer": layer, "name": name},
    ).fetchone():
        return
    described = connection.execute(f"describe {model.sql}").fetchall()
    columns = (
        f"{column} {kind}{' using compression zstd' if column in DISTINCT else ''}"
        for column, kind, *_ in described
    )
    connection.execute(f"create table {model.name} ({', '.join(columns)})")


def _note(connection: duckdb.DuckDBPyConnection, model: Model, since: date) -> None:
    connection.execute(
        "insert into raw.main.sinces values ($model, $since)",
        {"model": model.name, "since": since},
    )


def _write_what_is_due(connection: duckdb.DuckDBPyConnection, model: Model) -> int:
    _make_table(connection, model)
    connection.execute(
        f"delete from {model.name} as old using raw.due as due"
        f" where due.model = '{model.name}' and old.metric = due.metric"
        f" and old.{model.day_column} >= due.since"
    )
    return _count(connection.execute(f"insert into {model.name} by name {model.sql}"))


def _first_difference(connection: duckdb.DuckDBPyConnection, model: Model) -> date:
    row = connection.execute(
        f"select min(day) from ("
        f"(from raw.incoming except from {model.name})"
        f" union all (from {model.name} except from raw.incoming))"
    ).fetchone()
    return row[0] if row and row[0] else date.max


def _count(result: duckdb.DuckDBPyConnection) -> int:
    row = result.fetchone()
    return int(row[0]) if row else 0
