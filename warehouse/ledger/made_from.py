"""What a warehouse was made for and from, which tells whether it has to be made again."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from warehouse.errors import ConfigurationError
from warehouse.ledger import TABLES
from warehouse.ledger.site import Site
from warehouse.manifest import Manifest
from warehouse.pseudonyms import fingerprint


@dataclass(frozen=True)
class Build:
    """What a warehouse was made for and from."""

    as_of: date
    input_hash: str
    definition_hash: str
    key_fingerprint: str


def last_build(connection: duckdb.DuckDBPyConnection) -> Build | None:
    """What the warehouse at hand was made for and from; None for an empty one."""
    has_ledger = connection.execute(
        "select 1 from information_schema.tables where table_schema = 'ledger'"
    ).fetchone()
    row = connection.execute("from ledger.build").fetchone() if has_ledger else None
    return Build(*row) if row else None


def planned_build(site: Site, manifest: Manifest, as_of: date, models_hash: str) -> Build:
    """What tonight's warehouse will have been made for and from."""
    key = fingerprint(site.key)
    readings = {name: feed.reading(key) for name, feed in sorted(site.feeds.items())}
    said = [site.parameters.for_sql(), readings, models_hash, TABLES]
    definition = _hash([*said, sorted(manifest.erased), str(manifest.retained_from)])
    files = [
        [a.arrival, a.file, a.feed, sorted(manifest.released.get(a.file, ()))]
        for a in manifest.active
    ]
    return Build(as_of, _hash([str(as_of), definition, files]), definition, key)


def _hash(said: object) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def require_same_key(last: Build | None, planned: Build, key: Path) -> None:
    """Another key would give everybody another name.

    Raises:
        ConfigurationError: the warehouse was made with another key.
    """
    if last and last.key_fingerprint != planned.key_fingerprint:
        raise ConfigurationError(
            f"{key}: the warehouse was made with another key; put the old key back,"
            " or give everybody a new pseudonym with: qos rebuild"
        )
