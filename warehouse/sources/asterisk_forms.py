"""The two forms of Asterisk's `queue_log`, its file and its database table, as one kind of rows.

The file has an event a line, `epoch|callid|queue|agent|EVENT|parameters ...`, and no header. An
export of the table has one, in which names differ from site to site, also those of QueueMetrics
(time_id, call_id, queue, agent, verb); its last parameter may hold several, and the oldest tables
have all of them in `data`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from warehouse.errors import DataRejected, fault
from warehouse.sources import Feed
from warehouse.sources.compressed import uncompressed
from warehouse.sources.records import unquoted
from warehouse.sources.text import Table, read_text

HEAD_BYTES = 1 << 16
SEPARATORS = ",;\t|"
PARAMETER_SEPARATOR = "|"
NO_SEPARATOR = "\x1f"  # keeps a line in one piece
FIELDS = {
    "time": ("time", "datetime", "eventdate", "timeid"),
    "call_id": ("callid",),
    "queue": ("queuename", "queue"),
    "agent_id": ("agent", "type"),
    "event": ("event", "verb"),
}
PARAMETERS = tuple(f"data{n}" for n in range(1, 6))


def is_table(path: Path, feed: Feed, name: str) -> bool:
    """Whether the file begins with a header."""
    known = _header(path, feed, name)[1]
    return "callid" in known and not known.isdisjoint(FIELDS["event"])


def file_rows(path: Path, feed: Feed, name: str) -> Iterator[Table]:
    """The lines of a `queue_log`: columns of `FIELDS`, `parameters` (a list), `line`."""
    fields = pl.col("text").str.split("|")
    for table in read_text(path, name, feed.encoding, NO_SEPARATOR, quote="", header=["text"]):
        rows = table.rows.select(
            *(_clean(fields.list.get(n, null_on_oob=True)).alias(c) for n, c in enumerate(FIELDS)),
            fields.list.slice(len(FIELDS)).list.join("|").alias("parameters"),
            "line",
        )
        yield replace(table, rows=_cut(rows))


def table_rows(path: Path, feed: Feed, name: str) -> Iterator[Table]:
    """The rows of an exported table, in the same columns.

    Raises:
        DataRejected: a column is missing.
    """
    separator, _ = _header(path, feed, name)
    for part in read_text(path, name, feed.encoding, separator):
        table = _with_uneven_rows(part, separator)
        yield replace(table, rows=_cut(table.rows.select(*_columns(table, name), "line")))


def _with_uneven_rows(table: Table, separator: str) -> Table:
    """The same with rows that say fewer parameters than the header, or more in a log's own form.

    A header above the lines of a log names more parameters than most events have. Where `|` is no
    separator, a field too many may be anywhere: its row stays rejected.
    """
    named = [_plain(column) for column in table.header]
    first = min((named.index(c) for c in (*PARAMETERS, "data") if c in named), default=len(named))
    if table.rejected.is_empty() or set(named[first:]) - {*PARAMETERS, "data"}:
        return table
    rules = ["fewer fields than the header", "more fields than the header"]
    taken = rules if separator == PARAMETER_SEPARATOR and first < len(named) else rules[:1]
    is_uneven = pl.col("rule").is_in(taken) & (pl.col("cells").list.len() >= first)
    cells = pl.col("cells").list.eval(unquoted(pl.element(), '"'))
    columns = table.rows.drop("line").columns
    last = len(columns) - 1
    uneven = table.rejected.filter(is_uneven).select(
        *(cells.list.get(n, null_on_oob=True).fill_null("").alias(columns[n]) for n in range(last)),
        cells.list.slice(last).list.join(PARAMETER_SEPARATOR).alias(columns[last]),
        "line",
    )
    rows = pl.concat([table.rows, uneven]).sort("line")
    return replace(table, rows=rows, rejected=table.rejected.filter(~is_uneven))


def _columns(table: Table, name: str) -> list[pl.Expr]:
    columns: dict[str, str] = {}
    for column in table.rows.drop("line").columns:
        columns.setdefault(_plain(column), column)
    found = {
        c: next((columns[n] for n in names if n in columns), "") for c, names in FIELDS.items()
    }
    missing = [FIELDS[column][0] for column, header in found.items() if not header]
    # Without them the caller and the seconds would be lost in silence.
    missing += [] if columns.keys() & {*PARAMETERS, "data"} else [PARAMETERS[0]]
    if missing:
        raise DataRejected(
            fault(
                "{name}, line 1: no column {columns} in the header of this queue_log table;"
                " deliver it with time, callid, queuename, agent, event and data1 to data5",
                name=name,
                columns=", ".join(missing),
            )
        )
    apart = _joined([columns[c] for c in PARAMETERS if c in columns])
    together = _joined([columns[c] for c in ("data",) if c in columns])
    parameters = pl.when(apart.str.strip_chars("|") == "").then(together).otherwise(apart)
    fields = [_clean(pl.col(header)).alias(column) for column, header in found.items()]
    return [*fields, parameters.alias("parameters")]


def _header(path: Path, feed: Feed, name: str) -> tuple[str, set[str]]:
    """The separator and the plain names of the first line, should it be a header."""
    with uncompressed(path, name) as handle:
        head = handle.read(HEAD_BYTES).decode(feed.encoding or "utf-8-sig", errors="replace")
    first = next((line for line in head.splitlines() if line.strip()), "")
    separator = feed.separator or max(SEPARATORS, key=first.count)
    return separator, {_plain(field) for field in first.split(separator)}


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _clean(field: pl.Expr) -> pl.Expr:
    """A field without blanks around it; what databases write for nothing is nothing."""
    text = field.str.strip_chars()
    return pl.when(text.is_in(["NULL", "\\N"])).then(pl.lit("")).otherwise(text)


def _joined(columns: list[str]) -> pl.Expr:
    cleaned = [_clean(pl.col(column)) for column in columns]
    return pl.concat_str(cleaned, separator="|") if cleaned else pl.lit("")


def _cut(rows: pl.DataFrame) -> pl.DataFrame:
    """Empty parameters at the end were never written."""
    return rows.with_columns(pl.col("parameters").str.strip_chars_end("| ").str.split("|"))
