"""Parquet files that are written part by part, and are there wholly or not at all."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from warehouse.files import PRIVATE, private_folder, put_in_place

# As many as DuckDB likes in a row group, which it reads as a whole or not at all; and no more
# bytes than that many rows of calls have, for a text of a quarantined row may be long.
ROWS_IN_GROUP = 122_880
BYTES_IN_GROUP = 1 << 25
# Hardly any value of these comes twice: to look for those that do costs time, and room. Lines and
# times mostly follow each other, and are written as differences.
DISTINCT = {
    "call_id", "contact_id", "record_id", "content", "customer_id", "queued_at", "updated_at",
    "happened_at", "line", "text", "identity",
}  # fmt: skip
# By these, row groups are passed over: of other days, and without the records that come again or
# that calls were handed on to.
SOUGHT = {"queued_at", "happened_at", "record_id", "handed_to"}


class ParquetFile:
    """Rows gather until they fill a row group, which does not depend on how they came."""

    def __init__(
        self, writer: pq.ParquetWriter, schema: pl.Schema, thread: ThreadPoolExecutor
    ) -> None:
        self._writer = writer
        self._thread = thread
        self._at_work: Future[None] | None = None
        self._schema = schema
        self._waiting = pl.DataFrame(schema=schema)

    def add(self, rows: pl.DataFrame) -> None:
        """Write rows behind those that were added before."""
        self._waiting = pl.concat([self._waiting, rows.select(self._schema.names())])
        while self._waiting.height >= ROWS_IN_GROUP or (
            self._waiting.estimated_size() > BYTES_IN_GROUP
        ):
            self._write(ROWS_IN_GROUP)

    def note(self, name: str, text: str) -> None:
        """Say something about the file in its metadata."""
        self._writer.add_key_value_metadata({name: text})

    def finish(self) -> None:
        """Write what waits."""
        if self._waiting.height:
            self._write(self._waiting.height)
        self._be_done()

    def _write(self, rows: int) -> None:
        """Have a thread write a row group, as soon as it is done with the one before."""
        self._be_done()
        self._at_work = self._thread.submit(self._write_group, self._waiting.head(rows), rows)
        self._waiting = self._waiting[rows:]

    def _be_done(self) -> None:
        if self._at_work:
            self._at_work.result()

    def _write_group(self, group: pl.DataFrame, rows: int) -> None:
        table = group.to_arrow(compat_level=pl.CompatLevel.oldest())
        self._writer.write_table(table.cast(self._writer.schema), row_group_size=rows)


@contextmanager
def writing_parquet(
    path: Path, schema: Mapping[str, pl.DataType | type[pl.DataType]]
) -> Iterator[ParquetFile]:
    """A private file with these columns, which gets its name when the block ends without error."""
    columns = pl.Schema(schema)
    arrow = pl.DataFrame(schema=columns).to_arrow(compat_level=pl.CompatLevel.oldest()).schema
    temporary = private_folder(path.parent) / f".{path.name}"
    temporary.touch(mode=PRIVATE)
    temporary.chmod(PRIVATE)
    try:
        with (
            pq.ParquetWriter(
                temporary,
                arrow,
                compression="zstd",
                compression_level=1,
                use_dictionary=[name for name in columns if name not in DISTINCT],
                column_encoding={
                    name: "DELTA_BINARY_PACKED"
                    for name, kind in columns.items()
                    if name in DISTINCT and kind != pl.String
                },
                write_statistics=[name for name in columns if name in SOUGHT],
            ) as writer,
            ThreadPoolExecutor(max_workers=1) as thread,
        ):
            file = ParquetFile(writer, columns, thread)
            yield file
            file.finish()
        put_in_place(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
