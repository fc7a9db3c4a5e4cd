"""Random schedules of faults: three nights of messages, a Slack that misbehaves, deliveries that die.

Each delivery is a process of its own, on the real clock, and some are killed (SIGKILL) at a random
moment, not only between two steps. `bench/fault_schedules.py` runs a thousand; a few are tests.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from fake_slack import (
    CHANNEL,
    DIRECTOR,
    HANGING_FAULTS,
    PASSING_FAULTS,
    TOKEN,
    FakeSlack,
    Fault,
    serving,
)
from made_up_night import NIGHT, SITE, change, trigger_change

from checks.incidents import Change, Reason
from flows.delivery import MessagesLeft, SlackSettings, deliver
from flows.messages import change_rows, night_messages
from flows.pictures import Picture
from warehouse.operations import read, store
from warehouse.operations.database import operations

SETTLING_SECONDS = 2.5
LATE_SHARE = 0.4  # of it: what is late comes well within it, for the machine may be busy
TIMEOUT_SECONDS = 0.8
LONGEST_LIFE_SECONDS = 3.0
KILL_CHANCE = 0.5
MOST_DELIVERIES = 40
REFUSALS = ("invalid_auth", "token_revoked", "channel_not_found", "is_archived", "missing_scope")
FAULTS = (*PASSING_FAULTS, *HANGING_FAULTS, *REFUSALS)

# Schedules are played in processes that are forked from one that has imported what takes long.
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["flows.delivery", "flows.messages"])

PICTURE = Picture(b"\x89PNG of a line", "2 weeks", "from 80 % to 70 %")
ABOUT = replace(SITE, pictures={"service_level:all:all": PICTURE}, has_buttons=True)
OTHER = "norm:average_handle_time:all:all"
OVER = {"state": "resolved", "resolved_on": NIGHT}
NIGHTS: tuple[tuple[Change, ...], ...] = (
    (change(),),
    (trigger_change(), change(subject=OTHER), change(Reason.WORSENED)),
    (change(Reason.RECOVERED, **OVER), trigger_change(Reason.ESCALATED)),
)


@dataclass
class Outcome:
    """What became of one schedule; no problem is how it should be."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def run_schedule(seed: int, folder: Path, settling_seconds: float = SETTLING_SECONDS) -> Outcome:
    """Play one schedule in an empty folder; on a busy machine what is late takes longer."""
    chance = random.Random(seed)
    outcome = Outcome(Counter(schedules=1))
    slack = FakeSlack(now=time.time)
    path = folder / "operations.db"
    # The nursery first: a process with threads, which serving takes, must not be forked.
    with nursery(settling_seconds) as deliveries, serving(slack):
        for number, changes in enumerate(NIGHTS):
            _tell(path, number, changes)
            for _ in range(chance.randrange(7)):
                slack.faults.append(_fault(chance, outcome, LATE_SHARE * settling_seconds))
            _deliver(deliveries, path, slack, outcome, chance)
        for _ in range(MOST_DELIVERIES):
            if _deliver(deliveries, path, slack, outcome, chance) == 0:
                break
        else:
            outcome.problems.append(f"not done after {MOST_DELIVERIES} deliveries")
        time.sleep(settling_seconds)  # whatever is late would show by now
        _look(path, slack, outcome)
    outcome.problems = [f"seed {seed}: {problem}" for problem in outcome.problems]
    return outcome


def _tell(path: Path, number: int, changes: tuple[Change, ...]) -> None:
    now = datetime.now(UTC)
    with operations(path) as con:
        con.execute("pragma synchronous = off")  # no power cut is played here
        threads = read.threads(con)
        store.record_night(
            con,
            as_of=NIGHT + timedelta(days=number),
            input_hash="i1",
            policy_version="p1",
            verdicts=[],
            triggers=[],
            changes=change_rows(changes, threads, ABOUT),
            messages=night_messages(changes, [], threads, ABOUT),
            now=now,
        )


def _fault(chance: random.Random, outcome: Outcome, latest_seconds: float) -> Fault:
    name = chance.choice(FAULTS)
    outcome.counts["faults"] += 1
    outcome.counts[f"  {name}"] += 1
    return Fault(name, chance.uniform(0, latest_seconds))


def _deliver(
    deliveries: Connection, path: Path, slack: FakeSlack, outcome: Outcome, chance: random.Random
) -> int:
    """One delivery in a process of its own, which may be killed; its exit code."""
    outcome.counts["deliveries"] += 1
    life = LONGEST_LIFE_SECONDS * chance.random() ** 2  # mostly short: that is where the work is
    is_doomed = chance.random() < KILL_CHANCE and outcome.counts["deliveries"] < MOST_DELIVERIES / 2
    deliveries.send((path, slack.url))
    process = deliveries.recv()
    if is_doomed and not deliveries.poll(life):
        os.kill(process, signal.SIGKILL)
    code = int(deliveries.recv())
    if code == -signal.SIGKILL:
        outcome.counts["killed"] += 1
    elif code not in (0, MessagesLeft.exit_code):
        outcome.problems.append(f"a delivery ended with {code}")
    return code


@contextmanager
def nursery(settling_seconds: float) -> Iterator[Connection]:
    """A process that forks deliveries: give it (path, address), get a process ID, then its end."""
    ours, theirs = Pipe()
    process = get_context("fork").Process(
        target=_fork_deliveries, args=(ours, theirs, settling_seconds)
    )
    process.start()
    theirs.close()
    yield ours
    ours.close()
    process.join()


def _fork_deliveries(parents: Connection, connection: Connection, settling_seconds: float) -> None:
    parents.close()
    with suppress(EOFError):
        while True:
            path, address = connection.recv()
            process = os.fork()
            if process == 0:
                os._exit(deliver_once(path, address, settling_seconds))
            connection.send(process)
            connection.send(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))


def deliver_once(path: Path, address: str, settling_seconds: float) -> int:
    """What the process does: deliver what is left; its exit code says whether any is."""
    os.environ["SLACK_BOT_TOKEN"] = TOKEN
    settings = SlackSettings(CHANNEL, settling_seconds, address, TIMEOUT_SECONDS, director=DIRECTOR)
    try:
        with operations(path) as con:
            deliver(con, settings, now=lambda: datetime.now(UTC))
    except MessagesLeft as left:
        return left.exit_code
    return 0


def _look(path: Path, slack: FakeSlack, outcome: Outcome) -> None:
    """Every message exactly once in its channel, none lost, the parents edited to the last word."""
    with operations(path) as con:
        rows = read.outbox(con)
    wanted = Counter(
        (_channel(row), str(row["message_key"])) for row in rows if row["kind"] != "edit"
    )
    there = Counter((m["channel"], key_of(m)) for m in slack.all_messages())
    outcome.counts += Counter(
        requests=len(slack.calls),
        messages=wanted.total(),
        once=sum(1 for key in wanted if there[key] == 1),
        lost=(wanted - there).total(),
        doubled=(there - wanted).total(),
        pictures=sum(any(b["type"] == "image" for b in m["blocks"]) for m in slack.all_messages()),
    )
    outcome.problems += [f"lost {key}" for key in wanted - there]
    outcome.problems += [f"doubled {key}" for key in there - wanted]
    outcome.problems += [
        f"{row['message_key']} is {row['state']}" for row in rows if row["state"] != "sent"
    ]
    outcome.problems += slack.problems
    if not any(str(m["text"]).startswith("Resolved: ") for m in slack.parents()):
        outcome.problems.append("the parent does not say that it is over")


def _channel(row: dict[str, object]) -> str:
    return DIRECTOR if row["route"] == "director" else CHANNEL


def key_of(message: dict[str, Any]) -> str:
    """The key in a message's metadata."""
    return str(message["metadata"]["event_payload"]["message_key"])
