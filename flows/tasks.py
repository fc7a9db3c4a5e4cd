"""The steps of a night as Prefect tasks. A task is a stage, never a row.

Nothing is cached: whether work has to be done is for the manifest and the ledger to say.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import duckdb
from prefect import task
from prefect.cache_policies import NO_CACHE

from checks.policy import Policy
from checks.suites import rules_hash
from checks.unreadable import reject_if_no_calls_can_be_read
from checks.validate import reject_if_critical, validate
from flows.delivery import DeliveryReport, deliver, delivering
from flows.estimating import fill_in
from flows.evidence import Judged
from flows.judging import judge_night
from flows.marts import draw_pages
from flows.settings import Settings
from warehouse import connect, kept, landing
from warehouse.errors import DataRejected, Fault
from warehouse.folders import Folders
from warehouse.ledger.checked import note_checked
from warehouse.ledger.made_from import Build
from warehouse.ledger.site import Site
from warehouse.manifest import Manifest, read_manifest
from warehouse.night import renew
from warehouse.operations import runs
from warehouse.retention import purge_if_due
from warehouse.sweep import sweep


@task(cache_policy=NO_CACHE)
def bring_in_files(settings: Settings, key: bytes, now: datetime) -> Manifest:
    """Archive and read what is new in the landing folder; all that cannot be read is named at once.

    Raises:
        DataRejected: one sentence for each file that cannot be read as a whole.
    """
    folders = settings.folders
    survey = landing.survey(settings.landing, settings.feeds, read_manifest(folders.manifest))
    for name in survey.unread:
        print(f"  {name}: no loader for this feed yet; left alone")
    faults: list[Fault] = []
    repeated: list[str] = []
    for entry in survey.new:
        try:
            if not landing.bring_in(entry, folders, key, now):
                repeated.append(entry.name)
        except DataRejected as rejection:
            faults += rejection.faults
    if faults:
        raise DataRejected(*faults)
    if repeated:
        others = f" and {len(repeated) - 1} more" if len(repeated) > 1 else ""
        print(f"  {repeated[0]}{others}: the same bytes came before; left alone")
    return read_manifest(folders.manifest)


@task(cache_policy=NO_CACHE)
def purge(settings: Settings, site: Site, as_of: date, now: datetime) -> Manifest | None:
    """Once a week, remove what has been kept long enough; the manifest then, if anything went."""
    gone = purge_if_due(site, settings.retention, as_of, now)
    if gone is None:
        return None
    print(f"  {gone.rows:,} rows in {gone.files:,} files have been kept long enough; removed")
    manifest = read_manifest(settings.folders.manifest)
    sweep(settings.folders, manifest)
    return manifest


@task(cache_policy=NO_CACHE)
def build_models(
    connection: duckdb.DuckDBPyConnection,
    site: Site,
    manifest: Manifest,
    planned: Build,
) -> bool:
    """Bring every table of the clone up to date; whether any file came or went."""
    before = kept.definitions(site.folders.warehouse)
    renewal = renew(connection, site, manifest, planned, before=before)
    if renewal.redefined:
        print(f"  defined anew, and made anew from the first day: {', '.join(renewal.redefined)}")
    return renewal.has_news


@task(cache_policy=NO_CACHE)
def fill_in_estimates(connection: duckdb.DuckDBPyConnection) -> None:
    """Give what the night wrote its intervals, provisional figures and curves."""
    fill_in(connection)


@task(cache_policy=NO_CACHE)
def check_data(
    connection: duckdb.DuckDBPyConnection, folders: Folders, con: sqlite3.Connection, run_id: int
) -> None:
    """Run the suites on the clone and keep their results; if it is sound, it knows that it is.

    Raises:
        DataRejected: a critical rule is broken, or no calls can be read.
    """
    results = validate(connection)
    runs.add_check_results(con, run_id, [asdict(result) for result in results])
    reject_if_critical(results)
    reject_if_no_calls_can_be_read(connection, kept.readings(folders.warehouse))
    note_checked(connection, rules_hash())


@task(cache_policy=NO_CACHE)
def publish(settings: Settings, *, is_new: bool) -> None:
    """Put the clone in the place of the warehouse, and keep some of those before.

    None if everything was made anew: they may hold what was erased since.
    """
    kept.publish(settings.folders, 0 if is_new else settings.retention.kept_warehouses)
    if is_new:
        kept.forget_others(settings.folders)


@task(cache_policy=NO_CACHE)
def judge(
    con: sqlite3.Connection, settings: Settings, policy: Policy, as_of: date, now: datetime
) -> Judged:
    """Verdicts, triggers, attributions, incidents and messages, in one transaction."""
    with connect.reading(settings.folders.warehouse) as connection:
        return judge_night(connection, con, settings, policy, as_of, now)


@task(cache_policy=NO_CACHE)
def show(con: sqlite3.Connection, settings: Settings, policy: Policy) -> Path:
    """Write the marts and the pages made from them."""
    return draw_pages(settings, con, policy)


@task(cache_policy=NO_CACHE)
def deliver_outbox(
    con: sqlite3.Connection, settings: Settings, policy: Policy, clock: Callable[[], datetime]
) -> DeliveryReport:
    """Send what has to be said; waiting takes time, so the clock comes along.

    Raises:
        Undelivered: something could not be said; it is kept.
    """
    with delivering(settings.folders):
        return deliver(con, settings.slack.routed(policy.telling.channels), now=clock)
