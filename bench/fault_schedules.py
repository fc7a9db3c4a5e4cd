"""Does every message arrive exactly once, whatever the network, Slack and the machine do?

python -m bench.fault_schedules [--schedules 1000] [--first-seed 0] [--at-once 16] [--settling 2.5]

Each schedule is three nights of messages (a parent, a summary with threads, replies, edits, one for
the director, pictures), a stateful fake of Slack that drops, hangs, refuses, posts late or answers
nonsense, and deliveries in processes of their own that are killed at random moments. Settling times
are short, so that it takes minutes. Prints what was played and what became of it; exits with 1 if a
single message is lost or doubled.
"""

import argparse
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"  # where the fake of Slack lives


def main() -> int:
    """Run them; the exit code."""
    parser = argparse.ArgumentParser(description="Random schedules of faults in delivery.")
    parser.add_argument("--schedules", type=int, default=1000)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--settling", type=float, default=2.5, help="seconds; more if busy")
    arguments = parser.parse_args()
    sys.path.insert(0, str(TESTS))
    from fault_schedules import PROCESSES, run_schedule

    seeds = range(arguments.first_seed, arguments.first_seed + arguments.schedules)
    counts: Counter[str] = Counter()
    problems = []
    with (
        tempfile.TemporaryDirectory(prefix="faults-") as home,
        ProcessPoolExecutor(arguments.at_once, PROCESSES) as pool,
    ):
        folders = [Path(home) / str(seed) for seed in seeds]
        for folder in folders:
            folder.mkdir()
        for outcome in pool.map(run_schedule, seeds, folders, repeat(arguments.settling)):
            counts += outcome.counts
            problems += outcome.problems
    for name in sorted(counts, key=lambda name: (name.startswith(" "), name)):
        print(f"{counts[name]:>9,}  {name}")
    print(f"{len(problems):>9,}  problems")
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
