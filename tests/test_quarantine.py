"""A rejected row that comes again, corrected, is closed in quarantine; others stay open."""

from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
from nights import NOW, NightSite, csv_of, hidden

from warehouse.manifest import add_withdrawal, read_manifest
from warehouse.mart_models import mart_sql
from warehouse.sources import Feed
from warehouse.sources.columns import RAW, RULES, holdable

CALLS = "call_id,queued_at,agent_id,wait_seconds\n"
DAYS = [
    "1929-12-31", "1930-01-01", "1930-01-02", "1970-01-01", "1970-01-02", "2099-12-31",
    "2100-01-01", "2199-12-31", "2200-01-01",
]  # fmt: skip
# Values on both sides of every bound that a rule has.
EDGES: dict[object, list[object]] = {
    pl.String: ["", "a", "handled", "Handled", "other", "EUR", None],
    pl.Date: [*map(date.fromisoformat, DAYS), None],
    pl.Datetime("us"): [
        *(datetime.fromisoformat(f"{day}T{time}") for day in DAYS for time in ("00:00", "23:59")),
        None,
    ],
    pl.Float64: [
        -1e11, -1e9, -1.0, -0.0, 0.0, 0.5, 1.0, 24.0, 24.5, 1e5, 1e6, 1e6 + 1, 365 * 86_400.0,
        365 * 86_400.5, 1e9, 1e9 + 1, 1e11, float("inf"), float("nan"), None,
    ],
    pl.Boolean: [True, False, None],
}  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> NightSite:
    return NightSite(tmp_path)


def entries(site: NightSite) -> list[tuple[object, ...]]:
    """File name, line, and whether it is closed."""
    return site.ask(
        "select files.name, line::int, is_closed from staging.quarantine"
        " inner join ledger.files as files using (file) order by all"
    )


def test_a_corrected_call_closes_its_entry_and_the_accounts_stay(site: NightSite) -> None:
    """Call b had no time and is mended the day after; nobody mends c, and d's id cannot be read."""
    site.put(
        "calls/1.csv",
        CALLS
        + "a,2000-03-01T09:00:00Z,ann,5\n"
        + "b,later,ann,5\n"
        + "c,2000-03-01T09:00:00Z,ann,-5\n"
        + ",2000-03-01T09:00:00Z,ann,5\n",
    )
    site.night("2000-03-01")
    assert entries(site) == [("1.csv", 3, False), ("1.csv", 4, False), ("1.csv", 5, False)]
    site.put("calls/2.csv", CALLS + "b,2000-03-01T09:00:00Z,ann,5\na,2000-03-01T09:00:00Z,ann,6\n")
    site.night("2000-03-02")
    assert entries(site) == [("1.csv", 3, True), ("1.csv", 4, False), ("1.csv", 5, False)]
    assert site.ask(f"select name, rule, rows, rows_open, rows_closed from ({mart_sql('quarantine')})") == [
        ("1.csv", "call_id is empty", 1, 1, 0),
        ("1.csv", "queued_at is not a time", 1, 0, 1),
        ("1.csv", "wait_seconds is between 0 and a year", 1, 1, 0),
    ]  # fmt: skip
    assert site.ask("select rows_read, rows_quarantined from ledger.files order by arrival") == [
        (4, 3),
        (2, 0),
    ]


def test_what_came_before_or_is_withdrawn_closes_nothing(site: NightSite) -> None:
    """An amendment that cannot be read leaves the older version in force: that is no correction."""
    site.put("calls/1.csv", CALLS + "a,2000-03-01T09:00:00Z,ann,5\n")
    site.put("calls/2.csv", CALLS + "a,2000-03-01T09:00:00Z,ann,?\n")
    site.night("2000-03-01")
    assert entries(site) == [("2.csv", 2, False)]
    site.put("calls/3.csv", CALLS + "a,2000-03-01T09:00:00Z,ann,6\n")
    site.night("2000-03-01")
    assert entries(site) == [("2.csv", 2, True)]
    (third,) = [a for a in read_manifest(site.folders.manifest).arrivals if a.name == "3.csv"]
    add_withdrawal(site.folders.manifest, third.file, NOW)
    site.night("2000-03-01")
    assert entries(site) == [("2.csv", 2, False)]


def test_a_row_without_all_its_fields_is_known_by_those_it_has(site: NightSite) -> None:
    """Of a and b the id is there; a stray quote and an id in the wrong place tell nothing."""
    rows = ["a,2000-03-01T09:00:00Z", '"b",2000-03-01T09:00:00Z,ann,5,more', '"c,2000', ",d,2000"]
    site.put("calls/1.csv", CALLS + "\n".join(rows) + "\n")
    mended = "".join(f"{call},2000-03-01T09:00:00Z,ann,5\n" for call in "abcd")
    site.night("2000-03-01")
    site.put("calls/2.csv", CALLS + mended)
    site.night("2000-03-01")
    assert [closed for *_, closed in entries(site)] == [True, True, False, False]


def test_a_later_line_of_the_same_file_is_later_too(site: NightSite) -> None:
    site.put(
        "calls/1.csv",
        CALLS + "a,?,ann,5\na,2000-03-01T09:00:00Z,ann,5\na,2000-03-01T09:00:00Z,ann,?\n",
    )
    site.night("2000-03-01")
    assert entries(site) == [("1.csv", 2, True), ("1.csv", 4, False)]


def test_an_agent_is_closed_by_a_roster_of_the_day_or_a_later_one(site: NightSite) -> None:
    """Under his pseudonym; a roster of an older day knows nothing of what was wrong."""
    for day, ann in (("03-01", "someday"), ("02-01", "2000-01-03"), ("04-01", "2000-01-03")):
        rows = f"agent_id,hired_on\nbob,2000-01-03\n ann ,{ann}\n"
        site.put(f"roster/roster_2000-{day}.csv", rows)
        site.night("2000-04-01")
        assert entries(site) == [("roster_2000-03-01.csv", 3, day == "04-01")]
    assert site.ask("select distinct agent_id from staging.employment order by all") == [
        (name,) for name in sorted([hidden("ann"), hidden("bob")])
    ]


def test_other_feeds_close_by_what_their_rows_are_about(site: NightSite) -> None:
    """An evaluation by day, agent and call; an answer by its call; months by themselves.

    Invoices by month and provider, training by day and agent.
    """
    site.put("evaluations/1.csv", csv_of("""
        evaluated_on | agent_id | call_id | score | max_score
        2000-03-01   | ann      |         | 6     | 5
        2000-03-01   | ann      | c       | 6     | 5
        2000-03-01   | bob      |         | 6     | 5
        """))  # fmt: skip
    site.put("satisfaction/1.csv", "call_id,score,max_score\nc,much,5\nd,much,5\n")
    site.put("customers/1.csv", "month,subscribers\n2000-01,0\n2000-02,0\n")
    site.put(
        "invoices/1.csv", "month,provider,currency,amount\n2000-01,near,EUR,?\n2000-01,far,EUR,?\n"
    )
    site.put("training/1.csv", "day,agent_id,hours,cost\n2000-01-03,ann,?,9\n2000-01-03,bob,?,9\n")
    site.night("2000-03-01")
    assert [closed for *_, closed in entries(site)] == [False] * 11
    site.put("evaluations/2.csv", csv_of("""
        evaluated_on | agent_id | call_id | score | max_score
        2000-03-01   | ann      |         | 5     | 5
        2000-03-01   | ann      | d       | 5     | 5
        """))  # fmt: skip
    site.put("satisfaction/2.csv", "call_id,score,max_score\nc,5,5\n")
    site.put("customers/2.csv", "month,subscribers\n2000-01,900\n")
    site.put("invoices/2.csv", "month,provider,currency,amount\n2000-01,far,EUR,9\n")
    site.put("training/2.csv", "day,agent_id,hours,cost\n2000-01-03,bob,2,9\n")
    site.night("2000-03-01")
    closed = site.ask(
        "select files.feed, line::int from staging.quarantine"
        " inner join ledger.files as files using (file) where is_closed order by all"
    )
    assert closed == [
        ("customers", 2), ("evaluations", 2), ("invoices", 3), ("satisfaction", 2), ("training", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("adapter", "broken", "mended"),
    [
        (
            "asterisk",
            "951901200|C|web|NONE|ENTERQUEUE||1|1\n951901209|C|web|NONE|ABANDON|1|1|nine\n",
            "951901209|C|web|NONE|ABANDON|1|1|9\n",
        ),
        (
            "amazon_connect",
            '{"ContactId": "c", "DisconnectTimestamp": "soon", "Queue": {"EnqueueTimestamp": 7}}\n',
            '{"ContactId": "c", "InitiationMethod": "OUTBOUND"}\n',
        ),
        (
            "genesys_cloud",
            '{"conversationId": "c", "participants": 7}\n',
            '{"conversationId": "c", "participants": []}\n',
        ),
    ],
)
def test_every_adapter_tells_what_it_rejects(
    site: NightSite, adapter: str, broken: str, mended: str
) -> None:
    """Also where the corrected record turns out to be no call, or one that goes on."""
    site.feeds = {"calls": Feed("calls", "UTC", adapter=adapter)}
    site.put("calls/1", broken)
    site.night("2000-03-01")
    assert [closed for *_, closed in entries(site)] == [False]
    site.put("calls/2", mended)
    site.night("2000-03-01")
    assert [closed for *_, closed in entries(site)] == [True]


@pytest.mark.parametrize("table", RULES)
def test_a_rule_means_at_load_what_the_warehouse_expects(table: str) -> None:
    """Polars sorts out what breaks a rule, DuckDB checks staging by the same predicate."""
    edges = {
        column: [EDGES[kind][n * (place + 1) % len(EDGES[kind])] for n in range(5_000)]
        for place, (column, kind) in enumerate(RAW[table].items())
    }
    rows = pl.DataFrame(edges, RAW[table])
    for predicate in [*RULES[table].values(), holdable(table)]:
        expected = duckdb.sql(f"select {predicate} as kept from rows").pl()["kept"]
        found = rows.select(pl.sql_expr(predicate).alias("kept"))["kept"]
        assert found.to_list() == expected.to_list(), predicate
        assert found.n_unique() > 1, predicate
