"""The commands about what was received: withdraw, release, forget, who.

Modules that take long to load are imported by the command that needs them.
"""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flows.options import add_site, warehouse_of

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_commands(commands: "Commands") -> None:
    """Add them to the command line."""
    _add_withdraw(commands.add_parser("withdraw", help="take a whole file out again"))
    _add_release(commands.add_parser("release", help="let rows in that a wrong rule kept out"))
    _add_forget(commands.add_parser("forget", help="take a customer out of all that is kept"))
    _add_who(commands.add_parser("who", help="which agent a pseudonym is; leaves a trace"))


def _add_withdraw(parser: argparse.ArgumentParser) -> None:
    add_site(parser)
    parser.add_argument("hash", help="the beginning of the file's hash; see qos show files")
    parser.set_defaults(run=_withdraw)


def _add_release(parser: argparse.ArgumentParser) -> None:
    add_site(parser)
    parser.add_argument("hash", help="the beginning of the file's hash; see qos show quarantine")
    parser.add_argument("--rule", help="only rows that broke this rule; else whatever rule")
    parser.set_defaults(run=_release)


def _add_forget(parser: argparse.ArgumentParser) -> None:
    add_site(parser)
    parser.add_argument("--customer", required=True, help="the customer's id, as exports have it")
    parser.set_defaults(run=_forget)


def _add_who(parser: argparse.ArgumentParser) -> None:
    add_site(parser)
    parser.add_argument("pseudonym", help="16 hex digits")
    parser.add_argument("--reason", help="why you ask; kept with your name and the time")
    parser.set_defaults(run=_who)


def _withdraw(arguments: argparse.Namespace) -> None:
    from warehouse.connect import writing
    from warehouse.folders import Folders
    from warehouse.manifest import add_withdrawal

    folders = Folders(warehouse_of(arguments))
    with writing(folders):
        out = add_withdrawal(folders.manifest, arguments.hash, datetime.now(UTC))
    print(f"{out.feed}/{out.name} is out, for good, from the next run on: qos run")


def _release(arguments: argparse.Namespace) -> None:
    from flows.custody import run_release

    run_release(arguments)


def _forget(arguments: argparse.Namespace) -> None:
    from flows.custody import run_forget

    run_forget(arguments)


def _who(arguments: argparse.Namespace) -> None:
    from flows.custody import run_who

    run_who(arguments)
