"""Is the data sound: rows accounted for by feed, quarantine by rule, checks, messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboards.marts import Marts

ROWS = ("rows_read", "rows_loaded", "rows_quarantined", "rows_repeated")
MOST_FILES, NEWEST_FILES, MOST_RULES = 20, 5, 20
DELIVERED = ("sent", "printed")

Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Health:
    """Rows for the tables; `more_...` says how many did not find room."""

    feeds: Rows
    files: Rows
    more_files: int
    rules: Rows
    more_rules: int
    checks: Rows
    failed_checks: int
    messages: int
    undelivered: Rows


def health(marts: Marts) -> Health:
    """The data health of the last night, the worst of everything first."""
    files, rules, checks = _files(marts.files), _rules(marts.quarantine), _checks(marts.checks)
    undelivered = marts.outbox.filter(~pl.col("state").is_in(DELIVERED)).sort("message_key")
    return Health(
        feeds=_feeds(marts.files).to_dicts(),
        files=files.to_dicts(),
        more_files=marts.files.height - files.height,
        rules=rules.head(MOST_RULES).to_dicts(),
        more_rules=max(rules.height - MOST_RULES, 0),
        checks=checks.to_dicts(),
        failed_checks=checks.filter(~pl.col("is_success")).height,
        messages=marts.outbox.height,
        undelivered=undelivered.to_dicts(),
    )


def _feeds(files: pl.DataFrame) -> pl.DataFrame:
    """Totals by feed, and whether rows read = loaded + quarantined + repeats in each file."""
    whole = pl.col("rows_loaded") + pl.col("rows_quarantined") + pl.col("rows_repeated")
    return (
        files.group_by("feed")
        .agg(
            pl.len().alias("files"),
            pl.sum(*ROWS),
            (pl.col("rows_read") == whole).all().alias("adds_up"),
        )
        .sort("feed")
    )


def _files(files: pl.DataFrame) -> pl.DataFrame:
    """The files with most rows in quarantine, and the newest of each feed."""
    by_age = files.sort("last_day", "name", descending=True, nulls_last=True)
    newest = by_age.group_by("feed", maintain_order=True).head(NEWEST_FILES)
    worst = files.filter(pl.col("rows_quarantined") > 0).sort(
        "rows_quarantined", "name", descending=[True, False]
    )
    shown = pl.concat([worst.head(MOST_FILES), newest.select(files.columns)])
    return shown.unique(["feed", "name"], maintain_order=True)


def _rules(quarantine: pl.DataFrame) -> pl.DataFrame:
    return (
        quarantine.group_by("feed", "rule")
        .agg(pl.sum("rows"), pl.len().alias("files"))
        .sort("rows", "feed", "rule", descending=[True, False, False])
    )


def _checks(checks: pl.DataFrame) -> pl.DataFrame:
    return checks.sort("is_success", "severity", "suite", "rule")
