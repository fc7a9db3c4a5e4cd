"""A night's checks look at the days that no night has checked, and at all where that is not enough."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from nights import NightSite
from planted_faults import FAULTS
from test_suites import RULES, broken, sound_site

from checks.suites import Rule, rules_hash
from checks.unchecked import query_of
from checks.validate import validate
from warehouse.connect import reading
from warehouse.ledger.checked import note_checked, unchecked_since
from warehouse.models import models

TONIGHT = (
    "call_id,contact_id,queued_at,queue,reason,customer_id,agent_id,wait_seconds,talk_seconds"
    ",outcome\n"
    + "".join(
        f"63-{n},63-{n},2000-03-04T{9 + n:02}:00:00Z,web,modem,customer {n},agent {n % 5},5,100,handled\n"
        for n in range(6)
    )
)
# Tables of which some days were written and others not. Rows written last have the last row ids.
WRITTEN = {
    "facts.contacts_with_neighbours", "facts.days", "facts.headcount", "metrics.contact_sums",
    "metrics.durations", "metrics.episode_sums", "metrics.fifth_agent",
    "metrics.leg_sums", "metrics.period", "metrics.presence", "metrics.quantile", "metrics.scoped",
    "metrics.tenure_cells", "metrics.tenure_mix", "metrics.workforce", "staging.calls",
}  # fmt: skip
FIRST, LAST = "select min(rowid)", "select max(rowid)"
PLANTED = [
    (table, rule)
    for table, rule in RULES
    if table in WRITTEN and rule.unexpected_since and FIRST in FAULTS[table][rule.name]
]
OLD_CALL = "update staging.calls set customer_id = '0142' where call_id = '0-1'"
OLD_FAULT = "staging.calls: identities are pseudonyms"
OLD_CALL_AGAIN = "update staging.calls set call_id = '0-1' where call_id = '63-1'"


def mark_as_checked(site: NightSite) -> None:
    site.folders.warehouse.chmod(0o640)
    with duckdb.connect(site.folders.warehouse) as connection:
        note_checked(connection, rules_hash())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose first night was checked, and whose second was not."""
    home = tmp_path_factory.mktemp("site")
    site = sound_site(home)
    mark_as_checked(site)
    site.put("calls/tonight.csv", TONIGHT)
    site.night("2000-03-04")
    return home


@pytest.fixture
def second(home: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The second night's warehouse, to be spoiled."""
    shutil.copy(NightSite(home).folders.warehouse, tmp_path / "warehouse.duckdb")
    (tmp_path / "warehouse.duckdb").chmod(0o640)
    with duckdb.connect(tmp_path / "warehouse.duckdb") as connection:
        yield connection


def test_what_comes_once_a_day_is_told_apart_by_the_day_its_table_is_written_by() -> None:
    """But episodes: see their suite."""
    days = {m.name: m.day_column for m in models() if m.follows or m.since_sql or m.due_sql}
    for table, rule in RULES:
        by_day = "{batch}" not in (rule.unexpected_since or "{batch}")
        if rule.name.endswith("come once") and by_day and table in days.keys() - {"facts.episodes"}:
            assert days[table] in rule.name.removesuffix(" come once").split(", ")


def found(connection: duckdb.DuckDBPyConnection, table: str, rule: Rule) -> int:
    since = unchecked_since(connection, rules_hash())
    return len(connection.execute(query_of(rule, table, since)).fetchall())


def test_a_second_night_is_sound(second: duckdb.DuckDBPyConnection) -> None:
    assert {f"{t}: {r.name}" for t, r in RULES if found(second, t, r)} == set()
    assert {f"{t}: {r.name}" for t, r in RULES if max(broken(second, t, r))} == set()


@pytest.mark.parametrize(("table", "rule"), PLANTED, ids=[f"{t}: {r.name}" for t, r in PLANTED])
def test_a_fault_of_tonight_is_found(
    second: duckdb.DuckDBPyConnection, table: str, rule: Rule
) -> None:
    for statement in FAULTS[table][rule.name].replace(FIRST, LAST).split(";"):
        if statement.strip():
            second.execute(statement)
    assert found(second, table, rule) > 0


def test_a_row_without_a_day_is_of_tonight(second: duckdb.DuckDBPyConnection) -> None:
    second.execute("update staging.calls set day = null where call_id = '0-1'")
    (rule,) = (rule for table, rule in RULES if rule.name.startswith("day, contact_id, queue"))
    assert found(second, "staging.calls", rule) == 1


def test_tables_are_compared_from_the_earlier_day_on(second: duckdb.DuckDBPyConnection) -> None:
    """A call comes late, and its day was not counted again."""
    second.execute("update metrics.leg_sums set legs = legs - 1 where day = '2000-03-03'")
    (rule,) = (
        r for t, r in RULES if t == "metrics.legs" and r.name == "every handled leg is counted"
    )
    for calls_since, days in ((date(2000, 3, 3), 1), (date(2000, 3, 4), 0)):
        since = {"facts.calls": calls_since, "metrics.legs": date(2000, 3, 4)}
        assert len(second.execute(query_of(rule, "metrics.legs", since)).fetchall()) == days


def since_when(site: NightSite) -> dict[str, date]:
    with reading(site.folders.warehouse) as connection:
        return unchecked_since(connection, rules_hash())


def test_a_night_that_was_not_checked_is_left_to_the_next(home: Path, tmp_path: Path) -> None:
    site = NightSite(shutil.copytree(home, tmp_path / "home", symlinks=True), zone="UTC")
    assert since_when(site)["staging.calls"] == date(2000, 3, 4)
    mark_as_checked(site)
    assert since_when(site) == {}
    for as_of in ("2000-03-05", "2000-03-06"):
        site.night(as_of)
    assert since_when(site)["staging.calls"] == date(2000, 3, 5)
    site.night("2000-03-06", is_full=True)
    assert since_when(site) == {}


def faults(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What Great Expectations finds in calls and what they are counted in."""
    return [f"{r.suite}: {r.rule}" for r in validate(connection) if not r.is_success]


def test_a_day_that_was_checked_is_not_looked_at_again(second: duckdb.DuckDBPyConnection) -> None:
    """Only a night that writes the day can put a fault there, and that one looks at it."""
    second.execute(OLD_CALL)
    assert faults(second) == []
    second.execute("insert into ledger.unchecked values ('staging.calls', '2000-01-01')")
    assert faults(second) == [OLD_FAULT]


def test_a_call_of_tonight_is_held_against_those_of_all_days(
    second: duckdb.DuckDBPyConnection,
) -> None:
    second.execute(OLD_CALL_AGAIN)
    assert "staging.calls: call_id come once" in faults(second)


def test_other_rules_look_at_everything(second: duckdb.DuckDBPyConnection) -> None:
    second.execute(OLD_CALL)
    second.execute("update ledger.checked set rules_hash = 'those of last year'")
    assert faults(second) == [OLD_FAULT]
