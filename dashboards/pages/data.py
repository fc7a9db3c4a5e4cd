"""Data: is it sound, and by which definitions and norms is it read."""

from typing import Any

import polars as pl

from dashboards.tables import Column, Table
from dashboards.view import View

ROWS = ("rows_read", "rows_loaded", "rows_quarantined", "rows_repeated")
MOST_FILES, NEWEST_FILES, MOST_RULES = 20, 5, 20


def content(view: View) -> dict[str, Any]:
    """The parts of the page: tables of feeds, files, quarantine and checks, definitions, policy."""
    marts = view.marts
    feeds = _feeds(marts.files)
    checks = _checks(marts.checks)
    return {
        "feeds": _feed_table(view, feeds),
        "is_accounted_for": bool(feeds["adds_up"].all()),
        "files": _file_table(view),
        "rules": _rule_table(view),
        "read_rows": int(marts.files["rows_read"].sum() or 0),
        "quarantined_rows": int(marts.files["rows_quarantined"].sum() or 0),
        "open_rows": int(marts.quarantine["rows_open"].sum() or 0),
        "checks": _check_table(view, checks),
        "failed_checks": checks.filter(~pl.col("is_success")).height,
        "definitions": marts.definitions.sort("metric", "version").to_dicts(),
        "norms": marts.norms.sort("metric", "scope_kind", "scope").to_dicts(),
        "trigger_rules": marts.trigger_rules.sort("trigger").to_dicts(),
    }


def _feeds(files: pl.DataFrame) -> pl.DataFrame:
    """Totals by feed, and whether rows read = loaded + quarantined + repeats in each file."""
    whole = pl.col("rows_loaded") + pl.col("rows_quarantined") + pl.col("rows_repeated")
    return (
        files.group_by("feed")
        .agg(
            pl.len().alias("files"),
            pl.sum(*ROWS),
            (pl.col("rows_read") == whole).all().alias("adds_up"),
            pl.max("last_day"),
        )
        .sort("feed")
    )


def _feed_table(view: View, feeds: pl.DataFrame) -> Table:
    texts = view.words["data"]
    said = {True: texts["adds_up"], False: texts["does_not_add_up"]}
    rows = [row | {"accounting": said[row["adds_up"]]} for row in feeds.to_dicts()]
    columns = [
        Column(texts["feed"], "titled:feeds", ("feed",)),
        Column(texts["last_day"], "day", ("last_day",)),
        Column(texts["count"], "count", ("files",)),
        *_row_columns(texts),
        Column(texts["accounting"], "text", ("accounting",)),
    ]
    return Table("feeds", texts["files"], columns, rows)


def _row_columns(texts: dict[str, str]) -> list[Column]:
    headings = ("read", "loaded", "quarantined", "repeats")
    return [
        Column(texts[heading], "count", (name,))
        for heading, name in zip(headings, ROWS, strict=True)
    ]


def _file_table(view: View) -> Table:
    """The files with most rows in quarantine, and the newest of each feed."""
    texts, files = view.words["data"], view.marts.files
    by_age = files.sort("last_day", "name", descending=True, nulls_last=True)
    newest = by_age.group_by("feed", maintain_order=True).head(NEWEST_FILES)
    worst = files.filter(pl.col("rows_quarantined") > 0).sort(
        "rows_quarantined", "name", descending=[True, False]
    )
    shown = pl.concat([worst.head(MOST_FILES), newest.select(files.columns)])
    rows = shown.unique(["feed", "name"], maintain_order=True).to_dicts()
    more = files.height - len(rows)
    columns = [
        Column(texts["name"], "text", ("name",)),
        Column(texts["feed"], "titled:feeds", ("feed",)),
        Column(texts["first_day"], "day", ("first_day",)),
        Column(texts["last_day"], "day", ("last_day",)),
        *_row_columns(texts),
        Column(texts["state"], "titled:file_states", ("state",)),
    ]
    note = texts["more_files"].format(more) if more else None
    return Table("files", texts["per_file"], columns, rows, note)


def _rule_table(view: View) -> Table:
    texts = view.words["data"]
    rules = (
        view.marts.quarantine.group_by("feed", "rule")
        .agg(pl.sum("rows", "rows_open", "rows_closed"), pl.len().alias("files"))
        .sort("rows_open", "rows", "feed", "rule", descending=[True, True, False, False])
    )
    more = max(rules.height - MOST_RULES, 0)
    columns = [
        Column(texts["rule"], "told", ("rule",)),
        Column(texts["feed"], "titled:feeds", ("feed",)),
        Column(texts["rows"], "count", ("rows",)),
        Column(texts["rows_open"], "count", ("rows_open",)),
        Column(texts["rows_closed"], "count", ("rows_closed",)),
        Column(texts["count"], "count", ("files",)),
    ]
    note = texts["more_rules"].format(more) if more else None
    return Table(
        "quarantine", texts["quarantine"], columns, rules.head(MOST_RULES).to_dicts(), note
    )


def _checks(checks: pl.DataFrame) -> pl.DataFrame:
    """What failed first, and of that the critical."""
    return checks.sort("is_success", "severity", "suite", "rule")


def _check_table(view: View, checks: pl.DataFrame) -> Table:
    texts = view.words["data"]
    said = {True: texts["passed"], False: texts["failed_check"]}
    rows = [row | {"result": said[row["is_success"]]} for row in checks.to_dicts()]
    columns = [
        Column(texts["rule"], "told", ("rule",)),
        Column(texts["suite"], "told", ("suite",)),
        Column(texts["severity"], "titled:check_severities", ("severity",)),
        Column(texts["result"], "text", ("result",)),
        Column(texts["observed"], "told", ("observed",)),
    ]
    return Table("checks", texts["checks"], columns, rows)
