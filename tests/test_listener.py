"""`qos listen`: clicks come through the real Socket Mode client, and are kept with who and when."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fake_slack import APP_TOKEN, CHANNEL, DIRECTOR, TOKEN
from fake_socket_mode import FakeSocketMode, serving_sockets, wait_until
from made_up_night import NIGHT, SERVICE, SITE, change, trigger_change
from slack_site import Site

from checks.incidents import Reason
from flows.answers import Answer, Outcome, note_answer
from flows.buttons import block_id
from flows.listener import Listener, listen
from flows.settings import Settings, load_settings
from flows.wording import load_words
from warehouse.errors import Undelivered
from warehouse.operations import read
from warehouse.operations.database import operations, writing

TRIGGER = "trigger:quality@2000-03-09"
RECOVERED = {"state": "resolved", "resolved_on": NIGHT}
MORNING = datetime(2000, 3, 10, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def buttons(site: Site, tmp_path: Path) -> Site:
    """A site whose messages can be answered; its operations.db lies where the settings say."""
    site.about = replace(SITE, has_buttons=True)
    config = 'site = {name = "Malakoff", time_zone = "Europe/Paris"}\nslack = {buttons = true}\n'
    (tmp_path / "qos.toml").write_text(config)
    return site


def settings_of(tmp_path: Path) -> Settings:
    """The site's things lie in the folder of its operations.db."""
    return load_settings(tmp_path / "qos.toml", warehouse=tmp_path / "warehouse.duckdb")


@contextmanager
def listening(
    site: Site, tmp_path: Path, app_token: str = APP_TOKEN
) -> Iterator[tuple[FakeSocketMode, list[str]]]:
    """A listener in a thread of its own, connected."""
    said: list[str] = []
    stop = threading.Event()
    with serving_sockets() as sockets, ThreadPoolExecutor() as pool:
        site.slack.socket_mode = sockets.address
        settings = settings_of(tmp_path)
        listener = Listener(
            settings, site.settings(), TOKEN, app_token, site.clock.now, said.append
        )
        running = pool.submit(listen, listener, stop)
        try:
            wait_until(lambda: bool(sockets.connections) or running.done())
            yield sockets, said
        finally:
            stop.set()
        running.result()


def click(
    incident_id: str, user: str = "U0MARIE", until: str | None = None, **changed: Any
) -> dict[str, Any]:
    """What Slack sends when somebody uses a message's buttons."""
    action = {
        "type": "datepicker" if until else "button",
        "action_id": "snooze" if until else "acknowledge",
        "block_id": block_id(incident_id),
        "action_ts": "952675200.000100",
        **({"selected_date": until} if until else {}),
        **changed,
    }
    return {
        "type": "block_actions",
        "user": {"id": user, "username": "marie"},
        "channel": {"id": CHANNEL},
        "actions": [action],
    }


def seen(site: Site) -> list[tuple[object, ...]]:
    rows = site.con.execute("select * from acknowledgement order by acknowledgement_id").fetchall()
    return [(r["incident_id"], r["acknowledged_by"], r["snoozed_until"], r["way"]) for r in rows]


def texts(message: dict[str, Any]) -> list[str]:
    return [block["text"]["text"] for block in message["blocks"] if "text" in block]


def test_a_message_offers_to_be_answered(buttons: Site) -> None:
    buttons.tell(change())
    buttons.deliver()
    [message] = buttons.slack.parents()
    [actions] = [block for block in message["blocks"] if block["type"] == "actions"]
    assert [element["action_id"] for element in actions["elements"]] == ["acknowledge", "snooze"]
    assert buttons.slack.problems == []
    buttons.tell(change(Reason.RECOVERED, **RECOVERED))
    buttons.deliver()
    for message in buttons.slack.all_messages():  # nothing is left to answer
        assert "actions" not in [block["type"] for block in message["blocks"]]


def test_a_click_is_kept_with_who_and_when_and_the_message_says_so(
    buttons: Site, tmp_path: Path
) -> None:
    buttons.tell(change())
    buttons.deliver()
    with listening(buttons, tmp_path) as (sockets, said):
        envelope = sockets.send(click(SERVICE))
        wait_until(lambda: sockets.acknowledged == [envelope])
        wait_until(lambda: "edited" in buttons.slack.parents()[0])
    assert seen(buttons) == [(SERVICE, "U0MARIE", None, "slack")]
    [row] = read.standing_acknowledgements(buttons.con).values()
    assert row["acknowledged_at"] == "2000-03-10T02:15:00+01:00"
    [message] = buttons.slack.parents()
    assert texts(message)[1] == (
        "Acknowledged by <@U0MARIE> on 10 March 2000: no reminders until it gets worse."
    )
    assert "actions" not in [block["type"] for block in message["blocks"]]
    assert f"{SERVICE}: noted, by U0MARIE" in said
    assert buttons.slack.problems == []


def test_a_day_is_chosen_to_snooze_until_and_a_click_that_comes_twice_counts_once(
    buttons: Site, tmp_path: Path
) -> None:
    """Slack sends it again when it was not told in time that it was heard."""
    buttons.tell(change())
    buttons.deliver()
    with listening(buttons, tmp_path) as (sockets, _):
        envelopes = [sockets.send(click(SERVICE, until="2000-03-20")) for _ in range(3)]
        wait_until(lambda: sockets.acknowledged == envelopes)
        wait_until(lambda: "edited" in buttons.slack.parents()[0])
    assert seen(buttons) == [(SERVICE, "U0MARIE", "2000-03-20", "slack")]
    assert [row["kind"] for row in read.outbox(buttons.con)] == ["parent", "edit"]
    assert "Snoozed until 20 March 2000 by <@U0MARIE>" in texts(buttons.slack.parents()[0])[1]


def test_both_channels_see_who_has_acknowledged(buttons: Site, tmp_path: Path) -> None:
    buttons.tell(trigger_change())
    buttons.tell(trigger_change(Reason.ESCALATED))
    buttons.deliver()
    with listening(buttons, tmp_path) as (sockets, _):
        sockets.send(click(TRIGGER))
        wait_until(lambda: "edited" in buttons.slack.parents(DIRECTOR)[0])
    for channel in (CHANNEL, DIRECTOR):
        assert "<@U0MARIE>" in texts(buttons.slack.parents(channel)[0])[1]


@pytest.mark.parametrize("break_off", ["drop", "disconnect"])
def test_a_broken_line_is_made_again(
    buttons: Site, tmp_path: Path, break_off: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.listener.PING_SECONDS", 0.2)
    buttons.tell(change())
    buttons.deliver()
    with listening(buttons, tmp_path) as (sockets, _):
        if break_off == "drop":
            sockets.drop()
        else:  # Slack does so every few hours
            sockets.say({"type": "disconnect", "reason": "refresh_requested"})
        wait_until(lambda: len(sockets.connections) == 2)
        envelope = sockets.send(click(SERVICE))
        wait_until(lambda: envelope in sockets.acknowledged)
    assert len(seen(buttons)) == 1


def test_a_click_while_a_night_is_writing_waits_for_it(buttons: Site, tmp_path: Path) -> None:
    buttons.tell(change())
    buttons.deliver()
    with listening(buttons, tmp_path) as (sockets, _):
        with operations(tmp_path / "operations.db") as night, writing(night):
            night.execute("update incident set changed_on = changed_on")
            envelope = sockets.send(click(SERVICE))
            threading.Event().wait(0.5)
            assert sockets.acknowledged == []
        wait_until(lambda: sockets.acknowledged == [envelope])
    assert len(seen(buttons)) == 1


def test_what_is_over_or_unknown_is_told_to_who_clicked(buttons: Site, tmp_path: Path) -> None:
    buttons.tell(change())
    buttons.tell(change(Reason.RECOVERED, **RECOVERED))
    buttons.tell(trigger_change())
    buttons.deliver()
    with listening(buttons, tmp_path) as (sockets, _):
        for clicked in (
            click(SERVICE),
            click("norm:nothing:all:all@2000-01-01"),
            click(TRIGGER, until="2000-03-10"),
            click(TRIGGER, action_id="sing"),  # these two are heard and left alone
            {"type": "view_submission"},
        ):
            envelope = sockets.send(clicked)
            wait_until(lambda envelope=envelope: envelope in sockets.acknowledged)
    told = [(w["user"], str(w["text"]).split(";")[0]) for w in buttons.slack.whispers]
    assert told == [
        ("U0MARIE", "This alert is over already"),
        ("U0MARIE", "This alert is not known here any more"),
        ("U0MARIE", "Choose a day after today"),
    ]
    assert seen(buttons) == []


def test_what_quiet_hours_held_back_is_sent_when_they_are_over(
    buttons: Site, tmp_path: Path
) -> None:
    """Also what a night has written since the listener last delivered."""
    buttons.tell(change())
    buttons.con.execute("update outbox set not_before = '2000-03-10T06:30:00+00:00'")
    with listening(buttons, tmp_path) as (_, said):
        wait_until(lambda: any("held back" in text for text in said))
        buttons.tell(change(subject="norm:average_handle_time:all:all"))
        buttons.con.execute("update outbox set not_before = '2000-03-10T06:30:00+00:00'")
        threading.Event().wait(1.0)
        assert buttons.slack.parents() == []
        buttons.clock.seconds += 6 * 3600
        wait_until(lambda: len(buttons.slack.parents()) == 2)


def test_a_refused_message_is_said_and_not_hurried(buttons: Site, tmp_path: Path) -> None:
    buttons.tell(change())
    buttons.slack.faults.clear()
    with listening(buttons, tmp_path, APP_TOKEN) as (sockets, said):
        wait_until(lambda: len(buttons.slack.parents()) == 1)
        buttons.fail_with("channel_not_found")
        sockets.send(click(SERVICE))
        wait_until(lambda: any("channel_not_found" in text for text in said))
        calls = len(buttons.slack.calls)
        threading.Event().wait(1.5)
        assert len(buttons.slack.calls) == calls


def test_a_listener_that_slack_refuses_says_why(buttons: Site, tmp_path: Path) -> None:
    buttons.slack.socket_mode = "ws://127.0.0.1:1/link"
    settings = settings_of(tmp_path)
    refused = Listener(settings, buttons.settings(), TOKEN, "xapp-old", buttons.clock.now, print)
    with pytest.raises(Undelivered, match=r"invalid_auth.*SLACK_APP_TOKEN"):
        listen(refused, threading.Event())
    away = replace(buttons.settings(), api_url="http://127.0.0.1:1/api/")
    with pytest.raises(Undelivered, match="ConnectionRefusedError"):
        listen(replace(refused, slack=away), threading.Event())


def answer(con: sqlite3.Connection, incident_id: str = SERVICE, **changed: Any) -> Outcome:
    values: dict[str, Any] = {"who": "marie", "way": "command", "event_key": "1", **changed}
    return note_answer(con, Answer(incident_id, **values), load_words("fr"), MORNING)


def test_an_answer_by_command_names_who_as_text(buttons: Site) -> None:
    buttons.tell(change())
    buttons.deliver()
    assert answer(buttons.con, who="<!channel> *Marie*") is Outcome.NOTED
    buttons.deliver()
    [message] = buttons.slack.parents()
    status = message["blocks"][1]["text"]
    assert status["type"] == "plain_text"
    assert status["text"].startswith("Prise en compte par &lt;!channel&gt; *Marie* le 10\u00a0mars")


def test_an_answer_before_the_message_was_sent_waits_for_it(buttons: Site) -> None:
    buttons.tell(change())
    assert answer(buttons.con) is Outcome.NOTED
    buttons.deliver()
    [message] = buttons.slack.parents()
    assert "Prise en compte" in texts(message)[1]


def test_what_was_never_said_can_be_acknowledged_without_a_word(buttons: Site) -> None:
    buttons.tell(change(Reason.NONE))
    assert answer(buttons.con) is Outcome.NOTED
    assert read.outbox(buttons.con) == []


def test_an_acknowledgement_stands_until_the_incident_gets_worse_or_comes_back(
    buttons: Site,
) -> None:
    buttons.tell(change())
    answer(buttons.con, event_key="1")
    buttons.tell(change(Reason.REMINDER))
    assert list(read.standing_acknowledgements(buttons.con)) == [SERVICE]
    buttons.tell(change(Reason.WORSENED))
    assert read.standing_acknowledgements(buttons.con) == {}
    answer(buttons.con, event_key="2", until=date(2000, 3, 20))
    assert [r["snoozed_until"] for r in read.standing_acknowledgements(buttons.con).values()] == [
        "2000-03-20"
    ]
    buttons.tell(change(Reason.REOPENED, reopened_on=NIGHT + timedelta(days=1)))
    assert read.standing_acknowledgements(buttons.con) == {}
    assert len(seen(buttons)) == 2


@pytest.mark.parametrize(
    "statement", ["update acknowledgement set way = 'slack'", "delete from acknowledgement"]
)
def test_an_acknowledgement_is_never_rewritten(buttons: Site, statement: str) -> None:
    buttons.tell(change())
    answer(buttons.con)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        buttons.con.execute(statement)
