"""How long things are kept, and what goes when that time is over."""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from warehouse import build, connect, frozen
from warehouse.erasure import Erasure, erase
from warehouse.ledger.raw_views import show_raw
from warehouse.ledger.site import Site
from warehouse.manifest import add_erasure, read_manifest

BETWEEN_PURGES_DAYS = 7

# Rows that are older than they may be: by $calls_from, the first day of calls that stay, and
# $people_from, the first day on which somebody who left by then had to be still employed.
# A contact goes as a whole: its last leg decides, unless ids are used again after a month. So does
# a call in an event log, and a record that was amended to another day.
EXPIRED = {
    "calls": """
        with legs as (
            select
                staged.call_id,
                greatest(
                    staged.day,
                    case when last_day <= staged.day + 31 then last_day end
                ) as last_day
            from staging.calls as staged
            left join facts.contacts as contacts using (contact_id)
        ),
        records as (
            select record_id, max(last_day) as last_day
            from raw.calls
            inner join legs using (call_id)
            group by record_id
        )
        select file, line
        from raw.calls
        left join records using (record_id)
        group by file, line
        having max(coalesce(last_day, local_day(queued_at))) < $calls_from
    """,
    "queue_events": """
        with calls as (
            select call_id, max(local_day(happened_at)) as last_day
            from raw.queue_events
            where data3 not in ('aside', 'no_call', 'unknown')
            group by call_id
        )
        select file, line
        from raw.queue_events
        left join calls using (call_id)
        where case
            when data3 in ('aside', 'no_call', 'unknown') then local_day(happened_at)
            else last_day
        end < $calls_from
    """,
    "roster": """
        select file, line
        from raw.roster
        where agent_id in (
            select agent_id
            from raw.roster
            group by agent_id
            having max(coalesce(left_on, snapshot_on)) < $people_from
        )
    """,
    "training": "select file, line from raw.training where day < $people_from",
    "evaluations": "select file, line from raw.evaluations where evaluated_on < $calls_from",
    "satisfaction": """
        select satisfaction.file, satisfaction.line
        from raw.satisfaction as satisfaction
        inner join ledger.files as files using (file)
        left join staging.calls as calls using (call_id)
        where coalesce(calls.day, cast(left(files.arrived_at, 10) as date)) < $calls_from
    """,
}
# Files of which nothing could be read go when they have lain here that long.
UNREADABLE = """
    select file
    from ledger.files
    where rows_raw = 0
        and feed in ('calls', 'roster', 'training', 'evaluations', 'satisfaction')
        and cast(left(arrived_at, 10) as date) < $calls_from
"""


@dataclass(frozen=True)
class Retention:
    """What a site keeps.

    Attributes:
        calls_months: how long calls, what was said of them and unreadable files stay.
        roster_years: how long somebody stays on rosters, and his trainings, after he left.
        kept_warehouses: of earlier nights, beside the one in use.
    """

    calls_months: int = 24
    roster_years: int = 5
    kept_warehouses: int = 2

    def calls_from(self, as_of: date) -> date:
        """The first day whose calls stay."""
        return _months_before(as_of, self.calls_months)

    def people_from(self, as_of: date) -> date:
        """Who left before this day is on no roster any more."""
        return _months_before(as_of, 12 * self.roster_years)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Purge:
    """How much a purge removed."""

    rows: int
    files: int


def purge_if_due(site: Site, retention: Retention, as_of: date, now: datetime) -> Purge | None:
    """Once a week, take out of the archive what is older than it may be; None if nothing is.

    Aggregates are frozen first. The tables follow when the night is built.
    """
    manifest = read_manifest(site.folders.manifest)
    calls_from = retention.calls_from(as_of)
    last = manifest.retained_from
    is_due = last is None or calls_from >= last + timedelta(days=BETWEEN_PURGES_DAYS)
    if not (is_due and site.folders.warehouse.exists()):
        return None
    with connect.reading(site.folders.warehouse) as connection:
        _prepare(connection, site, as_of)
        lines = _expired(connection, site, calls_from, retention.people_from(as_of))
        if not lines:
            return None
        window_days = max(30, site.parameters.repeat_window_days)
        frozen.freeze(connection, site.folders, calls_from, window_days)
    files = erase(site, manifest, Erasure(lines))
    add_erasure(site.folders.manifest, files, calls_from, now)
    return Purge(sum(map(len, lines.values())), len(files))


def _prepare(connection: duckdb.DuckDBPyConnection, site: Site, as_of: date) -> None:
    """Give the published warehouse its prelude, and the rows that it was made of."""
    build.set_prelude(connection, build.Night(as_of, as_of, site.parameters, is_full=False))
    connection.execute("attach ':memory:' as raw")
    show_raw(connection, site)


def _expired(
    connection: duckdb.DuckDBPyConnection, site: Site, calls_from: date, people_from: date
) -> dict[str, list[int]]:
    """The lines to remove, by file; none of a file that goes as a whole."""
    limits = {"calls_from": calls_from, "people_from": people_from}
    lines: dict[str, list[int]] = defaultdict(list)
    for query in EXPIRED.values():
        named = {name: day for name, day in limits.items() if f"${name}" in query}
        for file, line in connection.execute(query, named).fetchall():
            lines[file].append(line)
    for (file,) in connection.execute(UNREADABLE, {"calls_from": calls_from}).fetchall():
        lines[file] = []
    return dict(lines)
