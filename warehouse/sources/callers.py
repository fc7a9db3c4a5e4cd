"""Who called: one number for one caller, however a source writes it.

`tel:+33 6 12 34 56 78`, `0033612345678`, `0612345678` and `sip:+33612345678@10.0.0.1;user=phone`
are one caller. Whoever hides his number is unknown, not a customer called `anonymous`.
"""

import re

import polars as pl

SCHEME = re.compile(r"^(?:tel|sips?|callto):", re.IGNORECASE)
TRUNK_ZERO = re.compile(r"^((?:\+|00)[\d\s.\-]*)\(0\)")  # +33 (0)6 12: not dialled from abroad
PUNCTUATION = re.compile(r"[\s().\-/]+")
NUMBER = re.compile(r"\+?[0-9]+")
NATIONAL_DIGITS = 8  # the shortest whole number that is taken to have its country in front already
# What networks show for a hidden number: the words anonymous, restricted, unavailable, unknown and
# blocked as one would type them on a telephone's keys.
HIDDEN_NUMBERS = ("266696687", "7378742833", "86282452253", "8656696", "2562533")
HIDDEN_NAMES = (
    "anonymous", "anonyme", "private", "restricted", "unavailable", "unknown", "withheld",
    "blocked", "none", "null", "inconnu", "masqué", "numéro masqué", "privé", "numéro privé",
)  # fmt: skip
HIDDEN = f"(?i)^(?:{'|'.join(HIDDEN_NAMES)})$"


def caller(shown: str | None, country_code: str | None = None) -> str | None:
    """The digits of a caller's number, or None if it is hidden or no number.

    Args:
        shown: the caller's id as the source has it.
        country_code: what makes a national number international; None leaves both as they are.
    """
    user = SCHEME.sub("", (shown or "").strip()).split("@")[0].split(";")[0]
    number = PUNCTUATION.sub("", TRUNK_ZERO.sub(r"\1", user))
    if (
        not NUMBER.fullmatch(number)
        or not number.strip("+0")
        or number.strip("+") in HIDDEN_NUMBERS
    ):
        return None
    if number.startswith("+"):
        return number[1:]
    if number.startswith("00"):
        return number[2:]
    return _international(number, country_code) if country_code else number


def customer(shown: str | None, country_code: str | None = None) -> str | None:
    """The same of an attribute, which may also hold a name or a number with letters in it."""
    name = (shown or "").strip()
    if NUMBER.fullmatch(PUNCTUATION.sub("", name)) or name.lower() in ("", *HIDDEN_NAMES):
        return caller(name, country_code)
    return name


def callers(shown: pl.Series, country_code: str | None = None) -> pl.Series:
    """The same for a column, each of its values once."""
    distinct = shown.unique().drop_nulls().to_list()
    found = [caller(text, country_code) for text in distinct]
    return shown.replace_strict(distinct, found, default=None, return_dtype=pl.String)


def customers(shown: pl.Series, country_code: str | None = None) -> pl.Series:
    """A column of customers as `customer` has them; what is hidden is empty.

    Without a country they need not be callers: whoever has a name or a number keeps it as it is.
    """
    if country_code is None:
        return shown.set(shown.str.contains(HIDDEN), "")
    distinct = shown.unique().to_list()
    found = [customer(text, country_code) or "" for text in distinct]
    return shown.replace_strict(distinct, found, return_dtype=pl.String)


def _international(number: str, country_code: str) -> str:
    has_country = number.startswith(country_code)
    if has_country and len(number) >= len(country_code) + NATIONAL_DIGITS:
        return number
    return country_code + number.removeprefix("0")
