"""Where a site keeps its things: all beside the warehouse file."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Folders:
    """The places of one site. `warehouse` is the DuckDB file in use; the rest lies beside it."""

    warehouse: Path

    @property
    def home(self) -> Path:
        return self.warehouse.parent

    @property
    def archive(self) -> Path:
        return self.home / "archive"

    @property
    def manifest(self) -> Path:
        return self.archive / "manifest.jsonl"

    @property
    def raw(self) -> Path:
        return self.home / "raw"

    @property
    def quarantine(self) -> Path:
        return self.home / "quarantine"

    @property
    def key(self) -> Path:
        return self.home / "key"

    @property
    def operations(self) -> Path:
        return self.home / "operations.db"

    @property
    def marts(self) -> Path:
        return self.home / "marts"

    @property
    def pages(self) -> Path:
        return self.home / "pages"

    @property
    def dossiers(self) -> Path:
        return self.home / "dossiers"

    @property
    def lock(self) -> Path:
        return self.home / f".{self.warehouse.name}.lock"

    @property
    def delivery_lock(self) -> Path:
        return self.home / ".outbox.lock"

    @property
    def clone(self) -> Path:
        """The night's own copy of the warehouse, until it is published."""
        return self.home / f".{self.warehouse.name}.next"

    @property
    def frozen(self) -> Path:
        """Aggregates of days whose calls retention has removed."""
        return self.home / "frozen"

    @property
    def kept(self) -> Path:
        """The warehouses of earlier nights."""
        return self.home / "kept"

    @property
    def damaged(self) -> Path:
        """A warehouse that did not open any more."""
        return self.home / f"{self.warehouse.name}.damaged"

    @property
    def rejected(self) -> Path:
        return self.home / f"{self.warehouse.name}.rejected"


@dataclass(frozen=True)
class ElsewhereFolders(Folders):
    """A second warehouse, somewhere else, over the files of `site`: what was received is there."""

    site: Folders

    @property
    def archive(self) -> Path:
        return self.site.archive

    @property
    def raw(self) -> Path:
        return self.site.raw

    @property
    def quarantine(self) -> Path:
        return self.site.quarantine

    @property
    def key(self) -> Path:
        return self.site.key

    @property
    def operations(self) -> Path:
        return self.site.operations
