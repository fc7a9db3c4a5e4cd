"""Figures, dates and sentences as people write them, in English and in French."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import marts_fixture as made
import pytest

import dashboards
from dashboards.formats import amount, interval, load_words, number, period, sample, short_day
from dashboards.state import sentence

WORDS = load_words("en")
FRENCH = load_words("fr")
FOLDER = Path(dashboards.__file__ or "").parent / "words"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.8176, "share", "81.8 %"),
        (0.0, "share", "0.0 %"),
        (372.4, "seconds", "6 min 12 s"),
        (35.028, "seconds", "35 s"),
        (8.44, "seconds", "8.4 s"),
        (9.96, "seconds", "10 s"),
        (59.7, "seconds", "1 min"),
        (3_599.6, "seconds", "1 h 0 min"),
        (1.3766, "per_year", "1.38 a year"),
        (12_345_678.9, "francs", "12,345,679 francs"),
        (None, "share", "\u2013"),
    ],
)
def test_an_amount_is_written_as_people_write_it(
    value: float | None, unit: str, expected: str
) -> None:
    assert amount(value, unit, WORDS).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (0.96, "1.0 points", "1,0 point"),
        (-1.94, "\u22121.9 points", "\u22121,9 point"),
        (1.96, "2.0 points", "2,0 points"),
    ],
)
def test_french_has_one_point_below_two(value: float, english: str, french: str) -> None:
    shown = [amount(value, "points", words).replace("\u00a0", " ") for words in (WORDS, FRENCH)]
    assert shown == [english, french]


def test_a_noun_agrees_with_the_count_before_it() -> None:
    row = {"metric": "agent_turnover", "numerator": 1.0, "denominator": 3.2}
    assert sample("rate", row, FRENCH["samples"], FRENCH) == "1 départ pour 3,2 années-conseiller"
    assert sample("rate", row, WORDS["samples"], WORDS) == "1 departure in 3.2 agent-years"
    assert interval(1.0, 1.4, "days", FRENCH) == "1 à 1\u00a0jour"
    assert interval(1.0, 2.4, "days", FRENCH) == "1 à 2\u00a0jours"


def test_a_target_has_no_digits_that_say_nothing() -> None:
    assert amount(0.8, "share", WORDS, trim=True) == "80\u00a0%"
    assert amount(0.805, "share", WORDS, trim=True) == "80.5\u00a0%"


def test_an_interval_says_its_unit_once() -> None:
    assert interval(0.791, 0.845, "share", WORDS) == "79.1 to 84.5\u00a0%"
    assert interval(None, 0.845, "share", WORDS) == "\u2013"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.8176, "share", "81,8 %"),
        (372.4, "seconds", "6 min 12 s"),
        (8.44, "seconds", "8,4 s"),
        (1.3766, "per_year", "1,38 par an"),
        (12_345.6, "share", "1 234 560,0 %"),
    ],
)
def test_a_french_amount_has_its_comma_and_its_narrow_blanks(
    value: float, unit: str, expected: str
) -> None:
    assert re.sub("[\u00a0\u202f]", " ", amount(value, unit, FRENCH)) == expected


def test_french_dates_and_periods() -> None:
    assert short_day(date(2000, 2, 1), FRENCH).replace("\u00a0", " ") == "1er févr. 2000"
    march = period("month", date(2026, 3, 1), date(2026, 3, 31), FRENCH)
    assert march.replace("\u00a0", " ") == "mars 2026"
    assert number(1_234_567, 0, FRENCH) == "1\u202f234\u202f567"


def keys(words: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in words.items():
        if isinstance(value, dict):
            yield from keys(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def read(language: str) -> dict[str, Any]:
    return dict(keys(tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))))


def test_both_languages_have_the_same_words_with_the_same_gaps() -> None:
    english, french = read("en"), read("fr")
    assert english.keys() == french.keys()
    gaps = {  # a noun has its plural in one language and not in the other: "12 of 15 contacts"
        name: [
            sorted(set(re.findall(r"{(\w*)}", str(words[name]))) - {"plural"})
            for words in (english, french)
        ]
        for name in english
    }
    assert {name: found for name, found in gaps.items() if found[0] != found[1]} == {}


def test_french_is_french() -> None:
    """Words that are the same in both languages are few, and known."""
    english, french = read("en"), read("fr")
    same = {
        name
        for name, text in english.items()
        if text == french[name] and re.search("[A-Za-z]{4}", re.sub("{.*?}", "", str(text)))
    }
    assert same == SAME_IN_BOTH


SAME_IN_BOTH = {
    "pages.dossier",
    "page.navigation",
    "alerts.headline",
    "alerts.messages",
    "alerts.message",
    "data.suite",
    "definitions.version",
    "feeds.satisfaction",
    "turnover.part",
    "units.points",
}


def test_the_sentence_of_state_in_french() -> None:
    verdicts = [
        made.verdict("average_handle_time", state="breached"),
        made.verdict("service_level", state="met"),
    ]
    fired = [made.trigger("quality", "triggered", "")]
    assert sentence(verdicts, fired, FRENCH) == (
        "Le seuil de réinternalisation «\u00a0qualité de service\u00a0» est franchi,"
        " la DMT ne tient pas sa norme et une norme sur 2 est tenue."
    )
