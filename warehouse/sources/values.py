"""Text to times and numbers, the same for every adapter. What cannot be read becomes null."""

import re

import polars as pl

TIMES_WITH_OFFSET = ("%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%d %H:%M%#z")
LOCAL_TIMES = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M")
OFFSET_CODES = re.compile(r"%[:#]*z|%\+|%s")


def utc(text: pl.Expr, time_zone: str, date_format: str | None = None) -> pl.Expr:
    """ISO 8601 with an offset, or local time in `time_zone`, as UTC (microseconds, no zone).

    Args:
        date_format: strftime codes of a time that is not ISO 8601; local if without an offset.
    """
    if date_format and OFFSET_CODES.search(date_format):
        return _parsed(text, date_format).dt.replace_time_zone(None)
    if date_format:
        return local_to_utc(_parsed(text, date_format), time_zone)
    spaced = text.str.replace("T", " ", literal=True)
    with_offset = pl.coalesce(_parsed(spaced, code) for code in TIMES_WITH_OFFSET)
    local = pl.coalesce(_parsed(spaced, code) for code in LOCAL_TIMES)
    return pl.coalesce(with_offset.dt.replace_time_zone(None), local_to_utc(local, time_zone))


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


def number(text: pl.Expr, decimal_comma: bool = False) -> pl.Expr:
    """A finite decimal number; where the comma is the mark, nobody knows what a point is."""
    plain = text.str.replace_many({",": ".", ".": "?"}) if decimal_comma else text
    value = plain.str.strip_chars().cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value + 0.0)  # -0 is 0


def date(text: pl.Expr, date_format: str | None = None) -> pl.Expr:
    """A calendar day, or a month as its first day; ISO 8601 unless a format is given."""
    if date_format:
        return text.str.to_date(date_format, strict=False)
    first_of_month = (text + "-01").str.to_date("%Y-%m-%d", strict=False)
    return pl.coalesce(text.str.to_date("%Y-%m-%d", strict=False), first_of_month)


def boolean(text: pl.Expr) -> pl.Expr:
    """Yes or no in the words of English and French exports, 1 or 0."""
    word = text.str.strip_chars().str.to_lowercase()
    is_yes = word.is_in(["1", "true", "t", "yes", "y", "oui", "o", "vrai"])
    is_no = word.is_in(["0", "false", "f", "no", "n", "non", "faux"])
    return pl.when(is_yes).then(True).when(is_no).then(False)
