"""JSON in the shapes that exports have, one record at a time.

Lines, objects glued together, one array, an envelope (`{"conversations": [...]}`) or several, as
the pages of a query, one object; each perhaps compressed with gzip. Records are numbered from 1.
One that is broken costs itself only, as long as the place can be told where the next one begins.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.errors import DataRejected, fault
from warehouse.sources.json_endless import pass_lines, pass_value
from warehouse.sources.json_text import STRING, TOO_DEEP, TOO_LONG, Window, opened

ENVELOPE_CHARACTERS = 1 << 12  # how much may stand before the array in an envelope
SCALAR = rf"(?:{STRING}|[-+.\w]+)"
# What stands in an envelope beside its array; a page of a query that found nothing has only these.
BESIDE = {"aggregations", "cursor", "dataAvailabilityDate", "totalHits"}
MEMBER = rf"{STRING}\s*:\s*{SCALAR}\s*,\s*"


@dataclass(frozen=True)
class Record:
    """`value` is the object; it is empty where `fault` says why the text is none."""

    line: int
    text: str
    value: dict[str, Any]
    fault: str | None


def read_records(
    path: Path, name: str, encoding: str | None, envelope: str | None = None
) -> Iterator[Record]:
    """The records of a file, in its order.

    Args:
        name: what the file is called in messages.
        encoding: a Python codec; None is UTF-8.
        envelope: the member that holds the array where one object holds all records.

    Raises:
        DataRejected: the file is empty, not text, broken in a place from where no way leads to the
            next record, or has nothing in it that is JSON.
    """
    first_fault, is_json = None, True
    with opened(path, name, encoding) as handle:
        for record in _unwrapped(_values(Window(handle), name, envelope), envelope):
            if record.line == 1:
                first_fault, is_json = record.fault, False
            is_json = is_json or record.fault in (None, TOO_DEEP)
            yield record
    if not is_json:
        raise DataRejected(
            fault(
                "{name}, record 1: {why}; deliver it as JSON or remove it",
                name=name,
                why=first_fault,
            )
        )


def _unwrapped(values: Iterator[Record], envelope: str | None) -> Iterator[Record]:
    """The records, those within envelopes too that were not entered: in arrays, in odd order."""
    count = 0
    for record in values:
        for text, value in _inside(record, envelope):
            count += 1
            is_object = isinstance(value, dict)
            why = record.fault if is_object else "not a JSON object"
            yield Record(count, text, value if is_object else {}, why)


def _inside(record: Record, envelope: str | None) -> list[tuple[str, Any]]:
    if envelope is None or record.fault:
        return [(record.text, record.value)]
    within = record.value.get(envelope)
    if isinstance(within, list):
        return [(json.dumps(value, ensure_ascii=False), value) for value in within]
    is_empty = not within and record.value.keys() <= BESIDE | {envelope}
    return [] if is_empty else [(record.text, record.value)]


def _values(window: Window, name: str, envelope: str | None) -> Iterator[Record]:
    """The records of all values that follow each other, with or without line breaks between."""
    array = re.compile(rf'\{{\s*(?:{MEMBER})*"{envelope}"\s*:\s*\[')
    if not window.sign():
        raise DataRejected(fault("{name} is empty; deliver it again or remove it", name=name))
    count = 0
    while sign := window.sign(ENVELOPE_CHARACTERS):
        in_envelope = array.match(window.text, window.place) if envelope else None
        if sign == "[" or in_envelope:
            window.place = in_envelope.end() if in_envelope else window.place + 1
            for record in _elements(window, name, count):
                count = record.line
                yield record
            if in_envelope:
                _leave_envelope(window, name)
        elif sign == ",":
            window.place += 1
        else:
            count += 1
            yield _record(window, count)


def _elements(window: Window, name: str, count: int) -> Iterator[Record]:
    """The records of the array that was just entered; `count` came before them."""
    while (sign := window.sign()) not in ("", "]"):
        if sign == ",":
            window.place += 1
            continue
        count += 1
        record = _record(window, count, is_element=True)
        if record.fault and window.sign() not in (",", "]"):
            raise DataRejected(
                fault(
                    "{name}, record {count}: {why}, and the next record cannot be found;"
                    " deliver the file again or remove it",
                    name=name,
                    count=count,
                    why=record.fault,
                )
            )
        yield record
    if not sign:
        raise DataRejected(
            fault(
                "{name} ends after record {count}, in the middle of its array: it was cut short;"
                " deliver it again or remove it",
                name=name,
                count=count,
            )
        )
    window.place += 1


def _leave_envelope(window: Window, name: str) -> None:
    """Pass the members behind the array, as if they were an object of their own."""
    if window.sign() == ",":
        window.text = "{" + window.text[window.place + 1 :]
        window.place = 0
        _, end, why = window.value()
        if why or end is None:
            raise DataRejected(
                fault(
                    "{name}, behind its records: {why}; deliver it again or remove it",
                    name=name,
                    why=why,
                )
            )
        window.place = end
    elif window.sign() == "}":
        window.place += 1


def _record(window: Window, line: int, *, is_element: bool = False) -> Record:
    value, end, why = window.value()
    has_brackets = is_element or why in (TOO_DEEP, TOO_LONG)
    if why and not has_brackets:
        end = window.line_end()
    if end is None and why != TOO_LONG:
        end = window.balanced_end()
    if end is not None:
        text = window.text[window.place : end].strip()
        window.place = end
    elif has_brackets:
        text = pass_value(window, is_in_array=is_element)
    else:
        text = pass_lines(window)
    if why is None and not isinstance(value, dict):
        why = "not a JSON object"
    return Record(line, text, {} if why else value, why)
