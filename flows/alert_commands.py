"""The commands about alerts: deliver, ack, snooze, listen, test-alert.

Modules that take long to load are imported by the command that needs them.
"""

import argparse
import getpass
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flows.options import day
from warehouse.errors import ConfigurationError

if TYPE_CHECKING:
    from checks.policy import Policy
    from flows.settings import Settings

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_commands(commands: "Commands") -> None:
    """Add them to the command line."""
    deliver = _added(commands, "deliver", _deliver, "send what is left in the outbox")
    for option, said in (("--arrived", "it is in the channel"), ("--resend", "it is not")):
        deliver.add_argument(
            option,
            type=int,
            action="append",
            default=[],
            metavar="NUMBER",
            help=f"of a message of unknown fate, somebody saw that {said}; see qos show outbox",
        )
    for name, run, said in (
        ("ack", _acknowledge, "say that an incident has been seen: no more reminders"),
        ("snooze", _acknowledge, "silence an incident until a day, unless it gets worse"),
    ):
        parser = _added(commands, name, run, said)
        parser.add_argument("incident", help="its id or the beginning of it; qos show incidents")
        parser.add_argument("--by", help="who says so; whoever is logged in if left out")
    parser.add_argument(
        "--until", type=day, required=True, metavar="DATE", help="silent until then"
    )
    _added(commands, "listen", _listen, "take clicks on alerts, and say what is due; stays")
    test = _added(commands, "test-alert", _test_alert, "send a message that tests the way")
    test.add_argument("--route", choices=("manager", "director"), default="manager")


def _added(commands: "Commands", name: str, run: object, said: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=said)
    parser.add_argument("--config", type=Path, default=Path("qos.toml"), help="the site's settings")
    parser.set_defaults(run=run)
    return parser


def _site(arguments: argparse.Namespace) -> "tuple[Settings, Policy]":
    from checks.policy import load_policy
    from flows.settings import load_settings
    from warehouse.build import metric_kinds

    settings = load_settings(arguments.config)
    return settings, load_policy(settings.policy, metric_kinds(settings.parameters))


@contextmanager
def _outbox(settings: "Settings") -> Iterator[sqlite3.Connection]:
    from warehouse.operations.database import operations

    path = settings.folders.operations
    if not path.parent.exists():
        raise ConfigurationError(f"{path}: no night was run yet; run one with: qos run")
    with operations(path) as con:
        yield con


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _deliver(arguments: argparse.Namespace) -> None:
    from warehouse.operations import store

    settings, policy = _site(arguments)
    with _outbox(settings) as con:
        for numbers, has_arrived in ((arguments.arrived, True), (arguments.resend, False)):
            for number in numbers:
                if not store.settle(con, number, has_arrived=has_arrived, now=_utc_now()):
                    raise ConfigurationError(f"outbox {number}: no message of unknown fate")
        _send(con, settings, policy)


def _send(con: sqlite3.Connection, settings: "Settings", policy: "Policy") -> None:
    from flows.sending import send_what_is_left

    report = send_what_is_left(con, settings, policy, _utc_now)
    print(f"{report.sent} sent, {report.printed} printed, {report.held} held back.")


def _acknowledge(arguments: argparse.Namespace) -> None:
    from flows.answers import Answer, Outcome, note_answer
    from flows.wording import load_words

    settings, policy = _site(arguments)
    words = load_words(settings.language)
    now = _utc_now().astimezone(ZoneInfo(settings.parameters.time_zone))
    until = getattr(arguments, "until", None)
    with _outbox(settings) as con:
        incident_id = _incident(con, arguments.incident)
        who = arguments.by or getpass.getuser()
        key = f"command:{now.astimezone(UTC).isoformat()}:{who}"
        answer = Answer(incident_id, who, "command", key, until)
        outcome = note_answer(con, answer, words, now)
        if outcome is not Outcome.NOTED:
            raise ConfigurationError(f"{incident_id}: {words['answers'][outcome.value]}")
        print(f"{incident_id}: noted, by {who}.")
        _send(con, settings, policy)


def _incident(con: sqlite3.Connection, named: str) -> str:
    """The one open incident whose id begins so."""
    from warehouse.operations import read

    ids = [str(row["incident_id"]) for row in read.open_incidents(con)]
    found = [incident_id for incident_id in ids if incident_id.startswith(named)]
    if len(found) == 1 or named in found:
        return named if named in found else found[0]
    known = ", ".join(found or ids) or "none"
    raise ConfigurationError(
        f"{named!r} names {len(found) or 'no'} open incident{'s' * (len(found) > 1)};"
        f" there are: {known}"
    )


def _listen(arguments: argparse.Namespace) -> None:
    from flows.listener import Listener, listen, missing_tokens
    from flows.slack_settings import APP_TOKEN_VARIABLE, token_from_environment
    from warehouse.files import private_folder

    settings, policy = _site(arguments)
    bot, app = token_from_environment(), token_from_environment(APP_TOKEN_VARIABLE)
    missing = missing_tokens(bot, app)
    if missing:
        raise ConfigurationError(*missing)
    private_folder(settings.folders.home)
    stop = threading.Event()
    for sent in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sent, lambda *_: stop.set())
    if not settings.slack.buttons:
        print("Messages have buttons once qos.toml says: [slack] buttons = true")
    slack = settings.slack.routed(policy.telling.channels)
    listen(Listener(settings, slack, bot or "", app or "", _utc_now, _say), stop)


def _say(text: str) -> None:
    print(text, flush=True)


def _test_alert(arguments: argparse.Namespace) -> None:
    from flows.messages import standing_row
    from flows.slack import test_alert
    from flows.wording import load_words
    from warehouse.files import private_folder
    from warehouse.operations import store

    settings, policy = _site(arguments)
    private_folder(settings.folders.home)
    now = _utc_now()
    message = test_alert(settings.name, settings.page, load_words(settings.language))
    row = standing_row(f"test:{now.isoformat()}", message) | {"route": arguments.route}
    with _outbox(settings) as con:
        store.add_messages(con, [row], now)
        _send(con, settings, policy)
