"""The ledger: which files are in this warehouse, with their row counts, and what it was made with.

It is the manifest's projection: the files of the diary that the warehouse has not are `new`, those
that it has and the diary does not any more are `withdrawn`.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from warehouse.archive import archived, gone
from warehouse.errors import ConfigurationError, DataRejected, Fault
from warehouse.folders import Folders
from warehouse.frozen import show_frozen
from warehouse.manifest import Arrival, Manifest
from warehouse.parameters import Parameters
from warehouse.pseudonyms import fingerprint
from warehouse.raw import (
    COLUMNS_NOTE,
    FIRST_HOUR_NOTE,
    QUARANTINE,
    empty_raw,
    literal,
    quarantine_path,
    raw_path,
    reading_of,
    write_raw,
)
from warehouse.sources import Feed, raw_table_of
from warehouse.sources.columns import RAW

TABLES = """
create schema if not exists ledger;
create table if not exists ledger.files (
    file varchar primary key, feed varchar, name varchar, arrival integer, arrived_at varchar,
    reading varchar, rows_read bigint, rows_raw bigint, rows_quarantined bigint,
    rows_legs bigint, rows_no_calls bigint, rows_pending bigint, rows_taken_for_first_hour bigint,
    first_day date, last_day date, change varchar
);
create table if not exists ledger.columns (
    file varchar, place bigint, name varchar, fills varchar, kind varchar, is_usual boolean
);
create table if not exists ledger.releases (file varchar, feed varchar, rule varchar);
create table if not exists ledger.build (
    as_of date, input_hash varchar, definition_hash varchar, key_fingerprint varchar
);
"""

NOTED = '[{"name": "varchar", "fills": "varchar", "kind": "varchar", "is_usual": "boolean"}]'

DAY_SPAN = {
    "calls": "local_day(min(queued_at)) as first_day, local_day(max(queued_at)) as last_day",
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


# What the records of a file are, each once; of an event log, staging.queue_intake knows.
USES = {
    "calls": "select count(*) filter (where use = 'a leg') as legs,"
    " count(*) filter (where use = 'no call') as no_calls,"
    " count(*) filter (where use = 'pending') as pending"
    " from (select min(case when status = 'leg' and outcome <> 'ignored' then 'a leg'"
    " when status = 'pending' then 'pending' else 'no call' end) as use"
    " from read_parquet($raw) group by line)"
}
NO_USES = "select null as legs, null as no_calls, null as pending"


@dataclass(frozen=True)
class Build:
    """What a warehouse was made for and from."""

    as_of: date
    input_hash: str
    definition_hash: str
    key_fingerprint: str


@dataclass(frozen=True)
class Site:
    """All that reading a site's files takes."""

    folders: Folders
    feeds: Mapping[str, Feed]
    parameters: Parameters
    key: bytes


def last_build(connection: duckdb.DuckDBPyConnection) -> Build | None:
    """What the warehouse at hand was made for and from; None for an empty one."""
    has_ledger = connection.execute(
        "select 1 from information_schema.tables where table_schema = 'ledger'"
    ).fetchone()
    row = connection.execute("from ledger.build").fetchone() if has_ledger else None
    return Build(*row) if row else None


def planned_build(site: Site, manifest: Manifest, as_of: date, models_hash: str) -> Build:
    """What tonight's warehouse will have been made for and from."""
    key = fingerprint(site.key)
    readings = {name: feed.reading(key) for name, feed in sorted(site.feeds.items())}
    said = [site.parameters.for_sql(), readings, models_hash, TABLES]
    definition = _hash([*said, sorted(manifest.erased), str(manifest.retained_from)])
    files = [
        [a.arrival, a.file, a.feed, sorted(manifest.released.get(a.file, ()))]
        for a in manifest.active
    ]
    return Build(as_of, _hash([str(as_of), definition, files]), definition, key)


def _hash(said: object) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def require_same_key(last: Build | None, planned: Build, key: Path) -> None:
    """Another key would give everybody another name.

    Raises:
        ConfigurationError: the warehouse was made with another key.
    """
    if last and last.key_fingerprint != planned.key_fingerprint:
        raise ConfigurationError(
            f"{key}: the warehouse was made with another key; put the old key back,"
            " or give everybody a new pseudonym with: qos rebuild"
        )


def start_anew(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget which files are in, so that each is entered again, in tables of today's form."""
    connection.execute("drop schema if exists ledger cascade")


def bring_up_to_date(connection: duckdb.DuckDBPyConnection, site: Site, manifest: Manifest) -> bool:
    """Enter the files that are new, mark those withdrawn, and show the raw rows of all others.

    Whether anything came or went.

    Raises:
        DataRejected: archived files that are gone, or that cannot be read the way they now should.
    """
    connection.execute(TABLES)
    known = dict(connection.execute("select file, reading from ledger.files").fetchall())
    _require_raw(site, manifest)
    for arrival in manifest.active:
        feed = site.feeds.get(arrival.feed)
        if not feed:
            continue
        reading = reading_of(feed, site.key, manifest.released.get(arrival.file, frozenset()))
        if known.get(arrival.file) != reading:
            _enter(connection, site, arrival, reading)
    connection.execute(
        "update ledger.files set change = 'withdrawn' where not list_contains($files, file)",
        {"files": [arrival.file for arrival in manifest.active]},
    )
    _enter_releases(connection, manifest)
    show_raw(connection, site)
    show_frozen(connection, site.folders, manifest.retained_from)
    changed = connection.execute("select 1 from ledger.files where change <> 'kept'").fetchone()
    return changed is not None


def _require_raw(site: Site, manifest: Manifest) -> None:
    """Make the raw files that are missing; of a file that is out, only if that can be done."""
    faults: list[Fault] = []
    for arrival in manifest.arrivals:
        feed = site.feeds.get(arrival.feed)
        try:
            if feed:
                released = manifest.released.get(arrival.file, frozenset())
                path = archived(site.folders, arrival)
                write_raw(path, arrival.file, feed, arrival.name, site.folders, site.key, released)
        except DataRejected as rejection:
            found: Sequence[Fault] = rejection.faults
        except FileNotFoundError:
            found = [gone(site.folders, arrival)]
        else:
            continue
        faults += found if arrival.file not in manifest.withdrawn else []
    if faults:
        raise DataRejected(*faults)


def _enter(
    connection: duckdb.DuckDBPyConnection, site: Site, arrival: Arrival, reading: str
) -> None:
    table = raw_table_of(site.feeds[arrival.feed])
    place = (site.folders, arrival.feed, arrival.file, reading)
    connection.execute(
        "insert or replace into ledger.files"
        " select $file, $feed, $name, $arrival, $at, $reading, raw.n + bad.n, raw.n, bad.n,"
        " uses.legs, uses.no_calls, uses.pending, doubt.n, raw.first_day, raw.last_day, 'new'"
        f" from (select count(distinct line) as n, {DAY_SPAN[table]}"
        " from read_parquet($raw)) as raw,"
        " (select count(*) as n from read_parquet($rejected)) as bad,"
        f" ({USES.get(table, NO_USES)}) as uses,"
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
            "raw": str(raw_path(*place)),
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


def _enter_releases(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    """Which rules rows of which files may break: the checks have to know, too."""
    connection.execute("delete from ledger.releases")
    for arrival in manifest.active:
        for rule in sorted(manifest.released.get(arrival.file, ())):
            connection.execute(
                "insert into ledger.releases values (?, ?, ?)", [arrival.file, arrival.feed, rule]
            )


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


def settle(connection: duckdb.DuckDBPyConnection, build: Build) -> None:
    """After building: nothing is new any more, and the warehouse says what it is."""
    connection.execute("delete from ledger.files where change = 'withdrawn'")
    connection.execute(
        "delete from ledger.columns where file not in (select file from ledger.files)"
    )
    connection.execute("update ledger.files set change = 'kept' where change = 'new'")
    connection.execute("delete from ledger.build")
    connection.execute(
        "insert into ledger.build values (?, ?, ?, ?)",
        [build.as_of, build.input_hash, build.definition_hash, build.key_fingerprint],
    )
