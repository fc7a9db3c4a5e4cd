"""Raw rows: what an archived file says, in canonical columns, with pseudonyms. Written once.

The name of a raw file tells the content it comes from and the way it was read, so a new mapping,
adapter or key makes new files beside the old. Rows that break a rule go to quarantine instead,
with their original text.
"""

from pathlib import Path

import duckdb
import polars as pl

from warehouse.files import PRIVATE, private_folder, put_in_place
from warehouse.folders import Folders
from warehouse.pseudonyms import fingerprint, hide
from warehouse.sources import REJECTED_SCHEMA, Feed, adapter_of, raw_table_of
from warehouse.sources.columns import IDENTITY, KEYED, RAW, RULES

# Rejected rows; `said_on` is the date of a roster.
QUARANTINE = {
    "line": pl.Int64,
    "rule": pl.String,
    "text": pl.String,
    "identity": pl.String,
    "said_on": pl.Date,
    "file": pl.String,
}


def raw_path(folders: Folders, feed: Feed, file: str, key: bytes) -> Path:
    """Where the raw rows of an archived file are."""
    return folders.raw / feed.name / f"{file}-{feed.reading(fingerprint(key))}.parquet"


def quarantine_path(folders: Folders, feed: Feed, file: str, key: bytes) -> Path:
    """Where its rejected rows are; there is always such a file, if only an empty one."""
    return folders.quarantine / feed.name / raw_path(folders, feed, file, key).name


def write_raw(path: Path, file: str, feed: Feed, name: str, folders: Folders, key: bytes) -> None:
    """Read `path` (content hash `file`) into raw and quarantine, unless that was done before.

    Raises:
        DataRejected: the file cannot be read as a whole.
    """
    raw, quarantine = raw_path(folders, feed, file, key), quarantine_path(folders, feed, file, key)
    if raw.exists() and quarantine.exists():
        return
    adapter = adapter_of(feed)
    reading = adapter.read(path, feed, name)
    kept, rejected = _by_rules(_complete(reading.rows, feed), reading.rejected, feed)
    entries = _identified(rejected, feed, key)
    unknown = set(entries.filter(pl.col("text").is_null())["line"].to_list())
    texts = adapter.texts(path, feed, unknown) if unknown else {}
    filled = entries.with_columns(
        text=pl.col("text").fill_null(
            pl.Series([texts.get(line) for line in entries["line"]], dtype=pl.String)
        )
    )
    hidden = kept.with_columns(
        *(hide(kept[column], key) for column in KEYED if column in kept.columns)
    )
    _write(filled.with_columns(file=pl.lit(file)), quarantine)
    _write(hidden.with_columns(file=pl.lit(file)), raw)


def _complete(rows: pl.DataFrame, feed: Feed) -> pl.DataFrame:
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


def _by_rules(
    rows: pl.DataFrame, rejected: pl.DataFrame, feed: Feed
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the records that keep every rule from those of which any leg does not."""
    table = raw_table_of(feed)
    cases = " ".join(
        f"when not coalesce({predicate}, false) then {literal(rule)}"
        for rule, predicate in RULES[table].items()
    )
    is_judged = "status = 'leg'" if table == "calls" else "true"
    with duckdb.connect() as connection:
        connection.register("incoming", rows)
        broken = connection.execute(
            f"select line, any_value(rule) as rule, null::varchar as text"
            f" from (select line, case {cases} end as rule from incoming where {is_judged})"
            " where rule is not null group by line order by line"
        ).pl()
    told = rows.unique("line", keep="first").join(
        broken.cast(pl.Schema(REJECTED_SCHEMA)), on="line"
    )
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


def _identified(rejected: pl.DataFrame, feed: Feed, key: bytes) -> pl.DataFrame:
    """The rejected rows as quarantine keeps them: QUARANTINE but for `file`."""
    identity, columns = IDENTITY.get(raw_table_of(feed), ("null", ()))
    hidden = rejected.with_columns(*(hide(rejected[c], key) for c in KEYED if c in columns))
    if "record_id" in columns:
        hidden = hidden.with_columns(pl.coalesce("record_id", "call_id").alias("record_id"))
    said_on = "snapshot_on" if "snapshot_on" in columns else "null"
    with duckdb.connect() as connection:
        connection.register("rejected", hidden)
        return connection.execute(
            f"select line, rule, text, cast({identity} as varchar) as identity,"
            f" cast({said_on} as date) as said_on from rejected order by line"
        ).pl()


def literal(text: str) -> str:
    """A string as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _write(rows: pl.DataFrame, path: Path) -> None:
    temporary = private_folder(path.parent) / f".{path.name}"
    temporary.touch(mode=PRIVATE)
    rows.write_parquet(temporary, compression="zstd", compression_level=1)
    temporary.chmod(PRIVATE)
    put_in_place(temporary, path)


def empty_raw(table: str) -> pl.DataFrame:
    """No rows, all columns: what a raw table without files looks like."""
    return pl.DataFrame(schema={**RAW[table], "line": pl.Int64, "file": pl.String})
