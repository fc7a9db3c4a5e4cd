-- The few functions on which engines disagree, and the night's parameters, for Spark 4.1.
-- Same names and meaning as in duckdb.sql; names in braces are filled in the same way.
-- The session is in UTC and its timestamps have no zone (spark.sql.timestampType = TIMESTAMP_NTZ).

create or replace temporary function to_local(ts timestamp_ntz, tz string) returns timestamp_ntz return cast(from_utc_timestamp(cast(ts as timestamp_ltz), tz) as timestamp_ntz);
create or replace temporary function to_utc(ts timestamp_ntz, tz string) returns timestamp_ntz return cast(to_utc_timestamp(cast(ts as timestamp_ltz), tz) as timestamp_ntz);
create or replace temporary function seconds_between(a timestamp_ntz, b timestamp_ntz) returns double return cast(timestampdiff(microsecond, a, b) as double) / 1000000;
create or replace temporary function add_seconds(ts timestamp_ntz, seconds decimal(38, 6)) returns timestamp_ntz return timestampadd(microsecond, cast(round(seconds * 1000000) as bigint), ts);
create or replace temporary function days_between(a date, b date) returns bigint return cast(datediff(b, a) as bigint);
create or replace temporary function add_days(d date, n int) returns date return date_add(d, n);
create or replace temporary function add_days_to_time(ts timestamp_ntz, n int) returns timestamp_ntz return timestampadd(hour, 24 * n, ts);
create or replace temporary function minute_of(ts timestamp_ntz) returns timestamp_ntz return cast(date_trunc('minute', ts) as timestamp_ntz);
create or replace temporary function week_of(d date) returns date return trunc(d, 'week');
create or replace temporary function month_of(d date) returns date return trunc(d, 'month');
create or replace temporary function block_of(d date) returns date return date_sub(d, cast(datediff(d, date '1930-01-01') % 91 as int));
create or replace temporary function last_day_of_month(d date) returns date return last_day(d);
create or replace temporary function version_of(definition string) returns string return substr(md5(definition), 1, 12);

create or replace temporary function as_of() returns date return date '{as_of}';
create or replace temporary function previous_as_of() returns date return date '{previous_as_of}';
create or replace temporary function since() returns date return date '{since}';
create or replace temporary function from_the_beginning() returns boolean return date '{since}' <= date '1930-01-01';
create or replace temporary function site_zone() returns string return '{time_zone}';
create or replace temporary function local_day(ts timestamp_ntz) returns date return cast(to_local(ts, site_zone()) as date);
create or replace temporary function day_start(d date) returns timestamp_ntz return to_utc(cast(d as timestamp_ntz), site_zone());

create or replace temporary function repeat_window_days() returns int return {repeat_window_days};
create or replace temporary function longest_window_days() returns int return greatest(30, {repeat_window_days});
create or replace temporary function repeat_same_reason() returns boolean return {repeat_same_reason};
create or replace temporary function repeat_subject(reason string) returns string return case when {repeat_same_reason} then reason else 'any' end;
create or replace temporary function service_level_seconds() returns int return {service_level_seconds};
create or replace temporary function short_abandon_seconds() returns int return {short_abandon_seconds};
create or replace temporary function site_currency() returns string return '{site_currency}';
create or replace temporary function own_management() returns decimal(18, 2) return cast({own_management} as decimal(18, 2));
