"""The commands by which people decide what becomes of what was received."""

import argparse
import getpass
from datetime import UTC, datetime

from flows.settings import Settings, load_settings
from warehouse import pseudonyms
from warehouse.connect import writing
from warehouse.errors import ConfigurationError
from warehouse.identity import agent_of, forget
from warehouse.ledger.site import Site
from warehouse.operations.database import insert, operations
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


def run_forget(arguments: argparse.Namespace) -> None:
    """`qos forget --customer ID`: out of the archive, then everything made anew without him."""
    settings = load_settings(arguments.config, warehouse=arguments.warehouse)
    with writing(settings.folders):
        files = forget(site_of(settings), arguments.customer, datetime.now(UTC))
    if not files:
        print("Nothing that was received names this customer.")
        return
    print(f"Taken out of {files} files; making everything anew without it ...")
    from flows.on_demand import on_demand

    on_demand(str(arguments.config), warehouse=_text(arguments.warehouse), is_full=True)
    print(f"What still lies in {settings.landing} is not ours to change: remove it there.")


def run_who(arguments: argparse.Namespace) -> None:
    """`qos who PSEUDONYM [--reason TEXT]`: prints the agent's id, and leaves a trace.

    Raises:
        ConfigurationError: no agent in the archive has this pseudonym.
    """
    settings = load_settings(arguments.config, warehouse=arguments.warehouse)
    found = agent_of(site_of(settings), arguments.pseudonym)
    asked = {
        "asked_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "asked_by": getpass.getuser(),
        "pseudonym": arguments.pseudonym,
        "reason": arguments.reason,
        "was_found": int(found is not None),
    }
    with operations(settings.folders.operations) as con:
        insert(con, "identity_lookup", asked)
    if found is None:
        raise ConfigurationError(
            f"{arguments.pseudonym}: no agent in the archive has this pseudonym"
        )
    print(found)


def _text(path: object) -> str | None:
    return str(path) if path else None
