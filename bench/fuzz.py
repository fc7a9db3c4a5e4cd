"""Feed every adapter thousands of bad files: no traceback, no record lost, nothing elsewhere.

    python -m bench.fuzz [--mutated 5000] [--made-up 5000] [--seed 1] [--log PATH]

Some are sound files that were mutated: bytes flipped, cut, doubled and moved; NUL, formulas, paths
that climb, SQL, wrong encodings, endless numbers, deep nesting. `--log` is a real call log to begin
with, too. Others are made up as a whole by Hypothesis. A file may be refused as a whole
(DataRejected); whatever else is raised is a traceback. Same seed, same files.
"""

import argparse
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from bench import damaged_files
from bench.fuzzed_sites import FuzzedSites
from bench.made_up_file import MadeUpFile
from bench.made_up_files import FILES

FILES_A_NIGHT = 500
LINES_OF_A_LOG = 48
WRONG = ("tracebacks", "unaccounted", "written elsewhere")
SOUND = [
    ("defaults", "calls", damaged_files.calls),
    ("defaults", "roster", damaged_files.roster),
    ("asterisk", "calls", damaged_files.queue_log),
    ("amazon_connect", "calls", damaged_files.contacts),
    ("genesys_cloud", "calls", damaged_files.conversations),
]


def main() -> int:
    """Print the counts; 1 if there was a traceback or a record is unaccounted for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mutated", type=int, default=5000)
    parser.add_argument("--made-up", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", type=Path, help="a real log of the anonymous bank")
    arguments = parser.parse_args()
    begun = time.process_time()
    fuzzing = Fuzzing(is_told=True)
    fuzzing.mutate(arguments.mutated, arguments.seed, arguments.log)
    fuzzing.make_up(arguments.made_up, arguments.seed)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{most:,.0f} MiB at most, {time.process_time() - begun:,.0f} s of processor time")
    return int(any(fuzzing.counts[name] for name in WRONG))


class Fuzzing:
    """Batches of files, each with sites of its own; `faults` says what went wrong, if anything."""

    def __init__(self, *, is_told: bool = False) -> None:
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.notes: list[str] = []
        self._is_told = is_told

    def mutate(self, files: int, seed: int, log: Path | None = None) -> None:
        """Damage sound files at random, all formats in turn."""
        sound = [(site, feed, content()) for site, feed, content in SOUND]
        if log:
            with log.open("rb") as lines:
                head = b"".join(lines.readline() for _ in range(LINES_OF_A_LOG))
            sound.append(("anonymous_bank", "calls", head))
        luck = random.Random(seed)
        for first in range(0, files, FILES_A_NIGHT):
            with self._batch() as sites:
                for number in range(first, min(files, first + FILES_A_NIGHT)):
                    site, feed, content = sound[number % len(sound)]
                    sites.take(site, feed, damaged_files.mutated(content, luck), None)

    def make_up(self, files: int, seed: int) -> None:
        """Let Hypothesis make files up; what it finds is counted, not made smaller."""
        for first in range(0, files, FILES_A_NIGHT):
            with self._batch() as sites:
                _draw(min(files - first, FILES_A_NIGHT), seed + first, sites)

    @contextmanager
    def _batch(self) -> Iterator[FuzzedSites]:
        told = len(self.faults), len(self.notes)
        with tempfile.TemporaryDirectory() as home:
            sites = FuzzedSites(Path(home), self.counts, self.faults, self.notes)
            yield sites
            sites.end()
        if self._is_told:
            print(
                "  ".join(
                    f"{name} {self.counts[name]:,}" for name in sorted({*self.counts, *WRONG})
                )
            )
            print("\n".join([*self.faults[told[0] :], *self.notes[told[1] :]]), flush=True)


def _draw(files: int, seed: int, sites: FuzzedSites) -> None:
    @seeded(seed)
    @settings(
        max_examples=files, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(FILES)
    def take(file: MadeUpFile) -> None:
        sites.take(file.site, file.feed, file.content, file.records)

    take()


if __name__ == "__main__":
    sys.exit(main())
