"""The evidence of a trigger in the language in which it is kept (`words/*.toml`).

What was written down for a night stays as it was, also when the language of the site changes.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from checks.policy import Norm
from checks.verdicts import Verdict
from checks.windows import Window

UNITS_OF_KINDS = {"proportion": "share", "cohort": "share", "rate": "per_year"}
SIGNED_UNITS = ("share", "seconds")


@cache
def load_forms(language: str) -> Mapping[str, Any]:
    """All forms of the sentences of one language, by section."""
    path = Path(__file__).parent / "words" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class TriggerWords:
    """The forms of one language; `names` of metrics and gaps, of those left out their own.

    `units`: by metric, as in metrics.definition; of those left out what their kind says.
    """

    forms: Mapping[str, Any]
    names: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    def say(self, form: str, **parts: object) -> str:
        """A form (`against`, `harm.costs`), its blanks filled in."""
        section, _, name = form.rpartition(".")
        forms = self.forms[section] if section else self.forms
        return str(forms[name]).format(**parts)

    def name(self, name: str) -> str:
        """What a metric or a gap is called within a sentence."""
        return self.names.get(name, name.replace("_", " "))

    def number(self, value: float, digits: str) -> str:
        """A number with the signs of the language; `digits` as in Python's formats: `,.2f`."""
        signs = {",": self.forms["thousands"], ".": self.forms["decimal"]}
        return f"{value:{digits}}".translate(str.maketrans(signs))

    def plural(self, figure: str) -> str:
        """The s that a noun has after a figure as it is written."""
        return "" if re.fullmatch(self.forms["singular"], figure.lstrip("+-")) else "s"

    def day(self, day: date) -> str:
        """A day of the calendar."""
        return self._date("day", day)

    def month(self, day: date) -> str:
        """The month of a day, with its year."""
        return self._date("month", day)

    def sentence(self, parts: Sequence[str]) -> str:
        """The parts as one sentence."""
        said = str(self.forms["joint"]).join(parts)
        return f"{said[0].upper()}{said[1:]}."

    def against_norm(self, norm: Norm, tonight: Verdict) -> str:
        """What a metric was, and what it had to be."""
        target = self.say(norm.direction, figure=self._figure(norm, norm.target))
        interval = self.interval(norm, tonight)
        return self.say("against", metric=self.name(norm.metric), interval=interval, target=target)

    def unjudged(self, norm: Norm) -> str:
        """That a norm cannot be told tonight."""
        return self.say("unjudged", metric=self.name(norm.metric))

    def and_missed(self, said: str, norm: Norm, figures: Verdict | Window) -> str:
        """What was said of a norm, and other days that it was missed in."""
        return self.say("and_missed", said=said, interval=self.interval(norm, figures))

    def interval(self, norm: Norm, figures: Verdict | Window) -> str:
        """Value [low to high] in the days it rests on."""
        return self.say(
            "interval",
            value=self._figure(norm, figures.value),
            low=self._bound(norm, figures.low),
            high=self._bound(norm, figures.high),
            days=(figures.period_end - figures.period_start).days + 1,
            day=self.day(figures.period_end),
        )

    def _figure(self, norm: Norm, figure: float | None) -> str:
        """Shares in per cent, all else in the metric's unit."""
        if figure is None:
            return self.say("unknown")
        unit = self._unit(norm)
        said = self.number(figure * 100, ".1f") if unit == "share" else self.number(figure, ".4g")
        return self.say(f"units.{unit}", figure=said) if unit in self.forms["units"] else said

    def _bound(self, norm: Norm, figure: float | None) -> str:
        """A unit that is a sign stands at each bound, one that is words at the value alone."""
        if figure is None or self._unit(norm) in SIGNED_UNITS:
            return self._figure(norm, figure)
        return self.number(figure, ".4g")

    def _unit(self, norm: Norm) -> str:
        return self.units.get(norm.metric, UNITS_OF_KINDS.get(norm.metric_kind, ""))

    def _date(self, form: str, day: date) -> str:
        dates = self.forms["dates"]
        return self.say(
            f"dates.{form}",
            day=dates["first"] if day.day == 1 else day.day,
            month=dates["months"][day.month - 1],
            year=day.year,
        )


ENGLISH = TriggerWords(load_forms("en"))
