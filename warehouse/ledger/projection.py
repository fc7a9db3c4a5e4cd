"""Bringing the ledger to what the manifest says, and settling it when the night is built."""

from collections.abc import Sequence

import duckdb

from warehouse.archive import archived, gone
from warehouse.errors import DataRejected, Fault
from warehouse.frozen import show_frozen
from warehouse.ledger import TABLES, checked
from warehouse.ledger.entry import enter
from warehouse.ledger.made_from import Build
from warehouse.ledger.raw_views import show_raw
from warehouse.ledger.site import Site
from warehouse.manifest import Manifest
from warehouse.raw import reading_of, write_raw


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
            enter(connection, site, arrival, reading)
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


def _enter_releases(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    """Which rules rows of which files may break: the checks have to know, too."""
    connection.execute("delete from ledger.releases")
    for arrival in manifest.active:
        for rule in sorted(manifest.released.get(arrival.file, ())):
            connection.execute(
                "insert into ledger.releases values (?, ?, ?)", [arrival.file, arrival.feed, rule]
            )


def settle(connection: duckdb.DuckDBPyConnection, build: Build) -> None:
    """After building: nothing is new any more, and the warehouse says what it is."""
    checked.note_written(connection)
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
