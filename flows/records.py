"""Dataclasses of `checks` as rows of operations.db, and back.

The warehouse imports none of the other packages, so it knows rows only; this is the border.
"""

import dataclasses
import json
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")
Cell = str | int | float | None


def to_row(record: "DataclassInstance") -> dict[str, Cell]:
    """The fields of a flat dataclass as SQLite keeps them: ISO dates, 0 or 1, JSON lists."""
    return {field.name: _cell(getattr(record, field.name)) for field in dataclasses.fields(record)}


def from_row(kind: type[Record], row: Mapping[str, object]) -> Record:
    """The dataclass a row was made from; columns that are no field of it are left out."""
    hints = get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    return kind(**{name: _field(hints[name], row[name]) for name in names})


def _cell(value: object) -> Cell:
    match value:
        case Enum():
            return str(value.value)
        case bool():
            return int(value)
        case date():
            return value.isoformat()
        case tuple():
            return json.dumps(value, ensure_ascii=False)
        case str() | int() | float() | None:
            return value
    raise TypeError(f"no column holds a {type(value).__name__}")


def _field(hint: Any, cell: object) -> object:
    if cell is None:
        return None
    plain = next((part for part in get_args(hint) if part is not type(None)), hint)
    if get_origin(hint) is tuple:
        return tuple(json.loads(str(cell)))
    if plain is date:
        return date.fromisoformat(str(cell))
    if plain is bool or (isinstance(plain, type) and issubclass(plain, Enum)):
        return plain(cell)
    return cell
