"""Who is employed when: what a pile of rosters says, corrected, contradicted and incomplete."""

from pathlib import Path

import pytest
from nights import NightSite, csv_of, hidden

STAYS = "stays,1999-01-04,\n"  # somebody who is always there: an empty roster is no roster


@pytest.fixture
def site(tmp_path: Path) -> NightSite:
    return NightSite(tmp_path)


def put_roster(site: NightSite, snapshot_on: str, rows: str, name: str = "") -> None:
    """A roster of agent_id, hired_on, left_on; blanks as in `ann, 2000-01-03, 2000-02-29`."""
    lines = [line.strip().replace(", ", ",") for line in rows.strip().splitlines()]
    content = "agent_id,hired_on,left_on\n" + STAYS + "".join(line + "\n" for line in lines)
    site.put(f"roster/roster_{snapshot_on}{name}.csv", content)


def spells(site: NightSite, agent: str) -> list[tuple[object, ...]]:
    return site.ask(
        "select hired_on::varchar, left_on::varchar, is_departure_inferred"
        " from staging.employment where agent_id = $agent order by hired_on",
        agent=hidden(agent),
    )


def days(site: NightSite, agent: str) -> list[str]:
    found = site.ask(
        "select day::varchar from facts.headcount where agent_id = $agent order by day",
        agent=hidden(agent),
    )
    return [str(day) for (day,) in found]


def departures(site: NightSite, agent: str) -> list[tuple[object, ...]]:
    return site.ask(
        "select day::varchar, leave_reason from facts.headcount"
        " where agent_id = $agent and is_departure order by day",
        agent=hidden(agent),
    )


def test_the_newest_roster_rules_corrections_of_the_past_included(site: NightSite) -> None:
    """Ann's day of leaving and Bob's of coming were wrong in February; March knows better."""
    put_roster(site, "2000-02-01", "ann, 2000-01-03, 2000-01-10 \n bob, 2000-01-03,")
    put_roster(site, "2000-03-01", "ann, 2000-01-03, 2000-01-12 \n bob, 2000-01-05,")
    site.night("2000-03-05")
    assert spells(site, "ann") == [("2000-01-03", "2000-01-12", False)]
    assert spells(site, "bob") == [("2000-01-05", None, False)]
    assert departures(site, "ann") == [("2000-01-12", None)]
    assert days(site, "bob")[0] == "2000-01-05"


def test_arrival_in_another_order_changes_nothing(site: NightSite) -> None:
    """The older roster came later; it is still the older one."""
    put_roster(site, "2000-03-01", "ann, 2000-01-03, 2000-01-12")
    site.night("2000-03-05")
    put_roster(site, "2000-02-01", "ann, 2000-01-03, 2000-01-10")
    site.night("2000-03-05")
    assert spells(site, "ann") == [("2000-01-03", "2000-01-12", False)]


def test_who_vanishes_left_the_day_before(site: NightSite) -> None:
    """Ann is on the roster of February, not on that of March nor April: gone on 29 February."""
    put_roster(site, "2000-02-01", "ann, 2000-01-03,")
    put_roster(site, "2000-03-01", "bob, 2000-02-14,")
    put_roster(site, "2000-04-01", "bob, 2000-02-14,\ncat, 2000-03-14,")
    site.night("2000-04-05")
    assert spells(site, "ann") == [("2000-01-03", "2000-02-29", True)]
    assert departures(site, "ann") == [("2000-02-29", "other")]
    assert days(site, "ann")[-1] == "2000-02-29"


def test_who_comes_back_to_the_roster_never_left(site: NightSite) -> None:
    """Forgotten in March, named again in April."""
    put_roster(site, "2000-02-01", "ann, 2000-01-03,")
    put_roster(site, "2000-03-01", "")
    site.night("2000-03-05")
    assert departures(site, "ann") == [("2000-02-29", "other")]
    put_roster(site, "2000-04-01", "ann, 2000-01-03,\nbob, 2000-03-06,")
    site.night("2000-04-05")
    assert spells(site, "ann") == [("2000-01-03", None, False)]
    assert departures(site, "ann") == []
    assert len(days(site, "ann")) == 29 + 29 + 31 + 5


def test_a_row_in_quarantine_is_no_departure(site: NightSite) -> None:
    """Ann's row in March has a slip of the pen; the roster is not whole, so nobody vanished."""
    put_roster(site, "2000-02-01", "ann, 2000-01-03,\nbob, 2000-01-03,")
    put_roster(site, "2000-03-01", "ann, 2000-13-03,")
    site.night("2000-03-05")
    assert spells(site, "ann") == [("2000-01-03", None, False)]
    assert spells(site, "bob") == [("2000-01-03", None, False)]


def test_a_spell_reported_as_ended_persists_when_dropped(site: NightSite) -> None:
    """Ann left in January and is left out from March on, Bob was hired again meanwhile."""
    put_roster(site, "2000-02-01", "ann, 2000-01-03, 2000-01-14\nbob, 1999-03-01, 1999-12-31")
    put_roster(site, "2000-03-01", "bob, 2000-02-14,")
    site.night("2000-03-05")
    assert spells(site, "ann") == [("2000-01-03", "2000-01-14", False)]
    assert spells(site, "bob") == [
        ("1999-03-01", "1999-12-31", False),
        ("2000-02-14", None, False),
    ]
    assert departures(site, "bob") == [("1999-12-31", None)]


def test_a_corrected_spell_is_not_brought_back_when_dropped(site: NightSite) -> None:
    """March corrects when Ann came; April leaves her out: one spell, as corrected."""
    put_roster(site, "2000-02-01", "ann, 2000-01-03, 2000-01-14\nbob, 2000-01-03, 2000-01-14")
    put_roster(site, "2000-03-01", "ann, 2000-01-05, 2000-01-14\nbob, 2000-01-03,")
    put_roster(site, "2000-04-01", "ann, 2000-03-20,\nbob, 2000-03-20,")
    site.night("2000-04-05")
    assert spells(site, "ann") == [
        ("2000-01-05", "2000-01-14", False),
        ("2000-03-20", None, False),
    ]
    assert spells(site, "bob") == [("2000-03-20", None, False)]


def test_a_rehire_within_30_days_is_a_suspension(site: NightSite) -> None:
    """From 31 January to 1 March 2000 are 30 days: one employment with a gap, nobody departed."""
    put_roster(site, "2000-03-05", "ann, 2000-01-03, 2000-01-31\nann, 2000-03-01,")
    site.night("2000-03-05")
    assert departures(site, "ann") == []
    assert days(site, "ann")[28:] == [
        "2000-01-31", "2000-03-01", "2000-03-02", "2000-03-03", "2000-03-04", "2000-03-05"
    ]  # fmt: skip
    assert site.ask(
        "select tenure_days from facts.headcount where agent_id = $a and day = '2000-03-01'",
        a=hidden("ann"),
    ) == [(28 + 29 + 1,)]  # 3 January to 1 March, the gap included


def test_a_rehire_after_31_days_is_a_new_hire(site: NightSite) -> None:
    put_roster(site, "2000-03-05", "ann, 2000-01-03, 2000-01-30\nann, 2000-03-01,")
    site.night("2000-03-05")
    assert departures(site, "ann") == [("2000-01-30", None)]
    assert site.ask(
        "select tenure_days from facts.headcount where agent_id = $a and day = '2000-03-01'",
        a=hidden("ann"),
    ) == [(0,)]


def test_a_departure_is_taken_back_when_the_rehire_becomes_known(site: NightSite) -> None:
    """In the night of 1 March nobody knows yet that Ann will be back in a fortnight."""
    put_roster(site, "2000-03-01", "ann, 2000-01-03, 2000-02-29")
    site.night("2000-03-01")
    assert departures(site, "ann") == [("2000-02-29", None)]
    assert site.figure("agent_turnover", "month", "2000-02-29")[0] == 1
    put_roster(site, "2000-03-15", "ann, 2000-01-03, 2000-02-29\nann, 2000-03-13,")
    site.night("2000-03-15")
    assert departures(site, "ann") == []
    assert site.figure("agent_turnover", "month", "2000-02-29")[0] == 0


def test_what_is_to_come_has_not_happened(site: NightSite) -> None:
    """Ann will leave, Bob will come, Cat's end is the far future that some systems write."""
    put_roster(
        site,
        "2000-03-01",
        "ann, 2000-01-03, 2000-03-10\nbob, 2000-03-08,\ncat, 2000-01-03, 9999-12-31",
    )
    site.night("2000-03-07")
    assert departures(site, "ann") + days(site, "bob") + departures(site, "cat") == []
    assert days(site, "ann")[-1] == days(site, "cat")[-1] == "2000-03-07"
    site.night("2000-03-11")
    assert departures(site, "ann") == [("2000-03-10", None)]
    assert days(site, "bob") == ["2000-03-08", "2000-03-09", "2000-03-10", "2000-03-11"]


def test_who_was_announced_and_never_came_is_neither_hired_nor_gone(site: NightSite) -> None:
    """Announced for 13 March, missing on the roster of the 8th."""
    put_roster(site, "2000-03-01", "ann, 2000-03-13,")
    put_roster(site, "2000-03-08", "")
    site.night("2000-03-20")
    assert spells(site, "ann") == []


def test_rosters_after_as_of_are_not_known_yet(site: NightSite) -> None:
    put_roster(site, "2000-03-01", "ann, 2000-01-03,")
    put_roster(site, "2000-03-08", "ann, 2000-01-03, 2000-02-15")
    site.night("2000-03-07")
    assert spells(site, "ann") == [("2000-01-03", None, False)]
    site.night("2000-03-08")
    assert spells(site, "ann") == [("2000-01-03", "2000-02-15", False)]


def test_of_two_rosters_of_one_date_the_later_one_counts(site: NightSite) -> None:
    """Whole: whom the second does not name is gone, though the first of that day named him."""
    put_roster(site, "2000-02-01", "ann, 2000-01-03,\nbob, 2000-01-03,")
    put_roster(site, "2000-03-01", "ann, 2000-01-03,\nbob, 2000-01-03,", name="_a")
    site.night("2000-03-05")
    assert spells(site, "bob") == [("2000-01-03", None, False)]
    put_roster(site, "2000-03-01", "ann, 2000-01-04,", name="_b")
    site.night("2000-03-05")
    assert spells(site, "ann") == [("2000-01-04", None, False)]
    assert spells(site, "bob") == [("2000-01-03", "2000-02-29", True)]


def test_a_column_may_hold_the_dates_of_several_rosters(site: NightSite) -> None:
    """An export of a year in one file is as good as twelve files."""
    site.put("roster/history.csv", csv_of("""
        snapshot_on | agent_id | hired_on   | left_on
        2000-02-01  | ann      | 2000-01-03 |
        2000-02-01  | bob      | 2000-01-03 |
        2000-03-01  | bob      | 2000-01-03 |
        """))  # fmt: skip
    site.night("2000-03-05")
    assert spells(site, "ann") == [("2000-01-03", "2000-02-29", True)]
    assert spells(site, "bob") == [("2000-01-03", None, False)]


def test_rows_that_come_twice_count_once(site: NightSite) -> None:
    """The same line again is a repeat; another line about the same spell replaces the first."""
    put_roster(
        site,
        "2000-03-01",
        "ann, 2000-01-03,\nann, 2000-01-03,\nbob, 2000-01-03,\nbob, 2000-01-03, 2000-02-15",
    )
    site.night("2000-03-05")
    assert spells(site, "ann") == [("2000-01-03", None, False)]
    assert spells(site, "bob") == [("2000-01-03", "2000-02-15", False)]
    assert site.ask("select rows_repeated from staging.roster_repeats") == [(1,)]


def test_only_agents_are_counted(site: NightSite) -> None:
    """A role that is not said is agent, in whatever letters."""
    site.put("roster/roster_2000-03-01.csv", csv_of("""
        agent_id | role       | hired_on
        ann      | Agent      | 2000-01-03
        bob      |            | 2000-01-03
        cat      | supervisor | 2000-01-03
        """))  # fmt: skip
    site.night("2000-03-05")
    assert site.ask("select count(*) from facts.headcount where day = '2000-03-05'") == [(2,)]
    assert days(site, "cat") == []


def put_roles(site: NightSite, snapshot_on: str, **roles: str) -> None:
    """A roster of people hired on 3 January 2000 who have these roles."""
    rows = [f"{agent},{role},2000-01-03" for agent, role in {"stays": "agent", **roles}.items()]
    site.put(
        f"roster/roster_{snapshot_on}.csv", "\n".join(["agent_id,role,hired_on", *rows]) + "\n"
    )


def test_who_gets_another_role_was_an_agent_until_then(site: NightSite) -> None:
    """Rosters have no date of a promotion, so the last day is that before it was seen."""
    put_roles(site, "2000-02-01", ann="agent", cat="supervisor")
    put_roles(site, "2000-03-01", ann="supervisor", cat="supervisor")
    put_roles(site, "2000-04-01", ann="supervisor", cat="supervisor")
    site.night("2000-04-05")
    assert spells(site, "ann") == [("2000-01-03", "2000-02-29", True)]
    assert departures(site, "ann") == [("2000-02-29", "promotion")]
    assert site.figure("agent_turnover", "month", "2000-02-29")[0] == 0
    assert days(site, "cat") == []


def test_a_role_that_was_a_slip_of_one_roster_changes_nothing(site: NightSite) -> None:
    put_roles(site, "2000-02-01", ann="agent")
    put_roles(site, "2000-03-01", ann="supervisor")
    put_roles(site, "2000-04-01", ann="agent")
    site.night("2000-04-05")
    assert spells(site, "ann") == [("2000-01-03", None, False)]


def test_who_vanished_first_was_not_promoted(site: NightSite) -> None:
    put_roles(site, "2000-02-01", ann="agent")
    put_roles(site, "2000-03-01")
    put_roles(site, "2000-06-01", ann="supervisor")
    site.night("2000-06-05")
    assert departures(site, "ann") == [("2000-02-29", "other")]


def test_a_provider_rotation_is_turnover(site: NightSite) -> None:
    """January to March with two agents, one of whom is sent elsewhere on 29 February.

    That is one departure in 91 + 60 agent-days.
    """
    site.put("roster/roster_2000-04-01.csv", csv_of("""
        agent_id | provider | hired_on   | left_on    | leave_reason
        ann      | nearby   | 2000-01-01 | 2000-02-29 | provider_rotation
        bob      | nearby   | 2000-01-01 |            |
        """))  # fmt: skip
    site.night("2000-04-01")
    assert departures(site, "ann") == [("2000-02-29", "provider_rotation")]
    assert site.figure("agent_turnover", "rolling_91", "2000-03-31") == (
        1,
        pytest.approx((91 + 60) / 365.25, rel=1e-12),
    )


def test_a_move_to_another_provider_on_the_next_day_is_no_departure(site: NightSite) -> None:
    """Ann knows the work still: her tenure goes on, her provider is another from that day."""
    site.put("roster/roster_2000-03-05.csv", csv_of("""
        agent_id | provider | hired_on   | left_on    | leave_reason
        ann      | nearby   | 2000-01-03 | 2000-02-29 | provider_rotation
        ann      | faraway  | 2000-03-01 |            |
        """))  # fmt: skip
    site.night("2000-03-05")
    assert departures(site, "ann") == []
    assert site.ask(
        "select provider, tenure_days from facts.headcount where day between '2000-02-29'"
        " and '2000-03-01' order by day"
    ) == [("nearby", 57), ("faraway", 58)]


def test_agents_on_no_roster_are_unknown_and_counted(site: NightSite) -> None:
    """Bob answers calls, but no roster names him; Ann's first call is before her first day."""
    put_roster(site, "2000-03-05", "ann, 2000-03-02,")
    site.put("calls/day.csv", csv_of("""
        call_id | queued_at            | agent_id | wait_seconds | talk_seconds
        a       | 2000-03-01T09:00:00Z | ann      | 0            | 60
        b       | 2000-03-02T09:00:00Z | ann      | 0            | 60
        c       | 2000-03-02T09:00:00Z | bob      | 0            | 90
        """))  # fmt: skip
    site.night("2000-03-05")
    assert site.ask("select call_id, provider, tenure_band from facts.calls order by call_id") == [
        ("a", "unknown", "unknown"),
        ("b", "unknown", "0-29"),
        ("c", "unknown", "unknown"),
    ]
    assert site.figure("average_handle_time", "month", "2000-03-05") == (210, 3)


def test_a_new_roster_rewrites_from_the_first_day_that_differs(site: NightSite) -> None:
    """Night by night, or all at once from nothing: the same tables."""
    put_roster(site, "2000-02-01", "ann, 2000-01-03,\nbob, 2000-01-03,")
    site.night("2000-02-05")
    put_roster(site, "2000-02-08", "ann, 2000-01-03, 2000-02-07\nbob, 2000-01-03,")
    site.night("2000-02-08")
    assert site.rows_written["facts.headcount"] < 10
    by_night = site.tables()
    site.night("2000-02-08", is_full=True)
    assert site.tables() == by_night
