"""Figures, dates and names as a manager reads them: 81.8 %, 6 min 12 s, 1.38 a year."""

from collections.abc import Sequence
from datetime import date

from checks.verdicts import Verdict

UNIT_WORDS = {"per_year": "a year", "per_month": "a month", "per_thousand": "per thousand"}
# Between the target and a bound that has just crossed it: digits are added until they differ.
MOST_EXTRA_DIGITS = 3


def day(value: date) -> str:
    """3 March 2000."""
    return f"{value.day} {value:%B %Y}"


def days(first: date, last: date) -> str:
    """3 to 30 March 2000, 3 March to 2 April 2000, or one day."""
    if first == last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    if first.year == last.year:
        return f"{first.day} {first:%B} to {day(last)}"
    return f"{day(first)} to {day(last)}"


def title(name: str) -> str:
    """`first_call_resolution` as First call resolution."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def quantity(value: float, unit: str, extra_digits: int = 0) -> str:
    """One figure with its unit; `share` in per cent, `seconds` in minutes from 60 s on."""
    if unit == "share":
        return f"{value * 100:.{1 + extra_digits}f} %"
    if unit == "seconds":
        return _duration(value, extra_digits)
    words = UNIT_WORDS.get(unit, unit.replace("_", " "))
    return f"{value:,.{2 + extra_digits}f} {words}".rstrip()


def against_target(verdict: Verdict, unit: str) -> str:
    """Value [interval] against target: 77.4 % [75.1 % to 79.6 %] against at least 80.0 %."""
    if verdict.value is None:
        return f"no figure against {target(verdict, unit)}"
    figures = [verdict.value, verdict.low, verdict.high]
    known = [figure for figure in figures if figure is not None]
    extra = _extra_digits(known, verdict.target, unit)
    value, *bounds = [quantity(figure, unit, extra) for figure in known]
    interval = f" [{bounds[0]} to {bounds[1]}]" if len(bounds) == 2 else ""
    return f"{value}{interval} against {target(verdict, unit, extra)}"


def target(verdict: Verdict, unit: str, extra_digits: int = 0) -> str:
    """At least 80.0 %, or at most 6 min."""
    return f"{verdict.direction.replace('_', ' ')} {quantity(verdict.target, unit, extra_digits)}"


def sample(verdict: Verdict, unit: str) -> str:
    """What the figure rests on: 12,345 of 16,888."""
    if verdict.numerator is None or verdict.denominator is None:
        return "no sample"
    if unit == "share":
        return f"{verdict.numerator:,.0f} of {verdict.denominator:,.0f}"
    if unit == "per_year":
        return f"{verdict.numerator:,.0f} in {verdict.denominator:,.2f} person-years"
    return f"mean of {verdict.denominator:,.0f}"


def listed(lines: Sequence[str], most: int) -> list[str]:
    """The first lines, and how many were left out."""
    if len(lines) <= most:
        return list(lines)
    return [*lines[:most], f"and {len(lines) - most} more"]


def _duration(seconds: float, extra_digits: int) -> str:
    if round(seconds, 1 + extra_digits) < 60:
        return f"{seconds:.{1 + extra_digits}f} s"
    whole = round(seconds, extra_digits)
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    if hours:
        return f"{hours:.0f} h {minutes:.0f} min"
    return f"{minutes:.0f} min {rest:.{extra_digits}f} s" if rest else f"{minutes:.0f} min"


def _extra_digits(figures: Sequence[float], aim: float, unit: str) -> int:
    """How many digits more it takes that no figure reads like a target it differs from.

    None if even the most would not tell them apart.
    """
    for extra in range(MOST_EXTRA_DIGITS + 1):
        shown_target = quantity(aim, unit, extra)
        if all(
            figure == aim or quantity(figure, unit, extra) != shown_target for figure in figures
        ):
            return extra
    return 0
