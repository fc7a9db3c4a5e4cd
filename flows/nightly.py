"""The night, from landing to Slack. Read this page first.

1. load      new files into archive and raw
2. build     staging, facts and metrics, on a clone of the warehouse
3. validate  a critical fault sets the clone aside and leaves last night's warehouse in use
4. publish   the clone takes the warehouse's place
5. judge     norms and triggers; decide what changed and has to be said
6. show      marts and pages
7. deliver   the outbox, and the pages again if that changed anything
"""

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
from prefect import flow

from checks.policy import Policy, load_policy
from flows import tasks
from flows.costs import with_contract
from flows.custody import site_of
from flows.judging import reject_night
from flows.progress import stage, warn
from flows.report import tell
from flows.settings import Settings, load_settings
from warehouse import archive, build, connect, kept
from warehouse.errors import DataRejected, Fault, Undelivered
from warehouse.ledger import made_from
from warehouse.ledger.site import Site
from warehouse.manifest import Manifest, read_manifest
from warehouse.models import models_hash
from warehouse.operations.database import operations
from warehouse.operations.read import latest_check_results
from warehouse.operations.runs import end_run, note_input, run
from warehouse.sweep import forget_readings, sweep


@flow(name="nightly")
def nightly(
    config: str = "qos.toml",
    as_of: date | None = None,
    landing: str | None = None,
    warehouse: str | None = None,
) -> None:
    """Run the night of `as_of`, by default the last complete day at the site."""
    settings = load_settings(
        Path(config),
        landing=Path(landing) if landing else None,
        warehouse=Path(warehouse) if warehouse else None,
    )
    now = utc_now()
    run_night(settings, as_of or last_complete_day(settings, now), now)


def utc_now() -> datetime:
    """The clock; nothing but the flows reads it."""
    return datetime.now(UTC)


def last_complete_day(settings: Settings, now: datetime) -> date:
    """Yesterday, by the clock at the site."""
    return now.astimezone(ZoneInfo(settings.parameters.time_zone)).date() - timedelta(days=1)


def run_night(settings: Settings, as_of: date, now: datetime, *, is_full: bool = False) -> None:
    """All steps of a night; nothing new is said of a night that was run before.

    Raises:
        ConfigurationError: the policy has faults; nothing was touched.
        DataRejected: the warehouse is as it was; the manager is told, and told nothing else.
        Undelivered: all is done but some messages, which are kept.
        WarehouseBusy: another run is at work.
    """
    policy = load_policy(settings.policy, build.metric_kinds(settings.parameters))
    settings = with_contract(settings, policy)
    folders = settings.folders
    with (
        connect.writing(folders),
        operations(folders.operations) as con,
        run(con, flow="nightly", as_of=as_of, now=now) as run_id,
    ):
        try:
            _renew_warehouse(settings, con, run_id, as_of, now, is_full=is_full)
        except DataRejected as rejection:
            _reject(settings, con, policy, run_id, as_of, rejection, now)
        with stage("Judging the night"):
            judged = tasks.judge(con, settings, policy, as_of, now)
        with stage("Drawing the pages"):
            page = tasks.show(con, settings, policy)
        tell(settings, judged, latest_check_results(con), page)
        _deliver(settings, con, policy, is_drawn=True)


def _renew_warehouse(
    settings: Settings,
    con: sqlite3.Connection,
    run_id: int,
    as_of: date,
    now: datetime,
    *,
    is_full: bool,
) -> None:
    """Load, build, validate, publish; nothing if tonight's warehouse is in place already."""
    folders = settings.folders
    site = site_of(settings)
    manifest = read_manifest(folders.manifest)
    archive.require_diary(folders, manifest, kept.readings(folders.warehouse))
    if is_full:
        archive.require_files(folders, manifest, settings.feeds)
    sweep(folders, manifest)
    if folders.warehouse.exists() and not kept.build_of(folders.warehouse):
        warn(kept.replace_damaged(folders))
    last = kept.build_of(folders.warehouse)
    if is_full:
        forget_readings(folders)
    else:
        with stage("Reading new files"):
            manifest = tasks.bring_in_files(settings, site.key, now)
    planned = made_from.planned_build(site, manifest, as_of, models_hash())
    if not is_full:
        made_from.require_same_key(last, planned, settings.key)
        if last == planned:
            return
        if last and last.definition_hash == planned.definition_hash:
            manifest = tasks.purge(settings, site, as_of, now) or manifest
            planned = made_from.planned_build(site, manifest, as_of, models_hash())
    note_input(con, run_id, planned.input_hash)
    is_new = is_full or last is None or last.definition_hash != planned.definition_hash
    try:
        _build(site, manifest, planned, con, run_id, is_new=is_new)
    except duckdb.Error as error:
        if not (kept.is_damage(error) and folders.warehouse.exists()):
            raise
        warn(kept.replace_damaged(folders))
        _build(site, manifest, planned, con, run_id, is_new=is_new)
    tasks.publish(settings, is_new=is_new)


def _build(
    site: Site,
    manifest: Manifest,
    planned: made_from.Build,
    con: sqlite3.Connection,
    run_id: int,
    *,
    is_new: bool,
) -> None:
    """Build and validate a clone, or a new file; if it is rejected, it is set aside."""
    try:
        with connect.writing_clone(site.folders, is_new=is_new) as clone:
            with stage("Building the tables"):
                has_news = tasks.build_models(clone, site, manifest, planned)
                tasks.fill_in_estimates(clone)
            if has_news:
                with stage("Checking the data"):
                    tasks.check_data(clone, site.folders, con, run_id)
    except DataRejected:
        connect.set_aside_clone(site.folders)
        raise


def _reject(
    settings: Settings,
    con: sqlite3.Connection,
    policy: Policy,
    run_id: int,
    as_of: date,
    rejection: DataRejected,
    now: datetime,
) -> None:
    """Tell that tonight's data cannot be trusted, also on the pages, and end the night.

    Raises:
        DataRejected: always; with what could not be said either.
    """
    end_run(con, run_id, state="rejected", now=now, error=str(rejection))
    reject_night(con, settings, policy, as_of, rejection.faults, now)
    try:
        _deliver(settings, con, policy, is_drawn=False)
    except Undelivered as left:
        raise DataRejected(*rejection.faults, *map(Fault, left.faults)) from rejection
    raise rejection


def _deliver(
    settings: Settings, con: sqlite3.Connection, policy: Policy, *, is_drawn: bool
) -> None:
    """Say what has to be said; the pages, where there are any, show what came of it.

    `is_drawn`: they show the rest of the night already.
    """
    has_news = True
    try:
        report = tasks.deliver_outbox(con, settings, policy, utc_now)
        has_news = bool(report.sent or report.printed) or not is_drawn
    finally:
        if has_news and settings.folders.warehouse.exists():
            tasks.show(con, settings, policy)
