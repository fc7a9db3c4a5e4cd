"""`qos dossier`: what a decision on repatriation rests on, on the night of a given day, as a file.

The figures are those of the warehouse, set back to that night: what was corrected since then counts
as corrected, what came later does not count. Verdicts, triggers and attributions are those that
were written down for that night. Nothing of the site is changed.
"""

import argparse
import os
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

from checks.policy import load_policy
from dashboards.marts import read_marts
from dashboards.render import render_dossier
from flows.costs import with_contract
from flows.custody import site_of
from flows.estimating import fill_in
from flows.marts import fill
from flows.pdf import browser, print_to_pdf
from flows.settings import Settings, load_settings
from warehouse import build, connect
from warehouse.errors import ConfigurationError
from warehouse.files import private_folder, put_in_place
from warehouse.folders import ElsewhereFolders
from warehouse.ledger import made_from
from warehouse.manifest import read_manifest
from warehouse.models import models_hash
from warehouse.night import renew
from warehouse.operations import read
from warehouse.operations.database import operations
from warehouse.operations.past import as_it_stood
from warehouse.sweep import scratch_folder


def run_dossier(arguments: argparse.Namespace) -> None:
    """`qos dossier [--as-of DATE]`: the file, and the same as PDF where there is a Chromium."""
    settings = load_settings(arguments.config, warehouse=arguments.warehouse)
    page = write_dossier(settings, arguments.as_of)
    print(page)
    chromium = browser()
    if chromium:
        print(print_to_pdf(page, chromium))
    else:
        print("No Chromium here to make a PDF: open the file in a browser and print it there.")


def write_dossier(settings: Settings, as_of: date | None) -> Path:
    """Write the dossier of the night of `as_of`, by default the last judged one; the HTML file.

    The same warehouse, operations.db and policy give the same bytes.

    Raises:
        ConfigurationError: that night was not judged, or is not in the warehouse.
    """
    policy = load_policy(settings.policy, build.metric_kinds(settings.parameters))
    settings = with_contract(settings, policy)
    folders = settings.folders
    if not folders.operations.exists():
        raise ConfigurationError(f"{folders.operations}: no night was run yet; run one: qos run")
    with operations(folders.operations) as con, scratch_folder(folders) as scratch:
        night = _judged_night(con, as_of)
        elsewhere = ElsewhereFolders(scratch / "warehouse.duckdb", folders)
        past = replace(settings, folders=elsewhere)
        _set_back(past, elsewhere, night)
        with as_it_stood(con, night) as known:
            fill(scratch / "marts", past, known, policy)
        html = render_dossier(read_marts(scratch / "marts"), settings.language)
    return _write(private_folder(folders.dossiers) / f"dossier_{night}.html", html)


def _judged_night(con: sqlite3.Connection, as_of: date | None) -> date:
    nights = read.judged_nights(con)
    if not nights:
        raise ConfigurationError("No night was judged yet; run one with: qos run")
    if as_of and as_of.isoformat() not in nights:
        raise ConfigurationError(
            f"The night of {as_of} was not judged; there are nights from {min(nights)} to"
            f" {max(nights)}."
        )
    return as_of or date.fromisoformat(max(nights))


def _set_back(past: Settings, folders: ElsewhereFolders, night: date) -> None:
    """A warehouse elsewhere, as the one in use is without the days after `night`."""
    # A night that is published meanwhile takes the name, not the file.
    os.link(folders.site.warehouse, folders.warehouse)
    with connect.reading(folders.warehouse) as connection:
        last = made_from.last_build(connection)
    if last is None or night > last.as_of:
        raise ConfigurationError(
            f"The warehouse does not reach {night}; run that night: qos run --as-of {night}"
        )
    if night == last.as_of:
        return
    site = site_of(past)
    manifest = read_manifest(folders.manifest)
    planned = made_from.planned_build(site, manifest, night, models_hash())
    with connect.writing_clone(folders) as clone:
        renew(clone, site, manifest, planned)
        fill_in(clone)
    folders.clone.replace(folders.warehouse)


def _write(path: Path, html: str) -> Path:
    temporary = path.with_name(f".{path.name}")
    temporary.write_text(html, encoding="utf-8")
    put_in_place(temporary, path)
    return path
