"""The two ways from a person to what is kept of him, for those who have a right to go them."""

from datetime import datetime

import polars as pl

from warehouse.erasure import Erasure, erase
from warehouse.ledger.site import Site
from warehouse.manifest import Arrival, Manifest, add_erasure, read_manifest
from warehouse.pseudonyms import hide, pseudonym
from warehouse.raw import quarantine_path, raw_path, reading_of, readings
from warehouse.sources.callers import customer as as_caller

# Where agents are named, the shortest lists first.
AGENTS_IN = ("roster", "training", "evaluations", "calls")


def agent_of(site: Site, wanted: str) -> str | None:
    """The archived agent id that has this pseudonym, by trying all of them; None if none has."""
    arrivals = read_manifest(site.folders.manifest).arrivals
    for feed in AGENTS_IN:
        for arrival in arrivals:
            if arrival.feed == feed and (found := _agent_in(site, arrival, wanted)):
                return found
    return None


def _agent_in(site: Site, arrival: Arrival, wanted: str) -> str | None:
    archived = site.folders.archive / arrival.feed / arrival.file
    for reading in readings(archived, arrival.file, site.feeds[arrival.feed], arrival.name):
        for name in reading.rows["agent_id"].drop_nulls().unique().to_list():
            if name.strip() and pseudonym(name, site.key) == wanted:
                return str(name).strip()
    return None


def forget(site: Site, customer: str, now: datetime) -> int:
    """Take a customer out of the archive; how many files named him.

    His calls stay, without saying whose they were: the service's figures are what they were, but
    for those that follow customers. The tables follow when they are made anew.
    """
    manifest = read_manifest(site.folders.manifest)
    codes = {feed.country_code for feed in site.feeds.values()}
    names = {customer.strip(), *(as_caller(customer, code) or "" for code in codes)} - {""}
    holding = {a.file: () for a in manifest.arrivals if _names(site, manifest, a, names)}
    files = erase(site, manifest, Erasure(holding, frozenset(names)))
    if files:
        add_erasure(site.folders.manifest, files, None, now)
    return len(files)


def _names(site: Site, manifest: Manifest, arrival: Arrival, names: set[str]) -> bool:
    """Whether a file names the customer, in a row or in the text of one that was rejected.

    A file that was not read yet, or not in this way, is taken for one that does.
    """
    released = manifest.released.get(arrival.file, frozenset())
    reading = reading_of(site.feeds[arrival.feed], site.key, released)
    place = (site.folders, arrival.feed, arrival.file, reading)
    raw, rejected = raw_path(*place), quarantine_path(*place)
    if not (raw.exists() and rejected.exists()):
        return True
    hidden = hide(pl.Series(sorted(names)), site.key).to_list()
    columns = pl.read_parquet_schema(raw)
    theirs = pl.scan_parquet(raw).filter(
        pl.col("customer_id").is_in(hidden) if "customer_id" in columns else pl.lit(value=False)
    )
    said = pl.scan_parquet(rejected).filter(
        pl.col("text").str.contains_any(sorted(names), ascii_case_insensitive=True)
    )
    return any(rows.limit(1).collect().height for rows in (theirs, said))
