"""JSON values too long to be looked at as a whole: they are passed, and their beginning is kept."""

import re

from warehouse.sources.json_text import DEPTH, NEXT_LINE_OBJECT, Window
from warehouse.sources.text import TEXT_KEPT

IN_STRING = re.compile(r'(?:[^"\\\n]++|\\.)*+', re.DOTALL)
BETWEEN_TOKENS = re.compile(r'[^]["{}]*+')


class _Passed:
    """The beginning of what was passed, and how many characters it had."""

    def __init__(self) -> None:
        self.last = ""
        self._begin = ""
        self._characters = 0

    def take(self, window: Window, end: int) -> None:
        if end > window.place:
            left = max(TEXT_KEPT - self._characters, 0)
            self._begin += window.text[window.place : min(end, window.place + left)]
            self._characters += end - window.place
            self.last = window.text[end - 1]
            window.place = end

    def told(self) -> str:
        if self._characters <= TEXT_KEPT:
            return self._begin.strip()
        return f"{self._begin}... ({self._characters} characters)"


def pass_value(window: Window, *, is_in_array: bool) -> str:
    """Pass a value up to where its brackets are closed; what is kept of it.

    A value that is broken must not swallow what follows: it ends with the line if that ends inside
    a string, and outside of an array before a line that begins with an object.
    """
    passed, depth, is_string = _Passed(), 0, False
    while True:
        inert = (IN_STRING if is_string else BETWEEN_TOKENS).match(window.text, window.place)
        passed.take(window, inert.end() if inert else window.place)
        sign = window.text[window.place : window.place + 1]
        if sign in ("", "\\"):
            if window.more():
                continue
            return passed.told()
        is_next = sign == "{" and passed.last == "\n" and not (is_string or is_in_array)
        if sign == "\n" or is_next:
            return passed.told()
        passed.take(window, window.place + 1)
        is_string = sign == '"' and not is_string
        depth += DEPTH.get(sign, 0)
        if depth <= 0 and not is_string:
            return passed.told()


def pass_lines(window: Window) -> str:
    """Pass all up to a line that begins with an object; what is kept of it."""
    passed = _Passed()
    while True:
        found = NEXT_LINE_OBJECT.search(window.text, window.place)
        # The line break may be the last of what is seen.
        passed.take(window, found.start() if found else max(window.place, len(window.text) - 1))
        if found:
            return passed.told()
        if not window.more():
            passed.take(window, len(window.text))
            return passed.told()
