"""Rules, reasons of quarantine and faults of data have words in both languages, every one of them."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import dashboards
from checks.suites import suites
from dashboards.formats import load_words
from dashboards.told import told
from warehouse.sources.canonical import KINDS
from warehouse.sources.columns import FEEDS, RULES
from warehouse.sources.json_text import TOO_DEEP, TOO_LONG

ROOT = Path(__file__).parents[1]
FOLDER = Path(dashboards.__file__ or "").parent / "words/told"
EN, FR = (
    tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    for language in ("en", "fr")
)
FRENCH = load_words("fr")
LANGUAGES = pytest.mark.parametrize("words", [EN, FR], ids=["en", "fr"])


def calls_of(*names: str) -> Iterator[ast.Call]:
    """The calls of a function by one of these names, anywhere in the program."""
    for package in ("warehouse", "checks", "flows"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
                    yield node


def written(node: ast.expr) -> str | None:
    """A text of the program, `x` in its gaps."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(getattr(part, "value", "x")) if isinstance(part, ast.Constant) else "x"
                       for part in node.values)  # fmt: skip
    return None


def literals_of(path: Path, *functions: str) -> Iterator[str]:
    """What `pl.lit` is given in these functions of a module."""
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef) and function.name in functions:
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "lit":
                    yield from filter(None, [written(node.args[0])])


def reasons() -> set[str]:
    """Why rows are refused: rules about values, and what readers of files say."""
    found = {name for rules in RULES.values() for name in rules}
    for path in (ROOT / "warehouse/sources").glob("*.py"):
        found |= set(literals_of(path, "_fault", "_judged"))
    found |= {f"x is not {kind}" for kind in KINDS.values()}
    found |= {said for call in calls_of("Unusable") if (said := written(call.args[0]))}
    return (found - {"x is not x"}) | {TOO_DEEP, TOO_LONG, "not a JSON object", "broken JSON (x)"}


def form_of(text: str, forms: dict[str, str]) -> str | None:
    """The form that words are found by, as `told` finds it."""
    if text in forms:
        return text
    spoken = {"told": {form: form for form in forms}, "thousands": ",", "joint": "; "}
    for form in forms:
        if told(text, spoken | {"told": {form: "found"}}) == "found":
            return form
    return None


@LANGUAGES
def test_every_table_that_is_checked_has_a_name(words: dict[str, dict[str, str]]) -> None:
    assert words["suites"].keys() == suites().keys()


@LANGUAGES
def test_every_rule_has_a_sentence_and_every_sentence_a_rule(
    words: dict[str, dict[str, str]],
) -> None:
    names = {rule.name for rules in suites().values() for rule in rules}
    used = {name: form_of(name, words["rules"]) for name in names}
    assert [name for name, form in used.items() if form is None] == []
    assert words["rules"].keys() - set(used.values()) == set()


@LANGUAGES
def test_every_reason_of_quarantine_has_a_sentence(words: dict[str, dict[str, str]]) -> None:
    forms = words["rules"] | words["reasons"]
    used = {reason: form_of(reason, forms) for reason in reasons()}
    assert [reason for reason, form in used.items() if form is None] == []
    assert words["reasons"].keys() - set(used.values()) == set()


def test_every_fault_of_data_has_a_french_sentence() -> None:
    forms = {written(call.args[0]) for call in calls_of("fault")} - {None}
    assert forms == FR["faults"].keys()
    assert len(forms) > 30


@LANGUAGES
def test_words_fill_the_gaps_of_their_form(words: dict[str, dict[str, str]]) -> None:
    gaps = [
        [re.findall(r"{\w*}", text) for text in (form, said)]
        for part in words.values()
        for form, said in part.items()
    ]
    assert [sorted(form) for form, _ in gaps] == [sorted(said) for _, said in gaps]


def test_both_languages_tell_the_same() -> None:
    assert {name: part.keys() for name, part in EN.items()} == {
        name: part.keys() for name, part in FR.items() if name != "faults"
    }


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("call_id come once", "Deux lignes n’ont jamais les mêmes valeurs : call_id"),
        ("wait_seconds is between 0 and a year", "wait_seconds est compris entre 0 et un an"),
        ("Queue.Name is not text", "Queue.Name n’est pas du texte"),
        ("1 rows", "1 ligne"),
        ("1,204 rows", "1 204 lignes"),
        (
            "2 rows: calls/a.csv: wait (wait_seconds) is a number, was words; calls/a.csv: team",
            "2 lignes : calls/a.csv : wait (wait_seconds) contient des nombres, et contenait des"
            " mots ; calls/a.csv: team",
        ),
        (
            "staging.calls: it does not hold that every leg is in one contact (2 rows); see what"
            " was loaded with: qos show files",
            "Appels livrés : une règle n’est pas respectée, « Chaque appel appartient à un seul"
            " contact » (2 lignes) ; voir ce qui a été chargé avec : qos show files",
        ),
        (
            "calls/a.json, record 1: broken JSON (Expecting value); deliver it as JSON or remove it",
            "calls/a.json, enregistrement 1 : JSON rompu (Expecting value) ; le livrer en JSON ou"
            " le retirer",
        ),
        ("a rule that went long ago", "a rule that went long ago"),
    ],
)
def test_what_was_written_in_english_is_told_in_french(text: str, reads: str) -> None:
    assert re.sub("[\u00a0\u202f]", " ", told(text, FRENCH)) == reads


def test_a_column_that_fills_a_gap_stays_as_it_is_called() -> None:
    columns = {column for feed in FEEDS.values() for column in feed}
    assert {column for column in columns if told(column, FRENCH) != column} == set()
