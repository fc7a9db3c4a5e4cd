"""Taking a file out again: as if it had never come, and it never comes back."""

from pathlib import Path

import pytest
from nights import NOW, NightSite, csv_of

from warehouse.errors import ConfigurationError
from warehouse.manifest import add_withdrawal, read_manifest

FIRST = csv_of("""
    call_id | queued_at            | customer_id | agent_id | wait_seconds | talk_seconds
    a       | 2000-03-01T09:00:00Z | 1           | ann      | 5            | 60
    b       | 2000-03-02T09:00:00Z | 2           | ann      | 5            | 60
    """)
AMENDED = csv_of("""
    call_id | queued_at            | customer_id | agent_id | wait_seconds | talk_seconds
    a       | 2000-03-01T09:00:00Z | 1           | ann      | 5            | 600
    b       | 2000-03-02T09:00:00Z | 2           | ann      | 5            | 60
    c       | 2000-03-05T09:00:00Z | 1           | bob      | 5            | 60
    """)


def hash_of_file(site: NightSite, name: str) -> str:
    (found,) = [a.file for a in read_manifest(site.folders.manifest).arrivals if a.name == name]
    return found


def test_a_withdrawn_file_leaves_no_trace_in_the_tables(tmp_path: Path) -> None:
    """The amended call is what it was, the repeat counts again, the repeat call is gone."""
    plain = NightSite(tmp_path / "plain")
    plain.home.mkdir()
    plain.put("calls/1.csv", FIRST)
    plain.night("2000-03-31")

    site = NightSite(tmp_path / "site")
    site.home.mkdir()
    site.put("calls/1.csv", FIRST)
    site.put("calls/2.csv", AMENDED)
    site.night("2000-03-31")
    assert site.figure("average_handle_time", "month", "2000-03-31") == (720, 3)
    assert site.ask("select sum(rows_repeated) from staging.call_repeats") == [(1,)]

    add_withdrawal(site.folders.manifest, hash_of_file(site, "2.csv")[:8], NOW)
    site.night("2000-03-31")
    assert site.tables() == plain.tables()
    assert site.ask("select name from ledger.files") == [("1.csv",)]


def test_what_repeated_a_withdrawn_file_takes_its_place(tmp_path: Path) -> None:
    site = NightSite(tmp_path)
    site.put("calls/1.csv", FIRST)
    site.put("calls/2.csv", AMENDED)
    site.night("2000-03-31")
    add_withdrawal(site.folders.manifest, hash_of_file(site, "1.csv"), NOW)
    site.night("2000-03-31")
    assert site.figure("average_handle_time", "month", "2000-03-31") == (720, 3)
    assert site.ask("select rows_repeated from staging.call_repeats") == []


def test_a_withdrawn_file_does_not_come_in_again(tmp_path: Path) -> None:
    site = NightSite(tmp_path)
    site.put("calls/1.csv", FIRST)
    site.night("2000-03-31")
    add_withdrawal(site.folders.manifest, hash_of_file(site, "1.csv"), NOW)
    site.put("calls/again.csv", FIRST)
    site.night("2000-03-31")
    assert site.ask("select count(*) from staging.calls") == [(0,)]


def test_a_hash_that_names_nothing_or_too_much_is_refused(tmp_path: Path) -> None:
    site = NightSite(tmp_path)
    site.put("calls/1.csv", FIRST)
    site.load()
    for named in ("", "zz", "0" * 64):
        with pytest.raises(ConfigurationError, match="qos show files"):
            add_withdrawal(site.folders.manifest, named, NOW)
