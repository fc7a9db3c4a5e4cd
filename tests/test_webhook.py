"""An incoming webhook: every message on its own, and nothing sent twice because nobody can tell."""

from pathlib import Path

import pytest
from fake_slack import HOOK, TOKEN
from made_up_night import NIGHT, change
from slack_site import Site

from checks.incidents import Reason
from flows.delivery import MessagesLeft, deliver
from warehouse.errors import Undelivered
from warehouse.operations import read, store

RECOVERED = {"state": "resolved", "resolved_on": NIGHT}


@pytest.fixture
def hooked(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The site with a webhook in place of a token."""
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    monkeypatch.setenv("SLACK_WEBHOOK_URL", site.slack.url.removesuffix("/api/") + HOOK)
    return site


def texts(site: Site) -> list[str]:
    return [message["text"] for message in site.slack.all_messages()]


def test_every_word_is_a_message_of_its_own(hooked: Site) -> None:
    hooked.tell(change())
    hooked.tell(change(Reason.RECOVERED, **RECOVERED))
    hooked.deliver()
    assert ["breaches" in texts(hooked)[0], "back within" in texts(hooked)[1]] == [True, True]
    assert hooked.states() == ["sent", "sent", "printed"]  # nothing edits the first
    assert hooked.slack.problems == []
    assert hooked.deliver().sent == 0


@pytest.mark.parametrize("fault", ["error_before", "error_after", "drop_before", "drop_after"])
def test_what_may_have_arrived_is_never_sent_again_unasked(hooked: Site, fault: str) -> None:
    hooked.tell(change())
    hooked.fail_with(fault)
    for _ in range(3):
        with pytest.raises(MessagesLeft, match=r"outbox 1\).*--arrived or --resend"):
            hooked.deliver()
    assert hooked.states() == ["unconfirmed"]
    assert hooked.slack.calls == ["webhook"]


def test_who_has_looked_says_what_became_of_it(hooked: Site) -> None:
    hooked.tell(change())
    hooked.tell(change(subject="norm:average_handle_time:all:all"))
    hooked.fail_with("drop_after", "drop_before")
    with pytest.raises(MessagesLeft):
        hooked.deliver()
    assert store.settle(hooked.con, 1, has_arrived=True, now=hooked.clock.now())
    assert store.settle(hooked.con, 2, has_arrived=False, now=hooked.clock.now())
    assert not store.settle(hooked.con, 2, has_arrived=False, now=hooked.clock.now())
    hooked.deliver()
    assert hooked.states() == ["sent", "sent"]
    assert len(texts(hooked)) == 2


def test_one_of_unknown_fate_does_not_hold_up_the_words_after_it(hooked: Site) -> None:
    hooked.tell(change())
    hooked.tell(change(Reason.RECOVERED, **RECOVERED))
    hooked.fail_with("drop_before")
    with pytest.raises(MessagesLeft):
        hooked.deliver()
    assert hooked.states() == ["unconfirmed", "sent", "printed"]


def test_a_webhook_that_is_gone_is_said_and_the_message_is_kept(hooked: Site) -> None:
    hooked.tell(change())
    hooked.fail_with("rate_limited", "rate_limited", "rate_limited", "rate_limited", retry_after=1)
    with pytest.raises(MessagesLeft, match="ratelimited"):
        hooked.deliver()
    assert hooked.states() == ["pending"]
    hooked.deliver()
    assert hooked.states() == ["sent"]


def test_where_nobody_was_reached_the_message_can_be_sent_again(
    hooked: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    reachable = hooked.slack.url.removesuffix("/api/") + HOOK
    monkeypatch.setenv("SLACK_WEBHOOK_URL", "http://127.0.0.1:1/services/T0/B0/secret")
    hooked.tell(change())
    with pytest.raises(MessagesLeft, match="ConnectionRefusedError"):
        hooked.deliver()
    assert hooked.states() == ["pending"]
    monkeypatch.setenv("SLACK_WEBHOOK_URL", reachable)
    hooked.deliver()
    assert len(texts(hooked)) == 1


def test_a_token_does_not_settle_what_a_webhook_sent(
    hooked: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does it hold up what comes later, which stands alone."""
    hooked.tell(change())
    hooked.fail_with("drop_after")
    with pytest.raises(MessagesLeft):
        hooked.deliver()
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    hooked.tell(change(Reason.RECOVERED, **RECOVERED))
    with pytest.raises(MessagesLeft, match="--arrived"):
        hooked.deliver()
    assert hooked.states() == ["unconfirmed", "sent", "printed"]
    assert len(texts(hooked)) == 2


def test_the_address_is_a_secret(
    hooked: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    hooked.tell(change())
    hooked.fail_with("drop_before")
    with pytest.raises(MessagesLeft) as caught:
        hooked.deliver()
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    shown = "".join([*capfd.readouterr(), caplog.text, str(caught.value), *hooked.said])
    assert "secret" not in shown
    assert b"secret" not in written
    monkeypatch.setenv("SLACK_WEBHOOK_URL", "hooks.slack.com/services/secret")
    with pytest.raises(Undelivered, match="SLACK_WEBHOOK_URL is no web address") as wrong:
        hooked.deliver()
    assert "secret" not in str(wrong.value)


def test_quiet_hours_hold_a_webhook_too(hooked: Site) -> None:
    hooked.tell(change())
    hooked.con.execute("update outbox set not_before = '2000-03-10T06:30:00+00:00'")
    assert hooked.deliver().held == 1
    assert texts(hooked) == []
    hooked.clock.seconds += 6 * 3600
    assert hooked.deliver().sent == 1


def test_without_token_and_webhook_it_is_printed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    site.tell(change())
    deliver(site.con, site.settings(), now=site.clock.now, say=site.said.append)
    assert [row["state"] for row in read.outbox(site.con)] == ["printed"]
