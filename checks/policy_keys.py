"""What all sections of a policy share: keys of a known name and type, a sentence for any other."""

import difflib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

LARGEST = 1e300  # beyond it arithmetic overflows; nan and inf fail the comparison too
TYPE_WORDS = {
    str: "a text that is not empty",
    float: "a number",
    int: "a whole number",
    date: "a date such as 1999-12-31",
    list: "a list of blocks",
}


def key_faults(
    table: Mapping[str, Any], keys: Mapping[str, type], optional: Iterable[str] = ()
) -> list[str]:
    """Keys that are unknown, missing or of another type."""
    optional = set(optional)
    wrong = [key for key in table if key in keys and not is_a(table[key], keys[key])]
    missing = [key for key in keys if key not in table and key not in optional]
    return [
        *unknown_words("key", table, keys),
        *(f"{key} must be {TYPE_WORDS[keys[key]]}, not {table[key]!r}." for key in wrong),
        *(f"{key} is missing." for key in missing),
    ]


def is_a(value: object, wanted: type | None) -> bool:
    """Whether a TOML value is of the wanted type; nan, inf, true and blank texts are of none."""
    if wanted is str:
        return isinstance(value, str) and bool(value.strip())
    if isinstance(value, bool) or wanted is None:
        return False
    if wanted is date and isinstance(value, datetime):
        return False
    if wanted is float:
        return isinstance(value, int | float) and -LARGEST < value < LARGEST
    return isinstance(value, wanted)


def unknown_words(what: str, words: Iterable[str], known: Iterable[str]) -> list[str]:
    """A sentence for each word that is not known, with the nearest one that is."""
    known = list(known)
    faults = []
    for word in (word for word in words if word not in known):
        near = difflib.get_close_matches(word, known, n=1)
        guess = f"did you mean {near[0]}? " if near else ""
        faults.append(f"{what} {word!r} is unknown; {guess}there are: {', '.join(known)}.")
    return faults
