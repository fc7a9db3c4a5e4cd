"""The tables as past nights had them, made again in memory; nothing of the site is written to.

What a night knew is what had come by then. Few nights learn anything of days before their own (late
files, rosters, corrections), so nights are taken in stretches: none of a stretch learns what an
earlier one of it did not know, and the tables of its last night hold what each of them saw, up to
the days that were final for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb

from warehouse import build
from warehouse.connect import reading
from warehouse.errors import ConfigurationError
from warehouse.frozen import show_frozen
from warehouse.ledger import raw_views
from warehouse.ledger.site import Site
from warehouse.manifest import read_manifest
from warehouse.models import needed_for
from warehouse.raw import raw_path
from warehouse.sources.canonical import named_day
from warehouse.sources.columns import RAW

LATE_DAYS = (
    31  # a file that comes longer after its date is history that is loaded, and was not late
)
# What nights are judged on, see flows/evidence.py.
WANTED = (
    "metrics.scoped",
    "metrics.definition",
    "metrics.tenure_cells",
    "metrics.tenure_mix",
    "facts.contacts",
    "facts.costs",
)
# The tables of raw whose rows are of a moment.
MOMENTS = {"calls": "queued_at", "queue_events": "happened_at"}

# A file is known to the nights from known_on on. Of one that was loaded as history (loaded_on), a
# row is known on its own day, at the latest when it was loaded.
KNOWN = "create table known (file varchar, feed varchar, known_on date, loaded_on date)"

# Nights that learn something of earlier days. Calls: late rows, new versions, legs of a contact or
# a call that began before. Rosters tell of the past, but for those that say what the last one said,
# and name who is yet to come. Other files may speak of any day.
TURNING_NIGHTS = """
with calls as (
    select
        local_day(queued_at) as day,
        case
            when loaded_on is null then known_on else least(local_day(queued_at), loaded_on)
        end as known_on,
        record_id,
        contact_id,
        handed_to
    from raw.calls
    inner join known using (file)
),

queue_events as (
    select
        local_day(happened_at) as day,
        case
            when loaded_on is null then known_on else least(local_day(happened_at), loaded_on)
        end as known_on,
        call_id,
        file,
        line
    from raw.queue_events
    inner join known using (file)
),

rosters as (
    select greatest(known_on, snapshot_on) as known_on, roster.*
    from raw.roster as roster
    inner join known using (file)
),

contents as (
    select
        known_on,
        snapshot_on,
        file,
        list_sort(
            list(row(agent_id, provider, team, role, hired_on, left_on, leave_reason, fte))
        ) as said,
        any_value(rows_quarantined) as unsaid,
        any_value(arrival) as arrival
    from rosters
    inner join warehouse.ledger.files using (file)
    group by known_on, snapshot_on, file
),

compared as (
    select
        known_on,
        snapshot_on > lag(snapshot_on) over known_before
        and said = lag(said) over known_before
        and unsaid = lag(unsaid) over known_before as is_the_same_again
    from contents
    window known_before as (order by known_on, snapshot_on, arrival)
),

turning as (
    select known_on as night
    from (select known_on, min(day) over (partition by record_id) as begun_on from calls)
    where known_on > begun_on
    union
    select known_on
    from (select known_on, min(day) over (partition by contact_id) as begun_on from calls)
    where known_on > begun_on
    union
    select next.known_on
    from calls
    inner join calls as next on next.record_id = calls.handed_to
    where next.known_on > calls.day
    union
    select known_on
    from (select known_on, min(day) over (partition by call_id) as begun_on from queue_events)
    where known_on > begun_on
    union
    select known_on
    from queue_events
    inner join warehouse.staging.queue_legs as legs using (file, line)
    where known_on > legs.day
    union
    select known_on from compared where not coalesce(is_the_same_again, false)
    union
    select hired_on from rosters where hired_on > known_on
    union
    select known_on from raw.evaluations inner join known using (file) where evaluated_on < known_on
    union
    select known_on from known where feed in ('satisfaction', 'customers', 'invoices', 'training')
)

select night from turning where night is not null order by night
"""


def known_on(named: date | None, came: date, *, is_history: bool) -> date | None:
    """The first night that knew a file; None for history whose rows were known on their own days.

    By its date (`named`), but a file that came within a month after it was late; without a date by
    the night before which it came. What came with the first files of its feed is history, and is
    late by nothing but its date.
    """
    if is_history or named is None:
        return named if is_history else came
    was_late = timedelta() < came - named <= timedelta(days=LATE_DAYS)
    return came if was_late else named


class Hindsight:
    """The tables of a site as they were on one night, then on a later one, and so on."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, site: Site, *, with_periods: bool
    ) -> None:
        """`connection` is in memory, with the site's warehouse attached as `warehouse`."""
        self.connection = connection
        self._site = site
        self._as_of: date | None = None
        self._models = needed_for([*WANTED, *(["metrics.period"] if with_periods else [])])
        connection.execute("create schema ledger")
        connection.execute("create table ledger.files as from warehouse.ledger.files")
        self._require_raw()
        nights = connection.execute(
            "select as_of, coalesce((select min(first_day) from warehouse.metrics.history"
            " where base = 'calls'), as_of) from warehouse.ledger.build"
        ).fetchall()
        self.last_night: date = nights[0][0]
        self.first_day: date = nights[0][1]
        self._begin(self.last_night)
        self._note_what_was_known()
        raw_views.show_raw(connection, site)
        turning = connection.execute(TURNING_NIGHTS).fetchall()
        self._turning = [night for (night,) in turning]
        self._load()
        connection.execute("delete from ledger.files")

    def stretches(self, first: date, last: date) -> Iterator[list[date]]:
        """The nights from `first` to `last`, parted before each that learns of earlier days."""
        begun = first
        for turn in self._turning:
            if begun < turn <= last:
                yield nights_between(begun, turn - timedelta(days=1))
                begun = turn
        yield nights_between(begun, last)

    def go_to(self, as_of: date) -> None:
        """Bring the tables to a night later than before, from what it knew."""
        night = self._begin(as_of)
        self.connection.execute("update ledger.files set change = 'kept'")
        self.connection.execute(
            "insert into ledger.files by name"
            " select files.* replace ('new' as change) from warehouse.ledger.files as files"
            " inner join known using (file) where coalesce(known_on, $as_of) <= $as_of"
            " and file not in (select file from ledger.files)",
            {"as_of": as_of},
        )
        self._show_raw(as_of)
        build.build(self.connection, night, self._models)
        self._as_of = as_of

    def _begin(self, as_of: date) -> build.Night:
        self.connection.execute("detach database if exists raw")
        self.connection.execute("attach ':memory:' as raw")
        previous = self._as_of or as_of
        night = build.Night(as_of, previous, self._site.parameters, is_full=self._as_of is None)
        build.set_prelude(self.connection, night)
        return night

    def _load(self) -> None:
        """Read all rows once; in order of time, so that what is not asked for is skipped."""
        self.connection.execute("create schema loaded")
        for table in (*RAW, "quarantine"):
            order = f"order by {MOMENTS[table]}" if table in MOMENTS else ""
            self.connection.execute(f"create table loaded.{table} as from raw.{table} {order}")

    def _show_raw(self, as_of: date) -> None:
        """The tables of `raw`: the rows that are known, each as it came."""
        early = f"(select file from memory.known where loaded_on > date '{as_of}')"
        for table in (*RAW, "quarantine"):
            rows = f"select * from memory.loaded.{table}"
            known = f"{rows} where file in (select file from memory.ledger.files)"
            if table in MOMENTS:
                is_over = f"{MOMENTS[table]} < day_start(add_days(date '{as_of}', 1))"
                known += f" and ({is_over} or file not in {early})"
            self.connection.execute(f"create view raw.main.{table} as {known}")
            self.connection.execute(f"create view raw.main.withdrawn_{table} as {rows} where false")
        retained_from = read_manifest(self._site.folders.manifest).retained_from
        show_frozen(self.connection, self._site.folders, retained_from)

    def _require_raw(self) -> None:
        """Rows as loaded are read, never made here."""
        files = self.connection.execute(
            "select feed, file, reading, name from ledger.files order by arrival"
        ).fetchall()
        folders = self._site.folders
        missing = [name for *place, name in files if not raw_path(folders, *place).exists()]
        if missing:
            others = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            raise ConfigurationError(
                f"{missing[0]}{others}: the rows as loaded are gone; make them again: qos run"
            )

    def _note_what_was_known(self) -> None:
        files = self.connection.execute(
            "select file, feed, name, first_day, arrived_at,"
            " arrived_at = min(arrived_at) over (partition by feed) from ledger.files"
        ).fetchall()
        zone = ZoneInfo(self._site.parameters.time_zone)
        self.connection.execute(KNOWN)
        for file, feed, name, first_day, arrived_at, is_history in files:
            named = named_day(name) or (first_day if feed == "roster" else None)
            # The night of a day runs on the morning after.
            came = datetime.fromisoformat(arrived_at).astimezone(zone).date() - timedelta(days=1)
            known = known_on(named, came, is_history=is_history)
            loaded = came if known is None else None
            self.connection.execute(
                "insert into known values (?, ?, ?, ?)", [file, feed, known, loaded]
            )


@contextmanager
def hindsight(site: Site, *, with_periods: bool = False) -> Iterator[Hindsight]:
    """Look back from the published warehouse; `with_periods`: with metrics.period as well.

    Raises:
        ConfigurationError: there is none, or the rows that were loaded are gone.
    """
    with reading(site.folders.warehouse) as connection:
        connection.execute("use memory")
        yield Hindsight(connection, site, with_periods=with_periods)


def nights_between(first: date, last: date) -> list[date]:
    """Both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
