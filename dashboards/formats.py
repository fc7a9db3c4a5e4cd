"""Figures and dates as people write them, in the words of one language (`words/*.toml`)."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

Words = Mapping[str, Any]

MINUS = "\u2212"
# Digits after the decimal sign; of other units two, or none from a hundred on.
DECIMALS = {"points": 1, "plain_seconds": 1, "days": 0, "count": 0}


@cache
def load_words(language: str) -> Words:
    """All words of the pages in one language, by section; in `told`, those for the record's own."""
    folder = Path(__file__).parent / "words"
    words, record = (
        tomllib.loads(path.read_text(encoding="utf-8"))
        for path in (folder / f"{language}.toml", folder / "told" / f"{language}.toml")
    )
    return words | {"told": {form: said for part in record.values() for form, said in part.items()}}


def number(value: float, decimals: int, words: Words, trim: bool = False) -> str:
    """12,345.60 with the separators of the language; `trim` drops zeros that say nothing."""
    text = f"{value:,.{decimals}f}"
    if trim and "." in text:
        text = text.rstrip("0").rstrip(".")
    signs = {",": words["thousands"], ".": words["decimal"], "-": MINUS}
    return text.translate(str.maketrans(signs))


def amount(value: float | None, unit: str, words: Words, trim: bool = False) -> str:
    """A figure of a metric with its unit: 81.8 %, 6 min 12 s, 1.38 a year; a dash for none."""
    if value is None:
        return str(words["none"])
    shown = _quantity(value, unit, words, trim)
    return _with_unit(shown, unit, plural(shown, words), words)


def interval(low: float | None, high: float | None, unit: str, words: Words) -> str:
    """Both ends of an interval, the unit said once: 79.1 to 84.5 %; a dash for none."""
    if low is None or high is None:
        return str(words["none"])
    ends = [_quantity(end, unit, words, trim=False) for end in (low, high)]
    return _with_unit(words["interval"].format(*ends), unit, plural(ends[1], words), words)


def sample(kind: str, row: Mapping[str, Any], templates: Words, words: Words) -> str:
    """How much a figure rests on, by the template of its metric or else of its kind."""
    if row["denominator"] is None:
        return str(words["none"])
    counts = {
        part: number(row[part] or 0, 1, words, trim=True) for part in ("numerator", "denominator")
    }
    template = templates.get(row["metric"]) or templates.get(kind, templates["other"])
    first = "numerator" if "{numerator}" in template else "denominator"
    return str(template).format(**counts, plural=plural(counts[first], words))


def plural(figure: str, words: Words) -> str:
    """The s of a noun after a figure as it is written: 1.0 points, in French 1,0 point."""
    return "" if re.fullmatch(words["singular"], figure.lstrip(f"+-{MINUS}")) else "s"


def long_day(day: date | None, words: Words) -> str:
    """31 January 2026; a dash for none."""
    return _day(day, words, "long")


def short_day(day: date | None, words: Words) -> str:
    """31 Jan 2026; a dash for none."""
    return _day(day, words, "short")


def period(grain: str, start: date, end: date, words: Words, section: str = "periods") -> str:
    """What a period is called: the week from 2 Mar 2026, March 2026, the 28 days to 2 Mar 2026.

    `section`: of the words: `periods` alone, or `periods_in_sentence`.
    """
    template = words[section].get(grain, words["periods"]["other"])
    return str(template).format(
        start=short_day(start, words),
        end=short_day(end, words),
        month=words["dates"]["months"][start.month - 1],
        year=start.year,
    )


def listed(names: Sequence[str], words: Words) -> str:
    """One, two and three."""
    return f"{words['and']}".join([", ".join(names[:-1])] * (len(names) > 1) + list(names[-1:]))


def titled(section: str, name: str, words: Words) -> str:
    """The words for a name, or for a name that has none yet, the name itself made readable."""
    return str(words[section].get(name, name.replace("_", " ")))


def formula(definition: Mapping[str, Any], words: Words) -> str:
    """A metric's formula; one of another version than the words know, as it is stored."""
    metric, stored = definition["metric"], str(definition["formula"])
    is_known = load_words("en")["formulas"].get(metric) == stored
    return str(words["formulas"][metric]) if is_known else stored


def parameters(stored: str, words: Words) -> str:
    """The parameters of a definition, with the phrases and the numbers of the language."""
    for phrase, said in words["parameters"].items():
        stored = stored.replace(phrase, said)
    return re.sub(
        r"\d+(\.\d+)?", lambda found: number(float(found[0]), 2, words, trim=True), stored
    )


def upper_first(text: str) -> str:
    """The text with a capital at its beginning, the rest as it is."""
    return text[:1].upper() + text[1:]


def _day(day: date | None, words: Words, form: str) -> str:
    if day is None:
        return str(words["none"])
    dates = words["dates"]
    months = dates["months"] if form == "long" else dates["short_months"]
    number_of_day = dates["first"] if day.day == 1 else day.day
    return str(dates["day"]).format(day=number_of_day, month=months[day.month - 1], year=day.year)


def _quantity(value: float, unit: str, words: Words, trim: bool) -> str:
    if unit == "seconds":
        return _duration(value, words, trim)
    if unit == "share":
        return number(100 * value, 1, words, trim)
    return number(value, DECIMALS.get(unit, 2 if abs(value) < 100 else 0), words, trim)


def _duration(seconds: float, words: Words, trim: bool) -> str:
    """8.4 s, 35 s, 6 min 12 s, 1 h 5 min: never more than two units."""
    forms = words["durations"]
    if abs(seconds) < 9.95:
        return str(forms["seconds"]).format(s=number(seconds, 1, words, trim))
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes_left = divmod(minutes, 60)
    if hours:
        return str(forms["hours"]).format(h=hours, m=minutes_left)
    if minutes and rest:
        return str(forms["minutes"]).format(m=minutes, s=rest)
    if minutes:
        return str(forms["whole_minutes"]).format(m=minutes)
    return str(forms["seconds"]).format(s=rest)


def _with_unit(quantity: str, unit: str, plural: str, words: Words) -> str:
    fallback = "{} " + unit.replace("_", " ")
    return str(words["units"].get(unit, fallback)).format(quantity, plural=plural)
