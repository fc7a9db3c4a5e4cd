"""Read files with one endless line or value in them: all other rows come in, memory is bounded.

    python -m bench.long_line [--bytes 1000000000]

Each file is read in a process of its own, as a night would. Exits with 1 if a row is missing.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bench.damaged_files import ROWS, calls, contacts, conversations, queue_log
from warehouse.errors import DataRejected
from warehouse.folders import Folders
from warehouse.raw import quarantine_path, raw_path, reading_of, write_raw
from warehouse.sources import Feed

KEY = bytes(range(32))
REFUSED = "refused"


@dataclass(frozen=True)
class Case:
    """A sound file with an endless text in the middle: `filling`, over and over.

    `rows` are those that must be loaded, or the file is refused; one is quarantined.
    """

    name: str
    adapter: str
    before: bytes
    filling: bytes
    after: bytes
    rows: int | str = ROWS


@dataclass(frozen=True)
class Outcome:
    """What became of a file, with what was said of it; `most_mebibytes` of the process by then."""

    rows: int | str
    quarantined: int
    said: str
    most_mebibytes: int
    seconds: float


def cases() -> Iterator[Case]:
    """Endless texts in every format."""
    table, log, records = (text().rstrip() + b"\n" for text in (calls, queue_log, contacts))
    array, envelope = b"[" + contacts().replace(b"\n", b",") + b"]", conversations()
    yield Case("a line", "canonical", table + b"x,2000-01-01,", b"A", b"\n")
    yield Case("the first line", "canonical", b"", b"A", b"\n" + table, REFUSED)
    yield Case("a quoted cell", "canonical", table + b'x,"', b"A", b'",2\n')
    yield Case("a quote that never closes", "canonical", table + b'x,"', b"A", b"\n")
    yield Case("a line", "asterisk", log + b"946720800|x|web|", b"A", b"\n")
    yield Case("the first line", "asterisk", b"", b"A", b"\n" + log)
    yield Case("a record", "amazon_connect", records + b'{"n": "', b"A", b'"}\n')
    yield Case("the first record", "amazon_connect", b'{"n": "', b"A", b'"}\n' + records)
    yield Case("a record of backslashes", "amazon_connect", records + b'{"n": "', b"\\\\", b'"}\n')
    yield Case("a string that never closes", "amazon_connect", b'{"n": "', b"A", b"\n" + records)
    yield Case("a list that never closes", "amazon_connect", b'{"n": [0', b", 1", b"\n" + records)
    yield Case("a word", "amazon_connect", b"", b"A", b"\n" + records)
    yield Case("a record in an array", "amazon_connect", array[:-1] + b',{"n":"', b"A", b'"}]')
    yield Case("in an envelope", "genesys_cloud", envelope[:-2] + b',{"n":"', b"A", b'"}]}', 4)
    yield Case("nothing but a string", "amazon_connect", b'"', b"A", b'"', REFUSED)


def main() -> int:
    """Print what became of each file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bytes", type=int, default=1_000_000_000)
    arguments = parser.parse_args()
    wrong = 0
    for case in cases():
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            outcome = pool.apply(read, (case, arguments.bytes))
        wrong += not is_right(case, outcome)
        print(f"{case.adapter:>14}, {case.name}: {outcome}", flush=True)
    return int(wrong > 0)


def is_right(case: Case, outcome: Outcome) -> bool:
    """Whether nothing but the endless text is missing."""
    return outcome.rows == case.rows and outcome.quarantined == (case.rows != REFUSED)


def read(case: Case, size: int) -> Outcome:
    """Write the file of a case, read it as a night would, and remove it."""
    with tempfile.TemporaryDirectory() as home:
        source = Path(home) / "in"
        _write(source, case, size)
        feed, folders = Feed("calls", "UTC", case.adapter), Folders(Path(home) / "warehouse.duckdb")
        place = (folders, "calls", "1", reading_of(feed, KEY))
        begun = time.process_time()
        rows: int | str = REFUSED
        try:
            write_raw(source, "1", feed, "calls/in", folders, KEY)
            rows = pl.read_parquet(raw_path(*place))["line"].n_unique()
            rejected = pl.read_parquet(quarantine_path(*place))["rule"].to_list()
            quarantined, said = len(rejected), "; ".join(rejected)
        except DataRejected as rejection:
            quarantined, said = 0, str(rejection)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        return Outcome(rows, quarantined, said, most, time.process_time() - begun)


def _write(path: Path, case: Case, size: int) -> None:
    chunk = case.filling * ((1 << 20) // len(case.filling))
    with path.open("wb") as file:
        file.write(case.before)
        for _ in range(size // len(chunk)):
            file.write(chunk)
        file.write(case.after)


if __name__ == "__main__":
    sys.exit(main())
