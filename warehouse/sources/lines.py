"""A text file as blocks of whole lines, whatever its encoding and line ends are.

A file may be larger than memory, and so may one line of it: of that, a beginning is kept, and how
many characters it had.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import polars as pl

from warehouse.errors import DataRejected, fault
from warehouse.sources.compressed import uncompressed

BLOCK_BYTES = 1 << 24
LONGEST_BYTES = 1 << 20  # of a line that is looked into
HEAD = 1 << 10
LINES = {"line": pl.Int64, "text": pl.String, "characters": pl.Int64}


@dataclass(frozen=True)
class Block:
    """Consecutive lines of a file.

    Attributes:
        line: the number of the first, from 1.
        text: UTF-8; lines are parted by "\\n".
        characters: how many the only line has if `text` is no more than its beginning.
    """

    line: int
    text: bytes
    characters: int | None = None

    def lines(self) -> pl.DataFrame:
        """A row for each line: `LINES`, `characters` being how many it has."""
        text = pl.Series("text", [self.text.decode()]).str.split("\n").explode()
        here = pl.int_range(self.line, self.line + pl.len(), dtype=pl.Int64)
        size = pl.lit(self.characters) if self.characters else pl.col("text").str.len_chars()
        return text.to_frame().select(
            here.alias("line"), "text", size.cast(pl.Int64).alias("characters")
        )


def read_blocks(path: Path, name: str, encoding: str | None) -> Iterator[Block]:
    """The lines of a file, in its order.

    Args:
        name: what the file is called in messages.
        encoding: a Python codec; None tries UTF-8, then cp1252, for each line anew.

    Raises:
        DataRejected: the file is not text, or not in that encoding.
    """
    codec = codecs.lookup(encoding or "utf-8").name
    _require_text(path, name, codec)
    pieces = _bytes(path, name) if codec == "utf-8" else _transcoded(path, name, codec)
    other = "cp1252" if encoding is None else None
    line = 1
    for text, characters in _whole_lines(_with_newlines(pieces)):
        yield Block(line, _unicode(text, name, line, other), characters)
        line += 1 + text.count(b"\n")


def _require_text(path: Path, name: str, codec: str) -> None:
    with uncompressed(path, name) as file:
        head = file.read(HEAD)
    if b"\0" not in head or codec.startswith(("utf-16", "utf-32")):
        return
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DataRejected(
            fault(
                "{name} is not in {encoding} ({why}); say its encoding in [feeds.*] of the"
                " settings",
                name=name,
                encoding=codec,
                why="it begins as UTF-16",
            )
        )
    raise DataRejected(
        fault("{name} is not a text file; deliver it as CSV or remove it", name=name)
    )


def _bytes(path: Path, name: str) -> Iterator[bytes]:
    with uncompressed(path, name) as file:
        mark = file.read(len(codecs.BOM_UTF8))
        yield mark.removeprefix(codecs.BOM_UTF8)
        while piece := file.read(BLOCK_BYTES):
            yield piece


def _transcoded(path: Path, name: str, codec: str) -> Iterator[bytes]:
    """The file in UTF-8."""
    decoder = codecs.getincrementaldecoder(codec)()
    line = 1
    for piece in chain(_bytes(path, name), [None]):
        try:
            text = decoder.decode(piece or b"", final=piece is None)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].count(b"\n")
            raise _not_in(codec, name, line) from None
        line += text.count("\n")
        yield text.encode()


def _with_newlines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same with "\\n" for every end of a line, which may fall between two pieces."""
    held = b""
    for piece in pieces:
        text = held + piece
        held = b"\r" if text.endswith(b"\r") else b""
        text = text.removesuffix(held)
        yield text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text
    yield held.replace(b"\r", b"\n")


def _whole_lines(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, int | None]]:
    """The same cut behind lines; with its length in characters, the beginning of an endless one."""
    rest = b""
    for piece in pieces:
        end = piece.rfind(b"\n")
        if end >= 0:
            yield rest + memoryview(piece)[:end], None
            rest = piece[end + 1 :]
            continue
        rest += piece
        if len(rest) > max(BLOCK_BYTES, 2 * LONGEST_BYTES):
            begin = rest[: 2 * LONGEST_BYTES]
            characters, is_utf8, rest = _pass_line(rest, pieces)
            # The cut may have gone through a character.
            yield begin.decode(errors="ignore").encode() if is_utf8 else begin, characters
    if rest:
        yield rest, None


def _pass_line(begin: bytes, pieces: Iterator[bytes]) -> tuple[int, bool, bytes]:
    """How many characters a line has, whether it is UTF-8, and what of its last piece follows."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    octets = characters = 0
    is_utf8 = True
    for piece in chain([begin], pieces):
        text, newline, rest = piece.partition(b"\n")
        octets += len(text)
        try:
            characters += len(decoder.decode(text)) if is_utf8 else 0
        except UnicodeDecodeError:
            is_utf8 = False
        if newline:
            return characters if is_utf8 else octets, is_utf8, rest
    return characters if is_utf8 else octets, is_utf8, b""


def _unicode(text: bytes, name: str, first_line: int, other: str | None) -> bytes:
    """Lines in UTF-8; those that are not are in the `other` encoding.

    Raises:
        DataRejected: one is in neither.
    """
    if text.isascii():  # much sooner told than decoded
        return text
    try:
        text.decode()
    except UnicodeDecodeError as error:
        if other is None:
            line = first_line + text[: error.start].count(b"\n")
            raise _not_in("utf-8", name, line) from None
    else:
        return text
    lines = enumerate(text.split(b"\n"), start=first_line)
    return b"\n".join(_line(line, name, number, other) for number, line in lines)


def _line(line: bytes, name: str, number: int, other: str) -> bytes:
    for codec in ("utf-8", other):
        try:
            return line.decode(codec).encode()
        except UnicodeDecodeError:
            continue
    raise _not_in(f"UTF-8 or {other}", name, number)


def _not_in(encoding: str, name: str, line: int) -> DataRejected:
    return DataRejected(
        fault(
            "{name}, line {line}: not in {encoding}; say its encoding in [feeds.*] of the settings,"
            " or deliver it again",
            name=name,
            line=line,
            encoding=encoding,
        )
    )
