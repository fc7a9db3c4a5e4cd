"""Kill hundreds of nights at random moments: nothing is lost, doubled or unaccounted for.

    python bench/kill_harness.py [--runs 200] [--seed 1]

A site lives through one night after the other. Each night is begun and killed several times, one in
ten of them as the command `qos run` with Prefect and all, and then left to end. Its twin lives the
same nights undisturbed; after every night both must hold the same tables and messages.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from interrupted import InterruptedSite, preload

HISTORY_DAYS = 25
KILLS_A_NIGHT = 10
ONE_IN = 10  # is the command itself
FIRST_DAY = date(2000, 2, 4)


def main() -> int:
    """Print the counts; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=200, help="how many nights to kill")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    preload()
    with tempfile.TemporaryDirectory() as home:
        counts = _live(Path(home), arguments.runs, random.Random(arguments.seed))
    wrong = [name for name in ("lost", "doubled", "unaccounted", "failed") if counts[name]]
    print(_told(counts))
    return 1 if wrong else 0


def _told(counts: Counter[str]) -> str:
    shown = ("runs", "killed", "nights", "lost", "doubled", "unaccounted", "failed")
    return "  ".join(f"{name} {counts[name]}" for name in shown)


def _live(home: Path, runs: int, moments: random.Random) -> Counter[str]:
    disturbed, twin = InterruptedSite(home / "disturbed"), InterruptedSite(home / "twin")
    counts: Counter[str] = Counter()
    tonight = FIRST_DAY + timedelta(days=HISTORY_DAYS - 1)
    for site in (disturbed, twin):
        for n in range(HISTORY_DAYS):
            site.deliver(FIRST_DAY + timedelta(days=n))
        site.night(tonight)
    while counts["killed"] < runs:
        tonight += timedelta(days=1)
        for site in (disturbed, twin):
            site.deliver(tonight)
        begun = time.monotonic()
        counts["failed"] += twin.night(tonight) != 0
        seconds = time.monotonic() - begun
        for _ in range(KILLS_A_NIGHT):
            _kill(disturbed, tonight, moments, seconds, counts)
        counts["failed"] += disturbed.night(tonight) != 0
        counts["nights"] += 1
        _compare(disturbed, twin, counts)
        print(f"{tonight}: {_told(counts)}", flush=True)
    return counts


def _kill(
    site: InterruptedSite, as_of: date, moments: random.Random, seconds: float, counts: Counter[str]
) -> None:
    counts["runs"] += 1
    if counts["runs"] % ONE_IN:
        end = site.night(as_of, killed_after=moments.uniform(0, seconds))
    else:
        end = _command(site, as_of, moments.uniform(0, 3 * seconds))
    counts["killed"] += end == -9
    counts["failed"] += end not in (0, -9)


def _command(site: InterruptedSite, as_of: date, seconds: float) -> int:
    """`qos run`, killed with all that it started (Prefect's own server)."""
    command = [str(Path(sys.executable).with_name("qos")), "run", "--as-of", as_of.isoformat()]
    environment = os.environ | {"PREFECT_HOME": str(site.home / "prefect")}
    with (site.home / "said.txt").open("a") as said:
        process = subprocess.Popen(
            command, cwd=site.home, env=environment, stdout=said, stderr=said,
            start_new_session=True,
        )  # fmt: skip
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        return process.wait()


def _compare(disturbed: InterruptedSite, twin: InterruptedSite, counts: Counter[str]) -> None:
    """Count rows that only one of the two sites has."""
    ours, theirs = disturbed.account(), twin.account()
    for table in ours.keys() | theirs.keys():
        mine, other = Counter(ours.get(table, ())), Counter(theirs.get(table, ()))
        counts["lost"] += (other - mine).total()
        counts["doubled"] += (mine - other).total()
    counts["unaccounted"] += len(disturbed.unaccounted())


if __name__ == "__main__":
    sys.exit(main())
