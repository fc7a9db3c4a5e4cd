"""One file in the ledger: how many rows it has, what became of them, and which columns."""

from pathlib import Path

import duckdb

from warehouse.ledger.site import Site
from warehouse.manifest import Arrival
from warehouse.raw import COLUMNS_NOTE, FIRST_HOUR_NOTE, quarantine_path, raw_path
from warehouse.sources import raw_table_of

NOTED = '[{"name": "varchar", "fills": "varchar", "kind": "varchar", "is_usual": "boolean"}]'

DAY_SPAN = {
    "queue_events": "local_day(min(happened_at)) as first_day,"
    " local_day(max(happened_at)) as last_day",
    "roster": "min(snapshot_on) as first_day, max(snapshot_on) as last_day",
    "evaluations": "min(evaluated_on) as first_day, max(evaluated_on) as last_day",
    "satisfaction": "null::date as first_day, null::date as last_day",
    "customers": "min(month) as first_day, max(month) as last_day",
    "events": "min(day) as first_day, max(day) as last_day",
    "invoices": "min(month) as first_day, max(month) as last_day",
    "training": "min(day) as first_day, max(day) as last_day",
}
# Whether no line has several rows, as far as that can be told without sorting them: each is greater
# than the one before, in whatever order they come.
IS_ROW_A_LINE = (
    "select coalesce(bool_and(line > before), true)"
    " from (select line, lag(line) over () as before from read_parquet($raw))"
)
USE = (
    "case when status = 'leg' and outcome <> 'ignored' then 'a leg'"
    " when status = 'pending' then 'pending' else 'no call' end"
)
# How many records a file has and of which days; of calls also what they are, each once. What became
# of an event log, staging.queue_intake knows.
CONTENT = {
    table: f"select count(distinct line) as n, {span},"
    " null as legs, null as no_calls, null as pending from read_parquet($raw)"
    for table, span in DAY_SPAN.items()
} | {
    "calls": "select count(*) as n, local_day(min(first)) as first_day,"
    " local_day(max(last)) as last_day, count(*) filter (where use = 'a leg') as legs,"
    " count(*) filter (where use = 'no call') as no_calls,"
    " count(*) filter (where use = 'pending') as pending"
    " from ({records})"
}
RECORDS = {
    True: f"select queued_at as first, queued_at as last, {USE} as use from read_parquet($raw)",
    False: "select min(queued_at) as first, max(queued_at) as last,"
    f" min({USE}) as use from read_parquet($raw) group by line",
}


def enter(
    connection: duckdb.DuckDBPyConnection, site: Site, arrival: Arrival, reading: str
) -> None:
    """Enter an arrival whose rows were read, as new, in the place of an earlier reading of it."""
    table = raw_table_of(site.feeds[arrival.feed])
    place = (site.folders, arrival.feed, arrival.file, reading)
    raw = str(raw_path(*place))
    is_row_a_line = connection.execute(IS_ROW_A_LINE, {"raw": raw}).fetchall()[0][0]
    content = CONTENT[table].format(records=RECORDS[is_row_a_line])
    connection.execute(
        "insert or replace into ledger.files"
        " select $file, $feed, $name, $arrival, $at, $reading, raw.n + bad.n, raw.n, bad.n,"
        " raw.legs, raw.no_calls, raw.pending, doubt.n, raw.first_day, raw.last_day, 'new'"
        f" from ({content}) as raw,"
        " (select count(*) as n from read_parquet($rejected)) as bad,"
        " (select max(cast(decode(value) as bigint)) as n"
        " from parquet_kv_metadata($raw) where decode(key) = $note) as doubt",
        {
            "note": FIRST_HOUR_NOTE,
            "file": arrival.file,
            "feed": arrival.feed,
            "name": arrival.name,
            "arrival": arrival.arrival,
            "at": arrival.at,
            "reading": reading,
            "raw": raw,
            "rejected": str(quarantine_path(*place)),
        },
    )
    _enter_columns(connection, arrival.file, raw_path(*place))


def _enter_columns(connection: duckdb.DuckDBPyConnection, file: str, raw: Path) -> None:
    """What the file's columns, fields or events are: checks tell what changed."""
    connection.execute("delete from ledger.columns where file = $file", {"file": file})
    connection.execute(
        "insert into ledger.columns by name select $file as file,"
        " generate_subscripts(noted, 1) as place, unnest(noted, recursive := true)"
        " from (select from_json(decode(value), $form) as noted"
        " from parquet_kv_metadata($raw) where decode(key) = $note)",
        {"file": file, "raw": str(raw), "form": NOTED, "note": COLUMNS_NOTE},
    )
