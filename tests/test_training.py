"""Training: what it costs, what leaves with people, and what it takes to replace one."""

from pathlib import Path

import pytest
from nights import NightSite, csv_of


@pytest.fixture
def site(tmp_path: Path) -> NightSite:
    return NightSite(tmp_path, parameters={"site_currency": "FRF"})


def put_team(site: NightSite, leavers: int) -> None:
    """Everybody was hired and trained for two days of 1,000 F on 3 and 4 January 2000.

    The leavers go on 1 July, 180 and 179 days later.
    """
    table = "agent_id | provider | hired_on | left_on | leave_reason\n"
    rows = [f"l{n} | p | 2000-01-03 | 2000-07-01 | voluntary" for n in range(leavers)]
    rows += [f"s{n} | p | 2000-01-03 | | " for n in range(3)]
    rows += ["p | p | 2000-01-03 | 2000-07-01 | promotion", "v | p | 1999-01-03 | | "]
    site.put("roster/roster_2000-12-31.csv", csv_of(table + "\n".join(rows)))
    trained = [f"l{n}" for n in range(leavers)] + [f"s{n}" for n in range(3)] + ["p"]
    lines = [f"2000-01-0{day},{who},7,1000" for who in trained for day in (3, 4)]
    site.put("training/january.csv", "day,agent_id,hours,cost\n" + "\n".join(lines) + "\n")


def figures(site: NightSite, grain: str, period_end: str) -> tuple[object, ...]:
    return site.ask(
        "select departures, sunk_cost, sunk_cost_per_departure, hours_to_replace, cost_to_replace,"
        " is_suppressed from metrics.training where grain = $grain and period_end = $end",
        grain=grain, end=period_end,
    )[0]  # fmt: skip


def test_what_leavers_take_with_them_is_what_their_training_had_not_paid_off(
    site: NightSite,
) -> None:
    """185/365 of 1,000 and 186/365 of 1,000 for each of five; who is promoted takes nothing."""
    put_team(site, 5)
    site.night("2000-12-31")
    each = (365 - 180) / 365 * 1000 + (365 - 179) / 365 * 1000
    departures, sunk, per_departure, _, _, is_suppressed = figures(site, "month", "2000-07-31")
    assert (departures, is_suppressed) == (5, False)
    assert sunk == pytest.approx(5 * each, rel=1e-12)
    assert per_departure == pytest.approx(each, rel=1e-12)


def test_to_replace_one_takes_what_a_hire_gets_in_his_first_90_days(site: NightSite) -> None:
    put_team(site, 5)
    site.night("2000-12-31")
    assert figures(site, "month", "2000-01-31")[3:5] == (14, 2000)
    spent = site.ask(
        "select trained_agents, hours, cost from metrics.training where period_end = '2000-01-31'"
    )
    assert spent == [(9, 9 * 14, 9 * 2000)]


def test_what_few_take_with_them_is_nobodys_business(site: NightSite) -> None:
    """Four leavers: a figure about them would be one about each."""
    put_team(site, 4)
    site.night("2000-12-31")
    assert figures(site, "month", "2000-07-31")[:3] == (4, None, None)


def test_a_year_is_told_when_the_history_holds_one(site: NightSite) -> None:
    put_team(site, 5)
    site.night("2000-12-31")
    assert site.ask("select distinct grain from metrics.training") == [("month",)]
    site.night("2001-01-01")
    departures, sunk, *_ = figures(site, "rolling_365", "2001-01-01")
    assert departures == 5
    assert isinstance(sunk, float)


def test_training_of_somebody_unknown_costs_and_leaves_with_nobody(site: NightSite) -> None:
    put_team(site, 5)
    site.put("training/x.csv", "day,agent_id,hours,cost\n2000-07-01,nobody,7,9000\n")
    site.night("2000-12-31")
    sunk = figures(site, "month", "2000-07-31")[1]
    spent = site.ask("select cost from metrics.training where period_end = '2000-07-31'")
    assert spent == [(9000,)]
    each = (365 - 180) / 365 * 1000 + (365 - 179) / 365 * 1000
    assert sunk == pytest.approx(5 * each, rel=1e-12)
