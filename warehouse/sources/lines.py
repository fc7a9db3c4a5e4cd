"""Files as lines of text, whatever their encoding and line ends are."""

import codecs
from pathlib import Path

import polars as pl

from warehouse.errors import DataRejected

LARGEST_BYTES = 1 << 30
HEAD = 1 << 10


def read_lines(path: Path, name: str, encoding: str | None) -> pl.DataFrame:
    """`line` (Int64, from 1) and `text` of every line, whatever its end is.

    Args:
        encoding: a Python codec; None tries UTF-8, then cp1252.

    Raises:
        DataRejected: the file is empty, too large, not text, or not in that encoding.
    """
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise DataRejected(f"{name} has {size:,} bytes; deliver it in files of less than 1 GiB")
    content = path.read_bytes()
    codec = codecs.lookup(encoding or "utf-8").name
    if b"\0" in content[:HEAD] and not codec.startswith(("utf-16", "utf-32")):
        raise DataRejected(f"{name} is not a text file; deliver it as CSV or remove it")
    text = _decode(content, name, codec, is_told=encoding is not None)
    if not text.strip():
        raise DataRejected(f"{name} is empty: not even a header; deliver it again or remove it")
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = pl.Series("text", [plain]).str.split("\n").explode().to_frame()
    return lines.select(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("line"), "text")


def _decode(content: bytes, name: str, codec: str, *, is_told: bool) -> str:
    """Text, without a byte order mark. Where UTF-8 and cp1252 are mixed, each line has one."""
    try:
        return content.decode("utf-8-sig" if codec == "utf-8" else codec)
    except UnicodeDecodeError as error:
        if is_told:
            line = content[: error.start].count(b"\n") + 1
            raise _not_in(codec, name, line) from None
    lines = content.removeprefix(codecs.BOM_UTF8).split(b"\n")
    return "\n".join(_decode_line(line, name, n) for n, line in enumerate(lines, start=1))


def _decode_line(line: bytes, name: str, number: int) -> str:
    for codec in ("utf-8", "cp1252"):
        try:
            return line.decode(codec)
        except UnicodeDecodeError:
            continue
    raise _not_in("UTF-8 or cp1252", name, number)


def _not_in(encoding: str, name: str, line: int) -> DataRejected:
    return DataRejected(
        f"{name}, line {line}: not in {encoding}; say its encoding in [feeds.*] of the settings,"
        " or deliver it again"
    )
