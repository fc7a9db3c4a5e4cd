"""Files that mean harm: no traceback, no row unaccounted for, nothing outside the site's folders.

bench/fuzz.py does this with thousands of files of every format; a few of them are a test here.
"""

from multiprocessing import get_context
from pathlib import Path

import pytest
from nights import NightSite

from bench import long_line
from bench.fuzz import Fuzzing
from flows.show import harmless
from warehouse.errors import DataRejected

MOST_MEBIBYTES = 1_000  # of the process that reads 20 MB of it; most is what libraries take
HEADER = "call_id,queued_at,queue,reason,customer_id,agent_id,wait_seconds,talk_seconds,outcome\n"


def row(call_id: str = "a", queue: str = "web") -> str:
    return f"{call_id},2000-03-01T10:00:00Z,{queue},modem,c,a,5,60,handled\n"


@pytest.fixture
def site(tmp_path: Path) -> NightSite:
    return NightSite(tmp_path, zone="UTC")


def test_sql_in_values_is_text(site: NightSite) -> None:
    evil = "'; drop table staging.calls; --"
    site.put("calls/1.csv", HEADER + row(evil, evil))
    site.night("2000-03-01")
    assert site.ask("select call_id, queue from staging.calls") == [(evil, evil)]


@pytest.mark.parametrize("value", ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\t=1"])
def test_formulas_do_not_reach_a_spreadsheet(value: str) -> None:
    assert str(harmless(value)).startswith("'")


@pytest.mark.parametrize(
    "name", ["new\nline.csv", "bell\a.csv", "rtl\u202e.csv", "bytes\udcff.csv"]
)
def test_a_strange_file_name_is_refused_by_name(site: NightSite, name: str) -> None:
    (site.landing / "calls").mkdir(parents=True)
    (site.landing / "calls" / name).write_text(HEADER + row())
    with pytest.raises(DataRejected, match="strange characters") as caught:
        site.load()
    assert str(caught.value).isprintable()


def test_a_link_out_of_landing_is_not_followed(site: NightSite, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(HEADER + row("secret"))
    (site.landing / "calls").mkdir(parents=True)
    (site.landing / "calls/link.csv").symlink_to(secret)
    with pytest.raises(DataRejected, match="not a plain file"):
        site.load()
    assert not list(site.folders.archive.rglob("*[0-9a-f]"))


def test_a_folder_of_a_feed_that_is_a_link_is_not_followed(site: NightSite, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "calls.csv").write_text(HEADER + row("secret"))
    site.landing.mkdir(parents=True)
    (site.landing / "calls").symlink_to(elsewhere)
    with pytest.raises(DataRejected, match="link"):
        site.load()


def test_endless_numbers_are_quarantined(site: NightSite) -> None:
    site.put("calls/1.csv", HEADER + row("a") + row("b").replace(",5,", f",{'9' * 400},"))
    site.night("2000-03-01")
    assert site.ask("select rows_read, rows_raw, rows_quarantined from ledger.files") == [(2, 1, 1)]


def test_deep_nesting_is_a_row_in_quarantine(site: NightSite) -> None:
    from warehouse.sources import Feed

    site.feeds = {"calls": Feed("calls", "UTC", "genesys_cloud")}
    site.put("calls/1.json", '{"a":' * 1000 + "1" + "}" * 1000)
    site.night("2000-03-01")
    assert site.ask("select rows_read, rows_raw, rows_quarantined from ledger.files") == [(1, 0, 1)]


def test_files_gone_wrong_are_accounted_for() -> None:
    fuzzing = Fuzzing()
    fuzzing.make_up(80, seed=1)
    assert fuzzing.faults == []
    assert fuzzing.counts["files"] >= 80
    assert min(fuzzing.counts[name] for name in ("refused", "quarantined", "repeated")) > 5
    assert fuzzing.counts["records"] > 2 * fuzzing.counts["quarantined"]


def test_an_endless_line_costs_itself_only_and_no_memory() -> None:
    cases = list(long_line.cases())
    # A process begins with the most memory that the one had which it was made from.
    with get_context("forkserver").Pool(1) as pool:
        outcomes = pool.starmap(long_line.read, [(case, 20_000_000) for case in cases])
    wrong = [
        (case.adapter, case.name, outcome)
        for case, outcome in zip(cases, outcomes, strict=True)
        if not long_line.is_right(case, outcome)
    ]
    assert wrong == []
    assert max(outcome.most_mebibytes for outcome in outcomes) < MOST_MEBIBYTES
