"""A rule that was wrong: the rows it kept out come in, as far as tables can hold them."""

from pathlib import Path

import pytest
from nights import NOW, NightSite, csv_of

from checks.suites import suites
from warehouse import connect
from warehouse.errors import ConfigurationError
from warehouse.manifest import read_manifest
from warehouse.release import release

LATE_CLOCK = "wait_seconds is between 0 and a year"
CALLS = csv_of("""
    call_id | queued_at            | agent_id | wait_seconds | talk_seconds | outcome
    a       | 2000-03-01T09:00:00Z | ann      | 5            | 60           | handled
    b       | 2000-03-01T10:00:00Z | ann      | -1           | 60           | handled
    c       | 2000-03-01T11:00:00Z | ann      | 1e300        | 60           | handled
    d       | 2000-03-01T12:00:00Z | ann      | 5            | 60           | mystery
    e       | no time              | ann      | 5            | 60           | handled
    """)


@pytest.fixture
def site(tmp_path: Path) -> NightSite:
    site = NightSite(tmp_path, zone="UTC")
    site.put("calls/1.csv", CALLS)
    header, *rows = CALLS.replace("2000-03-01", "2000-03-02").splitlines()
    site.put("calls/2.csv", "\n".join([header, *(f"other {row}" for row in rows)]) + "\n")
    site.night("2000-03-02")
    return site


def file_of(site: NightSite, name: str) -> str:
    return next(a.file for a in read_manifest(site.folders.manifest).arrivals if a.name == name)


def account(site: NightSite) -> dict[object, object]:
    rows = site.ask("select name, rows_read, rows_raw, rows_quarantined from ledger.files")
    return {name: counts for name, *counts in rows}


def test_rows_that_broke_the_released_rule_come_in(site: NightSite) -> None:
    """Of one file and one rule only; what no table can hold, or could not be read, stays out."""
    assert account(site) == {"1.csv": [5, 1, 4], "2.csv": [5, 1, 4]}
    _, rules = release(site.site(), file_of(site, "1.csv")[:10], LATE_CLOCK, NOW)
    assert rules == [LATE_CLOCK]
    site.night("2000-03-02")
    assert account(site) == {"1.csv": [5, 2, 3], "2.csv": [5, 1, 4]}
    waits = site.ask("select wait_seconds::double from staging.calls where day = '2000-03-01'")
    assert sorted(waits) == [(-1.0,), (5.0,)]


def test_the_checks_know_what_was_released(site: NightSite) -> None:
    release(site.site(), file_of(site, "1.csv"), LATE_CLOCK, NOW)
    site.night("2000-03-02")
    (rule,) = [r for r in suites()["staging.calls"] if r.name == LATE_CLOCK]
    with connect.reading(site.folders.warehouse) as connection:
        query = rule.unexpected_rows.format(batch="staging.calls")
        assert connection.execute(query).fetchall() == []
        spoiled = query.replace(
            "staging.calls", "(select * replace ('2' as file) from staging.calls)"
        )
        assert len(connection.execute(spoiled).fetchall()) == 1


def test_all_rules_of_a_file_and_the_same_tables_from_the_archive(site: NightSite) -> None:
    _, rules = release(site.site(), file_of(site, "2.csv"), None, NOW)
    assert rules == ["outcome is known", LATE_CLOCK]
    site.night("2000-03-02")
    before = site.tables()
    assert account(site)["2.csv"] == [5, 3, 2]
    site.night("2000-03-02", is_full=True)
    assert site.tables() == before


def test_what_cannot_be_released_is_said(site: NightSite) -> None:
    with pytest.raises(ConfigurationError, match="there is: outcome is known; queued_at is not"):
        release(site.site(), file_of(site, "1.csv"), "queued_at is not a time", NOW)
    with pytest.raises(ConfigurationError, match="no file that is in"):
        release(site.site(), "ffff", None, NOW)
