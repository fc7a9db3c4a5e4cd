"""Raw rows: what an archived file says, in canonical columns, with pseudonyms. Written once.

The name of a raw file tells the content it comes from and the way it was read, so a new mapping,
adapter or key makes new files beside the old. Rows that break a rule go to quarantine instead,
with their original text.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import duckdb
import polars as pl

from warehouse import rewritten
from warehouse.ahead import ahead
from warehouse.folders import Folders
from warehouse.parquet import writing_parquet
from warehouse.pseudonyms import Pseudonyms, fingerprint
from warehouse.sources import (
    REJECTED_SCHEMA,
    Feed,
    Reading,
    Texts,
    Written,
    adapter_of,
    raw_table_of,
)
from warehouse.sources.columns import IDENTITY, KEYED, RAW, RULES, holdable

# In a raw file's metadata: the columns of the file it was read from, as JSON; and how many of its
# rows said a local time that comes twice, which was taken for the first.
COLUMNS_NOTE = "columns"
FIRST_HOUR_NOTE = "taken_for_first_hour"
# Rejected rows; `said_on` is the date of a roster.
QUARANTINE = {
    "line": pl.Int64,
    "rule": pl.String,
    "text": pl.String,
    "identity": pl.String,
    "said_on": pl.Date,
    "file": pl.String,
}


def reading_of(feed: Feed, key: bytes, released: frozenset[str] = frozenset()) -> str:
    """Names the way in which a file is read, with the rules that its rows may break. 12 digits."""
    plain = feed.reading(fingerprint(key))
    if not released:
        return plain
    return hashlib.sha256(json.dumps([plain, *sorted(released)]).encode()).hexdigest()[:12]


def raw_path(folders: Folders, feed: str, file: str, reading: str) -> Path:
    """Where the raw rows of an archived file are, as they were read in this way."""
    return folders.raw / feed / f"{file}-{reading}.parquet"


def quarantine_path(folders: Folders, feed: str, file: str, reading: str) -> Path:
    """Where its rejected rows are; there is always such a file, if only an empty one."""
    return folders.quarantine / feed / raw_path(folders, feed, file, reading).name


def write_raw(
    path: Path,
    file: str,
    feed: Feed,
    name: str,
    folders: Folders,
    key: bytes,
    released: frozenset[str] = frozenset(),
) -> None:
    """Read `path` (content hash `file`) into raw and quarantine, unless that was done before.

    Args:
        released: rules that its rows may break, as far as tables can hold them.

    Raises:
        DataRejected: the file cannot be read as a whole.
    """
    place = (folders, feed.name, file, reading_of(feed, key, released))
    raw, quarantine = raw_path(*place), quarantine_path(*place)
    if raw.exists() and quarantine.exists():
        return
    said = pl.lit(file).alias("file")
    with (
        duckdb.connect() as connection,
        writing_parquet(quarantine, QUARANTINE) as refused,
        writing_parquet(raw, raw_schema(raw_table_of(feed))) as loaded,
    ):
        connection.execute("set enable_progress_bar = false")
        pseudonyms = Pseudonyms(key)
        columns: tuple[Written, ...] = ()
        doubtful = 0
        for reading in ahead(readings(path, file, feed, name)):
            columns = reading.columns or columns
            doubtful += reading.taken_for_first_hour
            rows = complete(reading.rows, feed)
            kept, rejected = by_rules(rows, reading.rejected, feed, released)
            if rejected.height:
                entries = _identified(connection, rejected, feed, pseudonyms)
                refused.add(with_texts(entries, reading.texts).with_columns(said))
            keyed = (pseudonyms.hide(kept[c]) for c in KEYED if c in kept.columns)
            loaded.add(kept.with_columns(*keyed, said))
        loaded.note(COLUMNS_NOTE, json.dumps([asdict(column) for column in columns]))
        loaded.note(FIRST_HOUR_NOTE, str(doubtful))


def readings(path: Path, file: str, feed: Feed, name: str) -> Iterator[Reading]:
    """What an archived file says, part by part, identities in clear."""
    adapter = rewritten if rewritten.is_rewritten(file) else adapter_of(feed)
    return adapter.read(path, feed, name)


def with_texts(entries: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """Rejected rows with their original text, where that was not given."""
    unknown = set(entries.filter(pl.col("text").is_null())["line"].to_list())
    found = texts(unknown) if unknown else {}
    known = pl.Series([found.get(line) for line in entries["line"]], dtype=pl.String)
    return entries.with_columns(pl.col("text").fill_null(known))


def complete(rows: pl.DataFrame, feed: Feed) -> pl.DataFrame:
    """All columns of the raw table: a record is a leg unless the adapter says more."""
    schema = RAW[raw_table_of(feed)]
    defaults = (
        {"record_id": pl.col("call_id"), "status": pl.lit("leg")} if "call_id" in schema else {}
    )
    given = [
        pl.col(column) if column in rows.columns else defaults.get(column, pl.lit(None))
        for column in schema
    ]
    columns = [
        value.cast(kind).alias(c) for value, (c, kind) in zip(given, schema.items(), strict=True)
    ]
    return rows.select(*columns, "line")


def by_rules(
    rows: pl.DataFrame,
    rejected: pl.DataFrame,
    feed: Feed,
    released: frozenset[str] = frozenset(),
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the records that keep every rule from those of which any leg does not."""
    table = raw_table_of(feed)
    kept = {
        rule: pl.sql_expr(holdable(table) if rule in released else predicate).fill_null(value=False)
        for rule, predicate in RULES[table].items()
    }
    broken_rule = pl.coalesce(pl.when(~keeps).then(pl.lit(rule)) for rule, keeps in kept.items())
    is_judged = pl.col("status") == "leg" if table == "calls" else pl.lit(value=True)
    # Nearly all rows keep all rules: which one is broken is asked of the others only.
    broken = (
        rows.filter(is_judged & ~pl.all_horizontal(kept.values()))
        .group_by("line", maintain_order=True)
        .agg(broken_rule.first().alias("rule"))
        .with_columns(text=pl.lit(None, pl.String))
    )
    if broken.is_empty():
        return rows, _told(rejected, feed)
    told = rows.unique("line", keep="first").join(broken, on="line")
    return (
        rows.join(broken, on="line", how="anti", maintain_order="left"),
        pl.concat([_told(rejected, feed), _told(told, feed)]).sort("line"),
    )


def _told(rejected: pl.DataFrame, feed: Feed) -> pl.DataFrame:
    """What quarantine needs of rejected rows: `REJECTED_SCHEMA`, and what their identity takes."""
    table = raw_table_of(feed)
    _, columns = IDENTITY.get(table, ("", ()))
    schema = REJECTED_SCHEMA | {column: RAW[table][column] for column in columns}
    given = (pl.col(c) if c in rejected.columns else pl.lit(None) for c in schema)
    return rejected.select(
        value.cast(kind).alias(c) for value, (c, kind) in zip(given, schema.items(), strict=True)
    )


def _identified(
    connection: duckdb.DuckDBPyConnection,
    rejected: pl.DataFrame,
    feed: Feed,
    pseudonyms: Pseudonyms,
) -> pl.DataFrame:
    """The rejected rows as quarantine keeps them: QUARANTINE but for `file`."""
    identity, columns = IDENTITY.get(raw_table_of(feed), ("null", ()))
    hidden = rejected.with_columns(*(pseudonyms.hide(rejected[c]) for c in KEYED if c in columns))
    if "record_id" in columns:
        hidden = hidden.with_columns(pl.coalesce("record_id", "call_id").alias("record_id"))
    said_on = "snapshot_on" if "snapshot_on" in columns else "null"
    connection.register("rejected", hidden)
    entries = connection.execute(
        f"select line, rule, text, cast({identity} as varchar) as identity,"
        f" cast({said_on} as date) as said_on from rejected order by line"
    ).pl()
    connection.unregister("rejected")
    return entries


def literal(text: str) -> str:
    """A string as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def raw_schema(table: str) -> dict[str, type[pl.DataType] | pl.DataType]:
    """The columns of a table of raw, and where each row was read."""
    return {**RAW[table], "line": pl.Int64, "file": pl.String}


def empty_raw(table: str) -> pl.DataFrame:
    """No rows, all columns: what a raw table without files looks like."""
    return pl.DataFrame(schema=raw_schema(table))
