"""Taking rows, or who they are of, out of archived files: the bytes go, not only the tables.

1. What is left of each file is written beside it, under a new name.
2. One line in the manifest says so: from here on it counts.
3. The old bytes are removed (by `sweep`, now or before the next run), and what was made of them is
   made anew in a new database file, without keeping the one before.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from warehouse.files import hash_of, put_in_place
from warehouse.ledger.site import Site
from warehouse.manifest import Arrival, Manifest
from warehouse.parquet import writing_parquet
from warehouse.pseudonyms import hide
from warehouse.raw import by_rules, complete, readings, with_texts
from warehouse.rewritten import SUFFIX
from warehouse.sources import Feed, Reading, raw_table_of
from warehouse.sources.columns import RAW

FORGOTTEN = "(forgotten)"


@dataclass(frozen=True)
class Erasure:
    """What has to go.

    Attributes:
        lines: rows of each file.
        customers: how they are written; their rows stay, without saying whose they are.
    """

    lines: Mapping[str, Collection[int]]
    customers: frozenset[str] = frozenset()


def erase(site: Site, manifest: Manifest, erasure: Erasure) -> dict[str, str | None]:
    """Rewrite every file that holds something to erase; its new name in the archive, by the old."""
    holding = [arrival for arrival in manifest.arrivals if arrival.file in erasure.lines]
    return {arrival.file: _rewrite(site, arrival, erasure) for arrival in holding}


def _rewrite(site: Site, arrival: Arrival, erasure: Erasure) -> str | None:
    """Write what is left of a file into the archive; its name there, None if no row is left."""
    feed, folder = site.feeds[arrival.feed], site.folders.archive / arrival.feed
    temporary = folder / ".rewritten"
    schema = {**RAW[raw_table_of(feed)], "line": pl.Int64, "rule": pl.String, "text": pl.String}
    rows = 0
    with writing_parquet(temporary, schema) as file:
        for reading in readings(folder / arrival.file, arrival.file, feed, arrival.name):
            left = _left(reading, feed).filter(
                ~pl.col("line").is_in(list(erasure.lines.get(arrival.file, ())))
            )
            rows += left.filter(pl.col("rule").is_null()).height
            file.add(_forgotten(left, erasure.customers, site.key))
    if rows == 0 and not erasure.customers:
        temporary.unlink()
        return None
    name = hash_of(temporary) + SUFFIX
    put_in_place(temporary, folder / name)
    return name


def _left(reading: Reading, feed: Feed) -> pl.DataFrame:
    """All rows of a reading: those read, with a text where they break a rule, and the others."""
    rows = complete(reading.rows, feed)
    _, rejected = by_rules(rows, reading.rejected, feed)
    entries = with_texts(rejected, reading.texts)
    is_read = pl.col("line").is_in(rows["line"].unique().to_list())
    texts = entries.filter(is_read).select("line", "text")
    nothing = pl.lit(None, pl.String).alias("rule")
    return pl.concat(
        [
            rows.join(texts, on="line", how="left", maintain_order="left").with_columns(nothing),
            entries.filter(~is_read),
        ],
        how="diagonal",
    )


def _forgotten(rows: pl.DataFrame, customers: frozenset[str], key: bytes) -> pl.DataFrame:
    """The same rows, none of which says that it is of one of these customers."""
    if not customers:
        return rows
    wanted = hide(pl.Series(sorted(customers)), key).to_list()
    if "customer_id" in rows.columns:
        is_theirs = hide(rows["customer_id"], key).is_in(wanted).fill_null(value=False)
        blank = [c for c in ("customer_id", "content") if c in rows.columns]
        rows = rows.with_columns(
            pl.when(~is_theirs).then(pl.col(column)).alias(column) for column in blank
        )
    names_them = pl.col("text").str.contains_any(sorted(customers), ascii_case_insensitive=True)
    return rows.with_columns(
        text=pl.when(names_them).then(pl.lit(FORGOTTEN)).otherwise(pl.col("text"))
    )
