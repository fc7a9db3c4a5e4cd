"""How models become tables: a page instead of a DAG engine.

A night rewrites each model from the day on from which it may differ; a full build is the same with
every day at the beginning of time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from warehouse.model_tables import BEGINNING, rewrite
from warehouse.models import FIRST_DIFFERENCE, LAYERS, PRELUDE, Model, models
from warehouse.parameters import Parameters


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
        written[model.name] = rewrite(connection, model, since)
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
