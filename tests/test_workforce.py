"""The team: how large, who came and went, how long people stay; rosters in, figures out."""

from pathlib import Path

import duckdb
import pytest
from nights import NightSite, csv_of

from checks.tenure_estimates import estimates
from warehouse import tenure

ENDED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


@pytest.fixture
def site(tmp_path: Path) -> NightSite:
    return NightSite(tmp_path)


def put_call(site: NightSite, day: str) -> None:
    """The history begins with the month of the first call."""
    site.put("calls/first.csv", f"call_id,queued_at,agent_id,wait_seconds\n1,{day}T10:00:00Z,x,5\n")


def headcount(
    site: NightSite, grain: str, period_end: str, scope: str = "all"
) -> dict[str, object]:
    columns = ("headcount", "agent_days", "replacement_hires", "growth_hires", "departures")
    row = site.ask(
        f"select {', '.join(columns)} from metrics.headcount where grain = $grain"
        " and period_end = $end and scope = $scope",
        grain=grain, end=period_end, scope=scope,
    )[0]  # fmt: skip
    return dict(zip(columns, row, strict=True))


def filled(site: NightSite, query: str) -> list[tuple[object, ...]]:
    """Rows after the estimates were filled in, as a night does."""
    path = site.folders.warehouse
    path.chmod(0o600)
    with duckdb.connect(path) as connection:
        tenure.write(connection, *estimates(tenure.read(connection)))
        return connection.execute(query).fetchall()


def test_twenty_seats_with_four_departures_each_replaced_the_next_day(site: NightSite) -> None:
    """Worked example 4: 4 / (600 / 365.25) = 2.435 a year, four replacements, no growth."""
    put_call(site, "2000-06-01")
    stay = [f"s{n} | p | 1999-01-04 | | " for n in range(16)]
    leave = [f"l{n} | p | 1999-01-04 | 2000-06-{5 + n:02} | voluntary" for n in range(4)]
    follow = [f"f{n} | p | 2000-06-{6 + n:02} | | " for n in range(4)]
    rows = "\n".join([*stay, *leave, *follow])
    site.put(
        "roster/roster_2000-06-30.csv",
        csv_of("agent_id | provider | hired_on | left_on | leave_reason\n" + rows),
    )
    site.night("2000-06-30")
    departures, years = site.figure("agent_turnover", "month", "2000-06-30")
    assert departures == 4
    assert years == pytest.approx(600 / 365.25, rel=1e-12)
    assert round(4 / years, 3) == 2.435  # type: ignore[operator]
    assert headcount(site, "month", "2000-06-30") == {
        "headcount": 20, "agent_days": 600, "replacement_hires": 4, "growth_hires": 0,
        "departures": 4,
    }  # fmt: skip
    assert headcount(site, "day", "2000-06-05")["headcount"] == 20


def test_hired_and_gone_in_one_month(site: NightSite) -> None:
    """Worked example 5: 3 to 31 January are 29 days, and one departure on the last."""
    put_call(site, "1999-01-01")
    site.put("roster/roster_1999-02-01.csv", csv_of("""
        agent_id | provider | hired_on   | left_on
        ann      | p        | 1999-01-03 | 1999-01-31
        bob      | p        | 1998-06-01 |
        """))  # fmt: skip
    site.night("1999-02-01")
    assert headcount(site, "month", "1999-01-31") == {
        "headcount": 2, "agent_days": 29 + 31, "replacement_hires": 0, "growth_hires": 1,
        "departures": 1,
    }  # fmt: skip


def test_movements_by_reason_and_provider_of_groups_large_enough(site: NightSite) -> None:
    """Provider `small` has four agents: its people are counted in the whole only."""
    put_call(site, "2000-06-01")
    rows = [f"p{n} | large | 1999-01-04 | | " for n in range(5)]
    rows += [f"q{n} | other | 1999-01-04 | | " for n in range(6)]
    rows += [f"r{n} | small | 1999-01-04 | | " for n in range(3)]
    rows += [
        "a | other | 1999-01-04 | 2000-06-10 | dismissed",
        "b | other | 2000-06-20 | | ",
        "c | small | 1999-01-04 | 2000-06-11 | promotion",
    ]
    table = "agent_id | provider | hired_on | left_on | leave_reason\n"
    site.put("roster/roster_2000-06-25.csv", csv_of(table + "\n".join(rows)))
    site.put("roster/roster_2000-06-30.csv", csv_of(table + "\n".join(rows[1:])))
    site.night("2000-06-30")
    found = site.ask(
        "select scope, movement, reason, people from metrics.movements where grain = 'month'"
        " order by all"
    )
    assert found == [
        ("all", "departure", "dismissed", 1),
        ("all", "departure", "inferred", 1),
        ("all", "departure", "promotion", 1),
        ("all", "hire", "replacement", 1),
        ("other", "departure", "dismissed", 1),
        ("other", "hire", "replacement", 1),
    ]
    closed = site.ask(
        "select scope, headcount from metrics.headcount where grain = 'month'"
        " and scope_kind = 'provider' order by scope"
    )
    assert closed == [("large", None), ("other", 7), ("small", None)]


def test_survival_of_tenure_from_rosters(site: NightSite) -> None:
    """Worked example 6, as people who came and went; the longest stay began on 1 March."""
    put_call(site, "2000-03-01")
    as_of = 35
    rows = [f"e{n} | p | {_day(0)} | {_day(d)} | voluntary" for n, d in enumerate(ENDED)]
    rows += [f"c{n} | p | {_day(as_of - d)} | | " for n, d in enumerate(CENSORED)]
    table = "agent_id | provider | hired_on | left_on | leave_reason\n"
    site.put(f"roster/roster_{_day(as_of)}.csv", csv_of(table + "\n".join(rows)))
    site.night(_day(as_of))
    found = filled(
        site,
        "select tenure_days, at_risk, round(survival, 4) from metrics.survival"
        " where grain = 'history' and scope_kind = 'all' and departures > 0 order by tenure_days",
    )
    assert found == [
        (6, 21, 0.8571), (7, 17, 0.8067), (10, 15, 0.7529), (13, 12, 0.6902), (16, 11, 0.6275),
        (22, 7, 0.5378), (23, 6, 0.4482),
    ]  # fmt: skip
    stays = filled(
        site,
        "select scope_kind, agents, departures, median_days, median_low is not null, is_suppressed"
        " from metrics.tenure order by scope_kind",
    )
    assert stays == [
        ("all", 21, 9, 23, True, False),
        ("cohort", 21, 9, 23, True, False),
        ("provider", 21, 9, 23, True, False),
    ]


def _day(number: int) -> str:
    return f"2000-03-{1 + number:02}" if number < 31 else f"2000-04-{number - 30:02}"


def test_providers_are_compared_and_small_ones_closed(site: NightSite) -> None:
    """At `far` people leave after a month, at `near` they stay; `tiny` and the next are closed."""
    put_call(site, "2000-01-01")
    rows = [f"f{n} | far | 2000-01-03 | 2000-02-{2 + n:02} | voluntary" for n in range(8)]
    rows += [f"n{n} | near | 2000-01-03 | | " for n in range(9)]
    rows += [f"t{n} | tiny | 2000-01-03 | | " for n in range(2)]
    rows += [f"w{n} | wee | 2000-01-03 | | " for n in range(3)]
    table = "agent_id | provider | hired_on | left_on | leave_reason\n"
    site.put("roster/roster_2000-06-30.csv", csv_of(table + "\n".join(rows)))
    site.night("2000-06-30")
    found = filled(
        site,
        "select scope, agents, log_rank_degrees, log_rank_p < 0.001, is_suppressed"
        " from metrics.tenure where scope_kind = 'provider' and grain = 'history' order by scope",
    )
    assert found == [
        ("far", 8, 1, True, False),
        ("near", 9, 1, True, False),
        ("tiny", None, None, None, True),
        ("wee", None, None, None, True),
    ]
    shown = site.ask("select distinct scope from metrics.survival where scope_kind = 'provider'")
    assert sorted(shown) == [("far",), ("near",)]
