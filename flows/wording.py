"""Figures, dates and names as a manager reads them: 81.8 %, 6 min 12 s, 1.38 a year.

The words of each language are in `words/*.toml`; every function takes them last.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from checks.trigger_words import TriggerWords, load_forms
from checks.verdicts import Verdict
from dashboards import formats

Words = Mapping[str, Any]

# Between the target and a bound that has just crossed it: digits are added until they differ.
MOST_EXTRA_DIGITS = 3
SHARED_SECTIONS = ("metrics", "triggers", "states", "told", "joint", "singular")
SIGNED_UNITS = ("share", "seconds")


@cache
def load_words(language: str) -> Words:
    """All words of messages in one language, by section; names are those of the pages."""
    path = Path(__file__).parent / "words" / f"{language}.toml"
    of_pages = formats.load_words(language)
    shared = {section: of_pages[section] for section in SHARED_SECTIONS}
    return shared | tomllib.loads(path.read_text(encoding="utf-8"))


def trigger_words(language: str, units: Mapping[str, str]) -> TriggerWords:
    """Those of the evidence of triggers; `units` by metric, as in metrics.definition."""
    words = load_words(language)
    names = words["metrics"] | words["attribution"]["gaps"]
    return TriggerWords(load_forms(language), names, units)


def day(value: date, words: Words) -> str:
    """3 March 2000."""
    month = words["months"][value.month - 1]
    form: str = words["dates"]["day"]
    return form.format(day=_day_of_month(value, words), month=month, year=value.year)


def days(first: date, last: date, words: Words) -> str:
    """3 to 30 March 2000, 3 March to 2 April 2000, or one day."""
    if first == last:
        form = "one_day"
    elif (first.year, first.month) == (last.year, last.month):
        form = "same_month"
    else:
        form = "same_year" if first.year == last.year else "other"
    return str(words["dates"][form]).format(
        first=day(first, words),
        last=day(last, words),
        first_day=_day_of_month(first, words),
        first_month=words["months"][first.month - 1],
    )


def capitalised(text: str) -> str:
    """As it begins a line."""
    return text[:1].upper() + text[1:]


def name_of(subject: str, words: Words) -> str:
    """A norm (`service_level:queue:billing`) or trigger as people call it, within a sentence.

    A gap in the calls (`days:2000-03-01`) is called by its first day.
    """
    name, _, scope = subject.partition(":")
    if name == "days":
        return day(date.fromisoformat(scope), words)
    kind, _, which = scope.partition(":")
    known = words["metrics"] if scope else words["triggers"]
    called = str(known.get(name, name.replace("_", " ")))
    if not which or kind == "all":
        return called
    form = str(words["scopes"].get(kind, words["scopes"]["other"]))
    return form.format(name=called, kind=kind, scope=which)


def number(value: float, decimals: int, words: Words) -> str:
    """12,345.60 with the signs of the language."""
    signs = {",": words["thousands"], ".": words["decimal"], "-": formats.MINUS}
    return f"{value:,.{decimals}f}".translate(str.maketrans(signs))


def quantity(value: float, unit: str, words: Words, extra_digits: int = 0) -> str:
    """One figure with its unit; `share` in per cent, `seconds` in minutes from 60 s on."""
    units = words["units"]
    if unit == "share":
        return str(units["share"]).format(number(value * 100, 1 + extra_digits, words))
    if unit == "seconds":
        return _duration(value, words, extra_digits)
    form = str(units.get(unit, "{} " + unit.replace("_", " ")))
    return form.format(number(value, 2 + extra_digits, words)).rstrip()


def against_target(verdict: Verdict, unit: str, words: Words) -> str:
    """Value [interval] against target: 77.4 % [75.1 % to 79.6 %] against at least 80.0 %."""
    forms = words["figures"]
    if verdict.value is None:
        return str(forms["none"]).format(target=target(verdict, unit, words))
    figures = [verdict.value, verdict.low, verdict.high]
    known = [figure for figure in figures if figure is not None]
    extra = _extra_digits(known, verdict.target, unit, words)
    value, *bounds = known
    shown = [quantity(value, unit, words, extra), *_bounds(bounds, unit, words, extra)]
    parts = dict(zip(("value", "low", "high"), shown, strict=False))
    form = forms["interval" if len(parts) == 3 else "value"]
    return str(form).format(**parts, target=target(verdict, unit, words, extra))


def _bounds(bounds: Sequence[float], unit: str, words: Words, extra_digits: int) -> list[str]:
    """A unit that is a sign stands at each bound, one that is words at the value alone."""
    if unit in SIGNED_UNITS:
        return [quantity(bound, unit, words, extra_digits) for bound in bounds]
    return [number(bound, 2 + extra_digits, words) for bound in bounds]


def target(verdict: Verdict, unit: str, words: Words, extra_digits: int = 0) -> str:
    """At least 80.0 %, or at most 6 min."""
    form: str = words["figures"][verdict.direction]
    return form.format(quantity(verdict.target, unit, words, extra_digits))


def sample(verdict: Verdict, unit: str, words: Words) -> str:
    """What the figure rests on: 12,345 of 16,888."""
    forms = words["figures"]
    if verdict.numerator is None or verdict.denominator is None:
        return str(forms["sample_none"])
    kind = {"share": "sample_share", "per_year": "sample_rate"}.get(unit, "sample_mean")
    return str(forms[kind]).format(
        numerator=number(verdict.numerator, 0, words),
        denominator=number(verdict.denominator, 2 if kind == "sample_rate" else 0, words),
    )


def listed(lines: Sequence[str], most: int, words: Words) -> list[str]:
    """The first lines, and how many were left out."""
    left_out = len(lines) - most
    if left_out <= 0:
        return list(lines)
    forms = words["figures"]
    more = forms["more_one"] if left_out == 1 else str(forms["more"]).format(left_out)
    return [*lines[:most], more]


def _day_of_month(value: date, words: Words) -> str:
    return str(words["first_of_month"]) if value.day == 1 else str(value.day)


def _duration(seconds: float, words: Words, extra_digits: int) -> str:
    units = words["units"]
    if round(seconds, 1 + extra_digits) < 60:
        return str(units["seconds"]).format(number(seconds, 1 + extra_digits, words))
    whole = round(seconds, extra_digits)
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    if hours:
        return str(units["hours"]).format(hours=f"{hours:.0f}", minutes=f"{minutes:.0f}")
    if not rest:
        return str(units["minutes"]).format(f"{minutes:.0f}")
    return str(units["minutes_seconds"]).format(
        minutes=f"{minutes:.0f}", seconds=number(rest, extra_digits, words)
    )


def _extra_digits(figures: Sequence[float], aim: float, unit: str, words: Words) -> int:
    """How many digits more it takes that no figure reads like a target it differs from.

    None if even the most would not tell them apart.
    """
    for extra in range(MOST_EXTRA_DIGITS + 1):
        shown_target = quantity(aim, unit, words, extra)
        if all(
            figure == aim or quantity(figure, unit, words, extra) != shown_target
            for figure in figures
        ):
            return extra
    return 0
