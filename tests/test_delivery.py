"""Delivery: whatever the network and Slack do, each message is in the channel exactly once."""

import json
import logging
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fake_slack import (
    CHANNEL,
    HANGING_FAULTS,
    PASSING_FAULTS,
    TOKEN,
    FakeSlack,
    Fault,
    serving,
)
from made_up_night import NIGHT, SERVICE, change, trigger_change
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_site import SETTLING_SECONDS, Clock, Killed, Site, made_site, use_clock

from checks.incidents import Change, Reason
from flows.delivery import DeliveryReport, MessagesLeft, SlackSettings, deliver
from warehouse.errors import ConfigurationError, Undelivered
from warehouse.operations import read
from warehouse.operations.database import operations

pytestmark = pytest.mark.usefixtures("slack_token")

RECOVERED = {"state": "resolved", "resolved_on": NIGHT}
SUMMARY_OF_TWO = (trigger_change(), change(subject="norm:average_handle_time:all:all"))


def test_a_message_is_sent_with_its_key_and_its_ts_is_kept(site: Site) -> None:
    site.tell(change())
    assert site.deliver() == DeliveryReport(sent=1, printed=0, failed=0, unconfirmed=0, pending=0)
    [sent] = site.slack.parents()
    [row] = read.outbox(site.con)
    assert (row["state"], row["ts"], row["channel"]) == ("sent", sent["ts"], CHANNEL)
    assert site.keys() == [f"{SERVICE}:1"]
    assert sent["blocks"] == json.loads(str(row["payload"]))["blocks"]
    assert site.slack.problems == []


def test_a_second_delivery_has_nothing_to_do(site: Site) -> None:
    site.tell(change())
    site.deliver()
    site.slack.calls.clear()
    assert site.deliver() == DeliveryReport(0, 0, 0, 0, 0)
    assert site.slack.calls == []


@pytest.mark.parametrize("fault", PASSING_FAULTS)
def test_a_parent_arrives_once(site: Site, fault: str) -> None:
    site.tell(change())
    site.fail_with(fault, late_seconds=SETTLING_SECONDS - 1)
    site.deliver()
    assert site.keys() == [f"{SERVICE}:1"]
    assert site.states() == ["sent"]


@pytest.mark.parametrize("fault", PASSING_FAULTS)
def test_a_reply_arrives_once_in_its_thread_and_the_parent_is_edited(
    site: Site, fault: str
) -> None:
    site.tell(change())
    site.deliver()
    site.tell(change(Reason.RECOVERED, **RECOVERED))
    site.fail_with(fault, late_seconds=SETTLING_SECONDS - 1)
    site.deliver()
    [parent] = site.slack.parents()
    [reply] = site.slack.replies(parent["ts"])
    assert "back within its norm" in reply["text"]
    assert parent["text"].startswith("Resolved: ")
    assert site.keys() == [f"{SERVICE}:1", f"{SERVICE}:2"]
    assert site.states() == ["sent"] * 3


@pytest.mark.parametrize("fault", PASSING_FAULTS)
def test_an_edit_whose_outcome_is_unknown_is_made_again(site: Site, fault: str) -> None:
    site.tell(change())
    site.deliver()
    site.tell(change(Reason.REMINDER))
    site.slack.faults.append(Fault("error_before"))  # the reply's: the edit waits for it
    site.slack.faults.extend([Fault("error_before"), Fault(fault, SETTLING_SECONDS - 1)])
    site.deliver_until_nothing_is_left()
    [parent] = site.slack.parents()
    assert "still breaches its norm" in parent["blocks"][1]["text"]["text"]
    assert len(site.keys()) == 2


@pytest.mark.parametrize("fault", HANGING_FAULTS)
def test_a_call_that_hangs_is_given_up_and_looked_up(site: Site, fault: str) -> None:
    site.timeout_seconds = 0.5
    site.tell(change())
    site.fail_with(fault, late_seconds=SETTLING_SECONDS - 1)
    site.deliver()
    assert site.keys() == [f"{SERVICE}:1"]


def test_in_real_time_too(tmp_path: Path) -> None:
    slack = FakeSlack(now=time.time)
    with operations(tmp_path / "operations.db") as con, serving(slack):
        site = Site(con, slack, Clock(seconds=time.time()))
        site.tell(change())
        site.fail_with("drop_late", late_seconds=0.3)
        settings = SlackSettings(CHANNEL, 0.6, slack.url, 5.0)
        started_at = time.monotonic()
        deliver(con, settings, now=lambda: datetime.now(UTC))
        assert time.monotonic() - started_at >= 0.6
        assert slack.keys() == [f"{SERVICE}:1"]


def test_slack_is_asked_only_after_the_settling_time(site: Site) -> None:
    site.tell(change())
    site.fail_with("drop_before")
    site.deliver()
    assert sum(site.clock.slept) == pytest.approx(SETTLING_SECONDS)
    assert site.slack.calls == ["chat.postMessage", "conversations.history", "chat.postMessage"]


def test_the_wait_that_slack_asks_for_is_kept(site: Site) -> None:
    site.tell(change())
    site.fail_with("rate_limited", retry_after=7)
    site.deliver()
    assert 7 <= sum(site.clock.slept) < 9
    assert site.slack.calls == ["chat.postMessage"] * 2


def test_a_limit_that_does_not_end_leaves_the_message_for_later(site: Site) -> None:
    site.tell(change())
    site.fail_with(*["rate_limited"] * 100, retry_after=1)
    with pytest.raises(Undelivered, match="ratelimited"):
        site.deliver()
    assert site.states() == ["pending"]
    site.slack.faults.clear()
    site.deliver()
    assert site.keys() == [f"{SERVICE}:1"]


def test_a_look_up_turns_pages(site: Site) -> None:
    site.tell(change())
    site.fail_with("drop_after")
    client = WebClient(token=TOKEN, base_url=site.slack.url)

    def chat_while_waiting(seconds: float) -> None:
        site.clock.sleep(seconds)
        for n in range(10):
            client.chat_postMessage(channel=CHANNEL, text=f"how are you {n}")

    deliver(site.con, site.settings(), now=site.clock.now, sleep=chat_while_waiting)
    assert site.slack.calls.count("conversations.history") == 4
    assert [m["text"].startswith("Malakoff") for m in site.slack.parents()].count(True) == 1


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "channel_not_found"])
def test_a_refused_message_is_kept_and_said_after_the_others_were_sent(
    site: Site, error: str
) -> None:
    site.tell(change())
    site.tell(change(subject="norm:average_handle_time:all:all"))
    site.fail_with(error)
    with pytest.raises(MessagesLeft, match=error) as caught:
        site.deliver()
    assert caught.value.exit_code == 4
    assert caught.value.report == DeliveryReport(1, 0, failed=1, unconfirmed=0, pending=0)
    assert site.states() == ["failed", "sent"]
    assert read.outbox(site.con)[0]["error"] == error

    site.deliver()  # what was wrong is mended
    assert sorted(site.keys()) == [
        "norm:average_handle_time:all:all@2000-03-09:1",
        f"{SERVICE}:1",
    ]


def test_a_wrong_token_is_said_with_its_cure(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-revoked")
    site.tell(*SUMMARY_OF_TWO)
    with pytest.raises(MessagesLeft) as caught:
        site.deliver()
    assert caught.value.faults == (
        "1 message not delivered to Slack, kept in the outbox (invalid_auth):"
        " put a valid bot token into SLACK_BOT_TOKEN.",
        "2 messages not delivered to Slack, kept in the outbox (waits for an earlier message):"
        " run again.",
    )
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    site.deliver()
    [summary] = site.slack.parents()
    assert len(site.slack.replies(summary["ts"])) == 2


def test_a_message_that_cannot_be_looked_up_is_not_sent_again(site: Site) -> None:
    site.tell(change())
    site.fail_with("drop_after", *["missing_scope"] * 10)
    with pytest.raises(MessagesLeft, match="channels:history") as caught:
        site.deliver()
    assert caught.value.report.unconfirmed == 1
    assert site.slack.calls.count("chat.postMessage") == 1
    site.slack.faults.clear()
    site.deliver()
    assert site.slack.calls.count("chat.postMessage") == 1
    assert site.keys() == [f"{SERVICE}:1"]


def test_the_words_of_an_incident_arrive_in_their_order(site: Site) -> None:
    site.tell(change())
    site.deliver()
    for reason in (Reason.WORSENED, Reason.REMINDER):
        site.tell(change(reason))
    site.fail_with("drop_before")
    site.deliver()
    [parent] = site.slack.parents()
    texts = [reply["text"] for reply in site.slack.replies(parent["ts"])]
    assert ["now breaches" in texts[0], "still breaches" in texts[1]] == [True, True]
    assert "still breaches" in parent["blocks"][1]["text"]["text"]


def test_an_older_edit_never_overwrites_a_newer_one(site: Site) -> None:
    site.tell(change())
    site.deliver()
    site.tell(change(Reason.WORSENED))
    site.tell(change(Reason.RECOVERED, **RECOVERED))
    site.slack.faults.extend([Fault(""), Fault("invalid_auth")])  # the first edit is refused
    with pytest.raises(MessagesLeft):
        site.deliver()
    site.deliver()
    [parent] = site.slack.parents()
    assert parent["text"].startswith("Resolved: ")


def test_an_edit_of_a_message_that_somebody_deleted_is_done_with(site: Site) -> None:
    site.tell(change())
    site.deliver()
    site.tell(change(Reason.REMINDER))
    site.slack.faults.extend([Fault(""), Fault("message_not_found")])
    assert site.deliver().sent == 2
    assert read.outbox(site.con)[-1]["error"] == "message_not_found"


def test_a_refused_message_is_not_tried_again_in_the_same_delivery(site: Site) -> None:
    site.tell(change())
    site.tell(change(subject="norm:average_handle_time:all:all"))
    site.fail_with("invalid_auth", "drop_before")
    with pytest.raises(MessagesLeft):
        site.deliver()
    assert site.slack.calls.count("chat.postMessage") == 3  # refused, dropped, sent again


def test_what_a_dead_process_had_on_its_way_is_waited_for(site: Site) -> None:
    """It died in its second attempt, long after it had noted the first."""
    site.tell(change())
    site.fail_with("rate_limited", "drop_late", late_seconds=29, retry_after=60)
    site.clock.looks_left = 2  # before the attempt; not after it
    with pytest.raises(Killed):
        site.deliver()
    site.clock.looks_left = 10**9
    site.deliver()
    assert site.keys() == [f"{SERVICE}:1"]


def test_an_unknown_outcome_does_not_hold_up_other_incidents(site: Site) -> None:
    site.tell(change())
    site.tell(change(subject="norm:average_handle_time:all:all"))
    site.fail_with("drop_before")
    site.deliver()
    assert site.keys()[0].startswith("norm:average_handle_time")


def test_several_incidents_hang_on_one_summary(site: Site) -> None:
    site.tell(*SUMMARY_OF_TWO)
    site.deliver()
    site.tell(trigger_change(Reason.REMINDER))
    site.deliver()
    [summary] = site.slack.parents()
    first, second, reminder = site.slack.replies(summary["ts"])
    assert "fired" in first["text"]
    assert "handle time" in second["text"]
    assert "still holds" in reminder["text"]
    assert "still holds" in first["blocks"][1]["text"]["text"]  # its own message is edited


def test_thirty_incidents_in_one_night_are_one_message_with_threads(site: Site) -> None:
    hostile = '<!channel> & "@here"'
    site.tell(*(change(subject=f"norm:service_level:queue:{hostile} {n}") for n in range(30)))
    site.deliver()
    [summary] = site.slack.parents()
    replies = site.slack.replies(summary["ts"])
    assert summary["blocks"][0]["text"]["text"] == "30 alerts on 9 March 2000"
    assert "and 10 more" in [block.get("text", {}).get("text") for block in summary["blocks"]]
    assert len(replies) == 30
    assert site.slack.problems == []  # Slack's limits, checked on all that arrived
    headers = [reply["blocks"][0]["text"]["text"] for reply in replies]
    assert '&lt;!channel&gt; &amp; "@here" 29' in headers[29]
    shown = [(message["text"], message["blocks"]) for message in (summary, *replies)]
    assert "<!" not in json.dumps(shown)


def test_without_token_messages_are_printed_once(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    site.tell(change())
    assert site.deliver().printed == 1
    site.tell(change(Reason.RECOVERED, **RECOVERED))
    site.deliver()
    site.deliver()
    assert [text.splitlines()[0] for text in site.said] == [
        "Service level breaches its norm",
        "Service level is back within its norm",
    ]
    assert site.states() == ["printed"] * 3
    assert site.slack.calls == []


def test_a_word_on_a_printed_message_stands_alone_once_there_is_a_token(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    site.tell(change())
    site.deliver()
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    site.tell(change(Reason.RECOVERED, **RECOVERED))
    site.fail_with("drop_after")
    site.deliver()
    [alone] = site.slack.parents()
    assert "back within its norm" in alone["text"]
    assert site.states() == ["printed", "sent", "printed"]


def test_a_message_that_may_be_in_slack_is_not_printed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.tell(change())
    site.fail_with(*["drop_after"] * 10)
    with pytest.raises(MessagesLeft):
        site.deliver()
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    with pytest.raises(MessagesLeft, match="no answer"):
        site.deliver()
    assert (site.said, site.states()) == ([], ["unconfirmed"])


def test_a_missing_channel_is_said_and_the_messages_are_kept(site: Site) -> None:
    site.tell(change())
    with pytest.raises(Undelivered, match=r"set \[slack\] channel"):
        site.deliver(channel="")
    site.deliver()
    assert site.keys() == [f"{SERVICE}:1"]


def test_settings_name_all_their_faults() -> None:
    with pytest.raises(ConfigurationError) as caught:
        SlackSettings(channel="#quality", api_url="ftp://slack.example")
    assert ["channel's ID" in caught.value.faults[0], "ftp" in caught.value.faults[1]] == [True] * 2


def test_the_address_of_slack_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert SlackSettings().api_url == WebClient.BASE_URL
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    assert SlackSettings().api_url == "http://127.0.0.1:1/api/"


def test_nobody_is_there(site: Site) -> None:
    site.tell(change())
    settings = SlackSettings(CHANNEL, SETTLING_SECONDS, "http://127.0.0.1:1/api/", 1.0)
    with pytest.raises(Undelivered, match="ConnectionRefusedError"):
        deliver(site.con, settings, now=site.clock.now, sleep=site.clock.sleep)
    site.deliver()
    assert site.keys() == [f"{SERVICE}:1"]


@pytest.mark.parametrize("token", [TOKEN, "xoxb-secret\nfirst line", "xoxb-secret-é"])
def test_the_token_is_written_nowhere(
    site: Site,
    token: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", token)
    caplog.set_level(logging.DEBUG)
    site.tell(change())
    site.fail_with("drop_before", "garbled_after", "error_before", *["invalid_auth"] * 9)
    with pytest.raises(Undelivered) as caught:
        site.deliver()
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    shown = "".join([*capfd.readouterr(), caplog.text, str(caught.value), repr(site.settings())])
    chain = repr(caught.value.__cause__) + repr(caught.value.__context__)
    assert token == TOKEN or "strange character" in str(caught.value)
    assert token[:11] not in shown + chain
    assert token[:11].encode() not in written


@pytest.mark.parametrize("fault", ["", *PASSING_FAULTS])
def test_a_process_that_dies_anywhere_leaves_each_message_to_arrive_once(
    tmp_path: Path, empty: bytes, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    deaths = 0
    for looks in range(12):
        folder = tmp_path / str(looks)
        folder.mkdir()
        with made_site(folder, empty) as site:
            use_clock(site.clock, monkeypatch)
            site.tell(*SUMMARY_OF_TWO)
            site.fail_with(*[fault] * bool(fault), late_seconds=SETTLING_SECONDS - 1)
            site.clock.looks_left = looks
            try:
                site.deliver()
            except Killed:
                deaths += 1
            site.clock.looks_left = 10**9
            site.deliver_until_nothing_is_left()
            assert sorted(set(site.keys())) == sorted(site.keys())
            assert len(site.keys()) == 3
    assert deaths >= 7  # three messages, each with a look before and after


def test_a_killed_process_leaves_the_message_to_arrive_once(site: Site, tmp_path: Path) -> None:
    site.tell(change())
    site.fail_with("hang_after")
    script = (
        "import pathlib, sys\n"
        "from datetime import UTC, datetime\n"
        "from flows.delivery import SlackSettings, deliver\n"
        "from warehouse.operations.database import open_operations\n"
        "con = open_operations(pathlib.Path(sys.argv[1]))\n"
        f"deliver(con, SlackSettings({CHANNEL!r}, 30.0, sys.argv[2]),"
        " now=lambda: datetime.now(UTC))\n"
    )
    arguments = [str(tmp_path / "operations.db"), site.slack.url]
    process = subprocess.Popen([sys.executable, "-c", script, *arguments])
    wait_until(lambda: bool(site.slack.calls))
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert site.states() == ["unconfirmed"]
    site.clock.seconds = time.time()
    site.deliver()
    assert site.keys() == [f"{SERVICE}:1"]


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(500):
        if is_so():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come about in ten seconds")


@pytest.mark.parametrize("seed", range(60))
def test_under_a_random_schedule_of_faults_each_message_arrives_once(site: Site, seed: int) -> None:
    """Three nights of messages; faults in a row, refusals and deaths among the deliveries."""
    chance = random.Random(seed)
    random.seed(seed)  # the SDK waits a random moment longer than it is told to
    nights: list[tuple[Change, ...]] = [
        (change(),),
        (*SUMMARY_OF_TWO, change(Reason.WORSENED)),
        (change(Reason.RECOVERED, **RECOVERED), trigger_change(Reason.REMINDER)),
    ]
    possible = [*PASSING_FAULTS, "invalid_auth", "channel_not_found", "rate_limited"]
    for changes in nights:
        site.tell(*changes)
        for _ in range(chance.randrange(8)):
            late_seconds = chance.uniform(0, 0.99 * SETTLING_SECONDS)
            site.fail_with(chance.choice(possible), late_seconds=late_seconds)
        site.clock.looks_left = chance.choice([10**9, chance.randrange(20)])
        try:
            site.deliver()
        except (Killed, MessagesLeft):
            site.clock.seconds += chance.uniform(0, 60)
        site.clock.looks_left = 10**9
    site.deliver_until_nothing_is_left()

    rows = read.outbox(site.con)
    messages = [row for row in rows if row["kind"] != "edit"]
    assert sorted(site.keys()) == sorted(str(row["message_key"]) for row in messages)
    assert {row["state"] for row in rows} == {"sent"}
    assert site.slack.problems == []
    summary, service = sorted(site.slack.parents(), key=lambda m: str(m["text"]))
    assert [len(site.slack.replies(parent["ts"])) for parent in (summary, service)] == [3, 2]
    assert service["text"].startswith("Resolved: ")


def test_the_fake_knows_its_token_and_its_methods(site: Site) -> None:
    client = WebClient(token=TOKEN, base_url=site.slack.url)
    assert client.auth_test()["ok"]
    with pytest.raises(SlackApiError, match="unknown_method"):
        client.api_call("chat.sing", json={"channel": CHANNEL})
    with pytest.raises(SlackApiError, match="invalid_auth"):
        WebClient(token="xoxb-other", base_url=site.slack.url).auth_test()
