"""What the attribution is made from: cells by block of 91 days, and who took which contacts."""

from pathlib import Path

import pytest
from nights import NightSite, csv_of, hidden

CALLS = """
    call_id | queued_at            | reason  | customer_id | agent_id | wait_seconds | talk_seconds
    """


@pytest.fixture
def site(tmp_path: Path) -> NightSite:
    """Rosters since 1 February 2000; bob fills ann's place, cat is one more, dan came before."""
    site = NightSite(tmp_path)
    site.put("roster/roster_2000-12-31.csv", csv_of("""
        agent_id | provider | hired_on   | left_on
        ann      | near     | 1998-01-05 | 2000-06-01
        bob      | near     | 2000-06-05 |
        cat      | near     | 2000-06-06 |
        dan      | near     | 2000-01-03 |
        eve      | near     | 2000-04-03 |
        fay      | near     | 1997-01-06 |
        """))  # fmt: skip
    return site


def put_calls(site: NightSite, rows: str) -> None:
    site.put("calls/calls.csv", csv_of(CALLS.rstrip() + rows))


def cells(site: NightSite, metric: str) -> list[tuple[object, ...]]:
    return site.ask(
        "select block_start::varchar, tenure_band, numerator, denominator, squares, tenure_days,"
        " first_tenure_days"
        " from metrics.tenure_cells where metric = $metric order by all",
        metric=metric,
    )


def test_a_cell_adds_up_calls_their_squares_and_tenures(site: NightSite) -> None:
    """bob's third and fifth day are one cell, his 40th another; 5 July begins a block."""
    put_calls(
        site,
        """
        a | 2000-02-01T10:00:00Z | billing | c1 | fay | 5 | 100
        b | 2000-06-08T10:00:00Z | billing | c2 | bob | 5 | 200.5
        c | 2000-06-10T10:00:00Z | billing | c3 | bob | 5 | 300
        d | 2000-07-15T10:00:00Z | billing | c4 | bob | 5 | 50
        """,
    )
    site.night("2000-12-31")
    assert cells(site, "average_handle_time") == [
        ("2000-01-05", "365+", 100.0, 1.0, 10_000.0, 1121.0, 1121),
        ("2000-04-05", "0-29", 500.5, 2.0, 130_200.25, 8.0, 3),
        ("2000-07-05", "30-89", 50.0, 1.0, 2500.0, 40.0, 40),
    ]


def test_a_first_call_counts_once_its_window_is_over(site: NightSite) -> None:
    """c2 calls bob again within the week: one opener, not resolved. Nobody knows zed."""
    put_calls(
        site,
        """
        a | 2000-02-01T10:00:00Z | billing | c1 | fay | 5 | 100
        b | 2000-06-08T10:00:00Z | billing | c2 | bob | 5 | 100
        c | 2000-06-10T10:00:00Z | billing | c2 | bob | 5 | 100
        d | 2000-06-11T10:00:00Z | billing | c3 | bob | 5 | 100
        e | 2000-06-12T10:00:00Z | billing | c4 | zed | 5 | 100
        f | 2000-12-30T10:00:00Z | billing | c5 | bob | 5 | 100
        """,
    )
    site.night("2000-12-31")
    assert cells(site, "first_call_resolution") == [
        ("2000-04-05", "0-29", 1.0, 2.0, 1.0, 9.0, 3),
    ]


def test_agents_of_less_than_a_year_carry_the_label_of_their_hire(site: NightSite) -> None:
    """eve came 62 days after the rosters began: whether she filled a place, nobody knows."""
    put_calls(site, "".join(f"""
        {agent} | 2000-07-03T10:0{n}:00Z | billing | c{n} | {agent} | 5 | 100"""
        for n, agent in enumerate(("bob", "cat", "dan", "eve", "fay", "zed"))
    ) + """
        first   | 2000-02-01T10:00:00Z | billing | c9   | fay | 5 | 100
        """)  # fmt: skip
    site.night("2000-12-31")
    found = site.ask(
        "select tenure_band, hire_label, denominator, tenure_days from metrics.tenure_mix"
        " where metric = 'average_handle_time' and day = '2000-07-03' order by all"
    )
    assert found == [
        ("0-29", "growth", 1.0, 27.0),
        ("0-29", "replacement", 1.0, 28.0),
        ("180-364", "earlier", 1.0, 182.0),
        ("365+", None, 1.0, 1274.0),
        ("90-179", "earlier", 1.0, 91.0),
        ("unknown", None, 1.0, None),
    ]
    assert hidden("bob") not in str(site.ask("from metrics.tenure_mix"))
