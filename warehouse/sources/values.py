"""Text to times and numbers, the same for every adapter. What cannot be read becomes null."""

import re
import warnings
from datetime import UTC, datetime
from functools import partial

import polars as pl

# In one go, and so quickest read; of the others, the first of each is what most exports have.
USUAL_TIME = "%Y-%m-%dT%H:%M:%SZ"
UNIVERSAL_TIMES = ("%Y-%m-%d %H:%M:%SZ", "%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%d %H:%M%#z")
LOCAL_TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M")
# Of a format, that is: its codes for an offset, or the letters themselves at its end.
SAYS_OFFSET = re.compile(r"%[:#]*z|%\+|(?<!%)(?:UTC|GMT|Z)$")
OFFSET = r"(?i)^\d{1,11}(?:\.\d*)?$|:\d\d(?:[.,]\d+)? *(?:[+-]\d\d:?(?:\d\d)?|utc|gmt|z)$"
UNIVERSAL = r"(?i) *(?:utc|gmt|z)$"
TIME_CODES = re.compile(r"%[-_0]?[HIkTRrXcs+]")
MIDNIGHT = r"[ T]00:00(:00(\.0+)?)?$"
YES = ("1", "true", "t", "yes", "y", "oui", "o", "vrai")
NO = ("0", "false", "f", "no", "n", "non", "faux")
SECONDS_IN = {"milliseconds": 0.001, "minutes": 60.0, "days": 86_400.0}
# h:mm:ss or m:ss, with parts of a second.
CLOCK = r"^(?:(\d{1,4}):([0-5]?\d)|(\d{1,5})):([0-5]\d(?:\.\d+)?)$"
# Nobody knows whether 1.234 is a thousand.
PERHAPS_THOUSANDS = r"^[+-]?\d{1,3}(\.\d{3})+$"


def utc(text: pl.Expr, time_zone: str, date_format: str | None = None) -> pl.Expr:
    """ISO 8601 with an offset, or local time in `time_zone`, as UTC (microseconds, no zone).

    Args:
        date_format: strftime codes of a time that is not ISO 8601; local if without an offset.
    """
    if date_format and SAYS_OFFSET.search(date_format):
        return _parsed(text, date_format).dt.replace_time_zone(None)
    if date_format:
        return local_to_utc(_parsed(text, date_format), time_zone)
    return text.map_batches(partial(_iso_8601, time_zone=time_zone), pl.Datetime("us"))


def _iso_8601(texts: pl.Series, time_zone: str) -> pl.Series:
    """As nearly all spell it; what that is not, in one more spelling after the other."""
    text = pl.col("text")
    respelled = text.str.replace(UNIVERSAL, "Z").str.replace(",", ".", literal=True)
    spaced = respelled.str.replace(r"^([\d-]+)[tT]", "$1 ")
    times = _usual(texts)
    for spelling in (text.str.replace("T", " ", literal=True), spaced):
        is_unread = times.is_null() & (texts != "")
        if not is_unread.any():
            break
        unread = pl.DataFrame({"text": texts}).select(pl.when(is_unread).then(text))
        found = _time(unread.select(spelling)["text"], time_zone)
        times = times.zip_with(times.is_not_null(), found)
    return times


def _usual(texts: pl.Series) -> pl.Series:
    """All that is spelt as `USUAL_TIME` if the first is: to try it in vain takes longest."""

    def moments(some: pl.Series) -> pl.Series:
        return some.str.to_datetime(USUAL_TIME, strict=False, time_unit="us", cache=False)

    if moments(texts.head(1)).count():
        return moments(texts)
    return pl.repeat(None, len(texts), dtype=pl.Datetime("us"), eager=True)


def _time(texts: pl.Series, time_zone: str) -> pl.Series:
    """One format after the other, for what no other has fitted."""
    text, time = pl.col("text"), pl.col("time")
    nothing = pl.lit(None, pl.Datetime("us"))
    frame = pl.DataFrame({"text": texts}).select(pl.when(text != "").then(text), time=nothing)
    for code in (*UNIVERSAL_TIMES, *LOCAL_TIMES):
        if not frame["text"].null_count() < frame.height:
            break
        found = _parsed(text, code)
        is_local = code in LOCAL_TIMES
        moment = local_to_utc(found, time_zone) if is_local else found.dt.replace_time_zone(None)
        frame = frame.with_columns(time=pl.coalesce(time, moment))
        frame = frame.with_columns(pl.when(time.is_null()).then(text))
    return frame["time"]


def _parsed(text: pl.Expr, code: str) -> pl.Expr:
    return text.str.to_datetime(code, strict=False, time_unit="us")


def local_to_utc(local: pl.Expr, time_zone: str) -> pl.Expr:
    """A wall clock as UTC.

    An hour that comes twice (October) is taken as the first; one that does not exist (March), as
    shown by a clock that was not put forward yet.
    """

    def at(moment: pl.Expr) -> pl.Expr:
        zoned = moment.dt.replace_time_zone(time_zone, ambiguous="earliest", non_existent="null")
        return zoned.dt.convert_time_zone("UTC").dt.replace_time_zone(None)

    return pl.coalesce(at(local), at(local - pl.duration(hours=1)) + pl.duration(hours=1))


def taken_for_first_hour(texts: pl.Series, times: pl.Series, time_zone: str) -> int:
    """How many local times are in the first of the two hours that clocks call alike in October.

    Args:
        texts: times as they were written; those with an offset, and seconds since 1970, are no
            local ones.
        times: what was read of them, in UTC; null where that does not count.
    """
    halves = times.dt.truncate("30m")  # no zone changes its offset by less
    moment = pl.col("half").dt.replace_time_zone("UTC").dt.convert_time_zone(time_zone)
    again = moment.dt.replace_time_zone(None).dt.replace_time_zone(time_zone, ambiguous="latest")
    first = halves.unique().alias("half").to_frame().filter(again > moment)
    if first.is_empty():
        return 0
    said = texts.filter(halves.is_in(first["half"].implode())).str.strip_chars()
    return int((~said.str.contains(OFFSET)).sum())


def number(text: pl.Expr, decimal_comma: bool = False) -> pl.Expr:
    """A finite decimal number out of trimmed text.

    Where the comma is the mark, nobody knows what a point is.
    """
    plain = text.str.replace_many({",": ".", ".": "?"}) if decimal_comma else text
    value = plain.cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value + 0.0)  # -0 is 0


def typed_number(text: pl.Expr) -> pl.Expr:
    """A number out of a cell that may have held one: its point is a decimal mark, if not of 1.234.

    For sources where the comma is the mark of what was typed in as text.
    """
    return pl.when(~text.str.contains(PERHAPS_THOUSANDS)).then(number(text))


def clocked(text: pl.Expr) -> pl.Expr:
    """Seconds, out of h:mm:ss or m:ss, trimmed."""
    part = text.str.replace(",", ".", literal=True).str.extract_groups(CLOCK)
    hours, minutes, alone, seconds = (
        part.struct.field(str(group)).cast(pl.Float64, strict=False) for group in range(1, 5)
    )
    return hours.fill_null(0) * 3600 + pl.coalesce(minutes, alone) * 60 + seconds


def in_seconds(amount: pl.Expr, unit: str) -> pl.Expr:
    """Plain numbers of seconds, milliseconds, minutes or days, as seconds."""
    if unit == "seconds":
        return amount
    # Parts of a day are cut off after 7 digits, within 5 ms of the second that was meant.
    return (amount * SECONDS_IN[unit]).round(2 if unit == "days" else 6)


def clock(since: pl.Expr) -> pl.Expr:
    """A duration as text: h:mm:ss, with parts of a second if there are any."""
    microseconds = since.dt.total_microseconds()
    seconds = microseconds // 1_000_000
    part = (microseconds % 1_000_000).cast(pl.String).str.zfill(6).str.strip_chars_end("0")
    minute, second = ((seconds // unit % 60).cast(pl.String).str.zfill(2) for unit in (60, 1))
    whole = pl.format("{}:{}:{}", seconds // 3600, minute, second)
    return pl.when(part == "").then(whole).otherwise(pl.format("{}.{}", whole, part))


def joined(day: pl.Expr, hour: pl.Expr) -> pl.Expr:
    """A day and a time of day, from two columns, as one text; the second may hold both."""
    colons = hour.str.replace(r"^(\d{1,2}) ?[hH] ?(\d{2})$", "$1:$2")
    full = pl.when(colons.str.contains(r"^\d{1,2}:\d{2}$")).then(colons + ":00").otherwise(colons)
    is_whole = full.str.contains(r"^\d+[-/.]\d+[-/.]\d+.*:") | full.str.starts_with(day)
    together = day.str.replace(MIDNIGHT, "") + " " + full
    return pl.when(is_whole).then(full).otherwise(together.str.strip_chars())


def joined_format(date_format: str | None) -> str | None:
    """The format of what `joined` gives, if that of the site is one of days only."""
    if date_format is None or TIME_CODES.search(date_format):
        return date_format
    return f"{date_format} %H:%M:%S"


def date(text: pl.Expr, date_format: str | None = None) -> pl.Expr:
    """A calendar day, or a month as its first day; ISO 8601 unless a format is given."""
    if date_format:
        return text.str.to_date(date_format, strict=False)
    day = text.str.replace(MIDNIGHT, "")
    first_of_month = (text + "-01").str.to_date("%Y-%m-%d", strict=False)
    return pl.coalesce(day.str.to_date("%Y-%m-%d", strict=False), first_of_month)


def reads_dates(date_format: str) -> bool:
    """Whether a date that was written in this format is the same when it is read again."""
    moment = pl.lit(datetime(2001, 2, 3, 16, 5, 6, tzinfo=UTC))
    try:
        with warnings.catch_warnings(action="error"):  # codes that Polars takes for something else
            written = moment.dt.to_string(date_format)
            day = pl.select(date(written, date_format)).item()
    except (pl.exceptions.PolarsError, Warning):
        return False
    return bool(day == datetime(2001, 2, 3, tzinfo=UTC).date())


def boolean(text: pl.Expr) -> pl.Expr:
    """Yes or no in the words of English and French exports, trimmed; 1 or 0."""
    known = dict.fromkeys(YES, True) | dict.fromkeys(NO, False)
    return text.str.to_lowercase().replace_strict(known, default=None, return_dtype=pl.Boolean)
