"""Made-up tables and logs, as Hypothesis strategies."""

import io
import re
from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl
from hypothesis import strategies as st

from bench.made_up_cells import NASTY, Cells, cell, plausible_cells
from bench.made_up_file import MadeUpFile
from warehouse.sources.asterisk import STEPS
from warehouse.sources.synonyms import SYNONYMS

SEPARATORS = ",;\t"
LINE_BREAK = re.compile("\r\n|\r|\n")
TYPED = [
    st.integers(-(2**63), 2**63 - 1), st.floats(), st.booleans(), st.binary(max_size=9),
    st.datetimes(), st.dates(date(1, 1, 1)), st.timedeltas(timedelta(-9999), timedelta(9999)),
    st.times(), st.lists(st.integers(0, 9)),
]  # fmt: skip


@st.composite
def header(draw: st.DrawFn, feed: str, columns: Sequence[str]) -> list[str]:
    """The columns as some export calls them, nearly all of them, and others of its own."""
    names = SYNONYMS.get(feed, {})
    titles = [
        draw(st.sampled_from([*[column] * 20, *sorted(names.get(column, ()))]))
        for column in columns
    ]
    if draw(st.integers(0, 9)) == 0:
        titles.append(draw(st.one_of(st.sampled_from(NASTY), st.text(max_size=9))))
    return titles


@st.composite
def delimited(
    draw: st.DrawFn, site: str, feed: str, cells: Cells, encoding: str | None
) -> MadeUpFile:
    """Text with separators, quoted where it must be and elsewhere, with ragged rows."""
    columns = draw(st.permutations(list(cells)))
    titles = draw(header(feed, columns))
    rows = draw(rows_of([*(cells[column] for column in columns)], len(titles)))
    separator = ";" if site == "french" else draw(st.sampled_from(SEPARATORS))
    everywhere = draw(st.booleans())
    lines = [separator.join(_quoted(c, everywhere) for c in row) for row in (titles, *rows)]
    text = draw(st.sampled_from(["\n", "\r\n"])).join(lines) + draw(st.sampled_from(["", "\n"]))
    written = encoding or draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]))
    is_plain = all(_is_one_way(row, len(titles)) for row in (titles, *rows))
    is_seen = site == "french" or max(SEPARATORS, key=lines[0].count) == separator
    records = sum(line.strip(" ") != "" for line in lines[1:]) if is_plain and is_seen else None
    return MadeUpFile(site, feed, text.encode(written, errors="replace"), records)


@st.composite
def rows_of(draw: st.DrawFn, usual: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """Rows of cells; the first may have too few or too many."""
    kinds = [cell(values) for values in usual] + [st.text(max_size=9)] * (width - len(usual))
    size = draw(st.integers(0, 12))
    rows = draw(st.lists(st.tuples(*kinds).map(list), min_size=size, max_size=size))
    if rows and draw(st.integers(0, 9)) == 0:
        rows[0] = draw(st.lists(st.sampled_from(["a", "", "5"]), max_size=width + 2))
    return rows


def _quoted(text: str, everywhere: bool) -> str:
    must = any(sign in text for sign in f'{SEPARATORS}|"\r\n') or text != text.strip()
    return '"' + text.replace('"', '""') + '"' if must or everywhere else text


def _is_one_way(row: Sequence[str], width: int) -> bool:
    """Whether nobody can take one line of its cells for a row."""
    broken = [text for text in row if LINE_BREAK.search(text)]
    apart = any(sign in text for text in broken for sign in f'{SEPARATORS}"')
    return not broken or (len(row) == width > 1 and not apart)


@st.composite
def parquet(draw: st.DrawFn, feed: str) -> MadeUpFile:
    """A table with types, right ones and wrong ones."""
    size = draw(st.integers(0, 6))
    cells = plausible_cells(feed)
    columns = {}
    for name in cells:
        kind = draw(st.sampled_from([cell(cells[name])] * 6 + TYPED))
        values = draw(st.lists(st.none() | kind, min_size=size, max_size=size))
        columns[name] = pl.Series(name, values)
    written = io.BytesIO()
    pl.DataFrame(columns).write_parquet(written)
    return MadeUpFile("defaults", feed, written.getvalue(), size)


@st.composite
def queue_log(draw: st.DrawFn) -> MadeUpFile:
    """Events of a call centre, known and unknown, with any parameters."""
    field = [cell(["951901200", "951901260.5"]), cell(["a", "b"]), cell(["web"]),
             cell(["ann", "NONE"]), cell([*STEPS, "RINGNOANSWER", "CONFIGRELOAD"])]  # fmt: skip
    event = st.tuples(*field, st.lists(cell(["5", "60", "1"]), max_size=5).map("|".join))
    size = draw(st.integers(0, 12))
    text = "\n".join(
        "|".join(parts) for parts in draw(st.lists(event, min_size=size, max_size=size))
    )
    records = sum(line.strip(" ") != "" for line in LINE_BREAK.split(text))
    return MadeUpFile("asterisk", "calls", text.encode(), records)
