"""Which fields JSON records have, and which events a log, to tell when an export changes.

Names only, and only what looks like one: a map that has telephone numbers for keys names nobody.
"""

import re
from collections import Counter
from collections.abc import Mapping

from warehouse.sources import Written
from warehouse.sources.json_fields import Json
from warehouse.sources.written import LEAST_PER_CENT, WORDS

RECORDS_LOOKED_AT = 10_000
MOST_NAMES = 200
FIELD = re.compile(r"[A-Za-z][A-Za-z_]{0,59}")
EVENT = re.compile(r"[A-Z][A-Z_]{1,39}")
KINDS: dict[type, str] = {
    str: WORDS, bool: "yes or no", int: "a number", float: "a number", list: "a list",
    dict: "an object",
}  # fmt: skip


class Fields:
    """The top-level fields of the first records of a file."""

    def __init__(self) -> None:
        self._records = 0
        self._kinds: dict[str, Counter[str | None]] = {}

    def add(self, record: Json) -> None:
        """Look at a record."""
        if self._records == RECORDS_LOOKED_AT:
            return
        self._records += 1
        for name, value in record.items():
            if name not in self._kinds and len(self._kinds) < MOST_NAMES and FIELD.fullmatch(name):
                self._kinds[name] = Counter()
            if name in self._kinds:
                self._kinds[name][KINDS.get(type(value))] += 1

    def written(self) -> tuple[Written, ...]:
        """Each field, in order of their names."""
        return tuple(
            Written(name, None, _usual(kinds), self._is_most(kinds.total()))
            for name, kinds in sorted(self._kinds.items())
        )

    def _is_most(self, records: int) -> bool:
        return records * 100 >= LEAST_PER_CENT * self._records


def _usual(kinds: Counter[str | None]) -> str | None:
    """The kind of nine of ten values; null is no value."""
    filled = kinds.total() - kinds[None]
    told = (
        kind for kind, count in kinds.items() if kind and count * 100 >= LEAST_PER_CENT * filled
    )
    return next(told, None)


def events(steps: Mapping[str, str]) -> tuple[Written, ...]:
    """The events of a log by name, with their steps; none of them must come."""
    names = [name for name in sorted(steps) if EVENT.fullmatch(name)]
    return tuple(
        Written(f"event {n}", None if steps[n] == "unknown" else steps[n], None, is_usual=False)
        for n in names[:MOST_NAMES]
    )
