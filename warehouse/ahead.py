"""Making the next part of something while the one before is still in use."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")


def ahead(parts: Iterator[Part]) -> Iterator[Part]:
    """The same parts in the same order, each made in a thread while the one before is used.

    What making a part raises is raised where it would have come.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        coming = thread.submit(next, parts, None)
        while (part := coming.result()) is not None:
            coming = thread.submit(next, parts, None)
            yield part
