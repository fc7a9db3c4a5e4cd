"""The words of a source for outcomes, reasons of leaving and currencies, put into ours."""

from collections.abc import Iterable

import polars as pl

from warehouse.sources.columns import LEAVE_REASONS
from warehouse.sources.headers import plain
from warehouse.sources.synonyms import (
    CURRENCY_WORDS,
    LEAVE_REASON_WORDS,
    OUTCOME_WORDS,
    YES_OR_NO,
)
from warehouse.sources.values import NO, YES


def outcomes(said: pl.Series, title: str, told: dict[str, str]) -> pl.Series:
    """Outcomes in our words; a word that nobody knows stays as it is, for quarantine to show.

    Args:
        title: the column's name in the file: under "Abandon (Y/N)", yes is `abandoned`.
        told: words of the settings, and what they mean; they come first.
    """
    words = dict(OUTCOME_WORDS)
    if plain(title) in YES_OR_NO:
        if_yes, if_no = YES_OR_NO[plain(title)]
        words |= dict.fromkeys(YES, if_yes) | dict.fromkeys(NO, if_no)
    words |= {plain(word): meaning for word, meaning in told.items()}
    return _translated(said, words)


def leave_reasons(said: pl.Series, told: dict[str, str]) -> pl.Series:
    """Reasons of leaving in our words; others stay as they are, for quarantine to show.

    Args:
        told: words of the settings, and what they mean; they come first.
    """
    ours = {plain(reason): reason for reason in LEAVE_REASONS}
    told = {plain(word): meaning for word, meaning in told.items()}
    return _translated(said, ours | LEAVE_REASON_WORDS | told)


def currencies(said: pl.Series) -> pl.Series:
    """Currencies by their codes; others stay as they are, for quarantine to show."""
    return _translated(said, CURRENCY_WORDS)


def _translated(said: pl.Series, words: dict[str, str]) -> pl.Series:
    """There are a few words in millions of rows: each is compared once, and mostly ours already."""
    different: Iterable[str] = said.unique().to_list()
    others = {
        word: words[plain(word)] for word in different if words.get(plain(word), word) != word
    }
    return said.replace(others) if others else said
