"""The weekly digest: on Monday, whatever happened, and once."""

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from made_up_night import SITE, incident, trigger_state, verdict
from slack_limits import problems

from checks.incidents import Acknowledgement, Incident
from checks.triggers import TriggerLevel
from checks.verdicts import State, Verdict
from flows.block_kit import Message, lines_of
from flows.digest import digest_for, digest_sunday
from flows.messages import Row
from flows.news import night_news
from flows.records import to_row
from warehouse.operations import read, store
from warehouse.operations.database import operations

SUNDAY = date(2000, 3, 12)
NOW = datetime(2000, 3, 13, 1, 15, tzinfo=UTC)


def norm(metric: str, state: str, **changed: Any) -> Verdict:
    return verdict(
        as_of=SUNDAY, norm=f"{metric}:all:all", metric=metric, state=State(state), **changed
    )


def told(message: Message) -> list[str]:
    assert problems({"text": message.text, "blocks": message.blocks}) == []
    return lines_of(json.loads(message.payload())).splitlines()


def digest(
    *verdicts: Verdict,
    incidents: tuple[Incident, ...] = (),
    seen: dict[str, Acknowledgement] | None = None,
    faults: tuple[str, ...] = (),
    language: str = "en",
) -> list[str]:
    triggers = [trigger_state(state=TriggerLevel.CLEAR)] if verdicts else []
    site = replace(SITE, language=language)
    return told(digest_for(SUNDAY, verdicts, triggers, incidents, seen or {}, site, faults))


def test_a_good_week_says_so() -> None:
    assert digest(norm("service_level", "met", value=0.83, low=0.81, high=0.85)) == [
        "Week 6 to 12 March 2000: every norm is kept",
        "Met: service level, 83.0 % [81.0 % to 85.0 %] against at least 80.0 %.",
        "Repatriation trigger quality of service: clear, since 9 March 2000.",
        "No alert is open.",
        "Malakoff. This comes every Monday, also when all is well.",
        "Open the page: https://qos.example/site.html",
    ]


def test_the_worst_comes_first() -> None:
    lines = digest(
        norm("service_level", "met"),
        norm("abandonment_rate", "too_few"),
        norm("average_handle_time", "at_risk"),
        norm("first_call_resolution", "breached"),
    )
    assert lines[0] == "Week 6 to 12 March 2000: 2 of 4 norms breached or at risk"
    assert [line.split(":")[0] for line in lines[1:5]] == [
        "Breached", "At risk", "Too few", "Met",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("states", "headline"),
    [
        (["met", "too_few"], "1 of 2 norms kept, the rest could not be judged"),
        (["breached", "met"], "1 of 2 norms breached or at risk"),
        (["stale", "no_data"], "nothing could be judged"),
        ([], "nothing could be judged"),
    ],
)
def test_the_headline_never_calls_good_what_nobody_knows(states: list[str], headline: str) -> None:
    verdicts = [norm(f"metric_{n}", state) for n, state in enumerate(states)]
    assert digest(*verdicts)[0] == f"Week 6 to 12 March 2000: {headline}"


def test_open_incidents_are_listed_with_who_has_seen_them() -> None:
    trigger = incident(incident_id="t", subject="trigger:quality", severity="triggered")
    snoozed = incident(incident_id="s", opened_on=date(2000, 3, 1))
    back = incident(incident_id="b", reopened_on=date(2000, 3, 11))
    seen = {
        "t": Acknowledgement("t", None),
        "s": Acknowledgement("s", date(2000, 3, 20)),
    }
    quiet = (incident(state="resolved", resolved_on=SUNDAY), incident(is_muted=True))
    lines = digest(incidents=(trigger, back, snoozed, *quiet), seen=seen)
    assert lines[1:4] == [
        "Open: Service level breaches its norm, since 1 March 2000, snoozed until 20 March 2000.",
        "Open: Repatriation trigger fired: quality of service, since 9 March 2000, acknowledged.",
        "Open: Service level breaches its norm, since 11 March 2000.",
    ]


def test_long_lists_are_cut() -> None:
    verdicts = [norm(f"metric_{n:02}", "breached") for n in range(27)]
    incidents = tuple(incident(incident_id=str(n)) for n in range(17))
    lines = digest(*verdicts, incidents=incidents)
    assert lines.count("And 7 more") == 1
    assert lines.count("and 7 more") == 1


def test_a_week_that_ends_with_rejected_data_says_so() -> None:
    lines = digest(faults=("calls.csv: is empty.",))
    assert lines[:2] == [
        "Week 6 to 12 March 2000: nothing could be judged",
        "Data rejected: calls.csv: is empty.",
    ]


def test_it_speaks_french() -> None:
    lines = digest(norm("service_level", "met"), language="fr")
    assert [re.sub("[\u00a0\u202f]", " ", line) for line in lines[:4]] == [
        "Semaine du 6 au 12 mars 2000 : toutes les normes sont tenues",
        "Tenue – niveau de service, 77,4 % [75,1 % à 79,6 %] pour une norme d’au moins 80,0 %.",
        "Seuil de réinternalisation, qualité de service : non franchi, depuis le 9 mars 2000.",
        "Aucune alerte en cours.",
    ]


@pytest.mark.parametrize(
    ("nights", "sunday"),
    [
        ([SUNDAY], SUNDAY),
        ([SUNDAY - timedelta(days=1)], None),
        ([SUNDAY + timedelta(days=n) for n in (-1, 0, 1)], SUNDAY),  # Sunday was missed
        ([SUNDAY + timedelta(days=n) for n in range(-20, 3)], SUNDAY),
    ],
)
def test_it_is_due_when_a_sunday_is_told(nights: list[date], sunday: date | None) -> None:
    assert digest_sunday(nights) == sunday


@pytest.fixture
def con(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with operations(tmp_path / "operations.db") as con:
        yield con


def night(con: sqlite3.Connection, as_of: date, *before: date, input_hash: str = "i1") -> list[Row]:
    """Judge a night on which all is well, and return its messages."""
    nights = [*before, as_of]
    verdicts = [verdict(as_of=one, state=State.MET, is_backfilled=one != as_of) for one in nights]
    rows = night_news(con, nights, [], verdicts, [], SITE)
    store.record_night(
        con,
        as_of=as_of,
        input_hash=input_hash,
        policy_version="p1",
        verdicts=[to_row(verdicts[-1])],
        triggers=[],
        changes=[],
        messages=rows,
        now=NOW,
    )
    return rows


def kinds(rows: list[Row]) -> list[str]:
    return [str(row["message_key"]).split(":")[0] for row in rows]


def test_it_is_said_once_a_week(con: sqlite3.Connection) -> None:
    assert kinds(night(con, SUNDAY - timedelta(days=1))) == []
    assert kinds(night(con, SUNDAY)) == ["digest"]
    assert kinds(night(con, SUNDAY, input_hash="i2")) == []  # a late file
    assert kinds(night(con, SUNDAY + timedelta(days=1))) == []
    assert kinds(night(con, SUNDAY + timedelta(days=7))) == ["digest"]
    assert len(read.outbox(con)) == 2


def test_a_sunday_that_was_missed_is_told_with_the_next_night(con: sqlite3.Connection) -> None:
    night(con, SUNDAY - timedelta(days=1))
    later = night(con, SUNDAY + timedelta(days=1), SUNDAY)
    assert kinds(later) == ["summary", "digest"]


def test_the_weeks_of_a_first_load_are_told_by_its_summary(con: sqlite3.Connection) -> None:
    history = [SUNDAY + timedelta(days=n) for n in range(-20, 2)]
    assert kinds(night(con, SUNDAY + timedelta(days=2), *history)) == ["summary"]


def test_a_rejected_sunday_has_a_digest_too(con: sqlite3.Connection) -> None:
    [row] = night_news(con, [SUNDAY], [], [], [], SITE, ("calls.csv: is empty.",))
    assert "nothing could be judged" in str(row["payload"])
