"""The steps of a night as Prefect tasks. A task is a stage, never a row.

Nothing is cached: whether work has to be done is for the manifest and the ledger to say.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl
from prefect import task
from prefect.cache_policies import NO_CACHE

from checks.intervals import fill
from checks.policy import Policy
from checks.provisional import fill_provisional, history_days
from checks.triggers import TriggerState
from checks.validate import reject_if_critical, validate
from checks.verdicts import Verdict
from dashboards.render import write_site
from flows.delivery import DeliveryReport, deliver
from flows.judging import daily_series, judge_night
from flows.marts import write_marts
from flows.settings import Settings
from warehouse import connect, landing
from warehouse.errors import DataRejected
from warehouse.ledger import Build, Site
from warehouse.manifest import Manifest, read_manifest
from warehouse.night import renew
from warehouse.operations import runs

# Counted here, for there may be millions. An opener is what metrics/episodes.sql says it is, mature
# or not; tenure bands are the published ones of metrics/scoped.sql.
OPENERS = """
with openers as (
    select
        episodes.day,
        queue,
        reason,
        coalesce(provider, 'unknown') as provider,
        case
            when tenure_band in ('0-29', '30-89') then '0-89'
            when tenure_band in ('90-179', '180-364') then '90-364'
            else coalesce(tenure_band, 'unknown')
        end as tenure_band,
        ended_at <= add_days_to_time(day_start(add_days(as_of(), 1)), -repeat_window_days())
            as is_mature,
        case
            when seconds_to_next <= repeat_window_days() * 86400
                then days_between(
                    day, local_day(ended_at + to_seconds(cast(seconds_to_next as double)))
                )
        end as repeated_after_days
    from facts.episodes as episodes
    left join facts.headcount as headcount using (day, agent_id)
    where is_handled
        and day >= add_days(as_of(), -$days)
        and coalesce(seconds_since_previous > repeat_window_days() * 86400, true)
        and started_at >= add_days_to_time(
            day_start((select min(day) from staging.calls)), repeat_window_days()
        )
)

select
    case
        when grouping(queue) = 0 then 'queue'
        when grouping(reason) = 0 then 'reason'
        when grouping(provider) = 0 then 'provider'
        when grouping(tenure_band) = 0 then 'tenure_band'
        else 'all'
    end as scope_kind,
    coalesce(queue, reason, provider, tenure_band, 'all') as scope,
    day,
    is_mature,
    repeated_after_days,
    count(*) as openers
from openers
group by day, is_mature, repeated_after_days,
    grouping sets ((), (queue), (reason), (provider), (tenure_band))
order by all
"""


@task(cache_policy=NO_CACHE)
def bring_in_files(settings: Settings, key: bytes, now: datetime) -> Manifest:
    """Archive and read what is new in the landing folder; all that cannot be read is named at once.

    Raises:
        DataRejected: one sentence for each file that cannot be read as a whole.
    """
    folders = settings.folders
    survey = landing.survey(settings.landing, settings.feeds, read_manifest(folders.manifest))
    for name in survey.unread:
        print(f"  {name}/: no loader for this feed yet; left alone")
    faults: list[str] = []
    for entry in survey.new:
        try:
            if not landing.bring_in(entry, folders, key, now):
                print(f"  {entry.name}: the same bytes came before; left alone")
        except DataRejected as rejection:
            faults += rejection.faults
    if faults:
        raise DataRejected(*faults)
    return read_manifest(folders.manifest)


@task(cache_policy=NO_CACHE)
def build_models(
    connection: duckdb.DuckDBPyConnection,
    site: Site,
    manifest: Manifest,
    planned: Build,
    *,
    is_full: bool,
) -> bool:
    """Bring every table of the clone up to date; whether any file came or went."""
    renewal = renew(connection, site, manifest, planned, is_full=is_full)
    if renewal.redefined:
        print(f"  defined anew, and made anew from the first day: {', '.join(renewal.redefined)}")
    return renewal.has_news


@task(cache_policy=NO_CACHE)
def fill_intervals(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the periods written tonight their 95 % intervals and provisional figures."""
    kinds = dict(connection.execute("select metric, kind from metrics.definition").fetchall())
    written = "old.metric = due.metric and old.period_end >= due.since"
    period = connection.execute(
        f"select old.* from metrics.period as old inner join raw.due as due on {written}"
        " order by all"
    ).pl()
    period = fill(period, daily_series(connection), kinds)
    filled = _with_provisional(connection, period)  # noqa: F841 (DuckDB reads it by name)
    connection.execute(f"delete from metrics.period as old using raw.due as due where {written}")
    connection.execute("insert into metrics.period by name select * from filled")


def _with_provisional(connection: duckdb.DuckDBPyConnection, period: pl.DataFrame) -> pl.DataFrame:
    as_of, window_days = connection.execute("select as_of(), repeat_window_days()").fetchall()[0]
    openers = connection.execute(OPENERS, {"days": history_days(window_days)}).pl()
    return fill_provisional(period, openers, as_of, window_days)


@task(cache_policy=NO_CACHE)
def check_data(connection: duckdb.DuckDBPyConnection, con: sqlite3.Connection, run_id: int) -> None:
    """Run the suites on the clone and keep their results.

    Raises:
        DataRejected: a critical rule is broken.
    """
    results = validate(connection)
    runs.add_check_results(con, run_id, [asdict(result) for result in results])
    reject_if_critical(results)


@task(cache_policy=NO_CACHE)
def publish(settings: Settings) -> None:
    """Put the clone in the place of the warehouse."""
    connect.publish(settings.folders)


@task(cache_policy=NO_CACHE)
def judge(
    con: sqlite3.Connection, settings: Settings, policy: Policy, as_of: date, now: datetime
) -> tuple[list[Verdict], list[TriggerState]]:
    """Verdicts, triggers, incidents and messages, in one transaction."""
    with connect.reading(settings.folders.warehouse) as connection:
        return judge_night(connection, con, settings, policy, as_of, now)


@task(cache_policy=NO_CACHE)
def show(con: sqlite3.Connection, settings: Settings) -> Path:
    """Write the marts and the pages made from them."""
    write_marts(settings, con)
    return write_site(settings.folders.marts / "current", settings.folders.pages)


@task(cache_policy=NO_CACHE)
def deliver_outbox(
    con: sqlite3.Connection, settings: Settings, clock: Callable[[], datetime]
) -> DeliveryReport:
    """Send what has to be said; waiting takes time, so the clock comes along.

    Raises:
        Undelivered: something could not be said; it is kept.
    """
    return deliver(con, settings.slack, now=clock)
