"""Every table has a suite, and every rule finds the fault that it exists for.

A sound site is loaded once; each fault is planted in a copy, looked for, and taken back.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from nights import NightSite, csv_of
from planted_faults import ADDS_UP, FAULTS

from checks.suites import Rule, suites
from checks.unchecked import query_of
from checks.validate import reject_if_critical, validate
from warehouse.errors import DataRejected
from warehouse.models import models

AGENTS = [f"agent {n}" for n in range(6)]


def calls() -> str:
    """Nine weeks of calls of six agents; customers who come back, one who hangs up."""
    lines = ["call_id,contact_id,queued_at,queue,reason,customer_id,agent_id,wait_seconds"
             ",talk_seconds,outcome"]  # fmt: skip
    for day in range(63):
        month, of_month = (1, day + 1) if day < 31 else (2, day - 30) if day < 60 else (3, day - 59)
        for n in range(8):
            at = f"2000-{month:02}-{of_month:02}T{9 + n:02}:00:00Z"
            who = f"customer {(day + n) % 11}"
            outcome = "abandoned" if n == 7 else "handled"
            agent = "" if n == 7 else AGENTS[n % 6]
            talk = 0 if n == 7 else 100 + n
            lines.append(
                f"{day}-{n},{day}-{n},{at},web,modem,{who},{agent},{9 * n},{talk},{outcome}"
            )
    lines.append("0-8,0-0,2000-01-01T09:02:00Z,web,modem,customer 0,agent 1,3,50,handled")
    return "\n".join(lines) + "\n"


def sound_site(home: Path) -> NightSite:
    """A site with a first night, in whose warehouse every rule holds."""
    site = NightSite(home, zone="UTC")
    text = calls()
    site.put("calls/calls.csv", text)
    site.put("calls/again.csv", "\n".join(text.splitlines()[:5]) + "\n")
    spells = "\n".join(f"{agent} | in-house | 1999-09-01 | | " for agent in AGENTS[:5])
    site.put("roster/roster_2000-02-29.csv", csv_of(f"""
        agent_id | provider | hired_on | left_on | leave_reason
        {spells}
        agent 5 | in-house | 1999-11-20 | 2000-02-20 | voluntary
        agent 6 | in-house | 1999-12-01 | |
        agent 6 | in-house | 1999-12-01 | |
        """))  # fmt: skip
    site.put("evaluations/e.csv", "evaluated_on,agent_id,call_id,score,max_score,is_procedure_ok\n"
             "2000-01-05,agent 1,0-1,8,10,yes\n")  # fmt: skip
    site.put("satisfaction/s.csv", "call_id,score,max_score\n0-1,4,5\n")
    site.put("customers/c.csv", "month,subscribers\n2000-01-01,1000\n2000-02-01,1010\n")
    bill = "month,provider,amount,currency\n2000-{0},in-house,900,EUR\n"
    site.put("invoices/january.csv", bill.format("01"))
    site.put("invoices/february.csv", bill.format("01") + "2000-02,in-house,900,EUR\n")
    site.put("training/t.csv", "day,agent_id,hours,cost\n2000-01-10,agent 1,7,100\n")
    site.put("events/e.csv", "day,label\n2000-01-20,new procedure\n")
    site.night("2000-03-03")
    return site


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """That warehouse, to be spoiled."""
    site = sound_site(tmp_path_factory.mktemp("site"))
    folder = tmp_path_factory.mktemp("spoiled")
    (folder / "warehouse.duckdb").write_bytes(site.folders.warehouse.read_bytes())
    with duckdb.connect(folder / "warehouse.duckdb") as connection:
        yield connection


def broken(connection: duckdb.DuckDBPyConnection, table: str, rule: Rule) -> tuple[int, int]:
    """How many rows break it, asked of the whole table and of unchecked days, which are all."""
    whole, since = (
        len(connection.execute(query_of(rule, table, days)).fetchall()) for days in ({}, EVERY_DAY)
    )
    return whole, since


EVERY_DAY = {
    model.name: date(1999, 1, 1)
    for model in models()
    if model.follows or model.since_sql or model.due_sql
}
RULES = [(table, rule) for table, rules in suites().items() for rule in rules]


def test_every_table_has_a_suite() -> None:
    kept = {model.name for model in models() if not model.is_for_tonight}
    assert kept - suites().keys() == set()


def test_every_rule_has_a_fault_planted_for_it() -> None:
    planted = {(table, name) for table, faults in FAULTS.items() for name in faults}
    assert planted == {(table, rule.name) for table, rule in RULES}


@pytest.mark.parametrize(("table", "rule"), RULES, ids=[f"{t}: {r.name}" for t, r in RULES])
def test_a_rule_holds_of_sound_data_and_finds_its_fault(
    sound: duckdb.DuckDBPyConnection, table: str, rule: Rule
) -> None:
    assert broken(sound, table, rule) == (0, 0)
    sound.execute("begin")
    try:
        for statement in FAULTS[table][rule.name].split(";"):
            if statement.strip():
                sound.execute(statement)
        assert min(broken(sound, table, rule)) > 0
    finally:
        sound.execute("rollback")


def test_great_expectations_finds_what_the_rules_find(sound: duckdb.DuckDBPyConnection) -> None:
    """Sound data pass; a critical fault rejects the night, a warning is only reported."""
    assert [result for result in validate(sound) if not result.is_success] == []
    sound.execute(FAULTS["staging.calls"]["agents in the log are on the roster"])
    found = [r for r in validate(sound) if not r.is_success]
    assert [(r.suite, r.rule, r.observed) for r in found] == [
        ("staging.calls", "agents in the log are on the roster", "1 rows")
    ]
    reject_if_critical(found)
    sound.execute(FAULTS["metrics.period"][ADDS_UP])
    with pytest.raises(DataRejected, match=r"metrics\.period: it does not hold that the groups"):
        reject_if_critical(validate(sound))


def test_a_rule_that_cannot_be_evaluated_is_our_fault(
    sound: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Rule("sense is made", "select nonsense from {batch}", "warning")
    monkeypatch.setattr("checks.validate.suites", lambda: {"staging.calls": [wrong]})
    with pytest.raises(RuntimeError, match=r"staging\.calls: the rule 'sense is made' cannot"):
        validate(sound)


def test_a_rule_is_asked_once(
    sound: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound.execute("create sequence asked")
    counting = Rule("nothing is", "select 1 from (select nextval('asked') as n) where n < 0")
    monkeypatch.setattr("checks.validate.suites", lambda: {"staging.calls": [counting]})
    assert [result.is_success for result in validate(sound)] == [True]
    assert sound.execute("select nextval('asked')").fetchall() == [(2,)]
