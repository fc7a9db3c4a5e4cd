"""Fields of a JSON record as values.

What is missing or null is None; what has another type than it must have makes the record unusable.
Paths lead through objects: `Queue.Name`.
"""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from warehouse.sources.values import UNIVERSAL

Json = dict[str, Any]
Value = TypeVar("Value")

ONE_DIGIT = re.compile(r"(?<=-)\d(?=[-T ])")  # of a day or a month: 2000-3-1T09:00:00Z
YEARS = range(1970, 2100)
LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # JSON can write them, no text can hold them


class Unusable(Exception):
    """The record lacks what a leg cannot do without; says what in a few words."""


def value_at(record: Json, path: str) -> object:
    """Whatever is at the path."""
    value: object = record
    passed: list[str] = []
    for field in path.split("."):
        if value is None:
            return None
        if not isinstance(value, dict):
            raise Unusable(f"{'.'.join(passed)} is not an object")
        value = value.get(field)
        passed.append(field)
    return value


def text(record: Json, path: str) -> str | None:
    """Text without blanks around it; empty text is None."""
    value = value_at(record, path)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Unusable(f"{path} is not text")
    return LONE_SURROGATE.sub("\ufffd", value).strip() or None


def number(record: Json, path: str) -> float | None:
    """A finite number."""
    value = value_at(record, path)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Unusable(f"{path} is not a number")
    return float(value)


def moment(record: Json, path: str, time_zone: str) -> datetime | None:
    """An ISO 8601 time as UTC without zone; one without offset is local in `time_zone`."""
    value = text(record, path)
    if value is None:
        return None
    try:
        found = _iso_8601(value)
        local = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(time_zone))
        utc = local.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise Unusable(f"{path} is not a time") from None
    if utc.year not in YEARS:
        raise Unusable(f"{path} is not between 1970 and 2100")
    return utc


def _iso_8601(said: str) -> datetime:
    """A time as nearly all spell it, or else in a spelling that `values.utc` reads, too."""
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        padded = ONE_DIGIT.sub(r"0\g<0>", said)
        return datetime.fromisoformat(re.sub(UNIVERSAL, "+00:00", padded))


def objects(record: Json, path: str) -> list[Json]:
    """A list of objects; a missing one is empty."""
    values = value_at(record, path)
    if values is None:
        return []
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise Unusable(f"{path} is not a list of objects")
    return values


def required(value: Value | None, path: str) -> Value:
    """A value that a leg cannot do without."""
    if value is None:
        raise Unusable(f"{path} is missing")
    return value


def loosely(read: Callable[..., Value | None], *arguments: Any) -> Value | None:
    """A value that a leg can do without: None also where it has the wrong type."""
    try:
        return read(*arguments)
    except Unusable:
        return None


def word(record: Json, path: str) -> str | None:
    """One of the words that the source has for something, in small letters however it writes it."""
    said = loosely(text, record, path)
    return said.lower() if said else None


def is_told(value: object) -> bool:
    """Whether it is there: some exports write "", or an object of nulls, for one that is not."""
    if isinstance(value, dict):
        return any(map(is_told, value.values()))
    return value not in (None, "")


def entry(attributes: object, name: str) -> str | None:
    """The text under a name in a map of attributes, if it is one; names may have dots in them."""
    if not isinstance(attributes, dict):
        return None
    return loosely(text, {"": attributes.get(name)}, "")
