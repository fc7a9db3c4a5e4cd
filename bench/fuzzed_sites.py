"""Sites that are given one damaged file after the other, and account for every record of them.

A file goes the way that nights have: landing, archive, raw and quarantine; then a night is built on
all that came in, checked, and its accounts are held against what the files have.
"""

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import duckdb
from nights import KEY, NOW, NightSite

from checks.validate import reject_if_critical, validate
from warehouse import landing
from warehouse.errors import DataRejected
from warehouse.manifest import read_manifest
from warehouse.mart_models import mart_sql
from warehouse.sources import Feed

PARIS = "Europe/Paris"
FEEDS: dict[str, dict[str, Any]] = {
    "defaults": {},
    "french": {"encoding": "cp1252", "separator": ";", "decimal_comma": True,
               "date_format": "%d/%m/%Y %H:%M"},
    "asterisk": {"adapter": "asterisk"},
    "amazon_connect": {"adapter": "amazon_connect"},
    "genesys_cloud": {"adapter": "genesys_cloud"},
    "anonymous_bank": {"adapter": "anonymous_bank"},
}  # fmt: skip
AS_OF = "2000-03-01"
CLIMB = "a/b/c/d/e/f"  # whoever climbs out of a site is still seen
OURS = ("landing", "site")  # what lies in a site's home
USES = ("legs", "no_calls", "pending", "unknown", "replaced")


@dataclass
class FuzzedSites:
    """The sites of one batch, below `home`; counts, faults and notes go on from batch to batch.

    A night whose data is rejected as a whole is no fault of ours; it is noted.
    """

    home: Path
    counts: Counter[str]
    faults: list[str]
    notes: list[str]
    sites: dict[str, NightSite] = field(default_factory=dict)
    records: dict[tuple[str, str], int | None] = field(default_factory=dict)

    def take(self, site: str, feed: str, content: bytes, records: int | None) -> None:
        """Bring one file in, or see it refused; `records` is how many it has, if that is known."""
        self.counts["files"] += 1
        name = f"roster_2000-01-01.{self.counts['files']}"
        at = self._site(site)
        at.put(f"{feed}/{name}", content)
        settings = at.site().feeds[feed]
        entry = landing.Landed(settings, at.landing / feed / name)
        try:
            if landing.bring_in(entry, at.folders, KEY, NOW):
                self.records[site, name] = records
            else:
                self.counts["came before"] += 1
        except DataRejected:
            self.counts["refused"] += 1
        except Exception as error:  # noqa: BLE001  (to count them is what this is for)
            self._fault("tracebacks", f"{site} {feed}", error, content)
        entry.path.unlink()

    def end(self) -> None:
        """Run a night on each site, and hold its accounts against the files."""
        for name, site in self.sites.items():
            try:
                self._night(name, site)
            except Exception as error:  # noqa: BLE001  (counted like those above)
                self._fault("tracebacks", f"{name}, the night", error, b"")
        homes = [site.home for site in self.sites.values()]
        for path in self.home.rglob("*"):
            if not any(_is_theirs(path, home) for home in homes):
                self._fault("written elsewhere", str(path), Exception(), b"")

    def _site(self, name: str) -> NightSite:
        if name not in self.sites:
            home = self.home / CLIMB / name
            home.mkdir(parents=True)
            feeds = {"calls": Feed("calls", PARIS, **FEEDS[name])}
            if name == "french":
                feeds["roster"] = Feed("roster", PARIS, **FEEDS[name])
            self.sites[name] = NightSite(home, PARIS, feeds=feeds)
        return self.sites[name]

    def _night(self, name: str, site: NightSite) -> None:
        if not read_manifest(site.folders.manifest).arrivals:
            return
        site.night(AS_OF)
        self.counts["nights"] += 1
        with duckdb.connect(site.folders.warehouse, read_only=True) as connection:
            for row in connection.execute(mart_sql("files")).pl().iter_rows(named=True):
                self._account(name, row)
            try:
                reject_if_critical(validate(connection))
            except DataRejected as rejection:
                self.counts["nights rejected"] += 1
                self.notes.append(f"{name}: {rejection}")

    def _account(self, site: str, row: dict[str, Any]) -> None:
        self.counts["records"] += row["rows_read"]
        self.counts["quarantined"] += row["rows_quarantined"]
        self.counts["repeated"] += row["rows_repeated"]
        said = row["rows_loaded"] + row["rows_quarantined"] + row["rows_repeated"]
        known = self.records[site, row["name"]]
        used = sum(row[f"rows_{use}"] or 0 for use in USES)
        is_used = row["feed"] != "calls" or used == row["rows_loaded"]
        if said != row["rows_read"] or known not in (None, said) or not is_used:
            self._fault("unaccounted", f"{site}: {known} records are {row}", Exception(), b"")

    def _fault(self, kind: str, where: str, error: Exception, content: bytes) -> None:
        self.counts[kind] += 1
        self.faults.append(
            f"{kind}: {where}: {type(error).__name__} {str(error)[:300]} {content[:300]!r}"
        )


def _is_theirs(path: Path, home: Path) -> bool:
    return home.is_relative_to(path) or any(path.is_relative_to(home / name) for name in OURS)
