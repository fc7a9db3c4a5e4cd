-- The few functions on which engines disagree, and the night's parameters, for DuckDB.
-- Made anew at each opening and never stored: names in braces are filled in by warehouse/build.py.
-- Timestamps are UTC without a zone; the site's zone appears here only.

create or replace temp macro to_local(ts, tz) as timezone(tz, make_timestamptz(epoch_us(ts)));
create or replace temp macro to_utc(ts, tz) as timezone('UTC', timezone(tz, ts));
create or replace temp macro seconds_between(a, b) as cast(date_diff('microsecond', a, b) as decimal(18, 0)) / 1000000;
create or replace temp macro add_seconds(ts, seconds) as make_timestamp(epoch_us(ts) + cast(round(cast(seconds as double) * 1000000) as bigint));
create or replace temp macro days_between(a, b) as date_diff('day', a, b);
create or replace temp macro add_days(d, n) as cast(d + to_days(cast(n as integer)) as date);
create or replace temp macro add_days_to_time(ts, n) as ts + to_hours(24 * cast(n as integer));
create or replace temp macro minute_of(ts) as date_trunc('minute', ts);
create or replace temp macro week_of(d) as cast(date_trunc('week', d) as date);
create or replace temp macro month_of(d) as cast(date_trunc('month', d) as date);
create or replace temp macro block_of(d) as cast(d - to_days(cast(date_diff('day', date '1930-01-01', d) % 91 as integer)) as date);
create or replace temp macro last_day_of_month(d) as last_day(d);
create or replace temp macro version_of(definition) as substr(md5(definition), 1, 12);

create or replace temp macro as_of() as (date '{as_of}');
create or replace temp macro previous_as_of() as (date '{previous_as_of}');
create or replace temp macro since() as getvariable('since');
create or replace temp macro from_the_beginning() as (since() <= date '1930-01-01');
create or replace temp macro site_zone() as ('{time_zone}');
create or replace temp macro local_day(ts) as cast(to_local(ts, site_zone()) as date);
create or replace temp macro day_start(d) as to_utc(cast(d as timestamp), site_zone());

create or replace temp macro repeat_window_days() as ({repeat_window_days});
create or replace temp macro longest_window_days() as (greatest(30, {repeat_window_days}));
create or replace temp macro repeat_same_reason() as ({repeat_same_reason});
create or replace temp macro repeat_subject(reason) as case when repeat_same_reason() then reason else 'any' end;
create or replace temp macro service_level_seconds() as ({service_level_seconds});
create or replace temp macro short_abandon_seconds() as ({short_abandon_seconds});
create or replace temp macro site_currency() as ('{site_currency}');
create or replace temp macro own_management() as (cast({own_management} as decimal(18, 2)));
