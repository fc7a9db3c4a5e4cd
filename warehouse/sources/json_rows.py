"""JSON records as rows of raw, for every adapter that reads JSON."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from warehouse.sources import REJECTED_SCHEMA, Feed, Reading
from warehouse.sources.columns import CALLS, RECORD
from warehouse.sources.fields import Fields
from warehouse.sources.json_fields import Json, Unusable, loosely, text
from warehouse.sources.json_records import Record, read_records

Row = dict[str, Any]
Interpreter = Callable[[Json, Feed], list[Row]]

RECORDS_AT_ONCE = 2_000
SCHEMA = {**CALLS, **RECORD, "line": pl.Int64}
# What a row says that is no leg, or not one yet: harmless values where raw wants some.
NO_LEG: Row = {
    "queue": "unknown",
    "reason": "unknown",
    "wait_seconds": 0.0,
    "talk_seconds": 0.0,
    "hold_seconds": 0.0,
    "wrap_seconds": 0.0,
    "outcome": "ignored",
    "is_transferred": False,
    "status": "no_call",
}


def read_rows(
    path: Path,
    feed: Feed,
    name: str,
    rows_of: Interpreter,
    identity: str,
    envelope: str | None = None,
) -> Iterator[Reading]:
    """Read a file whose records `rows_of` makes rows, unless it finds them Unusable, part by part.

    `identity` is the field that tells which record it is.

    A record of which nothing is a leg has one row too, so that it is counted and a later version
    of it can be a leg.
    """
    records, fields = read_records(path, name, feed.encoding, envelope), Fields()
    while batch := list(islice(records, RECORDS_AT_ONCE)):
        for record in batch:
            if not record.fault:
                fields.add(record.value)
        yield replace(_reading(batch, feed, rows_of, identity), columns=fields.written())


def _reading(batch: list[Record], feed: Feed, rows_of: Interpreter, identity: str) -> Reading:
    rows: list[Row] = []
    rejected: list[tuple[int, str, str, str | None]] = []
    for record in batch:
        try:
            rows += _rows(record, feed, rows_of)
        except Unusable as reason:
            known_as = loosely(text, record.value, identity)
            rejected.append((record.line, str(reason), record.text, known_as))
    schema = {**REJECTED_SCHEMA, "record_id": pl.String}
    return Reading(
        pl.DataFrame(rows, schema=SCHEMA),
        pl.DataFrame(rejected, schema=schema, orient="row"),
        lambda lines: {record.line: record.text for record in batch if record.line in lines},
    )


def _rows(record: Record, feed: Feed, rows_of: Interpreter) -> list[Row]:
    if record.fault:
        raise Unusable(record.fault)
    return [{**row, "line": record.line} for row in rows_of(record.value, feed)]
