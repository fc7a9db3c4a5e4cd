"""Nights without Prefect: files in, tables out, on the real DuckDB. For tests of the warehouse.

Small data is a picture: pipe tables, whose first line is the header.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from warehouse import connect, kept, landing
from warehouse.errors import DataRejected, Fault
from warehouse.folders import Folders
from warehouse.ledger import made_from
from warehouse.ledger.site import Site
from warehouse.manifest import read_manifest
from warehouse.models import models_hash
from warehouse.night import renew
from warehouse.parameters import Parameters
from warehouse.pseudonyms import pseudonym
from warehouse.sources import Feed
from warehouse.sources.columns import FEEDS

KEY = bytes(range(32))
NOW = datetime(2001, 1, 1, tzinfo=UTC)


def csv_of(table: str) -> str:
    """A pipe table as CSV."""
    lines = [line for line in table.strip().splitlines() if line.strip()]
    rows = [[cell.strip() for cell in line.strip().split("|")] for line in lines]
    return "\n".join(",".join(row) for row in rows) + "\n"


def hidden(identity: str) -> str:
    """The pseudonym that an identity has in these tests."""
    return pseudonym(identity, KEY)


@dataclass
class NightSite:
    """A site in a folder of its own."""

    home: Path
    zone: str = "Europe/Paris"
    parameters: dict[str, Any] = field(default_factory=dict)
    feeds: dict[str, Feed] = field(default_factory=dict)
    rows_written: dict[str, int] = field(default_factory=dict)
    redefined: tuple[str, ...] = ()
    now: datetime = NOW
    kept_warehouses: int = 2

    @property
    def folders(self) -> Folders:
        return Folders(self.home / "site" / "warehouse.duckdb")

    @property
    def landing(self) -> Path:
        return self.home / "landing"

    def put(self, name: str, content: str | bytes) -> None:
        """Deliver a file, `calls/monday.csv` for example."""
        path = self.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def site(self) -> Site:
        feeds = {name: Feed(name, self.zone) for name in FEEDS} | self.feeds
        return Site(
            self.folders,
            feeds,
            Parameters(self.zone, **self.parameters),
            KEY,
        )

    def load(self) -> None:
        """Bring in what is new in the landing folder."""
        faults: list[Fault] = []
        self.landing.mkdir(exist_ok=True)
        site = self.site()
        for entry in landing.survey(
            self.landing, site.feeds, read_manifest(self.folders.manifest)
        ).new:
            try:
                landing.bring_in(entry, self.folders, KEY, self.now)
            except DataRejected as rejection:
                faults += rejection.faults
        if faults:
            raise DataRejected(*faults)

    def night(self, as_of: date | str, *, is_full: bool = False) -> None:
        """Load, build and publish."""
        self.load()
        site = self.site()
        as_of = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
        manifest = read_manifest(self.folders.manifest)
        planned = made_from.planned_build(site, manifest, as_of, models_hash())
        with connect.writing(self.folders), connect.writing_clone(self.folders) as clone:
            renewal = renew(clone, site, manifest, planned, is_full=is_full)
            self.rows_written, self.redefined = renewal.rows_written, renewal.redefined
        kept.publish(self.folders, self.kept_warehouses)

    def ask(self, query: str, **values: object) -> list[tuple[object, ...]]:
        """Rows of the published warehouse."""
        with connect.reading(self.folders.warehouse) as connection:
            return connection.execute(query, values or None).fetchall()

    def figure(self, metric: str, grain: str, period_end: str) -> tuple[object, ...]:
        """Numerator and denominator of a metric of the whole service."""
        return self.ask(
            "select numerator, denominator from metrics.period where metric = $metric"
            " and grain = $grain and period_end = $period_end and scope_kind = 'all'",
            metric=metric, grain=grain, period_end=period_end,
        )[0]  # fmt: skip

    def tables(self) -> dict[str, list[tuple[object, ...]]]:
        """Every table but the ledger, in a total order; where a row was read is left out."""
        with connect.reading(self.folders.warehouse) as connection:
            names = connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables()"
                " where schema_name <> 'ledger' order by all"
            ).fetchall()
            return {name: self._rows(connection, name) for (name,) in names}

    def _rows(self, connection: object, name: str) -> list[tuple[object, ...]]:
        left_out = {"staging.calls": "exclude (file, line)"}.get(name, "")
        return self.ask(f"select * {left_out} from {name} order by all")
