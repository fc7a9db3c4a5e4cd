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
from warehouse.sources import Feed, Reading, adapter_of
from warehouse.sources.columns import FEEDS, IDENTITIES, RULES


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
    raw = raw_path(folders, feed, file, key)
    if raw.exists():
        return
    adapter = adapter_of(feed)
    reading = adapter.read(path, feed, name)
    kept, rejected = _by_rules(reading, feed)
    unknown = set(rejected.filter(pl.col("text").is_null())["line"].to_list())
    texts = adapter.texts(path, feed, unknown) if unknown else {}
    filled = rejected.with_columns(
        text=pl.col("text").fill_null(
            pl.Series([texts.get(line) for line in rejected["line"]], dtype=pl.String)
        )
    )
    hidden = kept.with_columns(
        *(hide(kept[column], key) for column in IDENTITIES if column in kept.columns)
    )
    _write(filled.with_columns(file=pl.lit(file)), quarantine_path(folders, feed, file, key))
    _write(hidden.with_columns(file=pl.lit(file)), raw)


def _by_rules(reading: Reading, feed: Feed) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the rows that keep every rule of the feed from those that do not."""
    cases = " ".join(
        f"when not coalesce({predicate}, false) then {literal(rule)}"
        for rule, predicate in RULES[feed.name].items()
    )
    with duckdb.connect() as connection:
        connection.register("reading", reading.rows)
        broken = connection.execute(f"select case {cases} end as rule from reading").pl()["rule"]
    rules = broken.cast(pl.String)
    rejected = reading.rows.select("line").with_columns(
        rule=rules, text=pl.lit(None, dtype=pl.String)
    )
    return (
        reading.rows.filter(rules.is_null()),
        pl.concat([reading.rejected, rejected.filter(rules.is_not_null())]).sort("line"),
    )


def literal(text: str) -> str:
    """A string as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _write(rows: pl.DataFrame, path: Path) -> None:
    temporary = private_folder(path.parent) / f".{path.name}"
    temporary.touch(mode=PRIVATE)
    rows.write_parquet(temporary, compression="zstd", compression_level=1)
    temporary.chmod(PRIVATE)
    put_in_place(temporary, path)


def empty_raw(feed_name: str) -> pl.DataFrame:
    """No rows, all columns: what a feed without files looks like."""
    schema = {**FEEDS[feed_name], "line": pl.Int64, "file": pl.String}
    return pl.DataFrame(schema=schema)
