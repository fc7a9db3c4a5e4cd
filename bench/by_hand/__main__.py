"""Run script (a) or (b): `a|b FILE FOLDER`; seconds and peak memory as JSON.

The figures are left in FOLDER/daily.db.
"""

import hashlib
import json
import os
import resource
import shutil
import sys
import threading
import time
from pathlib import Path

import duckdb
import polars as pl

HERE = Path(__file__).parent
KEY = bytes(range(32))
# Rows are numbered as they are kept: to count them while reading takes one thread.
SAID = """
set preserve_insertion_order = true;
create temp table said as select * from csv;
set preserve_insertion_order = false;
"""


def archive(file: Path, folder: Path) -> None:
    """Copy inside the kernel while hashing; the hash is the name."""
    copying = threading.Thread(target=shutil.copyfile, args=(file, folder / "incoming"))
    copying.start()
    with file.open("rb") as handle:
        name = hashlib.file_digest(handle, "sha256").hexdigest()
    copying.join()
    (folder / "incoming").rename(folder / name)


def hidden(identities: list[str]) -> pl.DataFrame:
    """identity, pseudonym: the keyed hash that ours is."""
    begun = [hashlib.sha256(bytes(b ^ p for b in KEY.ljust(64, b"\0"))) for p in (0x36, 0x5C)]
    pseudonyms = []
    for identity in identities:
        inner, outer = begun[0].copy(), begun[1].copy()
        inner.update(identity.strip().upper().encode())
        outer.update(inner.digest())
        pseudonyms.append(outer.hexdigest()[:16])
    return pl.DataFrame({"identity": identities, "pseudonym": pseudonyms})


def load(connection: duckdb.DuckDBPyConnection, file: Path, folder: Path) -> None:
    """All that comes before the metrics in (b)."""
    archive(file, folder)
    connection.execute(SAID)
    for column in ("customer_id", "agent_id"):
        found = connection.execute(
            f"select distinct {column} as identity from said where {column} is not null"
        ).pl()
        connection.register(f"hidden_{column[:-3]}s", hidden(found["identity"].to_list()))
    os.chdir(folder)
    connection.execute((HERE / "load.sql").read_text())


def main() -> None:
    """Measure one script."""
    script, file, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    start, cpu_before = time.perf_counter(), time.process_time()
    with duckdb.connect(folder / "daily.db") as connection:
        connection.execute("set timezone = 'UTC'; set preserve_insertion_order = false")
        connection.execute("set variable file = $file", {"file": str(file)})
        connection.execute((HERE / "csv.sql").read_text())
        if script == "a":
            connection.execute((HERE / "read.sql").read_text())
        else:
            load(connection, file, folder)
        read = time.perf_counter() - start
        connection.execute((HERE / "metrics.sql").read_text())
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu_before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps({"total": seconds, "load": read, "cpu": cpu, "peak_gb": peak}))


if __name__ == "__main__":
    main()
