"""One module per log format. Each turns a file into `Reading`s; siblings look alike.

A module has a `VERSION` (raise it when the same bytes read differently) and `read`; see `Adapter`.
It is found by its name, which is the feed's `adapter`.
"""

import hashlib
import importlib
import json
import pkgutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol, cast

import polars as pl

LAYOUT = 5  # of raw and quarantine files; raise it when they get other columns or notes
REJECTED_SCHEMA = {"line": pl.Int64, "rule": pl.String, "text": pl.String}
# The original text of some rows, by line.
Texts = Callable[[Collection[int]], dict[int, str]]


@dataclass(frozen=True)
class Feed:
    """How one folder of the landing place is read; see `[feeds.*]` in the settings.

    Attributes:
        media: the kinds of contact that are legs (voice, chat ...); none named: all.
        country_code: what a national number has in front when it is written internationally.
        customer_attribute, reason_attribute: where the source keeps what is asked for, if it is
            not the caller's number and the disposition.
        exit_outcomes: what became of those who left a queue unanswered, by queue: voicemail or
            callback; else overflow.
        duration_unit: of durations that are plain numbers under a header that names no unit:
            seconds, milliseconds, minutes or days.
        outcomes, leave_reasons: words of the source for them, and which of ours they mean.
        sheet: of a workbook; else its first.
    """

    name: str
    time_zone: str
    adapter: str = "canonical"
    columns: dict[str, str] = field(default_factory=dict)
    encoding: str | None = None
    separator: str | None = None
    decimal_comma: bool = False
    date_format: str | None = None
    media: list[str] = field(default_factory=list)
    country_code: str | None = None
    customer_attribute: str | None = None
    reason_attribute: str | None = None
    exit_outcomes: dict[str, str] = field(default_factory=dict)
    duration_unit: str = "seconds"
    outcomes: dict[str, str] = field(default_factory=dict)
    leave_reasons: dict[str, str] = field(default_factory=dict)
    sheet: str | None = None

    def reading(self, key_fingerprint: str) -> str:
        """Names this way of reading: mapping, adapter version and key. 12 hex digits."""
        said = {**asdict(self), "version": adapter_of(self).VERSION, "key": key_fingerprint}
        said["layout"] = LAYOUT
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Written:
    """A column of a file, a field of its records, or an event of a log.

    Attributes:
        name: as in the header; a name that is empty or comes twice has its position added.
        fills: the canonical column that is read from it, the first of several, or what an event
            means; None: nothing is.
        kind: what most of its cells are written as; None where that is not clear. See `written`.
        is_usual: it is there in nine of ten records at least, as columns always are.
    """

    name: str
    fills: str | None
    kind: str | None
    is_usual: bool = True


@dataclass(frozen=True)
class Reading:
    """What a part of a file says: every row of it is in `rows` or in `rejected`.

    Attributes:
        rows: columns of the raw table (`columns.RAW`; those of `columns.RECORD` may be missing) and
            `line`, which numbers source records; identities still in clear.
        rejected: line, rule, original text (null: to be looked up by `texts`), and as far as they
            could be read the columns that `columns.IDENTITY` takes.
        texts: looks up the original text of rows.
        columns: those of the file as far as it was read, or what it has in their place.
        taken_for_first_hour: how many of `rows` say a local time that comes twice in October.
    """

    rows: pl.DataFrame
    rejected: pl.DataFrame
    texts: Texts
    columns: tuple[Written, ...] = ()
    taken_for_first_hour: int = 0


class Adapter(Protocol):
    """What a module of this package offers."""

    VERSION: int

    def read(self, path: Path, feed: Feed, name: str) -> Iterator[Reading]:
        """Read `path`, called `name` in messages, part by part, in its order.

        Nothing of it counts if DataRejected comes in the end: it cannot be read as a whole.
        """


def raw_table_of(feed: Feed) -> str:
    """Which table of raw the feed fills: its own, unless the adapter has another."""
    return getattr(adapter_of(feed), "RAW_TABLE", feed.name)


def adapters() -> list[str]:
    """The names of all modules here that read a log format; the others help them."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [n for n in names if hasattr(importlib.import_module(f"{__name__}.{n}"), "VERSION")]


def adapter_of(feed: Feed) -> Adapter:
    """The module that reads this feed."""
    return cast(Adapter, importlib.import_module(f"{__name__}.{feed.adapter}"))
