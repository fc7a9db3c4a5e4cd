"""Letting rows of a file in though a rule says no: the rule was wrong, not the rows."""

from datetime import datetime

import polars as pl

from warehouse.errors import ConfigurationError
from warehouse.ledger.site import Site
from warehouse.manifest import Arrival, add_release, named_arrival, read_manifest
from warehouse.raw import quarantine_path, reading_of
from warehouse.sources import raw_table_of
from warehouse.sources.columns import RULES


def release(site: Site, named: str, rule: str | None, now: datetime) -> tuple[Arrival, list[str]]:
    """Write down that rows of a file come in although they break `rule`, or whatever rule they do.

    What could not be read has no values to let in: only rules about values can be released, and of
    the rows only those that tables can hold come in. The file, and the rules that were released.

    Raises:
        ConfigurationError: there is no such file, or no row of it waits for this.
    """
    manifest = read_manifest(site.folders.manifest)
    arrival = named_arrival(manifest, named)
    feed = site.feeds[arrival.feed]
    before = manifest.released.get(arrival.file, frozenset())
    reading = reading_of(feed, site.key, before)
    path = quarantine_path(site.folders, arrival.feed, arrival.file, reading)
    if not path.exists():
        raise ConfigurationError(f"{arrival.name}: its rows are not read yet; first run: qos run")
    broken = set(pl.read_parquet(path, columns=["rule"])["rule"].to_list())
    releasable = sorted((broken & RULES[raw_table_of(feed)].keys()) - before)
    wanted = [name for name in releasable if rule in (None, name)]
    if not wanted:
        waiting = "; ".join(sorted(broken)) or "no row"
        raise ConfigurationError(
            f"{arrival.name}: no row in quarantine can be released{f' from {rule!r}' * bool(rule)};"
            f" there is: {waiting}"
        )
    for name in wanted:
        add_release(site.folders.manifest, arrival.file, name, now)
    return arrival, wanted
