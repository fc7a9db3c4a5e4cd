"""Hires and departures: who filled whose place, and where the team grew."""

import itertools
from collections import deque
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from nights import NightSite, csv_of, hidden

ROSTER = "agent_id,provider,hired_on,left_on,leave_reason\n"
SEED = 20000301


@pytest.fixture
def site(tmp_path: Path) -> NightSite:
    return NightSite(tmp_path)


def all_kinds(site: NightSite) -> dict[str, object]:
    found = site.ask("select agent_id, hire_kind from facts.hires")
    return {str(agent): kind for agent, kind in found}


def kinds(site: NightSite, *agents: str) -> list[object]:
    found = all_kinds(site)
    return [found[hidden(agent)] for agent in agents]


def test_the_first_hire_fills_the_oldest_place(site: NightSite) -> None:
    """Two left, three came: the third makes the team grow. Another provider fills nobody's place."""
    site.put("roster/roster_2000-06-01.csv", csv_of("""
        agent_id | provider | hired_on   | left_on
        ann      | near     | 1999-01-04 | 2000-03-01
        bob      | near     | 1999-01-04 | 2000-03-10
        cat      | far      | 2000-03-11 |
        dan      | near     | 2000-03-12 |
        eve      | near     | 2000-03-13 |
        fay      | near     | 2000-03-14 |
        """))  # fmt: skip
    site.night("2000-06-01")
    assert kinds(site, "cat", "dan", "eve", "fay") == [
        "growth", "replacement", "replacement", "growth",
    ]  # fmt: skip


def test_a_place_is_open_for_90_days_and_from_the_next_day_on(site: NightSite) -> None:
    """2 March to 31 May are 90 days; who comes on a leaver's last day sits beside him."""
    site.put("roster/roster_2000-06-10.csv", csv_of("""
        agent_id | provider | hired_on   | left_on
        ann      | a        | 1999-01-04 | 2000-03-02
        bob      | a        | 2000-05-31 |
        cat      | b        | 1999-01-04 | 2000-03-02
        dan      | b        | 2000-06-01 |
        eve      | c        | 1999-01-04 | 2000-03-02
        fay      | c        | 2000-03-02 |
        gus      | c        | 2000-03-03 |
        """))  # fmt: skip
    site.night("2000-06-10")
    assert kinds(site, "bob", "dan", "fay", "gus") == [
        "replacement", "growth", "growth", "replacement",
    ]  # fmt: skip


def test_a_suspension_is_neither_a_departure_nor_a_hire(site: NightSite) -> None:
    """Ann is back after 20 days: Bob, hired meanwhile, fills no place."""
    site.put("roster/roster_2000-06-01.csv", csv_of("""
        agent_id | provider | hired_on   | left_on
        ann      | near     | 1999-01-04 | 2000-03-01
        ann      | near     | 2000-03-21 |
        bob      | near     | 2000-03-10 |
        """))  # fmt: skip
    site.night("2000-06-01")
    assert kinds(site, "bob") == ["growth"]
    assert site.ask("select count(*) from facts.hires") == [(2,)]
    assert site.ask("select count(*) from facts.departures") == [(0,)]


def test_hires_before_the_history_are_marked(site: NightSite) -> None:
    """Who left before the history began is not known: a year before the first roster."""
    site.put("roster/roster_2000-06-01.csv", csv_of("""
        agent_id | provider | hired_on   | left_on
        ann      | near     | 1999-01-04 |
        bob      | near     | 2000-03-10 |
        """))  # fmt: skip
    site.night("2000-06-01")
    found = site.ask("select day::varchar, is_observed from facts.hires order by day")
    assert found == [("1999-01-04", False), ("2000-03-10", True)]


def first_in_first_out(
    hires: list[tuple[date, str]], departures: list[tuple[date, str]]
) -> list[str]:
    """The rule of one provider told hire by hire, with a queue of open places."""
    waiting = deque(sorted(departures))
    found = []
    for day, _ in sorted(hires):
        while waiting and waiting[0][0] < day - timedelta(days=90):
            waiting.popleft()
        is_open = bool(waiting) and waiting[0][0] < day
        found.append("replacement" if is_open else "growth")
        if is_open:
            waiting.popleft()
    return found


def test_labels_are_those_of_a_queue_of_open_places(site: NightSite) -> None:
    """Random teams of three providers, with bursts of departures that outlive their 90 days."""
    rng = np.random.default_rng(SEED)
    first = date(1998, 1, 1)
    rows: list[str] = []
    expected: dict[str, object] = {}
    for provider in ("a", "b", "c"):
        hires, departures = [], []
        for number in range(60):
            agent = f"{provider}{number}"
            hired = first + timedelta(days=int(rng.integers(0, 700)))
            left = hired + timedelta(days=int(rng.choice([5, 30, 31, 200, 2000])))
            if left > date(2000, 6, 1):
                rows.append(f"{agent},{provider},{hired},,")
            else:
                rows.append(f"{agent},{provider},{hired},{left},voluntary")
                departures.append((left, hidden(agent)))
            hires.append((hired, hidden(agent)))
        labels = first_in_first_out(hires, departures)
        expected |= dict(zip((name for _, name in sorted(hires)), labels, strict=True))
    site.put("roster/roster_2000-06-01.csv", ROSTER + "\n".join(rows) + "\n")
    site.night("2000-06-01")
    found = all_kinds(site)
    assert found == expected
    assert {*itertools.chain(found.values())} == {"replacement", "growth"}
