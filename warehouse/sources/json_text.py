"""A text of JSON values, looked at through a window, so that no file is in memory as a whole."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from warehouse.errors import DataRejected, fault
from warehouse.sources.compressed import uncompressed

CHUNK_CHARACTERS = 1 << 20
LONGEST_CHARACTERS = 1 << 24  # of a value that is looked at as a whole
LONGEST_INTEGER_DIGITS = 300  # beyond it, a number is more than any computer's
TOO_DEEP = "nested too deeply"
TOO_LONG = "longer than 16 million characters"

BLANKS = re.compile(r"[ \t\r\n]*")
NEXT_LINE_OBJECT = re.compile(r"\n(?=\{)")
STRING = r'"(?:[^"\\]++|\\.)*+"'  # possessive: going back takes memory for every character
TOKEN = re.compile(rf"{STRING}|[][{{}}]", re.DOTALL)
DEPTH = {"{": 1, "[": 1, "}": -1, "]": -1}
LONGEST_WORD = 16  # characters of the longest literal or escape that a chunk's end may cut


@contextmanager
def opened(path: Path, name: str, encoding: str | None) -> Iterator[TextIO]:
    """The file as text, uncompressed if need be; `encoding` None is UTF-8.

    Raises:
        DataRejected: the file is not text in that encoding, or its compression is damaged.
    """
    try:
        with (
            uncompressed(path, name) as handle,
            TextIOWrapper(handle, encoding or "utf-8-sig", newline="") as text,
        ):
            yield text
    except UnicodeError as error:
        raise DataRejected(
            fault(
                "{name} is not in {encoding} ({why}); say its encoding in [feeds.*] of the"
                " settings",
                name=name,
                encoding=encoding or "UTF-8",
                why=error,
            )
        ) from error


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) < LONGEST_INTEGER_DIGITS else float(digits)


DECODER = json.JSONDecoder(parse_int=_integer)


class Window:
    """The part of a text that is being looked at, and the place in it that was reached."""

    def __init__(self, handle: TextIO) -> None:
        self._handle = handle
        self.text = ""
        self.place = 0

    def more(self) -> bool:
        """See about twice as far from the place on; whether there was more to be seen."""
        seen = len(self.text) - self.place
        size = min(max(seen, CHUNK_CHARACTERS), LONGEST_CHARACTERS - seen)
        chunk = self._handle.read(size) if size > 0 else ""
        self.text = self.text[self.place :] + chunk
        self.place = 0
        return chunk != ""

    def sign(self, ahead: int = 1) -> str:
        """Pass blanks; the character that comes then, "" at the end; sees `ahead` from there."""
        while True:
            blanks = BLANKS.match(self.text, self.place)
            self.place = blanks.end() if blanks else self.place
            if len(self.text) - self.place >= ahead or not self.more():
                return self.text[self.place : self.place + 1]

    def value(self) -> tuple[Any, int | None, str | None]:
        """The value at the place, the place of its end, and what is wrong with it."""
        while True:
            try:
                value, end = DECODER.raw_decode(self.text, self.place)
                return value, end, None
            except RecursionError:
                return None, None, TOO_DEEP
            except json.JSONDecodeError as error:
                if not self._is_cut(error):
                    return None, None, f"broken JSON ({error.msg})"
                if not self.more():
                    is_whole = len(self.text) - self.place < LONGEST_CHARACTERS
                    return None, None, f"broken JSON ({error.msg})" if is_whole else TOO_LONG

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether the value may be broken only because the window ends inside it."""
        is_open_string = error.msg.startswith("Unterminated string")
        return is_open_string or error.pos > len(self.text) - LONGEST_WORD

    def balanced_end(self) -> int | None:
        """Where the brackets that open at the place are all closed."""
        while True:
            depth = 0
            for token in TOKEN.finditer(self.text, self.place):
                depth += DEPTH.get(token[0], 0)
                if depth <= 0:
                    return token.end()
            if not self.more():
                return None

    def line_end(self) -> int | None:
        """Where a line ends that is followed by one that begins with an object."""
        while True:
            if found := NEXT_LINE_OBJECT.search(self.text, self.place):
                return found.start()
            if not self.more():
                return None
