"""Loading and building of calls, against DuckDB scripts written by hand, in turn, on one machine.

    python -m bench.loading [--rows 10000000] [--rounds 3]

(a) reads the CSV and computes the rows of metrics.daily that come of calls, and nothing else;
(b) does the work of a night: hashes and archives the file, writes raw Parquet with pseudonyms,
    keeps the newest version of each call, then computes the same rows;
ours is the night itself, up to the published warehouse; its checks are timed apart.

Then nights of 30,000 more rows, on top of that warehouse and on an empty one. Copies of the whole
file, and giving back the room of one, are timed apart. Every measurement is a process of its own.
What is printed are medians, ratios, and whether all figures agree.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from statistics import median

import duckdb

from bench.made_up_calls import ROWS_A_DAY, write_calls

Seconds = dict[str, float]
FIGURES = """
select metric, day, queue, reason, sum(numerator)::double, sum(denominator)::double
from {daily}
where metric in (select distinct metric from by_hand.daily)
group by all
"""
ROUNDING = 1e-6


def measured(*command: str | Path) -> Seconds:
    """Run one measurement; seconds by stage, and `peak_gb` of memory."""
    said = subprocess.run(
        [sys.executable, "-m", *map(str, command)], check=True, capture_output=True, text=True
    )
    found: Seconds = json.loads(said.stdout.splitlines()[-1])
    return found


def medians(rounds: Iterable[Seconds]) -> Seconds:
    """The median of each stage."""
    rounds = list(rounds)
    return {stage: median(one[stage] for one in rounds) for stage in rounds[0]}


def ratio(ours: Seconds, theirs: Seconds) -> str:
    """By the clock, and by the processors, which others on the machine disturb less."""
    by_clock, by_cpu = (ours[stage] / theirs[stage] for stage in ("total", "cpu"))
    return f"{by_clock:.2f} (of processor time {by_cpu:.2f})"


def disagreement(ours: Path, theirs: Path) -> int:
    """How many sums by metric, day, queue and reason differ."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{ours}' as ours (read_only)")
        connection.execute(f"attach '{theirs}' as by_hand (read_only)")
        found = connection.execute(
            "select count(*) filter (where a.metric is null or b.metric is null"
            f" or abs(a.n - b.n) > {ROUNDING} * greatest(1, abs(b.n)) or a.d <> b.d)"
            f" from ({FIGURES.format(daily='ours.metrics.daily')})"
            " as a (metric, day, queue, reason, n, d)"
            f" full join ({FIGURES.format(daily='by_hand.daily')})"
            " as b (metric, day, queue, reason, n, d)"
            " using (metric, day, queue, reason)"
        ).fetchone()
    return int(found[0]) if found else -1


def compare_whole(folder: Path, rows: int, rounds: int) -> int:
    """Ours, (a) and (b) over the whole file, in turn; how many days that is."""
    file = folder / "calls.csv"
    days = write_calls(file, rows)
    print(f"{rows:,} rows, {days} days, {file.stat().st_size / 1e9:.2f} GB of CSV")
    found: dict[str, list[Seconds]] = {"a": [], "b": [], "ours": []}
    for _ in range(rounds):
        for script in ("a", "b"):
            found[script].append(measured("bench.by_hand", script, file, folder / script))
        shutil.rmtree(folder / "site", ignore_errors=True)
        found["ours"].append(measured("bench.one_night", folder / "site", file, "0", str(days)))
    ours, read_only, same_work = (medians(found[name]) for name in ("ours", "a", "b"))
    for name, stages in (("(a)", read_only), ("(b)", same_work), ("ours", ours)):
        print(f"{name:6}", "  ".join(f"{stage} {value:.1f}" for stage, value in stages.items()))
    for name, theirs in (("(a)", read_only), ("(b)", same_work)):
        print(f"ours / {name}: {ratio(ours, theirs)}")
    warehouse = folder / "site" / "var" / "warehouse.duckdb"
    for script in ("a", "b"):
        print(f"figures unlike ({script}):", disagreement(warehouse, folder / script / "daily.db"))
    return days


def compare_nights(folder: Path, days: int, rounds: int) -> None:
    """One night more, on top of all that and on nothing."""
    on_top, on_nothing = [], []
    for night in range(days, days + rounds):
        file = folder / f"night{night}.csv"
        write_calls(file, ROWS_A_DAY, night)
        shutil.rmtree(folder / "empty", ignore_errors=True)
        on_nothing.append(measured("bench.one_night", folder / "empty", file, str(night), "1"))
        on_top.append(measured("bench.one_night", folder / "site", file, str(night), "1"))
    top, nothing = medians(on_top), medians(on_nothing)
    for name, stages in (("on nothing", nothing), ("on top", top)):
        print(f"{name:12}", "  ".join(f"{stage} {value:.2f}" for stage, value in stages.items()))
    whole, whole_alone = (night["total"] + night["checks"] for night in (top, nothing))
    print(f"one more night / a night on nothing: {whole / whole_alone:.2f}")
    print(f"the same without the checks: {ratio(top, nothing)}")


def main() -> None:
    """Measure, print, leave nothing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-", dir=os.environ.get("TMPDIR")) as folder:
        days = compare_whole(Path(folder), given.rows, given.rounds)
        compare_nights(Path(folder), days, given.rounds)


if __name__ == "__main__":
    main()
