"""The worked examples of the definitions, through the real pipeline: files in, metrics out."""

from pathlib import Path

import pytest
from nights import NightSite, csv_of, hidden


@pytest.fixture
def site(tmp_path: Path) -> NightSite:
    return NightSite(tmp_path)


def test_service_level_leaves_short_abandons_out(site: NightSite) -> None:
    """Eight contacts, T = 15 s: five answered, three given up, one of these within 5 s."""
    site.parameters = {"service_level_seconds": 15, "short_abandon_seconds": 5}
    site.put("calls/day.csv", csv_of("""
        call_id | queued_at            | agent_id | wait_seconds | outcome
        a       | 2000-03-01T09:00:00Z | ann      | 20           | handled
        b       | 2000-03-01T09:01:00Z | ann      | 5            | handled
        c       | 2000-03-01T09:02:00Z | ann      | 3            | handled
        d       | 2000-03-01T09:03:00Z | ann      | 10           | handled
        e       | 2000-03-01T09:04:00Z | ann      | 15           | handled
        f       | 2000-03-01T09:05:00Z |          | 2            | abandoned
        g       | 2000-03-01T09:06:00Z |          | 14           | abandoned
        h       | 2000-03-01T09:07:00Z |          | 30           | abandoned
        """))  # fmt: skip
    site.night("2000-03-01")
    assert site.figure("service_level", "day", "2000-03-01") == (4, 7)
    assert site.figure("abandonment_rate", "day", "2000-03-01") == (2, 7)
    assert site.figure("average_speed_of_answer", "day", "2000-03-01") == (53, 5)


CHAIN = """
    call_id | queued_at            | reason  | customer_id | agent_id | wait_seconds | outcome
    first   | 2000-02-01T09:00:00Z | other   | somebody    | ann      | 1            | handled
    monday  | 2000-03-06T09:00:00Z | billing | 42          | ann      | 1            | handled
    wedns   | 2000-03-08T09:00:00Z | billing | 42          |          | 60           | abandoned
    thursd  | 2000-03-09T09:00:00Z | billing | 42          | bob      | 1            | handled
    """


def test_a_chain_of_calls_is_one_issue(site: NightSite) -> None:
    """Monday's call opened it and was not resolved; Thursday's is a repeat, and the last."""
    site.put("calls/march.csv", csv_of(CHAIN))
    site.night("2000-03-31")
    assert site.figure("first_call_resolution", "month", "2000-03-31") == (0, 1)
    assert site.figure("repeat_call_rate", "month", "2000-03-31") == (1, 2)


def test_what_is_not_mature_is_not_counted(site: NightSite) -> None:
    """On Wednesday evening nobody knows whether Monday's question is settled, only that it came back."""
    site.put("calls/march.csv", csv_of(CHAIN))
    site.night("2000-03-08")
    found = site.ask(
        "select metric from metrics.period where grain = 'day' and period_end >= date '2000-03-01'"
        " and metric in ('first_call_resolution', 'repeat_call_rate')"
    )
    assert found == []


def test_the_first_days_of_history_open_nothing(site: NightSite) -> None:
    """Who calls on the second day of the log may have called on the day before it began."""
    site.put("calls/march.csv", csv_of("""
        call_id | queued_at            | customer_id | agent_id | wait_seconds | outcome
        a       | 2000-03-01T09:00:00Z | 1           | ann      | 1            | handled
        b       | 2000-03-07T22:59:59Z | 2           | ann      | 1            | handled
        c       | 2000-03-07T23:00:00Z | 3           | ann      | 1            | handled
        """))  # fmt: skip
    site.night("2000-03-31")
    # Day one began at 23:00 UTC; only the third caller is a whole week younger.
    assert site.figure("first_call_resolution", "month", "2000-03-31") == (1, 1)
    assert site.figure("repeat_call_rate", "month", "2000-03-31") == (0, 3)


def test_a_repeat_at_the_very_end_of_the_window_counts(site: NightSite) -> None:
    """The window is 7 x 24 hours from the end of the call, inclusive."""
    site.put("calls/march.csv", csv_of("""
        call_id | queued_at            | customer_id | agent_id | wait_seconds | talk_seconds | outcome
        first   | 2000-02-01T09:00:00Z | 9           | ann      | 0            | 0            | handled
        a1      | 2000-03-01T09:00:00Z | 1           | ann      | 10           | 50           | handled
        a2      | 2000-03-08T09:01:00Z | 1           | ann      | 0            | 0            | handled
        b1      | 2000-03-01T09:00:00Z | 2           | ann      | 10           | 50           | handled
        b2      | 2000-03-08T09:01:01Z | 2           | ann      | 0            | 0            | handled
        """))  # fmt: skip
    site.night("2000-03-31")
    assert site.figure("first_call_resolution", "day", "2000-03-01") == (1, 2)


def test_another_reason_is_another_question(site: NightSite) -> None:
    """By default a repeat is about the same reason; a site may say that any reason counts."""
    calls = csv_of("""
        call_id | queued_at            | reason  | customer_id | agent_id | wait_seconds | outcome
        first   | 2000-02-01T09:00:00Z | other   | 9           | ann      | 0            | handled
        a       | 2000-03-01T09:00:00Z | billing | 1           | ann      | 0            | handled
        b       | 2000-03-02T09:00:00Z | modem   | 1           | ann      | 0            | handled
        """)  # fmt: skip
    site.put("calls/march.csv", calls)
    site.night("2000-03-31")
    assert site.figure("first_call_resolution", "month", "2000-03-31") == (2, 2)
    site.parameters = {"repeat_same_reason": False}
    site.night("2000-03-31")
    assert site.figure("first_call_resolution", "month", "2000-03-31") == (0, 1)


def test_overlapping_contacts_are_one_episode(site: NightSite) -> None:
    """Who calls again while still on the line is not calling back; touching is not overlapping."""
    site.put("calls/march.csv", csv_of("""
        call_id | queued_at            | customer_id | agent_id | wait_seconds | talk_seconds | outcome
        first   | 2000-02-01T09:00:00Z | 9           | ann      | 0            | 0            | handled
        a1      | 2000-03-01T09:00:00Z | 1           |          | 60           | 0            | abandoned
        a2      | 2000-03-01T09:00:30Z | 1           | ann      | 0            | 90           | handled
        b1      | 2000-03-01T09:00:00Z | 2           | ann      | 0            | 60           | handled
        b2      | 2000-03-01T09:01:00Z | 2           | bob      | 0            | 60           | handled
        """))  # fmt: skip
    site.night("2000-03-31")
    assert site.figure("first_call_resolution", "day", "2000-03-01") == (1, 2)
    assert site.figure("repeat_call_rate", "day", "2000-03-01") == (1, 3)


def test_a_transferred_contact_is_two_legs(site: NightSite) -> None:
    """Ann answers and hands over to Bob: handle time counts legs, waiting counts contacts."""
    site.put("calls/day.csv", csv_of("""
        call_id | contact_id | queued_at            | agent_id | wait_seconds | talk_seconds | hold_seconds | wrap_seconds | outcome | is_transferred
        1       | c          | 2000-03-01T09:00:00Z | ann      | 5            | 60           | 0            | 10           | handled | yes
        2       | c          | 2000-03-01T09:01:10Z | bob      | 3            | 200          | 30           | 20           | handled | no
        """))  # fmt: skip
    site.night("2000-03-01")
    assert site.figure("average_handle_time", "day", "2000-03-01") == (320, 2)
    assert site.figure("handle_time_per_contact", "day", "2000-03-01") == (320, 1)
    assert site.figure("average_speed_of_answer", "day", "2000-03-01") == (5, 1)


def test_a_contact_whose_legs_name_two_customers_is_the_first_ones(site: NightSite) -> None:
    """And it is known, for the checks to tell of."""
    site.put("calls/day.csv", csv_of("""
        call_id | contact_id | queued_at            | customer_id | agent_id | wait_seconds
        1       | a          | 2000-03-01T09:00:00Z | x           | ann      | 5
        2       | a          | 2000-03-01T09:01:10Z | y           | bob      | 3
        3       | b          | 2000-03-01T10:00:00Z |             | ann      | 5
        4       | b          | 2000-03-01T10:01:10Z | y           | bob      | 3
        """))  # fmt: skip
    site.night("2000-03-01")
    assert site.ask(
        "select contact_id, customer_id, names_one_customer from facts.contacts_of_several_legs"
        " order by contact_id"
    ) == [("a", hidden("x"), False), ("b", hidden("y"), True)]


def test_turnover_is_departures_over_agent_years(site: NightSite) -> None:
    """Twenty seats filled all month; four agents leave and are replaced on the next day."""
    rows = [f"stayer{n},1999-01-04,," for n in range(16)]
    for n in range(4):
        rows += [f"leaver{n},1999-01-04,2000-04-{n + 10},voluntary"]
        rows += [f"joiner{n},2000-04-{n + 11},,"]
    header = "agent_id,hired_on,left_on,leave_reason"
    site.put("roster/roster_2000-05-01.csv", "\n".join([header, *rows]) + "\n")
    site.night("2000-05-01")
    departures, years = site.figure("agent_turnover", "month", "2000-04-30")
    assert departures == 4
    assert years == pytest.approx(600 / 365.25, rel=1e-12)


def test_the_last_day_of_employment_is_one_of_them(site: NightSite) -> None:
    """Hired on 3 January and gone after 31 January: 29 days, and a departure on the last."""
    site.put("roster/roster_2000-02-01.csv", csv_of("""
        agent_id | hired_on   | left_on    | leave_reason
        a        | 2000-01-03 | 2000-01-31 | voluntary
        b        | 1999-01-04 |            |
        """))  # fmt: skip
    site.night("2000-02-01")
    assert site.figure("agent_turnover", "month", "2000-01-31") == (
        1,
        pytest.approx((29 + 31) / 365.25, rel=1e-12),
    )
    assert site.figure("agent_turnover", "day", "2000-01-31")[0] == 1


def test_departures_to_the_client_or_upwards_are_no_turnover(site: NightSite) -> None:
    """The agent is lost to the team, not to the service."""
    site.put("roster/roster_2000-05-01.csv", csv_of("""
        agent_id | hired_on   | left_on    | leave_reason
        a        | 2000-01-01 | 2000-04-10 | promotion
        b        | 2000-01-01 | 2000-04-10 | transfer_to_client
        c        | 2000-01-01 | 2000-04-10 | training_washout
        d        | 2000-01-01 |            |
        """))  # fmt: skip
    site.night("2000-05-01")
    assert site.figure("agent_turnover", "month", "2000-04-30")[0] == 1


def test_an_hour_that_comes_twice_keeps_its_order(site: NightSite) -> None:
    """29 October 2000 in Paris has 25 hours: both calls are at half past two, on that day."""
    site.put("calls/day.csv", csv_of("""
        call_id | queued_at            | customer_id | agent_id | wait_seconds | talk_seconds
        late    | 2000-10-29T01:30:00Z | 1           | ann      | 0            | 60
        early   | 2000-10-29T00:30:00Z | 1           | ann      | 0            | 60
        """))  # fmt: skip
    site.night("2000-11-30")
    assert site.ask(
        "select day::varchar, episode_id, seconds_to_next::int from facts.episodes order by started_at"
    ) == [("2000-10-29", "early", 3540), ("2000-10-29", "late", None)]


def test_a_call_belongs_to_the_day_on_which_it_was_queued(site: NightSite) -> None:
    """Half past eleven in the evening in Paris is 22:30 UTC; the talk lasts beyond midnight."""
    site.put("calls/day.csv", csv_of("""
        call_id | queued_at            | agent_id | wait_seconds | talk_seconds
        a       | 2000-01-31T22:30:00Z | ann      | 0            | 7200
        b       | 2000-01-31T23:30:00Z | ann      | 0            | 60
        """))  # fmt: skip
    site.night("2000-02-01")
    assert site.figure("average_handle_time", "month", "2000-01-31") == (7200, 1)
    assert site.figure("average_handle_time", "day", "2000-02-01") == (60, 1)


def test_nothing_divided_by_nothing_is_unknown(site: NightSite) -> None:
    """A day on which all gave up at once has no service level, and no figure of 0 or 100 %."""
    site.put("calls/day.csv", csv_of("""
        call_id | queued_at            | agent_id | wait_seconds | outcome
        a       | 2000-01-31T09:00:00Z |          | 2            | abandoned
        """))  # fmt: skip
    site.night("2000-01-31")
    assert site.ask("select metric from metrics.period where value is not null") == []


def test_rolling_windows_wait_until_history_is_long_enough(site: NightSite) -> None:
    """A week that the log does not cover wholly has no rolling figure; a month says so itself."""
    site.put("calls/days.csv", csv_of("""
        call_id | queued_at            | agent_id | wait_seconds
        a       | 2000-01-10T09:00:00Z | ann      | 0
        b       | 2000-01-16T09:00:00Z | ann      | 0
        """))  # fmt: skip
    site.night("2000-01-17")
    ends = site.ask(
        "select period_end::varchar from metrics.period"
        " where metric = 'service_level' and grain = 'rolling_7' and scope_kind = 'all' order by 1"
    )
    assert ends == [("2000-01-16",), ("2000-01-17",)]
    months = site.ask(
        "select period_end::varchar, is_final from metrics.period"
        " where metric = 'service_level' and grain = 'month' and scope_kind = 'all'"
    )
    assert months == [("2000-01-17", False)]
