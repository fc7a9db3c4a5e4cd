"""A site with messages to send, the small Slack that gets them, and a clock that tests move."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from fake_slack import CHANNEL, DIRECTOR, FakeSlack, Fault, serving
from made_up_night import NIGHT, SITE

from checks.incidents import Change
from checks.telling import Telling
from flows.delivery import DeliveryReport, MessagesLeft, SlackSettings, deliver
from flows.messages import change_rows, night_messages
from flows.news import held_back
from flows.slack import Site as MessageSite
from warehouse.operations import read, store
from warehouse.operations.database import operations

SETTLING_SECONDS = 30.0
START = datetime(2000, 3, 10, 1, 15, tzinfo=UTC).timestamp()


class Killed(BaseException):
    """The process dies here."""


@dataclass
class Clock:
    """Time that passes only when somebody sleeps; may kill whoever looks at it once too often."""

    seconds: float = START
    looks_left: int = 10**9
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        self.looks_left -= 1
        if self.looks_left < 0:
            raise Killed
        return datetime.fromtimestamp(self.seconds, UTC)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


@dataclass
class Site:
    """operations.db, Slack and the clock of one test."""

    con: sqlite3.Connection
    slack: FakeSlack
    clock: Clock
    timeout_seconds: float = 5.0
    said: list[str] = field(default_factory=list)
    about: MessageSite = SITE
    telling: Telling = field(default_factory=Telling)

    def settings(self, channel: str = CHANNEL) -> SlackSettings:
        return SlackSettings(
            channel,
            SETTLING_SECONDS,
            self.slack.url,
            self.timeout_seconds,
            director=DIRECTOR if channel else "",
        )

    def deliver(self, channel: str = CHANNEL) -> DeliveryReport:
        return deliver(
            self.con,
            self.settings(channel),
            now=self.clock.now,
            sleep=self.clock.sleep,
            say=self.said.append,
        )

    def deliver_until_nothing_is_left(self) -> None:
        for _ in range(20):
            try:
                self.deliver()
            except MessagesLeft:
                self.clock.seconds += 3600
            else:
                return
        raise AssertionError("twenty deliveries did not suffice")

    def fail_with(self, *names: str, late_seconds: float = 0.0, retry_after: int = 0) -> None:
        self.slack.faults.extend(Fault(name, late_seconds, retry_after) for name in names)

    def tell(self, *changes: Change) -> None:
        """One night's changes and their messages."""
        threads = read.threads(self.con)
        now = datetime.fromtimestamp(self.clock.seconds, UTC)
        news = night_messages(changes, [], threads, self.about)
        nights = len(read.judged_nights(self.con))
        store.record_night(
            self.con,
            as_of=NIGHT.replace(day=NIGHT.day + nights),
            input_hash="i1",
            policy_version="p1",
            verdicts=[],
            triggers=[],
            changes=change_rows(changes, threads, self.about),
            messages=held_back(news, self.telling, "Europe/Paris", now),
            now=now,
        )

    def keys(self) -> list[str]:
        """Keys of all that is in Slack once nothing more can be on its way."""
        self.clock.seconds += 3600
        return self.slack.keys()

    def states(self) -> list[object]:
        return [row["state"] for row in read.outbox(self.con)]


@contextmanager
def made_site(folder: Path, empty: bytes) -> Iterator[Site]:
    clock = Clock()
    slack = FakeSlack(now=lambda: clock.seconds)
    path = folder / "operations.db"
    path.write_bytes(empty)
    with operations(path) as con, serving(slack):
        con.execute("pragma synchronous = off")  # no power cut is tested here
        yield Site(con, slack, clock)


def use_clock(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the SDK wait in our time when Slack tells it to wait."""
    time_of_sdk = SimpleNamespace(sleep=clock.sleep)
    monkeypatch.setattr("slack_sdk.http_retry.builtin_handlers.time", time_of_sdk)
