"""Spreadsheets (XLSX) as tables of text: `00123` stays, and a row's line is its number there."""

from functools import partial
from pathlib import Path

import fastexcel
import polars as pl

from warehouse.errors import DataRejected, fault
from warehouse.sources import REJECTED_SCHEMA, Feed
from warehouse.sources.text import Table, own_names, rows_as_text
from warehouse.sources.values import clock
from warehouse.sources.workbook_size import broken, require_workbook

MAGIC = b"PK\x03\x04"
# Times without a day, and durations, are kept as days since then.
BEGINNING = pl.datetime(1899, 12, 31)
WITHOUT_DAY = r"^(1899-12-31|1900-0[12]-\d\d) \d\d:\d\d:\d\d"


def read_workbook(path: Path, name: str, feed: Feed) -> Table:
    """Read one sheet: the one that the settings name, or the first.

    The first row that is not blank is the header; blank rows are no rows.

    Args:
        name: what the file is called in messages.

    Raises:
        DataRejected: no workbook, too large when unpacked, broken, without that sheet, or empty.
    """
    require_workbook(path, name)
    cells = _cells(path, name, feed)
    is_row = pl.any_horizontal(pl.all().str.strip_chars() != "")
    rows = cells.with_row_index("line", offset=1).with_columns(pl.col("line").cast(pl.Int64))
    filled = rows.filter(cells.select(is_row).to_series()) if cells.width else rows.clear()
    if filled.is_empty():
        raise DataRejected(
            fault("{name} has an empty sheet: not even a header; deliver it again", name=name)
        )
    titles = filled.drop("line").row(0)
    header = [title.strip() for title in titles]
    columns = own_names(header)
    texts = (
        _without_day(pl.col(cell)).alias(column)
        for cell, column in zip(cells.columns, columns, strict=True)
    )
    rows = filled[1:].select(*texts, "line")
    return Table(
        header=header,
        rows=rows,
        rejected=pl.DataFrame(schema=REJECTED_SCHEMA),
        texts=partial(rows_as_text, rows),
        has_typed_cells=True,
    )


def _cells(path: Path, name: str, feed: Feed) -> pl.DataFrame:
    """All cells of the sheet from its first row on, as text, never null."""
    try:
        book = fastexcel.read_excel(path.read_bytes())
        if feed.sheet is not None and feed.sheet not in book.sheet_names:
            raise DataRejected(
                fault(
                    "{name} has no sheet {sheet}, but {sheets}; mend [feeds.{feed}] sheet",
                    name=name,
                    sheet=feed.sheet,
                    sheets=", ".join(book.sheet_names),
                    feed=feed.name,
                )
            )
        sheet = book.load_sheet(feed.sheet or 0, header_row=None, skip_rows=0, dtypes="string")
        return sheet.to_polars().fill_null("")
    except fastexcel.FastExcelError:
        raise broken(name) from None


def _without_day(cell: pl.Expr) -> pl.Expr:
    """Excel's times of day and durations, as h:mm:ss."""
    moment = pl.when(cell.str.contains(WITHOUT_DAY)).then(cell)
    since = moment.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False, time_unit="us") - BEGINNING
    return pl.coalesce(clock(since), cell)
