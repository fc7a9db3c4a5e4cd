"""The kinds of values that settings hold: each is checked, and says what it should be instead."""

import codecs
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from checks.telling import CHANNEL_ID
from warehouse.sources import adapters
from warehouse.sources.columns import LEAVE_REASONS, OUTCOMES
from warehouse.sources.values import reads_dates

NO_PLACES = {"Factory", "localtime"}


def _known_zone(name: str) -> str:
    if name not in available_timezones() - NO_PLACES:
        raise ValueError(f"{name!r} is no time zone; give an IANA name such as Europe/Paris")
    return name


def _known_encoding(name: str) -> str:
    try:
        "".encode(codecs.lookup(name).name)
    except (LookupError, UnicodeError):  # a few codecs are not about text
        raise ValueError(f"{name!r} is no encoding; say utf-8, cp1252 or latin-1") from None
    return name


def _known_adapter(name: str) -> str:
    if name not in adapters():
        raise ValueError(f"there is no adapter {name!r}; there are {', '.join(adapters())}")
    return name


def _useful_separator(character: str) -> str:
    if character.isalnum() or character in '"\n\r ':
        raise ValueError(f'{character!r} separates nothing; say ",", ";" or "\\t"')
    return character


def _sound_date_format(codes: str) -> str:
    if not reads_dates(codes):
        raise ValueError(
            f"{codes!r} does not read a date that it wrote; say %d/%m/%Y or %d/%m/%Y %H:%M:%S"
        )
    return codes


def _known_outcome(outcome: str) -> str:
    if outcome not in OUTCOMES:
        raise ValueError(f"{outcome!r} is no outcome; there are {', '.join(OUTCOMES)}")
    return outcome


def _known_leave_reason(reason: str) -> str:
    if reason not in LEAVE_REASONS:
        raise ValueError(
            f"{reason!r} is no reason of leaving; there are {', '.join(LEAVE_REASONS)}"
        )
    return reason


def _usable_path(path: str) -> str:
    if not path.strip() or "\0" in path:
        raise ValueError("is no path; leave it out, or name a file or folder")
    return path


def _known_channel(channel: str) -> str:
    if channel and not CHANNEL_ID.fullmatch(channel):
        raise ValueError(
            f"{channel!r} is no channel ID; it is like C0123ABCD, at the end of the channel's link"
        )
    return channel


TimeZone = Annotated[str, AfterValidator(_known_zone)]
Encoding = Annotated[str, AfterValidator(_known_encoding)]
Adapter = Annotated[str, AfterValidator(_known_adapter)]
Separator = Annotated[str, Field(min_length=1, max_length=1), AfterValidator(_useful_separator)]
DateFormat = Annotated[str, AfterValidator(_sound_date_format)]
Outcome = Annotated[str, AfterValidator(_known_outcome)]
LeaveReason = Annotated[str, AfterValidator(_known_leave_reason)]
PathText = Annotated[str, AfterValidator(_usable_path)]
Channel = Annotated[str, AfterValidator(_known_channel)]
