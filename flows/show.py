"""`qos show`: what the warehouse and operations.db hold, as a table, JSON or CSV."""

import csv
import html
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl

from checks.policy_grammar import SCOPE_KINDS
from warehouse.connect import reading
from warehouse.errors import ConfigurationError
from warehouse.folders import Folders
from warehouse.mart_models import mart_sql
from warehouse.operations import read
from warehouse.operations.attributions import attributions_in_force
from warehouse.operations.database import operations

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")

# Whether customers call again is known of those who are known: the share of them stands beside it.
METRICS = """
select
    period.*,
    case when family in ('episodes', 'longer_windows') then identified.value end as identified_share
from metrics.period as period
inner join metrics.definition using (metric)
left join metrics.period as identified
    on identified.metric = 'identified_share'
    and identified.grain = period.grain
    and identified.period_end = period.period_end
    and identified.scope_kind = period.scope_kind
    and identified.scope = period.scope
where period.grain = coalesce($grain, period.grain)
    and period.scope_kind = $kind
    and period.scope = coalesce($name, period.scope)
    and period.period_end
        between coalesce($first, period.period_end) and coalesce($last, period.period_end)
order by metric, period.grain, period.period_end, period.scope
"""

BY_PERIODS = """
select *
from ({mart}) as mart
where grain = coalesce($grain, grain)
    and scope_kind = $kind
    and scope = coalesce($name, scope)
    and period_end between coalesce($first, period_end) and coalesce($last, period_end)
"""

OPERATIONS = ("verdicts", "attribution", "incidents", "checks", "outbox")
BY_PERIOD = ("headcount", "movements", "tenure", "survival", "training")
# What a mart made from the policy shows nothing without.
OF_POLICY = {
    "contract": "the policy states no [contract]",
    "in_house": "the policy states no [in_house], or no month's cost is known yet",
    "in_house_inputs": "the policy states no [in_house]",
    "bonus_malus": "the policy states no [[contract.terms]], or no month is judged yet",
}

Row = dict[str, object]


def show(
    what: str,
    warehouse: Path,
    *,
    form: str,
    grain: str | None,
    scope: str,
    first: date | None,
    last: date | None,
) -> None:
    """Print one of the things there are to show.

    Args:
        form: table, json or csv.
        grain, scope: of what has periods: which grain (None: all), scope kind or `kind:name`.
        first, last: days, both included: when periods end, which nights' verdicts and attribution
            (None: the last night's).

    Raises:
        ConfigurationError: there is no warehouse yet, no such scope, or `first` is after `last`.
    """
    if first and last and first > last:
        raise ConfigurationError(f"--from {first}: after --to {last}; give them in order")
    if what in OPERATIONS:
        columns, rows = _from_operations(what, warehouse, first, last)
    elif what in OF_POLICY:
        columns, rows = _from_marts(what, warehouse)
    else:
        with reading(warehouse) as connection:
            if what == "metrics":
                found = _of_periods(connection, METRICS, grain, scope, first, last)
            elif what in BY_PERIOD:
                query = BY_PERIODS.format(mart=mart_sql(what))
                found = _of_periods(connection, query, grain, scope, first, last)
            else:
                found = connection.execute(mart_sql(what))
            columns = [column[0] for column in found.description or ()]
            rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
            if not rows and (what == "metrics" or what in BY_PERIOD):
                _require_scope(connection, scope)
    if not rows and what in OF_POLICY and form == "table":
        print(f"Nothing to show: {OF_POLICY[what]}.")
    else:
        {"table": _table, "json": _json, "csv": _csv}[form](columns, rows)


def _from_marts(what: str, warehouse: Path) -> tuple[list[str], list[Row]]:
    path = Folders(warehouse).marts / "current" / f"{what}.parquet"
    if not path.exists():
        raise ConfigurationError(f"{path}: no night was run yet; run one with: qos run")
    frame = pl.read_parquet(path)
    return frame.columns, frame.rows(named=True)


def _from_operations(
    what: str, warehouse: Path, first: date | None, last: date | None
) -> tuple[list[str], list[Row]]:
    path = Folders(warehouse).operations
    if not path.exists():
        raise ConfigurationError(f"{path}: no night was run yet; run one with: qos run")
    with operations(path) as con:
        if what == "incidents":
            found = read.incidents(con)
        elif what == "checks":
            found = read.shown_check_results(con, first, last)
        elif what == "outbox":
            found = read.outbox(con)
        elif what == "attribution":
            found = attributions_in_force(con, first or date.min, last or date.max)
        else:
            found = read.verdicts_in_force(con, first or date.min, last or date.max)
    rows: list[Row] = found
    if rows and what in ("verdicts", "attribution") and not (first or last):
        rows = [row for row in rows if row["as_of"] == rows[-1]["as_of"]]
    if what == "outbox":
        rows = [row | {"text": _text_of(row)} for row in rows]
    shown = ["text" if name == "payload" else name for name in found.columns]
    return [name for name in shown if name != "judging_id"], rows


def _text_of(message: Row) -> str:
    """What a message says, of all that Slack is given."""
    return html.unescape(str(json.loads(str(message["payload"]))["text"]))


def _require_scope(connection: duckdb.DuckDBPyConnection, scope: str) -> None:
    """Say which parts of the service there are, if this is none.

    Raises:
        ConfigurationError: there is no such kind, or none of that name.
    """
    kind, _, name = scope.partition(":")
    found = connection.execute(
        "select distinct scope from metrics.period where scope_kind = ? order by scope", [kind]
    ).fetchall()
    known, called = [one for (one,) in found], f"{kind} is called {name}"
    if kind not in SCOPE_KINDS:
        known, called = list(SCOPE_KINDS), f"kind of part is called {kind}"
    elif not name or name in known:
        return
    there_are = ", ".join(known) or "none"
    raise ConfigurationError(f"--scope {scope}: no {called}; there are: {there_are}")


def _of_periods(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    grain: str | None,
    scope: str,
    first: date | None,
    last: date | None,
) -> duckdb.DuckDBPyConnection:
    kind, _, name = scope.partition(":")
    return connection.execute(
        query,
        {"grain": grain, "kind": kind, "name": name or None, "first": first, "last": last},
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _json(columns: Sequence[str], rows: Iterable[Row]) -> None:
    plain = [{name: _plain(row[name]) for name in columns} for row in rows]
    print(json.dumps(plain, indent=2, ensure_ascii=False))


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([harmless(_plain(row[name])) for name in columns] for row in rows)


def harmless(value: object) -> object:
    """A text that a spreadsheet would run as a formula is quoted."""
    is_formula = isinstance(value, str) and value.startswith(FORMULA_SIGNS)
    return f"'{value}" if is_formula else value


def _table(columns: Sequence[str], rows: Iterable[Row]) -> None:
    cells = [[_cell(row[name]) for name in columns] for row in rows]
    if not cells:
        print("Nothing to show.")
        return
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    for line in (columns, *cells):
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        )


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    return str(_plain(value)).replace("\n", " ")
