"""The made-up site as files: settings, key, landing folder and, for tests, the truth behind it."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import groupby
from pathlib import Path

import numpy as np
import polars as pl

from flows.demo import assumptions as a
from flows.demo import exports, office
from flows.demo.call_log import call_log
from flows.demo.calls import Day, simulate
from flows.demo.people import Agent, hire_team
from flows.demo.policy_text import policy_text
from flows.demo.settings_text import settings_text
from flows.demo.truth import month_truth, site_truth
from warehouse.errors import ConfigurationError

Files = dict[str, bytes]

# Fixed, so that the demo's pseudonyms are the same everywhere; nothing it protects is real.
KEY = sha256(b"the made-up site of ftci-qos").hexdigest()
FLAWED_MONTH = 4


@dataclass(frozen=True)
class Summary:
    """What was written. Every call and every agent counts once, `departures` until `last_day`."""

    folder: Path
    first_day: date
    last_day: date
    calls: int
    agents: int
    departures: int
    files: int


def write_site(folder: Path, seed: int = 1998, months: int = a.LONGEST_MONTHS) -> Summary:
    """Write a site into `folder`, in place of the made-up site that may be there.

    The same seed and months give the same bytes, and any seed a sensible site.

    Args:
        seed: a whole number, not negative.
        months: 1 to 15 months of calls from 1998-11-01 on; the story begins with the tenth.

    Raises:
        ConfigurationError: the arguments are out of range, or `folder` holds a landing folder that
            is no made-up site's.
    """
    _refuse_nonsense(folder, seed, months)
    people_rng, line_rng, log_rng = map(
        np.random.default_rng, np.random.SeedSequence(seed).spawn(3)
    )
    agents = hire_team(people_rng, months)
    days = list(simulate(line_rng, agents, a.last_day(months)))
    landing = _landing_files(log_rng, agents, days)
    truth = site_truth(seed, agents, [month_truth(agents, group) for group in _by_month(days)])
    beside = {
        "truth.json": _as_json(truth),
        "qos.toml": settings_text().encode(),
        "policy.toml": policy_text().encode(),
    }
    _write(folder, beside, landing)
    return Summary(
        folder=folder,
        first_day=a.FIRST_DAY,
        last_day=a.last_day(months),
        calls=sum(len(day.calls) for day in days),
        agents=len(agents),
        departures=sum(agent.left_on is not None for agent in agents),
        files=len(landing),
    )


def _refuse_nonsense(folder: Path, seed: int, months: int) -> None:
    faults = []
    if seed < 0:
        faults.append(f"The seed is {seed}; give a whole number from 0 on.")
    if not 1 <= months <= a.LONGEST_MONTHS:
        faults.append(f"The months are {months}; give 1 to {a.LONGEST_MONTHS}.")
    is_taken = folder.is_dir() and any(folder.iterdir())
    if is_taken and not (folder / "truth.json").exists():
        faults.append(f"{folder} holds files that are no demo's; name a new or an empty folder.")
    if faults:
        raise ConfigurationError(*faults)


def _by_month(days: Sequence[Day]) -> list[list[Day]]:
    return [list(group) for _, group in groupby(days, key=lambda day: day.day.replace(day=1))]


def _landing_files(rng: np.random.Generator, agents: Sequence[Agent], days: Sequence[Day]) -> Files:
    """Every file of the landing folder by its path in it."""
    months = _by_month(days)
    flawed = min(FLAWED_MONTH, len(months))
    files = _roster_files(agents, [a.FIRST_DAY, *map(a.last_day, range(1, len(months) + 1))])
    for month, group in enumerate(months, start=1):
        export = exports.flawed_month_of_calls if month == flawed else exports.month_of_calls
        texts = export(call_log(rng, group, agents), a.month_start(month))
        files |= {f"calls/{name}": text.encode(exports.ENCODING) for name, text in texts.items()}
        files |= _office_files(agents, group, month)
    return files | {"events/events.csv": _csv(office.events(a.last_day(len(months))))}


def _roster_files(agents: Sequence[Agent], snapshots: Sequence[date]) -> Files:
    return {
        f"roster/roster_{day}.csv": exports.exported(
            office.roster(agents, day), exports.ROSTER_HEADERS
        ).encode(exports.ENCODING)
        for day in snapshots
    }


def _office_files(agents: Sequence[Agent], days: Sequence[Day], month: int) -> Files:
    first, last = a.month_start(month), a.last_day(month)
    hours = sum(day.hours for day in days)
    return {
        f"training/training_{first:%Y-%m}.csv": _csv(office.training(agents, first, last)),
        f"invoices/invoice_{first:%Y-%m}.csv": _csv(office.invoice(agents, last, hours)),
        f"customers/customers_{first:%Y-%m}.csv": _csv(office.customers(last)),
    }


def _csv(table: pl.DataFrame) -> bytes:
    return table.write_csv().encode()


def _as_json(truth: object) -> bytes:
    return (json.dumps(truth, indent=1, default=str, ensure_ascii=False) + "\n").encode()


def _write(folder: Path, beside: Files, landing: Files) -> None:
    """First what marks the folder as a made-up site's, then the landing folder, made anew."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in beside.items():
        (folder / name).write_bytes(content)
    key = folder / "key"
    key.touch(mode=0o600)
    key.chmod(0o600)
    key.write_text(KEY + "\n")
    shutil.rmtree(folder / "landing", ignore_errors=True)
    for name, content in landing.items():
        path = folder / "landing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
