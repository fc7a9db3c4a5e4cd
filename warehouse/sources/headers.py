"""Where a file has the canonical columns: by the settings, by our names, or by what others say.

Names are compared whole, but for case, accents, blanks, `_` and `?`: in French `attente` is the
wait in the queue and `mise en attente` the hold, so a part of a name proves nothing.
"""

import re
import unicodedata
from dataclasses import dataclass
from textwrap import shorten

from warehouse.errors import DataRejected, Fault, fault
from warehouse.sources import Feed
from warehouse.sources.columns import FEEDS, REQUIRED
from warehouse.sources.synonyms import (
    BESIDE_ASTERISKS_WAIT,
    CALL_DAYS,
    CALL_HOURS,
    SYNONYMS,
    UNITS,
    UNIVERSAL_TIMES,
)

LONGEST_HEADER_SHOWN = 300
DURATIONS = ("wait_seconds", "talk_seconds", "hold_seconds", "wrap_seconds")
ASTERISKS_WAIT = ("holdtime", "HOLDTIME")
IN_BRACKETS = re.compile(r"(.+)\(([^()]+)\)")


@dataclass(frozen=True)
class Found:
    """Where a canonical column is in a file.

    Attributes:
        places: positions in the header: none, one, or those of a day and of its time of day.
        unit: what the header says of a duration, such as `ms` in "Wait Time (ms)".
        is_utc: the header says that its times are universal ones.
    """

    places: tuple[int, ...] = ()
    unit: str | None = None
    is_utc: bool = False


def plain(title: str) -> str:
    """A name without what makes no difference."""
    letters = unicodedata.normalize("NFKD", title.casefold().replace("\u2019", "'"))
    return "".join(c for c in letters if not (unicodedata.combining(c) or c.isspace() or c in "_?"))


def find_columns(header: list[str], feed: Feed, name: str) -> dict[str, Found]:
    """Where each canonical column of the feed is.

    The settings decide; what they do not name goes by our name, and what has not that by a synonym.

    Args:
        name: what the file is called in messages.

    Raises:
        DataRejected: a column is missing that the settings name or a row cannot do without, or two
            columns may be meant.
    """
    called = {column: feed.columns.get(column, column) for column in FEEDS[feed.name]}
    places = {column: _named(header, title) for column, title in called.items()}
    several = dict.fromkeys(called[column] for column in called if len(places[column]) > 1)
    taken = {place for some in places.values() for place in some}
    others = {n: plain(title) for n, title in enumerate(header) if n not in taken}
    unclear = []
    for column in called.keys() - feed.columns.keys():
        if not places[column]:
            places[column], rivals = _meant(column, feed.name, others, header)
            unclear += [(column, rivals)] if rivals else []
    needed = dict.fromkeys((*REQUIRED[feed.name], *feed.columns))
    doubtful = {column for column, _ in unclear}
    missing = dict.fromkeys(called[c] for c in needed if not places[c] and c not in doubtful)
    faults = _faults(header, feed, name, list(missing), list(several))
    faults += [
        fault(
            "{name}, line 1: {titles}: each may be {column}; say which in [feeds.{feed}.columns]",
            name=name,
            titles=", ".join(header[n] for n in rivals),
            column=column,
            feed=feed.name,
        )
        for column, rivals in sorted(unclear)
    ]
    if faults:
        raise DataRejected(*faults)
    return {column: _described(column, some, header) for column, some in places.items()}


def _faults(
    header: list[str], feed: Feed, name: str, missing: list[str], several: list[str]
) -> list[Fault]:
    faults = []
    if missing:
        faults += [
            fault(
                "{name}, line 1: no column {columns} in the header ({header}); name the columns in"
                " [feeds.{feed}.columns]",
                name=name,
                columns=", ".join(missing),
                header=shorten(", ".join(header), LONGEST_HEADER_SHOWN),
                feed=feed.name,
            )
        ]
    if several:
        faults += [
            fault(
                "{name}, line 1: more than one column {columns}; rename the others",
                name=name,
                columns=", ".join(several),
            )
        ]
    return faults


def _named(header: list[str], title: str) -> tuple[int, ...]:
    """Columns called so; if there is none, called so but for what makes no difference."""
    exact = tuple(place for place, field in enumerate(header) if field == title)
    wanted = plain(title)
    return exact or tuple(place for place, field in enumerate(header) if plain(field) == wanted)


def _meant(
    column: str, feed: str, others: dict[int, str], header: list[str]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The columns whose names mean this one, and those among which nobody can choose."""
    names = SYNONYMS.get(feed, {}).get(column, frozenset())
    if column in DURATIONS:
        others = {place: _without_unit(title) for place, title in others.items()}
        found = _durations(column, names, others, header)
    else:
        found = _called(names, others)
    if column == "queued_at" and feed == "calls":
        if universal := _called(UNIVERSAL_TIMES, others):
            found = universal
        elif not found or len(found) == len(_called(CALL_DAYS, others)) == 1:
            # A start time beside a day may be one of that day.
            days, hours = _called(CALL_DAYS, others), found or _called(CALL_HOURS, others)
            rivals = next((some for some in (days, hours) if len(some) > 1), ())
            return ((), rivals) if rivals else ((*days, *hours), ())
    return ((), found) if len(found) > 1 else (found, ())


def _called(names: frozenset[str], titles: dict[int, str]) -> tuple[int, ...]:
    return tuple(place for place, title in titles.items() if title in names)


def _durations(
    column: str, names: frozenset[str], titles: dict[int, str], header: list[str]
) -> tuple[int, ...]:
    """As `_called`; Asterisk's holdtime is the wait, everybody else's the hold."""
    asterisks = {n for n in titles if header[n] in ASTERISKS_WAIT}
    if not BESIDE_ASTERISKS_WAIT & set(titles.values()):
        asterisks = set()
    others = {n: title for n, title in titles.items() if n not in asterisks}
    mine = asterisks if column == "wait_seconds" else set()
    return tuple(sorted({*_called(names, others), *mine}))


def _described(column: str, places: tuple[int, ...], header: list[str]) -> Found:
    if column in DURATIONS and places:
        return Found(places, unit=_unit(plain(header[places[0]])))
    is_utc = column == "queued_at" and any(plain(header[n]) in UNIVERSAL_TIMES for n in places)
    return Found(places, is_utc=is_utc)


def _without_unit(title: str) -> str:
    found = IN_BRACKETS.fullmatch(title)
    return found[1] if found and found[2] in UNITS else title


def _unit(title: str) -> str | None:
    found = IN_BRACKETS.fullmatch(title)
    return UNITS.get(found[2]) if found else None
