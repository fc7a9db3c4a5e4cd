"""Writing the table of one model anew: all of it, from a day on, or what is due of it."""

from datetime import date

import duckdb

from warehouse.models import FIRST_DIFFERENCE, Model

BEGINNING = date(1930, 1, 1)
# Hardly any value of these comes twice. To pack text, DuckDB looks for what does: here, that takes
# twice as long and saves no room.
DISTINCT = {"call_id", "contact_id", "customer_id", "episode_id"}


def rewrite(connection: duckdb.DuckDBPyConnection, model: Model, since: date) -> int:
    """Write the model's table anew from a local day on; how many rows that is, 0 for a view."""
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
        "select 1 from duckdb_tables() where database_name = current_database()"
        " and schema_name = $layer and table_name = $name",
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
