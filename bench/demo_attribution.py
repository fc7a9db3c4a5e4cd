"""On made-up sites whose truth is known: does a night tell the story, and is it right?

python -m bench.demo_attribution FOLDER --seeds 1 2 3

Makes the site of each seed in FOLDER, judges its nights, and prints what was said of the last one:
what turnover costs standing and what replacement hires took, with their 95 % intervals beside
the truth, and the states of norms and triggers. The truth is the generator's tenure curve, call by
call, on the contacts that agents took. A site is deleted once it has been looked at.
"""

import argparse
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from checks.attribution import Part
from checks.explanation import METRICS, Attribution
from checks.intervals import Floats
from checks.policy import load_policy
from checks.tenure import DAYS_A_YEAR, VETERAN_DAYS
from flows.costs import with_contract
from flows.demo import assumptions as a
from flows.demo import write_site
from flows.demo.truth import effect_on_handle_seconds, effect_on_resolution
from flows.judging import judge_night
from flows.records import from_row
from flows.settings import load_settings
from warehouse.build import metric_kinds
from warehouse.connect import publish, reading, writing, writing_clone
from warehouse.folders import Folders
from warehouse.landing import bring_in, survey
from warehouse.ledger.made_from import planned_build
from warehouse.ledger.site import Site
from warehouse.manifest import read_manifest
from warehouse.models import models_hash
from warehouse.night import renew
from warehouse.operations import read
from warehouse.operations.attributions import attributions_in_force
from warehouse.operations.database import operations
from warehouse.pseudonyms import key_of

NORM_A_YEAR = 1.5  # of the policy that comes with qos
NOW = datetime(2000, 2, 1, tzinfo=UTC)
LAST_NIGHT = a.last_day(a.LONGEST_MONTHS)
EFFECTS = dict(zip(METRICS, (effect_on_resolution, effect_on_handle_seconds), strict=True))

# Who took which contacts, by the tenure of the agent on that very day.
CONTACTS = """
select
    answers.day, reason, tenure_days, hire_kind = 'replacement' as is_replacement,
    sum(denominator)::double as contacts
from metrics.daily as answers
inner join facts.headcount using (day, agent_id)
left join facts.hires
    on hires.agent_id = answers.agent_id and hires.day = answers.day - tenure_days::integer
where metric = $metric
group by all
"""


@dataclass(frozen=True)
class Told:
    """What was said of one part of a metric, and the truth."""

    found: Attribution
    truth: float

    @property
    def is_right(self) -> bool:
        """Whether there is an interval, and it holds the truth."""
        low, high = self.found.low, self.found.high
        return low is not None and high is not None and low <= self.truth <= high


class TrueCurve:
    """What tenure truly does to a metric, veterans being 0 on average."""

    def __init__(self, metric: str, contacts: pl.DataFrame) -> None:
        self._effect = EFFECTS[metric]
        veterans = contacts.filter(pl.col("tenure_days") >= VETERAN_DAYS)
        self._level = {
            str(reason): np.average(
                self._effect(str(reason), own["tenure_days"].to_numpy()),
                weights=own["contacts"].to_numpy(),
            )
            for (reason,), own in veterans.group_by("reason")
        }

    def at(self, reason: str, tenure_days: Floats) -> Floats:
        """The effect on each day of tenure."""
        effect = self._effect(reason, tenure_days) - self._level[reason]
        return np.where(tenure_days < VETERAN_DAYS, effect, 0.0)

    def taken(self, reason: str, own: pl.DataFrame) -> float:
        """What replacement hires take from contacts about one reason."""
        hires = own.filter(pl.col("is_replacement"))
        effect = self.at(reason, hires["tenure_days"].to_numpy())
        return float(effect @ hires["contacts"].to_numpy()) / float(own["contacts"].sum())

    def normal(self, reason: str, own: pl.DataFrame) -> float:
        """What a team of the norm's turnover would take, where the team does not grow."""
        trained = a.TRAINING_CALENDAR_DAYS
        days = np.arange(trained, VETERAN_DAYS + 1)
        share = -np.diff(np.exp(-NORM_A_YEAR * (days - trained) / DAYS_A_YEAR))
        is_other = ~pl.col("is_replacement") & (pl.col("tenure_days") < VETERAN_DAYS)
        others = float(own.filter(is_other)["contacts"].sum()) / float(own["contacts"].sum())
        return (1 - others) * float(self.at(reason, days[:-1].astype(np.float64)) @ share)


def truth_of(found: Attribution, contacts: pl.DataFrame) -> float:
    """The true value of a standing cost or of the part of replacement hires."""
    curve = TrueCurve(found.metric, contacts)
    window = _by_reason(contacts, found.window_start, found.window_end)
    share = _shares(window)
    if found.part is Part.STANDING_COST:
        return sum(
            share[reason] * (curve.taken(reason, own) - curve.normal(reason, own))
            for reason, own in window.items()
        )
    reference = _by_reason(contacts, found.reference_start, found.reference_end)
    before = _shares(reference)
    return sum(
        (share[reason] + before[reason])
        / 2
        * (curve.taken(reason, own) - curve.taken(reason, reference[reason]))
        for reason, own in window.items()
    )


def _shares(period: dict[str, pl.DataFrame]) -> dict[str, float]:
    contacts = {reason: float(own["contacts"].sum()) for reason, own in period.items()}
    return {reason: own / sum(contacts.values()) for reason, own in contacts.items()}


def _by_reason(
    contacts: pl.DataFrame, first: date | None, last: date | None
) -> dict[str, pl.DataFrame]:
    inside = contacts.filter(pl.col("day") >= first, pl.col("day") <= last)
    return {str(reason): own for (reason,), own in inside.group_by("reason", maintain_order=True)}


def told(folders: Folders) -> list[Told]:
    """What the last night said of costs and replacement hires, where it said a figure."""
    with operations(folders.operations) as con:
        rows = attributions_in_force(con, LAST_NIGHT, LAST_NIGHT)
    known = [from_row(Attribution, row) for row in rows]
    with reading(folders.warehouse) as connection:
        contacts = {metric: _contacts(connection, metric) for metric in METRICS}
    return [
        Told(found, truth_of(found, contacts[found.metric]))
        for found in known
        if found.part in (Part.STANDING_COST, Part.REPLACEMENT) and found.gap is None
    ]


def _contacts(connection: duckdb.DuckDBPyConnection, metric: str) -> pl.DataFrame:
    found = connection.execute(CONTACTS, {"metric": metric}).pl()
    return found.with_columns(pl.col("is_replacement").fill_null(value=False)).sort(pl.all())


def judged(home: Path) -> Folders:
    """Build the warehouse of a made-up site and judge its nights; draw and send nothing."""
    settings = load_settings(home / "qos.toml")
    folders = settings.folders
    policy = load_policy(settings.policy, metric_kinds(settings.parameters))
    settings = with_contract(settings, policy)
    site = Site(folders, settings.feeds, settings.parameters, key_of(settings.key))
    with writing(folders), operations(folders.operations) as con:
        for entry in survey(settings.landing, settings.feeds, read_manifest(folders.manifest)).new:
            bring_in(entry, folders, site.key, NOW)
        manifest = read_manifest(folders.manifest)
        planned = planned_build(site, manifest, LAST_NIGHT, models_hash())
        with writing_clone(folders) as clone:
            renew(clone, site, manifest, planned, is_full=False)
        publish(folders)
        with reading(folders.warehouse) as connection:
            judge_night(connection, con, settings, policy, LAST_NIGHT, NOW)
    return folders


def lines(folder: Path, seed: int) -> Iterator[str]:
    """What is printed of one seed."""
    folders = judged(write_site(folder / str(seed), seed).folder)
    for one in told(folders):
        found, scale = one.found, 100 if one.found.metric == METRICS[0] else 1
        figures = [f"{(f or 0.0) * scale:+.2f}" for f in (found.estimate, found.low, found.high)]
        yield (
            f"| {seed} | {found.metric} | {found.part.value} | {figures[0]} | {figures[1]} to"
            f" {figures[2]} | {one.truth * scale:+.2f} | {'yes' if one.is_right else 'NO'} |"
        )
    with operations(folders.operations) as con:
        verdicts = read.verdicts_in_force(con, LAST_NIGHT, LAST_NIGHT)
        triggers = read.trigger_states_in_force(con, LAST_NIGHT, LAST_NIGHT)
    states = [f"{v['metric']} {v['state']}" for v in verdicts]
    states += [f"{t['trigger']}: {t['state']}" for t in triggers]
    yield f"| {seed} | {', '.join(states)} | | | | | |"
    shutil.rmtree(folder / str(seed))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    arguments = parser.parse_args()
    print("| seed | metric | part | estimate | 95 % interval | truth | inside |")
    print("|---:|---|---|---:|---|---:|---|")
    for seed in arguments.seeds:
        for line in lines(arguments.folder, seed):
            print(line, flush=True)


if __name__ == "__main__":
    main()
