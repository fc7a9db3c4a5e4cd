"""One night's loading and building, in stages, as JSON: `SITE FILE FIRST_DAY DAYS`.

The stages are those of flows/nightly.py, without Prefect and what follows the warehouse.
"""

import json
import resource
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.made_up_calls import FIRST_DAY
from checks.suites import rules_hash
from checks.validate import reject_if_critical, validate
from flows.estimating import fill_in
from flows.settings import load_settings
from warehouse import connect, kept, landing, pseudonyms
from warehouse.files import sync_file
from warehouse.ledger import made_from
from warehouse.ledger.checked import note_checked
from warehouse.ledger.site import Site
from warehouse.manifest import read_manifest
from warehouse.models import models_hash
from warehouse.night import renew

SETTINGS = '[site]\nname = "Bench"\ntime_zone = "Europe/Paris"\n'
NOW = datetime(2001, 1, 1, tzinfo=UTC)
COUNTED = ("load", "build", "estimates", "publish")


class Stopwatch:
    """Seconds by stage, and those of the processors in stages that count."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.cpu = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what is done within."""
        start, cpu = time.perf_counter(), time.process_time()
        yield
        self.seconds[name] = time.perf_counter() - start
        if name in COUNTED:
            self.cpu += time.process_time() - cpu


def run(site: Path, file: Path, as_of: datetime) -> dict[str, float]:
    """Deliver the file to the site, run the night; seconds by stage."""
    calls = site / "landing" / "calls"
    calls.mkdir(parents=True, exist_ok=True)
    (site / "qos.toml").write_text(SETTINGS)
    shutil.copy(file, calls)
    settings = load_settings(site / "qos.toml")
    folders, watch = settings.folders, Stopwatch()
    key = pseudonyms.key_of(settings.key)
    with watch.stage("load"):
        manifest = read_manifest(folders.manifest)
        for entry in landing.survey(settings.landing, settings.feeds, manifest).new:
            landing.bring_in(entry, folders, key, NOW)
        manifest = read_manifest(folders.manifest)
    planned_for = Site(folders, settings.feeds, settings.parameters, key)
    planned = made_from.planned_build(planned_for, manifest, as_of.date(), models_hash())
    with connect.writing(folders), ExitStack() as clone:
        with watch.stage("clone"):
            connection = clone.enter_context(connect.writing_clone(folders))
            sync_file(folders.clone)  # else the first checkpoint waits for the disk
        with watch.stage("build"):
            renew(connection, planned_for, manifest, planned)
        with watch.stage("estimates"):
            fill_in(connection)
        with watch.stage("checks"):
            reject_if_critical(validate(connection))
            note_checked(connection, rules_hash())
        with watch.stage("publish"):
            clone.close()
            kept.publish(folders, settings.retention.kept_warehouses + 1)
        with watch.stage("giving_back"):  # the room of a copy, as a night does that publishes
            kept.keep_newest(folders, settings.retention.kept_warehouses)
    return {**watch.seconds, "cpu": watch.cpu}


def main() -> None:
    """Print what was measured; `total` is all but copies of the file and the checks."""
    site, file, first_day, days = sys.argv[1:]
    as_of = FIRST_DAY + timedelta(days=int(first_day) + int(days) - 1)
    seconds = run(Path(site), Path(file), as_of)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    total = sum(seconds[stage] for stage in COUNTED)
    print(json.dumps({"total": total, **seconds, "peak_gb": peak}))


if __name__ == "__main__":
    main()
