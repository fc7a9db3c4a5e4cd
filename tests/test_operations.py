"""operations.db: what was judged stays judged, and everything of a night is written or nothing."""

import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from made_up_night import NIGHT, SERVICE, attribution, incident, trigger_state, verdict

from checks.incidents import Incident
from checks.tenure import Gap
from checks.triggers import TriggerLevel, TriggerState
from checks.verdicts import State, Verdict
from flows.records import from_row, to_row
from warehouse.errors import ConfigurationError, DataRejected, Fault
from warehouse.operations import database, read, runs, store
from warehouse.operations.attributions import attributions_in_force, falls
from warehouse.operations.database import open_operations, operations, writing

NOW = datetime(2000, 3, 10, 1, 15, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "operations.db"


@pytest.fixture
def con(path: Path) -> Iterator[sqlite3.Connection]:
    with operations(path) as con:
        yield con


def change(number: int = 1, reason: str = "opened", **changed: Any) -> dict[str, object]:
    return {
        "incident": to_row(incident(**changed)),
        "reason": reason,
        "headline": f"headline {number}",
        "change_number": number,
    }


def message(key: str = f"{SERVICE}:1", kind: str = "parent", **changed: Any) -> dict[str, object]:
    row: dict[str, object] = {
        "message_key": key,
        "kind": kind,
        "incident_id": SERVICE,
        "parent_key": None,
        "payload": json.dumps({"text": key, "blocks": []}),
    }
    return {**row, **changed}


def judged(con: sqlite3.Connection, **changed: Any) -> bool:
    """Record a night with one verdict, one trigger, one change and one message."""
    night: dict[str, Any] = {
        "as_of": NIGHT,
        "input_hash": "i1",
        "policy_version": "p1",
        "verdicts": [to_row(verdict())],
        "triggers": [to_row(trigger_state())],
        "attributions": [to_row(attribution())],
        "changes": [change()],
        "messages": [message()],
        "now": NOW,
    }
    return store.record_night(con, **{**night, **changed})


def quiet(con: sqlite3.Connection, night: date, input_hash: str = "i1", **of_verdict: Any) -> bool:
    """Record a night on which nothing has to be said."""
    rows = [to_row(verdict(as_of=night, **of_verdict))]
    return judged(
        con, as_of=night, input_hash=input_hash, verdicts=rows, triggers=[], changes=[], messages=[]
    )


def everything(con: sqlite3.Connection) -> list[str]:
    return list(con.iterdump())


def test_the_file_is_for_its_owner_only_and_survives_a_power_cut(path: Path) -> None:
    with operations(path) as con:
        judged(con)
        modes = {file.name: oct(file.stat().st_mode & 0o777) for file in path.parent.iterdir()}
        assert con.execute("pragma journal_mode").fetchone()[0] == "wal"
        assert con.execute("pragma synchronous").fetchone()[0] == 2
        assert con.execute("pragma foreign_keys").fetchone()[0] == 1
    assert modes == dict.fromkeys(
        ("operations.db", "operations.db-wal", "operations.db-shm"), "0o600"
    )


def test_all_tables_are_strict(con: sqlite3.Connection) -> None:
    lax = con.execute(
        "select name from pragma_table_list where type = 'table' and not strict"
        " and name not like 'sqlite%'"
    )
    assert lax.fetchall() == []


def test_a_second_opening_finds_what_the_first_one_wrote(path: Path) -> None:
    with operations(path) as con:
        judged(con)
        before = everything(con)
    with operations(path) as con:
        assert everything(con) == before


def of_version_1(path: Path) -> None:
    script = Path(__file__).with_name("operations_version_1.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(path)) as con:
        con.executescript(f"{script}; pragma user_version = 1;")


def structure(con: sqlite3.Connection) -> set[tuple[object, ...]]:
    """All columns, triggers and views, whichever way they came to be."""
    made = con.execute("select type, name, null, null, null from sqlite_master")
    columns = con.execute(
        "select m.name, c.name, c.type, c.'notnull', c.dflt_value from sqlite_master as m,"
        " pragma_table_info(m.name) as c where m.type in ('table', 'view')"
    )
    return {tuple(row) for row in (*made, *columns)}


def test_a_site_of_an_older_version_loses_nothing_and_has_all_that_a_new_one_has(
    path: Path, tmp_path: Path
) -> None:
    of_version_1(path)
    with operations(path) as con, operations(tmp_path / "new.db") as new:
        assert structure(con) == structure(new)
        assert con.execute("pragma foreign_key_check").fetchall() == []
        assert con.execute("pragma foreign_keys").fetchone()[0] == 1
        assert [from_row(Verdict, row) for row in read.verdicts_in_force(con)] == [verdict()]
        assert [from_row(Incident, row) for row in read.open_incidents(con)] == [incident()]
        assert [row["message_key"] for row in read.outbox(con)] == [f"{SERVICE}:1"]
        assert quiet(con, date(2000, 3, 10))
        before = everything(con)
    with operations(path) as con:
        assert everything(con) == before


def test_a_change_of_tables_that_fails_leaves_the_database_as_it_was(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_version_1(path)
    broken = tmp_path / "broken.sql"
    broken.write_text("alter table verdict add column spoilt text;\nselect no_such_thing;")
    with monkeypatch.context() as patch:
        patch.setitem(database.CHANGES, database.SCHEMA_VERSION, broken)
        with pytest.raises(sqlite3.OperationalError, match="no_such_thing"):
            open_operations(path)
    with operations(path) as con, operations(tmp_path / "new.db") as new:
        assert structure(con) == structure(new)


def test_the_changes_of_tables_are_numbered_without_gap() -> None:
    files = sorted(file.name[:5] for file in database.HERE.glob("changes/*.sql"))
    assert files == [f"{number:04}_" for number in range(2, database.SCHEMA_VERSION + 1)]


def test_a_database_of_a_newer_version_is_left_alone(path: Path) -> None:
    with operations(path) as con:
        con.execute("pragma user_version = 99")
    with pytest.raises(ConfigurationError, match="newer version"):
        open_operations(path)


def test_a_file_that_is_no_database_is_said_in_a_sentence(path: Path) -> None:
    path.write_text("call_id;queued_at\n" * 200, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="not an operations database"):
        open_operations(path)
    assert path.read_text(encoding="utf-8").startswith("call_id")


def test_a_night_is_written_once(con: sqlite3.Connection) -> None:
    assert judged(con)
    before = everything(con)
    assert not judged(con, now=datetime(2000, 3, 10, 2, 0, tzinfo=UTC))
    assert everything(con) == before


@pytest.mark.parametrize("key", [{"input_hash": "i2"}, {"policy_version": "p2"}])
def test_a_night_over_other_input_or_policy_is_judged_again(
    con: sqlite3.Connection, key: dict[str, str]
) -> None:
    judged(con)
    assert judged(con, **key, changes=[], messages=[], verdicts=[to_row(verdict(value=0.81))])
    assert [row["value"] for row in read.verdicts_in_force(con)] == [0.81]
    assert con.execute("select count(*) from verdict").fetchone()[0] == 2


@pytest.mark.parametrize(
    "fault",
    [
        {"verdicts": [to_row(verdict()), to_row(verdict())]},
        {"triggers": [{**to_row(trigger_state()), "state": "alarmed"}]},
        {"changes": [change(), change()]},
        {"messages": [message(), message()]},
        {"messages": [message(parent_key="no such message")]},
        {"messages": [message(incident_id="no such incident")]},
    ],
)
def test_a_night_with_a_faulty_row_leaves_nothing_behind(
    con: sqlite3.Connection, fault: dict[str, Any]
) -> None:
    before = everything(con)
    with pytest.raises(sqlite3.IntegrityError):
        judged(con, **fault)
    assert everything(con) == before


def test_a_first_load_is_one_transaction(con: sqlite3.Connection) -> None:
    def first_load() -> None:
        with writing(con):
            assert quiet(con, date(2000, 3, 7))
            assert quiet(con, date(2000, 3, 8))
            raise KeyboardInterrupt  # between two nights

    before = everything(con)
    with pytest.raises(KeyboardInterrupt):
        first_load()
    assert everything(con) == before


def test_nights_that_nobody_judged_are_written_with_tonight(con: sqlite3.Connection) -> None:
    missed = date(2000, 3, 8)
    quiet(con, date(2000, 3, 7), value=0.70)
    night = {"triggers": [to_row(trigger_state(as_of=missed))]}
    backfilled = [
        {**night, "as_of": missed, "verdicts": [to_row(verdict(as_of=missed, value=0.71))]},
        {**night, "as_of": date(2000, 3, 7), "verdicts": [to_row(verdict(value=0.99))]},
    ]
    assert judged(con, backfilled=backfilled)
    assert [row["value"] for row in read.verdicts_in_force(con)] == [0.70, 0.71, 0.774]
    assert not judged(con, backfilled=[{**backfilled[0], "as_of": date(2000, 3, 6)}])
    assert read.judged_nights(con) == ["2000-03-07", "2000-03-08", "2000-03-09"]


def test_a_process_killed_while_it_writes_a_night_leaves_nothing(path: Path) -> None:
    open_operations(path).close()
    script = (
        "import os, pathlib, sys\n"
        "from warehouse.operations.database import open_operations, writing, insert\n"
        "con = open_operations(pathlib.Path(sys.argv[1]))\n"
        "key = dict(as_of='2000-03-09', input_hash='i1', policy_version='p1', judged_at='now')\n"
        "with writing(con):\n"
        "    insert(con, 'judging', key)\n"
        "    os._exit(9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert killed.returncode == 9
    with operations(path) as con:
        assert read.judged_nights(con) == []


@pytest.mark.parametrize("table", ["judging", "verdict", "trigger_state", "attribution"])
@pytest.mark.parametrize(
    "statement",
    [
        "update {} set as_of = '2000-01-01'",
        "update or replace {} set policy_version = 'p9'",
        "delete from {}",
        "insert or replace into {0} select * from {0}",
    ],
)
def test_what_was_judged_cannot_be_rewritten(
    con: sqlite3.Connection, table: str, statement: str
) -> None:
    judged(con)
    before = everything(con)
    with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
        con.execute(statement.format(table))
    assert everything(con) == before


def test_each_night_has_the_verdicts_of_its_own_newest_judging(con: sqlite3.Connection) -> None:
    first, second = date(2000, 3, 7), date(2000, 3, 8)
    quiet(con, first, value=0.70)
    quiet(con, second, value=0.71)
    quiet(con, first, "i2", value=0.72)
    states = [
        to_row(trigger_state(as_of=first, state=TriggerLevel(level)))
        for level in ("watch", "clear")
    ]
    for n, state in enumerate(states):
        night = {"verdicts": [], "triggers": [state], "changes": [], "messages": []}
        judged(con, as_of=date(2000, 3, 6), input_hash=f"i{n}", **night)
    assert [row["state"] for row in read.trigger_states_in_force(con)] == ["clear"]
    found = [(row["as_of"], row["value"]) for row in read.verdicts_in_force(con)]
    assert found == [("2000-03-07", 0.72), ("2000-03-08", 0.71)]
    assert [row["value"] for row in read.verdicts_in_force(con, first=second)] == [0.71]
    assert [row["value"] for row in read.verdicts_in_force(con, last=first)] == [0.72]


def test_each_night_has_the_attribution_of_its_own_newest_judging(con: sqlite3.Connection) -> None:
    judged(con)
    rows = [to_row(attribution(estimate=-0.03))]
    judged(con, input_hash="i2", attributions=rows, changes=[], messages=[])
    found = attributions_in_force(con)
    assert [(row["part"], row["estimate"]) for row in found] == [("standing_cost", -0.03)]
    assert attributions_in_force(con, first=NIGHT + timedelta(days=1)) == []


def test_an_attribution_has_a_figure_or_says_why_not(con: sqlite3.Connection) -> None:
    for wrong in ({"estimate": None}, {"gap": Gap.STALE}):
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            judged(con, attributions=[to_row(attribution(**wrong))])
    judged(con, attributions=[to_row(attribution(estimate=None, gap=Gap.STALE))])


def test_a_fall_lasts_since_the_first_window_after_the_norm_was_met(
    con: sqlite3.Connection,
) -> None:
    """Breached, met, at risk, not judged, breached: the fall began with the second window."""
    states = (State.BREACHED, State.MET, State.AT_RISK, State.STALE, State.BREACHED)
    for number, state in enumerate(states):
        night = date(2000, 3, 1) + timedelta(days=number)
        start = night - timedelta(days=27)
        row = to_row(verdict(as_of=night, state=state, period_start=start, period_end=night))
        judged(con, as_of=night, verdicts=[row], changes=[], messages=[], attributions=[])
    name = verdict().norm
    assert falls(con, date(2000, 3, 9)) == {name: date(2000, 2, 5)}
    assert falls(con, date(2000, 3, 2)) == {name: date(2000, 2, 3)}
    assert falls(con, date(2000, 3, 3)) == {}


def test_the_past_of_a_norm_reaches_back_to_its_last_judged_night(con: sqlite3.Connection) -> None:
    for day, state in enumerate(["met", "breached", "no_data", "too_few"], start=1):
        quiet(con, date(2000, 3, day), state=State(state))
    quiet(con, date(2000, 3, 5), state=State.MET)
    past = read.last_verdicts(con, before=date(2000, 3, 5))
    assert [row["as_of"] for row in past] == ["2000-03-02", "2000-03-03", "2000-03-04"]


def test_a_norm_that_was_never_judged_has_its_whole_past(con: sqlite3.Connection) -> None:
    quiet(con, date(2000, 3, 1), state=State.NO_DATA)
    quiet(con, date(2000, 3, 2), state=State.TOO_FEW)
    assert len(read.last_verdicts(con, before=NIGHT)) == 2


def test_the_last_state_of_a_trigger_is_that_of_the_night_before(con: sqlite3.Connection) -> None:
    for day in (7, 8, 9):
        state = trigger_state(as_of=date(2000, 3, day), evidence=f"night {day}")
        judged(
            con,
            as_of=state.as_of,
            verdicts=[],
            triggers=[to_row(state)],
            changes=[],
            messages=[],
        )
    found = read.last_trigger_states(con, before=NIGHT)
    assert [row["evidence"] for row in found] == ["night 8"]


def test_a_rejected_night_has_a_message_and_no_verdict(con: sqlite3.Connection) -> None:
    data = incident(incident_id="data:night@2000-03-09", subject="data:night", severity="rejected")
    rejected = {**change(), "incident": to_row(data)}
    said = message("data:night@2000-03-09:1", incident_id=data.incident_id)
    store.record_rejection(con, as_of=NIGHT, changes=[rejected], messages=[said], now=NOW)
    assert read.judged_nights(con) == []
    assert [row["subject"] for row in read.open_incidents(con)] == ["data:night"]
    assert [row["state"] for row in read.undelivered(con)] == ["pending"]


def test_an_incident_is_brought_up_to_date_and_its_changes_are_kept(
    con: sqlite3.Connection,
) -> None:
    judged(con)
    resolved = change(2, "recovered", state="resolved", resolved_on=date(2000, 3, 12))
    later = date(2000, 3, 12)
    judged(con, as_of=later, verdicts=[], triggers=[], changes=[resolved], messages=[])
    assert read.open_incidents(con) == []
    [found] = read.incidents(con)
    assert (found["state"], found["reason"], found["headline"]) == (
        "resolved",
        "recovered",
        "headline 2",
    )
    reasons = con.execute("select reason from incident_change order by change_number")
    assert [row["reason"] for row in reasons] == ["opened", "recovered"]


def test_a_change_without_reason_is_no_change_of_the_record(con: sqlite3.Connection) -> None:
    judged(con)
    silent = change(2, "none", is_muted=True)
    judged(con, input_hash="i2", changes=[silent], messages=[])
    [found] = read.incidents(con)
    assert (found["is_muted"], found["reason"]) == (1, "opened")


def test_threads_say_what_an_incident_has_said_so_far(con: sqlite3.Connection) -> None:
    summary = message("summary:1", "summary", incident_id=None)
    reply = message(f"{SERVICE}:1", "reply", parent_key="summary:1")
    judged(con, messages=[summary, reply])
    assert read.threads(con)[SERVICE] == {
        "incident_id": SERVICE,
        "change_count": 1,
        "manager_key": f"{SERVICE}:1",
        "manager_payload": reply["payload"],
        "root_key": "summary:1",
        "director_key": None,
        "director_payload": None,
    }


def test_an_incident_that_was_muted_has_no_thread(con: sqlite3.Connection) -> None:
    judged(con, changes=[change(is_muted=True)], messages=[])
    thread = read.threads(con)[SERVICE]
    assert (thread["change_count"], thread["manager_key"], thread["root_key"]) == (1, None, None)


def test_a_writer_waits_for_another_one(path: Path, con: sqlite3.Connection) -> None:
    holds, released = threading.Event(), threading.Event()

    def hold() -> None:
        with closing(open_operations(path)) as other, writing(other):
            quiet(other, date(2000, 3, 8))
            holds.set()
            released.wait(5)

    thread = threading.Thread(target=hold)
    thread.start()
    assert holds.wait(5)
    threading.Timer(0.2, released.set).start()
    assert quiet(con, NIGHT)
    thread.join()
    assert read.judged_nights(con) == ["2000-03-08", "2000-03-09"]


def test_judged_nights_can_be_asked_for_one_policy(con: sqlite3.Connection) -> None:
    quiet(con, date(2000, 3, 8))
    judged(con, policy_version="p2")
    assert read.judged_nights(con, "p2") == ["2000-03-09"]


def test_runs_and_their_checks(con: sqlite3.Connection) -> None:
    run_id = runs.start_run(con, flow="nightly", as_of=NIGHT, now=NOW)
    rule = {"suite": "staging.calls", "rule": "call_id is unique", "severity": "critical"}
    runs.add_check_results(con, run_id, [{**rule, "is_success": 0, "observed": "2 doubles"}])
    runs.end_run(con, run_id, state="rejected", now=NOW, error="2 doubles")
    [run] = read.runs(con)
    assert (run["state"], run["error"], run["as_of"]) == ("rejected", "2 doubles", "2000-03-09")
    assert [row["observed"] for row in read.check_results(con, run_id)] == ["2 doubles"]


def test_a_run_that_fails_says_how(con: sqlite3.Connection) -> None:
    def failing(error: Exception) -> None:
        with runs.run(con, flow="nightly", as_of=NIGHT, now=NOW):
            raise error

    with runs.run(con, flow="nightly", as_of=NIGHT, now=NOW):
        pass
    for error in (DataRejected(Fault("wrong header")), OSError("disk full")):
        with pytest.raises(type(error)):
            failing(error)
    assert [(row["state"], row["error"]) for row in read.runs(con)] == [
        ("failed", "disk full"),
        ("rejected", "wrong header"),
        ("done", None),
    ]


def test_the_latest_check_results_are_those_of_the_last_run_that_checked(
    con: sqlite3.Connection,
) -> None:
    assert read.latest_check_results(con) == []
    rule = {"suite": "staging.calls", "rule": "call_id is unique", "severity": "critical"}
    for observed in ("2 doubles", "none"):
        run_id = runs.start_run(con, flow="nightly", as_of=NIGHT, now=NOW)
        runs.add_check_results(con, run_id, [{**rule, "is_success": 1, "observed": observed}])
    runs.start_run(con, flow="nightly", as_of=NIGHT, now=NOW)
    assert [row["observed"] for row in read.latest_check_results(con)] == ["none"]


@pytest.mark.parametrize(
    "record",
    [
        verdict(),
        verdict(value=None, low=None, high=None, numerator=None, state=State.NO_DATA),
        trigger_state(),
        trigger_state(norms=()),
        incident(),
        incident(said_on=None, is_muted=True),
    ],
)
def test_a_record_comes_back_from_its_row_as_it_was(
    record: Verdict | TriggerState | Incident,
) -> None:
    back = from_row(type(record), to_row(record))
    assert back == record
    assert [type(v) for v in vars(back).values()] == [type(v) for v in vars(record).values()]


def test_a_night_comes_back_from_the_database_as_it_was(con: sqlite3.Connection) -> None:
    judged(con)
    assert [from_row(Verdict, row) for row in read.verdicts_in_force(con)] == [verdict()]
    assert [from_row(Incident, row) for row in read.open_incidents(con)] == [incident()]
    [state] = read.trigger_states_in_force(con)
    assert from_row(TriggerState, state) == trigger_state()


def test_checks_are_shown_by_night_the_broken_ones_first(con: sqlite3.Connection) -> None:
    """Of a rejected night, too; without a night, of the last one that was checked."""
    sound = {
        "suite": "s",
        "rule": "r",
        "severity": "warning",
        "is_success": 1,
        "observed": "0 rows",
    }
    broken = sound | {"rule": "b", "severity": "critical", "is_success": 0, "observed": "3 rows"}
    for as_of, results in (("2000-03-01", [sound]), ("2000-03-02", [sound, broken])):
        run_id = runs.start_run(con, flow="nightly", as_of=date.fromisoformat(as_of), now=NOW)
        runs.note_input(con, run_id, "abc")
        runs.add_check_results(con, run_id, results)
    runs.end_run(con, run_id, state="rejected", now=NOW)
    shown = read.shown_check_results(con, None, None)
    assert [(row["night"], row["rule"]) for row in shown] == [("rejected", "b"), ("rejected", "r")]
    (first,) = read.shown_check_results(con, date(2000, 3, 1), date(2000, 3, 1))
    assert (first["as_of"], first["night"]) == ("2000-03-01", "failed")  # interrupted, it seems
    assert {row["input_hash"] for row in read.runs(con)} == {"abc"}
