"""What a run says while it works, and where its time went."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_spent: dict[str, float] = {}


@contextmanager
def stage(doing: str) -> Iterator[None]:
    """Say what is being done, and remember how long it took."""
    print(f"{doing} ...", flush=True)
    begun = time.perf_counter()
    try:
        yield
    finally:
        _spent[doing] = _spent.get(doing, 0.0) + time.perf_counter() - begun


def warn(sentence: str) -> None:
    """Say what somebody should look into, though the run goes on."""
    print(f"qos: {sentence}", file=sys.stderr, flush=True)


def spent() -> dict[str, float]:
    """Seconds by stage, of this process."""
    return dict(_spent)
