"""Whose channel a message goes to, and when: the director's thread, and quiet hours."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from fake_slack import CHANNEL, DIRECTOR
from made_up_night import NIGHT, change, trigger_change
from slack_site import Site

from checks.incidents import Reason
from checks.telling import QuietHours, Telling
from flows.delivery import MessagesLeft, deliver
from warehouse.operations import read

RECOVERED = {"state": "resolved", "resolved_on": NIGHT}
NIGHTLY_QUIET = Telling(quiet=QuietHours(time(20), time(7, 30)))
MORNING = datetime(2000, 3, 10, 6, 30, tzinfo=UTC)  # 07:30 in Paris


def first_lines(messages: list[dict[str, object]]) -> list[str]:
    return [str(m["blocks"][0]["text"]["text"]) for m in messages]  # type: ignore[index]


def test_an_escalated_trigger_is_a_message_of_its_own_to_the_director(site: Site) -> None:
    site.tell(trigger_change())
    site.tell(trigger_change(Reason.ESCALATED))
    site.deliver()
    [manager], [director] = site.slack.parents(CHANNEL), site.slack.parents(DIRECTOR)
    assert first_lines([manager, director]) == [
        "Repatriation trigger fired: quality of service",
        "Unacknowledged repatriation trigger: quality of service",
    ]
    [reply] = site.slack.replies(manager["ts"])
    texts = [[b["text"]["text"] for b in m["blocks"] if "text" in b] for m in (reply, director)]
    assert any("The director has been told" in text for text in texts[0])
    assert any("Nobody has acknowledged this since 9 March 2000." in text for text in texts[1])
    assert site.slack.problems == []


def test_the_director_hears_how_it_ends_but_no_reminders(site: Site) -> None:
    for told in (
        trigger_change(),
        trigger_change(Reason.ESCALATED),
        trigger_change(Reason.REMINDER),
        trigger_change(Reason.RECOVERED, **RECOVERED),
    ):
        site.tell(told)
    site.deliver()
    [director] = site.slack.parents(DIRECTOR)
    replies = site.slack.replies(director["ts"])
    assert first_lines(replies) == ["Repatriation trigger no longer holds: quality of service"]
    assert first_lines([director]) == [
        "Resolved: Unacknowledged repatriation trigger: quality of service"
    ]
    [manager] = site.slack.parents(CHANNEL)
    assert len(site.slack.replies(manager["ts"])) == 3


def test_a_fault_in_the_directors_channel_does_not_hold_up_the_managers(site: Site) -> None:
    site.tell(trigger_change())
    site.tell(trigger_change(Reason.ESCALATED))
    settings = replace(site.settings(), director="C0GONE")
    with pytest.raises(MessagesLeft, match="channel_not_found"):
        deliver(site.con, settings, now=site.clock.now, sleep=site.clock.sleep)
    assert len(site.slack.all_messages()) == 2
    site.deliver()
    assert len(site.slack.parents(DIRECTOR)) == 1


def test_without_a_channel_for_the_director_it_is_said(site: Site) -> None:
    site.tell(trigger_change())
    site.tell(trigger_change(Reason.ESCALATED))
    settings = replace(site.settings(), director="")
    with pytest.raises(MessagesLeft, match=r"no_channel.*the policy"):
        deliver(site.con, settings, now=site.clock.now, sleep=site.clock.sleep)


def test_a_policy_routes_both(site: Site) -> None:
    settings = site.settings(channel="C0OTHER").routed({"manager": CHANNEL})
    assert (settings.channel, settings.director) == (CHANNEL, DIRECTOR)
    assert settings.routed({"director": "C0BOSS"}).director == "C0BOSS"


def test_what_is_written_in_quiet_hours_waits_for_their_end(site: Site) -> None:
    site.telling = NIGHTLY_QUIET
    site.tell(change())
    report = site.deliver()
    assert (report.held, report.pending, report.sent) == (1, 1, 0)
    assert site.said == ["1 message held back until 2000-03-10T06:30:00+00:00 (quiet hours)"]
    assert site.slack.calls == []
    site.clock.seconds = MORNING.timestamp()
    assert site.deliver().sent == 1


def test_what_failed_by_day_is_not_held_back_by_night(site: Site) -> None:
    """It is late already; and a site whose every run is at night would never hear of it."""
    site.telling = NIGHTLY_QUIET
    site.tell(change())
    site.clock.seconds = MORNING.timestamp() + 19 * 3600  # the next night
    assert site.deliver().sent == 1


def test_later_words_of_an_incident_wait_for_those_held_back(site: Site) -> None:
    site.telling = NIGHTLY_QUIET
    site.tell(change())
    site.telling = Telling()
    site.tell(change(Reason.RECOVERED, **RECOVERED))
    site.tell(change(subject="norm:average_handle_time:all:all"))
    report = site.deliver()
    assert (report.held, report.sent) == (3, 1)
    assert site.states() == ["pending", "pending", "pending", "sent"]
    site.clock.seconds = MORNING.timestamp()
    site.deliver()
    assert site.states() == ["sent"] * 4


def test_the_console_has_no_quiet_hours(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    site.telling = NIGHTLY_QUIET
    site.tell(change())
    assert site.deliver().printed == 1


def test_every_message_of_a_night_knows_its_route_and_its_hour(site: Site) -> None:
    site.telling = NIGHTLY_QUIET
    site.tell(trigger_change())
    site.tell(trigger_change(Reason.ESCALATED))
    rows = [(row["kind"], row["route"], row["not_before"]) for row in read.outbox(site.con)]
    hour = MORNING.isoformat()
    assert rows == [
        ("parent", "manager", hour),
        ("reply", "manager", hour),
        ("edit", "manager", hour),
        ("parent", "director", hour),
    ]
