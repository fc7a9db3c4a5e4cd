"""The commands by which people decide what becomes of what was received."""

import argparse
from datetime import UTC, datetime

from flows.settings import Settings, load_settings
from warehouse import pseudonyms
from warehouse.connect import writing
from warehouse.ledger import Site
from warehouse.release import release


def site_of(settings: Settings) -> Site:
    """What reading the files of a site takes."""
    key = pseudonyms.key_of(settings.key)
    return Site(settings.folders, settings.feeds, settings.parameters, key)


def run_release(arguments: argparse.Namespace) -> None:
    """`qos release HASH [--rule RULE]`."""
    settings = load_settings(arguments.config, warehouse=arguments.warehouse)
    with writing(settings.folders):
        file, rules = release(site_of(settings), arguments.hash, arguments.rule, datetime.now(UTC))
    print(f"{file.feed}/{file.name}: from the next run on, rows come in that break:")
    print("\n".join(f"  {rule}" for rule in rules))
