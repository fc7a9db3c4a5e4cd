"""Messages: read in ten seconds, say what they rest on, ping nobody, fit into Slack."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from made_up_night import (
    NIGHT,
    SITE,
    change,
    data_change,
    incident,
    trigger_change,
    trigger_state,
    verdict,
)
from slack_limits import problems

from checks.contract import Notice
from checks.incidents import Change, NoticeReminder, Reason
from checks.triggers import TriggerLevel
from checks.verdicts import State
from flows.block_kit import Message, fit, lines_of
from flows.digest import digest_for
from flows.edits import edited
from flows.history_summary import backfill_summary
from flows.messages import change_rows, night_messages, summary_row
from flows.slack import message_for, summary_for
from flows.wording import against_target, days, listed, load_words, quantity, sample

EN = load_words("en")
HOSTILE = '<!channel> & "@here" :bell:\x1b[2J *x*'


def read_by_a_person(message: Message) -> str:
    return lines_of(json.loads(message.payload()))


def shows(payload: object) -> str:
    return lines_of(json.loads(str(payload)))


def texts(message: Message) -> list[dict[str, Any]]:
    """Every text object of a message."""
    return [
        text
        for block in message.blocks
        for text in block.get("elements", [block.get("text", {})])
        if text
    ]


@pytest.mark.parametrize(
    ("value", "unit", "reads"),
    [
        (0.8176, "share", "81.8 %"),
        (1.0, "share", "100.0 %"),
        (35.028, "seconds", "35.0 s"),
        (59.96, "seconds", "1 min"),
        (372.4, "seconds", "6 min 12 s"),
        (360.0, "seconds", "6 min"),
        (3599.7, "seconds", "1 h 0 min"),
        (4500.0, "seconds", "1 h 15 min"),
        (1.3766, "per_year", "1.38 a year"),
        (1234.5, "francs", "1,234.50 francs"),
    ],
)
def test_a_figure_reads_as_people_write_it(value: float, unit: str, reads: str) -> None:
    assert quantity(value, unit, EN) == reads


@pytest.mark.parametrize(
    ("changed", "unit", "reads"),
    [
        ({}, "share", "77.4 % [75.1 % to 79.6 %] against at least 80.0 %"),
        # A bound that has only just crossed the target must not read like the target.
        ({"high": 0.7998}, "share", "77.40 % [75.10 % to 79.98 %] against at least 80.00 %"),
        (
            {"high": 0.799999},
            "share",
            "77.4000 % [75.1000 % to 79.9999 %] against at least 80.0000 %",
        ),
        ({"high": 0.79999999}, "share", "77.4 % [75.1 % to 80.0 %] against at least 80.0 %"),
        ({"high": 0.8}, "share", "77.4 % [75.1 % to 80.0 %] against at least 80.0 %"),
        ({"low": None, "high": None}, "share", "77.4 % against at least 80.0 %"),
        ({"value": None}, "share", "no figure against at least 80.0 %"),
        (
            {"value": 372.0, "low": 364.0, "high": 380.0, "target": 360.0, "direction": "at_most"},
            "seconds",
            "6 min 12 s [6 min 4 s to 6 min 20 s] against at most 6 min",
        ),
        (
            {"value": 2.594, "low": 1.509, "high": 4.15, "target": 1.5, "direction": "at_most"},
            "per_year",
            "2.59 a year [1.51 to 4.15] against at most 1.50 a year",
        ),
    ],
)
def test_a_verdict_reads_as_value_interval_and_target(
    changed: dict[str, Any], unit: str, reads: str
) -> None:
    assert against_target(verdict(**changed), unit, EN) == reads


@pytest.mark.parametrize(
    ("changed", "unit", "reads"),
    [
        ({}, "share", "13,070 of 16,888"),
        ({"numerator": 4964204.0, "denominator": 27060.0}, "seconds", "mean of 27,060"),
        ({"numerator": 3.0, "denominator": 2.179}, "per_year", "3 in 2.18 person-years"),
        ({"numerator": None}, "share", "no sample"),
    ],
)
def test_a_sample_reads_as_what_was_counted(changed: dict[str, Any], unit: str, reads: str) -> None:
    assert sample(verdict(**changed), unit, EN) == reads


@pytest.mark.parametrize(
    ("first", "last", "reads"),
    [
        (NIGHT, NIGHT, "9 March 2000"),
        (date(2000, 3, 3), NIGHT, "3 to 9 March 2000"),
        (date(2000, 2, 11), NIGHT, "11 February to 9 March 2000"),
        (date(1999, 12, 31), NIGHT, "31 December 1999 to 9 March 2000"),
    ],
)
def test_days_read_without_repeating_month_or_year(first: date, last: date, reads: str) -> None:
    assert days(first, last, EN) == reads


def test_a_breach_says_all_that_the_manager_needs() -> None:
    message = message_for(change(), [], SITE)
    assert read_by_a_person(message).splitlines() == [
        "Service level breaches its norm",
        "77.4 % [75.1 % to 79.6 %] against at least 80.0 %.",
        "Since 9 March 2000. Nights on the wrong side: 7.",
        "Sample: 13,070 of 16,888, 11 February to 9 March 2000.",
        "The contract's norm is not kept. Own service answers as fast.",
        "Malakoff, night of 9 March 2000. 95 % interval, policy p1.",
        "Open the page: https://qos.example/site.html",
    ]
    assert message.text == (
        "Malakoff: Service level breaches its norm. "
        "77.4 % [75.1 % to 79.6 %] against at least 80.0 %."
    )


def test_a_recovery_says_how_long_it_lasted() -> None:
    over = {"state": "resolved", "resolved_on": date(2000, 4, 2)}
    healthy = {"state": State.MET, "value": 0.818, "low": 0.79, "high": 0.84, "nights": 0}
    shown = read_by_a_person(
        message_for(change(Reason.RECOVERED, **over, verdict=healthy), [], SITE)
    )
    assert "Service level is back within its norm" in shown
    assert "81.8 % [79.0 % to 84.0 %] against at least 80.0 %." in shown
    assert "Open: 9 March to 2 April 2000." in shown
    assert "The contract's norm is kept again." in shown


def test_a_trigger_shows_the_figures_of_the_norms_that_fired_it() -> None:
    other = verdict(norm="average_handle_time:all:all", metric="average_handle_time")
    night_before = verdict(as_of=NIGHT - timedelta(days=1), value=0.776)
    verdicts = [night_before, verdict(), other]
    shown = read_by_a_person(message_for(trigger_change(), verdicts, SITE))
    assert shown.splitlines()[:2] == [
        "Repatriation trigger fired: quality of service",
        "Service level: 77.4 % [75.1 % to 79.6 %] against at least 80.0 %.",
    ]
    assert "taking the service back in-house is met" in shown
    assert "Service level 77.4 % [75.1, 79.6]." in shown  # the evidence as it was recorded
    assert "handle time" not in shown
    assert "77.6 %" not in shown


def test_a_rejected_night_lists_its_faults_and_cuts_a_long_list() -> None:
    faults = [f"calls_{n}.csv: wrong header." for n in range(17)]
    shown = read_by_a_person(message_for(data_change(*faults), [], SITE))
    assert "The night's data was rejected" in shown
    assert "calls_9.csv: wrong header." in shown
    assert "calls_10.csv" not in shown
    assert "and 7 more" in shown
    assert "Nothing was judged" in shown


def test_a_link_that_is_no_web_address_is_shown_as_text() -> None:
    site = replace(SITE, link="/srv/qos/pages/index.html")
    message = message_for(change(), [], site)
    assert "Page: /srv/qos/pages/index.html" in read_by_a_person(message)
    assert all(text["type"] == "plain_text" for text in texts(message))


def test_without_a_link_there_is_none() -> None:
    message = message_for(change(), [], replace(SITE, link=None))
    assert len(message.blocks[-1]["elements"]) == 1


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("severity", ["breached", "triggered", "rejected", "warning"])
def test_every_reason_and_severity_has_words(reason: Reason, severity: str) -> None:
    message = message_for(change(reason, severity=severity), [], SITE)
    assert "{}" not in read_by_a_person(message)
    assert problems({"text": message.text, "blocks": message.blocks}) == []


def hostile_messages() -> list[Message]:
    queue = change(subject=f"norm:service_level:queue:{HOSTILE}")
    queue_verdict = verdict(norm=f"service_level:queue:{HOSTILE}", is_backfilled=True)
    site = replace(SITE, name=HOSTILE)
    return [
        message_for(queue, [], site),
        message_for(data_change(HOSTILE), [], site),
        message_for(trigger_change(trigger={"evidence": HOSTILE}), [], site),
        summary_for([queue, queue], [], site),
        edited(message_for(queue, [], site).payload(), queue, [], site),
        backfill_summary([queue_verdict], [], site),
        digest_for(NIGHT, [queue_verdict], [], [queue.incident], {}, site, [HOSTILE]),
    ]


@pytest.mark.parametrize("message", hostile_messages())
def test_text_from_data_pings_nobody_and_reads_as_written(message: Message) -> None:
    for text in texts(message):
        if text["type"] == "mrkdwn":  # ours alone: the link
            assert text["text"] == f"<{SITE.link}|Open the page>"
        else:
            assert text["emoji"] is False
            assert not re.search(r"[<>\x1b]|&(?!amp;|lt;|gt;)", text["text"])
    assert not re.search(r"[<>\x1b]|&(?!amp;|lt;|gt;)", message.text)
    assert '<!channel> & "@here" :bell: [2J *x*' in unescape(message.text)
    assert "\x1b" not in read_by_a_person(message)
    assert '<!channel> & "@here" :bell: [2J *x*' in read_by_a_person(message)


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("ab<<<", 6, "ab…"),  # an escape is kept whole or not at all
        ("<a", 5, "&lt;a"),
    ],
)
def test_a_long_text_is_cut_between_escapes(text: str, limit: int, kept: str) -> None:
    assert fit(text, limit) == kept
    assert len(kept) <= limit


def test_thirty_incidents_are_one_message_within_slacks_limits() -> None:
    changes = [change(subject=f"norm:service_level:queue:{'&' * 900}{n}") for n in range(30)]
    message = summary_for(changes, [], SITE)
    assert problems({"text": message.text, "blocks": message.blocks}) == []
    shown = read_by_a_person(message)
    assert "30 alerts on 9 March 2000" in shown
    assert "and 10 more" in shown
    assert len(message.blocks) == 23  # headline, 20 incidents, how many more, footer


def test_a_list_that_fits_is_not_cut() -> None:
    assert listed(["a", "b"], 2, EN) == ["a", "b"]
    assert listed(["a", "b", "c"], 2, EN) == ["a", "b", "and 1 more"]


def threads_after(rows: list[dict[str, Any]], changes: list[Change]) -> dict[str, Any]:
    """What read.threads gives once these rows are written."""
    heads = {row["incident_id"]: row for row in rows if row["incident_id"]}
    return {
        change.incident.incident_id: {
            "change_count": 1,
            "incident_id": change.incident.incident_id,
            "manager_key": (head := heads[change.incident.incident_id])["message_key"],
            "manager_payload": head["payload"],
            "root_key": head["parent_key"] or head["message_key"],
            "director_key": None,
            "director_payload": None,
        }
        for change in changes
    }


def kinds(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(row["kind"], row["message_key"], row["parent_key"]) for row in rows]


def test_one_incident_is_one_message_then_a_thread_and_an_edited_parent() -> None:
    opened = [change()]
    first = night_messages(opened, [], {}, SITE)
    key = "norm:service_level:all:all@2000-03-09"
    assert kinds(first) == [("parent", f"{key}:1", None)]

    over = {"state": "resolved", "resolved_on": NIGHT + timedelta(days=24)}
    recovered = [change(Reason.RECOVERED, **over)]
    then = night_messages(recovered, [], threads_after(first, opened), SITE)
    assert kinds(then) == [
        ("reply", f"{key}:2", f"{key}:1"),
        ("edit", f"{key}:2:edit", f"{key}:1"),
    ]
    edit = shows(then[1]["payload"]).splitlines()
    assert edit[0] == "Resolved: Service level breaches its norm"
    assert edit[1].startswith("9 March 2000: Service level is back within its norm. 77.4 %")
    assert edit[2] == "77.4 % [75.1 % to 79.6 %] against at least 80.0 %."


def test_an_edited_message_does_not_pile_up_what_it_said_before() -> None:
    opened = [change()]
    threads = threads_after(night_messages(opened, [], {}, SITE), opened)
    edits = [
        night_messages([change(Reason.REMINDER)], [], threads, SITE)[1]["payload"] for _ in range(2)
    ]
    assert edits[0] == edits[1]
    assert shows(edits[0]).count("still breaches") == 1


def test_several_incidents_are_a_summary_with_a_message_each_in_its_thread() -> None:
    changes = [trigger_change(), change(subject="norm:average_handle_time:all:all")]
    rows = night_messages(changes, [verdict()], {}, SITE)
    summary = str(rows[0]["message_key"])
    assert re.fullmatch(r"summary:2000-03-09:[0-9a-f]{16}", summary)
    assert kinds(rows) == [
        ("summary", summary, None),
        ("reply", "trigger:quality@2000-03-09:1", summary),
        ("reply", "norm:average_handle_time:all:all@2000-03-09:1", summary),
    ]
    threads = threads_after(rows, changes)
    later = night_messages([trigger_change(Reason.REMINDER)], [verdict()], threads, SITE)
    assert kinds(later) == [
        ("reply", "trigger:quality@2000-03-09:2", summary),
        ("edit", "trigger:quality@2000-03-09:2:edit", "trigger:quality@2000-03-09:1"),
    ]


def test_what_has_no_reason_says_nothing_and_what_was_said_is_taken_back_though_muted() -> None:
    assert night_messages([change(Reason.NONE)], [], {}, SITE) == []
    opened = [change()]
    threads = threads_after(night_messages(opened, [], {}, SITE), opened)
    muted = change(Reason.RECOVERED, state="resolved", resolved_on=NIGHT, is_muted=True)
    assert [row["kind"] for row in night_messages([muted], [], threads, SITE)] == ["reply", "edit"]


def test_the_rows_of_changes_are_numbered_on() -> None:
    [first] = change_rows([change()], {}, SITE)
    key = "norm:service_level:all:all@2000-03-09"
    [second] = change_rows([change(Reason.REMINDER)], {key: {"change_count": 1}}, SITE)
    assert (first["change_number"], second["change_number"]) == (1, 2)
    assert first["headline"] == "Service level breaches its norm"


def history(*states: str, **changed: Any) -> list[Any]:
    start = date(2000, 3, 1)
    return [
        verdict(
            as_of=start + timedelta(days=n),
            state=State(state),
            **{"is_backfilled": True, **changed},
        )
        for n, state in enumerate(states)
    ]


def test_nights_judged_afterwards_are_told_in_one_message() -> None:
    service = history("met", "breached", "breached", "no_data", "breached", "at_risk", "breached")
    untold = {"norm": "agent_turnover:all:all", "metric": "agent_turnover", "target": 1.5}
    turnover = history(*["too_few"] * 7, **untold, direction="at_most")
    healthy = history(*["met"] * 7, norm="first_call_resolution:all:all")
    triggers = [
        trigger_state(
            as_of=date(2000, 3, day), state=TriggerLevel(level), norms=norms, is_backfilled=True
        )
        for day, level, norms in [(6, "watch", ()), (7, "triggered", ("service_level:all:all",))]
    ]
    shown = read_by_a_person(backfill_summary([*service, *turnover, *healthy], triggers, SITE))
    assert shown.splitlines()[:-1] == [
        "7 nights of history judged",
        "1 to 7 March 2000. Nothing of this was said at the time. From now on a message comes when"
        " something changes.",
        "Repatriation trigger quality of service: triggered from 7 March 2000 on."
        " On the last night: triggered, by service level.",
        "Service level, at least 80.0 %: breached 2 to 5 March 2000, from 7 March 2000 on.",
        "Agent turnover, at most 1.50 a year: could not be judged.",
        "First-call resolution, at least 80.0 %: never breached.",
        "Malakoff.",
    ]


def test_of_tonight_the_summary_of_history_says_nothing() -> None:
    nights = [*history("met", "met"), *history("breached", is_backfilled=False)]
    fired = trigger_state(state=TriggerLevel.TRIGGERED)
    shown = read_by_a_person(backfill_summary(nights, [fired], SITE))
    assert "2 nights" in shown
    assert "never breached" in shown
    assert "Repatriation" not in shown


def test_a_long_history_names_its_last_episodes() -> None:
    shown = read_by_a_person(backfill_summary(history(*["breached", "met"] * 8), [], SITE))
    assert "breached 7 March 2000, 9 March 2000" in shown
    assert "and 3 times before" in shown


def test_a_history_of_many_norms_stays_within_slacks_limits() -> None:
    many = [verdict(norm=f"service_level:queue:{n}", is_backfilled=True) for n in range(80)]
    message = backfill_summary(many, [], SITE)
    assert problems({"text": message.text, "blocks": message.blocks}) == []
    assert "and 50 more" in read_by_a_person(message)


def test_the_same_summary_has_the_same_key() -> None:
    message = backfill_summary(history("met"), [], SITE)
    assert summary_row(message, NIGHT) == summary_row(message, NIGHT)
    assert summary_row(message, NIGHT)["kind"] == "summary"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Notice to the provider: time to decide", "by 29 February 2000, in 29 days",
                "Repatriation trigger cost: triggered, since"]),
        ("fr", ["Préavis au prestataire\u202f: il faut décider", "29\u00a0février\u00a02000",
                "Seuil de réinternalisation, coûts\u202f: franchi"]),
    ],
)  # fmt: skip
def test_notice_tells_how_every_trigger_stands(language: str, said: list[str]) -> None:
    notice = Notice(date(2000, 10, 31), date(2000, 2, 29), 29, is_due=True)
    fired = trigger_state(trigger="cost", state=TriggerLevel.TRIGGERED, norms=())
    about = incident(subject="contract:notice", severity="warning")
    reminded = Change(about, Reason.OPENED, NIGHT, reminder=NoticeReminder(notice, (fired,)))
    site = replace(SITE, language=language)
    text = read_by_a_person(message_for(reminded, (), site))
    assert [part for part in said if part not in text] == []
