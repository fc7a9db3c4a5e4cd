"""An export that changes its columns is told of, by name, and rejects nothing."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from nights import NightSite
from workbook import Cell, workbook

from checks.suites import ledger_columns
from checks.validate import reject_if_critical, validate
from warehouse.manifest import add_withdrawal
from warehouse.sources import Feed
from warehouse.sweep import forget_readings

HEADER = "call_id,queued_at,wait_seconds,customer_id,site"
ROWS = [["1", "2000-03-01T10:00:00Z", "5", "4711", "Lyon"],
        ["2", "2000-03-01T11:00:00Z", "7", "4712", "Brest"]]  # fmt: skip
BATCH = "ledger.columns"
MONDAY, TUESDAY = datetime(2000, 3, 6, 3, tzinfo=UTC), datetime(2000, 3, 7, 3, tzinfo=UTC)


def export(header: str = HEADER, day: int = 1, **cells: str) -> str:
    """Two calls; `cells` says what all cells of a column are."""
    titles = header.split(",")
    known = HEADER.split(",")
    lines = [header]
    for row in ROWS:
        values = dict(zip(known, row, strict=True)) | cells
        values["call_id"] = f"{day}{values['call_id']}"
        lines.append(",".join(values.get(title, "") for title in titles))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def monday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a site with a first export, of Monday."""
    home = tmp_path_factory.mktemp("monday")
    first = NightSite(home, zone="UTC", now=MONDAY)
    first.put("calls/1.csv", export())
    first.night("2000-03-05")
    return home


@pytest.fixture
def site(monday: Path, tmp_path: Path) -> NightSite:
    """That site, on Tuesday."""
    home = shutil.copytree(monday, tmp_path / "home", symlinks=True)
    return NightSite(home, zone="UTC", now=TUESDAY)


def drift(site: NightSite) -> dict[str, list[object]]:
    """What the rules about columns tell, where they do not hold."""
    found = {
        rule.name: [row[-1] for row in site.ask(rule.unexpected_rows.format(batch=BATCH))]
        for rule in ledger_columns.rules()
    }
    return {rule: told for rule, told in found.items() if told}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (export(day=2), {}),
        (export(HEADER + ",rank", day=2, rank="3"),
         {"an export has no new column, field or event": ["calls/2.csv: rank"]}),
        (export("call_id,queued_at,wait_seconds,site", day=2),
         {"an export misses no column or field": ["calls/2.csv: customer_id (customer_id)"]}),
        (export(HEADER.replace("site", "town"), day=2, town="Lyon"),
         {"an export has no new column, field or event": ["calls/2.csv: town"],
          "an export misses no column or field": ["calls/2.csv: site"]}),
        (export(HEADER.replace("customer_id", "customer"), day=2, customer="4711"),
         {"an export has no new column, field or event": ["calls/2.csv: customer (customer_id)"],
          "an export misses no column or field": ["calls/2.csv: customer_id (customer_id)"]}),
        (export(day=2, customer_id="C-4711", wait_seconds="0:05"),
         {"an export writes its columns and fields as before": [
          "calls/2.csv: customer_id (customer_id) is words, was a number",
          "calls/2.csv: wait_seconds (wait_seconds) is hours and minutes, was a number"]}),
        # Nothing is known of an empty column.
        (export(day=2, site="", customer_id=""), {}),
    ],
    ids=["same", "new", "missing", "renamed", "renamed and found", "retyped", "empty"],
)  # fmt: skip
def test_what_changed_is_told_by_name(
    site: NightSite, content: str, said: dict[str, list[object]]
) -> None:
    site.put("calls/2.csv", content)
    site.night("2000-03-06")
    assert drift(site) == said


def test_a_rebuild_from_the_archive_tells_the_same(site: NightSite) -> None:
    site.put("calls/2.csv", export(HEADER.replace("site", "town"), 2, customer_id="C-4711"))
    site.night("2000-03-06")
    told, columns = drift(site), site.ask("from ledger.columns order by all")
    assert len(told) == 3
    forget_readings(site.folders)
    site.night("2000-03-06", is_full=True)
    assert drift(site) == told
    assert site.ask("from ledger.columns order by all") == columns


def test_every_file_of_the_last_day_is_compared(site: NightSite) -> None:
    """A change in the middle of three days that come at once; the next day it is what was before."""
    for day, header in ((2, HEADER), (3, HEADER + ",rank"), (4, HEADER + ",rank")):
        site.put(f"calls/{day}.csv", export(header, day))
    site.night("2000-03-06")
    assert drift(site) == {"an export has no new column, field or event": ["calls/3.csv: rank"]}
    site.now = datetime(2000, 3, 8, 3, tzinfo=UTC)
    site.put("calls/5.csv", export(HEADER + ",rank", 5))
    site.night("2000-03-07")
    assert drift(site) == {}


def test_other_feeds_are_another_matter(site: NightSite) -> None:
    site.put("customers/1.csv", "month,subscribers\n2000-03,1000\n")
    site.night("2000-03-06")
    assert drift(site) == {}


def test_workbooks_and_parquet_have_columns_too(site: NightSite, tmp_path: Path) -> None:
    cells: list[list[Cell]] = [
        [*line.split(",")] for line in export(HEADER + ",rank", 2, rank="1").splitlines()
    ]
    site.put("calls/2.xlsx", workbook(Calls=cells))
    pl.read_csv(
        export(HEADER, 3).encode(), schema_overrides={"customer_id": pl.String}
    ).write_parquet(tmp_path / "3")
    site.put("calls/3.parquet", (tmp_path / "3").read_bytes())
    site.night("2000-03-06")
    assert drift(site) == {
        "an export has no new column, field or event": ["calls/2.xlsx: rank"],
        "an export misses no column or field": ["calls/3.parquet: rank"],
    }


def test_a_withdrawn_file_leaves_no_columns(site: NightSite) -> None:
    site.put("calls/2.csv", export(HEADER + ",rank", 2))
    site.night("2000-03-06")
    (file,) = (
        file for file, name in site.ask("select file, name from ledger.files") if name == "2.csv"
    )
    add_withdrawal(site.folders.manifest, str(file), site.now)
    site.night("2000-03-06")
    assert drift(site) == {}
    assert site.ask("select count(distinct file) from ledger.columns") == [(1,)]


def records(day: int, **said: Any) -> str:
    """Ten contacts; what is None in `said` is left out."""
    contact = {"ContactId": "1", "Channel": "VOICE", "LastUpdateTimestamp": "2000-03-01T10:00:00Z"}
    fields = {name: value for name, value in (contact | said).items() if value is not None}
    return "".join(json.dumps(fields | {"ContactId": f"{day}{n}"}) + "\n" for n in range(10))


def later(home: Path, adapter: str, first: str, second: str) -> NightSite:
    """A site of this adapter, with a file of Monday and one of Tuesday."""
    site = NightSite(home, zone="UTC", now=MONDAY, feeds={"calls": Feed("calls", "UTC", adapter)})
    for name, content, now in (("1", first, MONDAY), ("2", second, TUESDAY)):
        site.now = now
        site.put(f"calls/{name}", content)
        site.night("2000-03-05")
    return site


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (records(2), {}),
        (records(2, Novelty=1),
         {"an export has no new column, field or event": ["calls/2: Novelty"]}),
        (records(2, Channel=None),
         {"an export misses no column or field": ["calls/2: Channel"]}),
        (records(2, LastUpdateTimestamp=951904800),
         {"an export writes its columns and fields as before":
          ["calls/2: LastUpdateTimestamp is a number, was words"]}),
        # Keys that are no names, and what is null or in one record of ten.
        (records(2, **{"+33612345678": 1, "4711": 1}), {}),
        (records(2, Channel=""), {}),
        ("[]", {}),
    ],
    ids=["same", "new", "missing", "retyped", "numbers", "emptied", "nothing"],
)  # fmt: skip
def test_fields_of_records_are_told_of_like_columns(
    tmp_path: Path, second: str, said: dict[str, list[object]]
) -> None:
    assert drift(later(tmp_path, "amazon_connect", records(1), second)) == said


def test_a_field_of_few_records_is_new_once_and_never_missing(tmp_path: Path) -> None:
    rare = records(2) + json.dumps({"ContactId": "x", "Rare": 1}) + "\n"
    site = later(tmp_path, "amazon_connect", records(1), rare)
    new = "an export has no new column, field or event"
    assert drift(site) == {new: ["calls/2: Rare"]}
    for day in (3, 4):
        site.now = datetime(2000, 3, 5 + day, 3, tzinfo=UTC)
        site.put(f"calls/{day}", records(day) if day == 3 else rare.replace('"x"', '"y"'))
        site.night("2000-03-05")
        assert drift(site) == {}


def test_conversations_have_fields_too(tmp_path: Path) -> None:
    said = {"conversationId": "1", "participants": []}
    first, second = (
        json.dumps({"conversations": [record]}) for record in (said, said | {"novelty": []})
    )
    assert drift(later(tmp_path, "genesys_cloud", first, second)) == {
        "an export has no new column, field or event": ["calls/2: novelty"]
    }


def test_an_event_that_no_log_had_and_nobody_knows_is_told_of(tmp_path: Path) -> None:
    """Not one that is known, and no name with digits in it: it may be somebody's number."""
    lines = "".join(
        f"951901200|A|web|NONE|{event}|1|1|9\n"
        for event in ("ENTERQUEUE", "ABANDON", "NOVELTY", "0612345678", "B4")
    )
    site = later(tmp_path, "asterisk", "951901100|A|web|NONE|ENTERQUEUE||1\n", lines)
    told = {"an export has no new column, field or event": ["calls/2: event NOVELTY"]}
    assert drift(site) == told
    assert "B4" not in str(site.ask("from ledger.columns"))


def test_the_night_reports_it_and_goes_on(site: NightSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """A warning with the names in it, no longer than anybody reads."""
    rules = ledger_columns.rules()
    monkeypatch.setattr("checks.validate.suites", lambda: {"ledger.columns": rules})
    many = [f"{'x' * 70}{n}" for n in range(40)]
    site.put("calls/2.csv", export(",".join([HEADER, *many]).replace(",site", ""), 2))
    site.night("2000-03-06")
    with duckdb.connect(site.folders.warehouse, read_only=True) as connection:
        results = validate(connection)
    reject_if_critical(results)
    found = {result.rule: result.observed for result in results if not result.is_success}
    assert found.keys() == {
        "an export has no new column, field or event",
        "an export misses no column or field",
    }
    assert found["an export misses no column or field"] == "1 rows: calls/2.csv: site"
    told = found["an export has no new column, field or event"]
    assert told.startswith(f"40 rows: calls/2.csv: {'x' * 60}; ")
    assert told.endswith(" ...")
    assert len(told) < 600
