"""What estimates are made from, and where they are put: intervals and provisional figures.

How they are computed is for `checks` to say; this reads their samples from the clone and writes the
figures into `metrics.period`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import polars as pl

# Those that the night wrote: raw.due says from which period_end on, for each metric.
WRITTEN = "due.model = 'metrics.period' and old.metric = due.metric and old.period_end >= due.since"

# Openers are what metrics/episode_sums.sql says, mature or not; tenure bands, the published ones of
# metrics/scoped.sql.
OPENERS = """
with openers as (
    select
        day,
        queue,
        reason,
        provider,
        case
            when tenure_band in ('0-29', '30-89') then '0-89'
            when tenure_band in ('90-179', '180-364') then '90-364'
            else tenure_band
        end as tenure_band,
        is_mature,
        repeated_after_days,
        episodes
    from metrics.episode_sums
    where is_opener
        and day >= add_days(as_of(), -$days)
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
    sum(episodes)::bigint as openers
from openers
group by day, is_mature, repeated_after_days,
    grouping sets ((), (queue), (reason), (provider), (tenure_band))
order by all
"""

# Days with openers of which none is mature, in metrics.period's form: the whole service, queues and
# reasons, groups of fewer than five agents closed as there (a lone one with the next smallest).
YOUNG_DAYS = """
with young as (
    select scope_kind, scope, day, sum(openers) as openers
    from openers
    where scope_kind in ('all', 'queue', 'reason')
    group by scope_kind, scope, day
    having not bool_or(is_mature)
),

counted as (
    select
        young.*,
        scope_kind <> 'all' and coalesce(five_seen_since < day, true) as is_small
    from young
    left join metrics.fifth_agent as fifth_agent using (scope_kind, scope, day)
    where coalesce(fifth_agent.base, 'calls') = 'calls'
),

placed as (
    select
        *,
        sum(is_small::int) over (partition by scope_kind, day) as small_groups,
        row_number() over (partition by scope_kind, day, is_small order by openers, scope) as place
    from counted
)

select
    metric,
    'day' as grain,
    day as period_start,
    day as period_end,
    scope_kind,
    scope,
    0::double as numerator,
    0::double as denominator,
    false as is_final,
    is_small or (scope_kind <> 'all' and small_groups = 1 and place = 1) as is_suppressed,
    version as definition_version
from placed
inner join metrics.definition on metric = 'first_call_resolution'
order by all
"""

DAILY_SERIES = """
with beginnings as (
    select metric, scope_kind, scope, min(day) as first_day
    from metrics.scoped
    where day >= (select min(first_day) from metrics.history where base = 'calls')
    group by metric, scope_kind, scope
)

select metric, scope_kind, scope, day, numerator, denominator
from metrics.scoped
inner join beginnings using (metric, scope_kind, scope)
where day >= first_day
    and (day = first_day or day >= $since)
order by metric, scope_kind, scope, day
"""


@dataclass(frozen=True)
class Night:
    """The samples of one night.

    Attributes:
        periods: the rows of metrics.period that were written tonight.
        young_days: rows for days that have none, for want of mature openers, as 0 / 0; their other
            figures are missing.
        days: see `daily_series`, but only each series' first day and those in the reach of `weeks`.
        kinds: metric -> kind.
        openers: scope_kind, scope, day, is_mature, repeated_after_days (null: not yet), openers.
        window_days: W.
    """

    periods: pl.DataFrame
    young_days: pl.DataFrame
    days: pl.DataFrame
    kinds: dict[str, str]
    openers: pl.DataFrame
    as_of: date
    window_days: int


def read(
    connection: duckdb.DuckDBPyConnection, history_days: Callable[[int], int], weeks: int
) -> Night:
    """Read tonight's samples from the clone.

    Args:
        history_days: how many days of openers an estimate needs, by W.
        weeks: how many up to a period's end its interval needs.
    """
    kinds = dict(connection.execute("select metric, kind from metrics.definition").fetchall())
    as_of, window_days = connection.execute("select as_of(), repeat_window_days()").fetchall()[0]
    # In this order they are written, too: so a night finds those of late days together.
    periods = connection.execute(
        f"select old.* from metrics.period as old inner join raw.due as due on {WRITTEN}"
        " order by period_end, metric, grain, scope_kind, scope"
    ).pl()
    openers = connection.execute(OPENERS, {"days": history_days(window_days)}).pl()
    connection.register("openers", openers)
    young_days = connection.execute(YOUNG_DAYS).pl()
    connection.unregister("openers")
    first_end = min(periods["period_end"], default=as_of)
    days = daily_series(connection, first_end - timedelta(weeks=weeks))
    return Night(periods, young_days, days, kinds, openers, as_of, window_days)


def write(connection: duckdb.DuckDBPyConnection, periods: pl.DataFrame) -> None:
    """Put the periods in the place of those written tonight."""
    connection.execute(f"delete from metrics.period as old using raw.due as due where {WRITTEN}")
    connection.register("filled", periods)
    connection.execute("insert into metrics.period by name select * from filled")
    connection.unregister("filled")


def daily_series(connection: duckdb.DuckDBPyConnection, since: date = date.min) -> pl.DataFrame:
    """metric, scope_kind, scope, day, numerator, denominator: the site's whole history.

    Small groups are in it too. It begins with the calls: what a roster knows of the time before is
    not to be judged.

    Args:
        since: leave out what was before, but for the first day of each series.
    """
    days = connection.execute(DAILY_SERIES, {"since": since}).pl()
    # DuckDB takes ten times as long to make doubles of so long decimals.
    return days.with_columns(pl.col("numerator", "denominator").cast(pl.Float64))
