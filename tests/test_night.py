"""A whole night with the real Prefect, Great Expectations and DuckDB, as the command runs it."""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest
from nights import csv_of
from prefect.testing.utilities import prefect_test_harness
from test_needle import texts_of

from flows import cli
from warehouse.connect import reading
from warehouse.files import hash_of
from warehouse.operations.database import operations

SETTINGS = """
[site]
name = "Malakoff"
time_zone = "Europe/Paris"
"""
POLICY = """
[[norms]]
metric = "service_level"
direction = "at_least"
target = 0.80
window = "rolling_28"
kind = "quality"
min_denominator = 10
why = "what the parent company's own service keeps to"

[triggers.quality]
apart_nights = 28
why = "two windows that share no day"
"""
ROSTER = csv_of("""
    agent_id | provider    | hired_on   | left_on | fte
    ann      | prestataire | 1999-01-04 |         | 1
    bob      | prestataire | 1999-01-04 |         | 1
    """)


@pytest.fixture(scope="module", autouse=True)
def prefect_server() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=120):
        yield


class Desk:
    """A site, and the command `qos` used on it."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch):
        self.home, self._capsys, self._patch = home, capsys, patch
        self.put("qos.toml", SETTINGS)

    def put(self, name: str, content: str | bytes) -> None:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def qos(self, *words: str) -> tuple[int, str, str]:
        """Exit code, what was printed, what was complained of."""
        self._patch.setattr(sys, "argv", ["qos", *words])
        self._patch.chdir(self.home)
        self._capsys.readouterr()
        code = cli.main()
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def run(self, as_of: str, *words: str) -> tuple[int, str, str]:
        return self.qos("run", "--as-of", as_of, *words)

    @property
    def site(self) -> Path:
        return self.home / "var"

    @property
    def warehouse(self) -> Path:
        return self.site / "warehouse.duckdb"

    def outbox(self) -> list[str]:
        with operations(self.site / "operations.db") as con:
            return [row["message_key"] for row in con.execute("select * from outbox")]


@pytest.fixture
def desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Desk:
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    return Desk(tmp_path, capsys, monkeypatch)


def calls(first: str, last: str, answered_in_time: int) -> str:
    """Twenty calls a day from `first` to `last`, so many of them answered within 20 s."""
    lines = ["call_id,queued_at,reason,customer_id,agent_id,wait_seconds,talk_seconds,outcome"]
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        for n in range(20):
            wait = 5 if n < answered_in_time else 90
            at = f"{day}T{8 + n // 2:02}:{30 * (n % 2):02}:00+01:00"
            agent = ("ann", "bob")[n % 2]
            lines.append(f"{day}-{n},{at},modem,customer {n},{agent},{wait},300,handled")
        day += timedelta(days=1)
    return "\n".join(lines) + "\n"


def calls_of_march(answered_in_time: int) -> str:
    return calls("2000-03-01", "2000-03-31", answered_in_time)


def test_a_night_from_landing_to_message(desk: Desk) -> None:
    """A month of bad service is judged, told in one message, and shown on the page."""
    desk.put("landing/calls/march.csv", calls_of_march(answered_in_time=10))
    desk.put("landing/roster/roster_2000-03-31.csv", ROSTER)
    desk.put("landing/chats/march.csv", "day,chats\n2000-03-01,10\n")
    desk.put("landing/training/march.csv", "day,agent_id,hours,cost\n2000-03-06,nobody,7,750\n")
    code, said, complaints = desk.run("2000-03-31")
    assert (code, complaints) == (0, "")
    assert "chats/: no loader for this feed yet; left alone" in said
    assert "Service level: 50.0 %" in said
    assert "check failed  trained agents are on the roster (staging.training: 1 rows)" in said
    assert "nights of history judged" in said
    page = (desk.site / "pages/current/index.html").read_text()
    assert "50.0" in page
    assert "Malakoff" in page
    assert [p.name for p in (desk.site / "marts/current").iterdir()]
    with reading(desk.warehouse) as connection:
        counts = "select (select count(*) from ledger.checked), count(*) from ledger.unchecked"
        assert connection.execute(counts).fetchall() == [(1, 0)]


def test_the_same_night_again_changes_nothing_and_says_nothing(desk: Desk) -> None:
    desk.put("landing/calls/march.csv", calls_of_march(answered_in_time=10))
    desk.put("landing/roster/roster_2000-03-31.csv", ROSTER)
    desk.run("2000-03-31")
    before, messages = hash_of(desk.warehouse), desk.outbox()
    code, said, _ = desk.run("2000-03-31")
    assert code == 0
    assert "history judged" not in said
    assert hash_of(desk.warehouse) == before
    assert desk.outbox() == messages


def test_a_breach_is_said_once_it_lasts_and_once_it_is_over(desk: Desk) -> None:
    """The 28 days to 28 March are the first to be judged; the seventh bad night is 3 April."""
    desk.put("policy.toml", POLICY)
    desk.put("qos.toml", SETTINGS + '[paths]\npolicy = "policy.toml"\n')
    desk.put("landing/calls/bad.csv", calls("2000-03-01", "2000-04-05", answered_in_time=10))
    breach = "norm:service_level:all:all@2000-04-03"
    for as_of in ("2000-03-28", "2000-04-02"):
        desk.run(as_of)
        assert f"{breach}:1" not in desk.outbox()
    _, said, _ = desk.run("2000-04-03")
    assert f"{breach}:1" in desk.outbox()
    assert "Service level" in said
    assert "50.0 %" in said
    desk.run("2000-04-04")
    assert f"{breach}:2" not in desk.outbox()  # it goes on: that is no news
    desk.put("landing/calls/good.csv", calls("2000-04-06", "2000-05-20", answered_in_time=20))
    _, said, _ = desk.run("2000-05-20")
    assert f"{breach}:2" in desk.outbox()
    assert "100.0 %" in said


def test_a_night_of_the_past_run_again_is_no_news(desk: Desk) -> None:
    """It is judged and kept, but nobody is told today of what was wrong then, or right."""
    desk.put("policy.toml", POLICY)
    desk.put("qos.toml", SETTINGS + '[paths]\npolicy = "policy.toml"\n')
    desk.put("landing/calls/bad.csv", calls("2000-03-01", "2000-04-30", answered_in_time=10))
    desk.run("2000-04-30")
    before = desk.outbox()
    desk.put("landing/calls/late.csv", calls("2000-04-01", "2000-04-01", answered_in_time=9))
    assert desk.run("2000-04-10")[0] == 0
    assert desk.outbox() == before
    assert desk.run("2000-04-30")[0] == 0


BAD_FILES = {
    "wrong header": ("calls/bad.csv", "a,b\n1,2\n", "no column call_id, queued_at, wait_seconds"),
    "empty": ("calls/bad.csv", "", "is empty"),
    "binary": ("calls/bad.csv", b"\x89PNG\r\n\x1a\n\0\0", "is not a text file"),
    "roster without a date": ("roster/team.csv", ROSTER, "must say its date"),
}


@pytest.mark.parametrize(("name", "content", "sentence"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_stops_the_night(
    desk: Desk, name: str, content: str | bytes, sentence: str
) -> None:
    """Last night's warehouse stays in use; the manager hears of the data, not of the service."""
    desk.put("landing/calls/march.csv", calls_of_march(answered_in_time=20))
    desk.run("2000-03-30")
    before = hash_of(desk.warehouse)
    desk.put(f"landing/{name}", content)
    code, said, complaints = desk.run("2000-03-31")
    assert code == 3
    assert complaints.count("\n") == 1
    assert sentence in complaints
    assert name in complaints
    assert "Traceback" not in complaints + said
    assert hash_of(desk.warehouse) == before
    assert "data:night@2000-03-31:1" in desk.outbox()
    assert not list((desk.site / "archive").rglob("*bad*"))
    (desk.home / "landing" / name).unlink()
    assert desk.run("2000-03-31")[0] == 0
    assert "data:night@2000-03-31:2" in desk.outbox()


def test_calls_of_which_no_row_can_be_read_stop_the_night(desk: Desk) -> None:
    """It is said why and what to do; told how the times are written, the next run reads them."""
    desk.put("landing/calls/march.csv", calls("2000-03-01", "2000-03-30", answered_in_time=20))
    desk.run("2000-03-30")
    before = hash_of(desk.warehouse)
    last = calls("2000-03-31", "2000-03-31", answered_in_time=20)
    desk.put("landing/calls/last.csv", last.replace("2000-03-31T", "31 March 2000 "))
    for _ in range(2):
        code, _, complaints = desk.run("2000-03-31")
        assert code == 3
        assert re.fullmatch(
            r"calls/last.csv: none of its 20 rows can be read \(line 2: queued_at is not a time\);"
            r" say in \[feeds.calls\] of the settings how they are written, or take the file out"
            r" with: qos withdraw [0-9a-f]{12}\n", complaints.removeprefix("qos: "),
        )  # fmt: skip
        assert hash_of(desk.warehouse) == before
    assert "data:night@2000-03-31:1" in desk.outbox()
    assert desk.qos("withdraw", complaints.split()[-1])[0] == 0
    assert desk.run("2000-03-31")[0] == 0


def test_settings_that_make_all_calls_unreadable_stop_the_night(desk: Desk) -> None:
    desk.put("landing/calls/march.csv", calls_of_march(answered_in_time=20))
    assert desk.run("2000-03-31")[0] == 0
    desk.put("qos.toml", SETTINGS + '[feeds.calls]\ndate_format = "%d/%m/%Y"\n')
    code, _, complaints = desk.run("2000-03-31")
    assert code == 3
    assert "calls/march.csv: none of its 620 rows can be read" in complaints
    desk.put("qos.toml", SETTINGS)
    assert desk.run("2000-03-31")[0] == 0


def test_other_files_of_which_no_row_can_be_read_are_told_of(desk: Desk) -> None:
    desk.put("landing/calls/march.csv", calls_of_march(answered_in_time=20))
    desk.put("landing/satisfaction/march.csv", "call_id,score,max_score\n1,good,5\n2,bad,5\n")
    code, said, _ = desk.run("2000-03-31")
    assert code == 0
    told = "satisfaction/march.csv: none of its 2 rows can be read (line 2: score is not a number)"
    assert told in said
    checks = json.loads(desk.qos("show", "checks", "--format", "json")[1])
    (broken,) = (row for row in checks if row["suite"] == "ledger.files")
    assert not broken["is_success"]
    assert "satisfaction/march.csv, line 2: score is not a number" in broken["observed"]


def test_a_folder_named_like_a_file_stops_the_night(desk: Desk) -> None:
    (desk.home / "landing/calls/2000-03-01.csv").mkdir(parents=True)
    code, _, complaints = desk.run("2000-03-31")
    assert code == 3
    assert complaints.count("\n") == 1
    assert "2000-03-01.csv: not a plain file" in complaints


def test_a_policy_with_an_unknown_metric_stops_before_anything(desk: Desk) -> None:
    desk.put("landing/calls/march.csv", calls_of_march(answered_in_time=20))
    desk.put("policy.toml", POLICY.replace('"service_level"', '"servis_level"'))
    desk.put("qos.toml", SETTINGS + '[paths]\npolicy = "policy.toml"\n')
    code, _, complaints = desk.run("2000-03-31")
    assert code == 2
    assert complaints.count("\n") == 1
    assert "servis_level" in complaints
    assert "service_level" in complaints  # did you mean
    assert not desk.warehouse.exists()


def test_a_critical_fault_sets_the_clone_aside(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should a rule of the loader fail to hold in staging, the night is rejected, not published."""
    from checks import suites

    desk.put("landing/calls/march.csv", calls_of_march(answered_in_time=20))
    strict = suites.every_row("talk is short", "talk_seconds < 60")
    monkeypatch.setattr("checks.validate.suites", lambda: {"staging.calls": [strict]})
    code, _, complaints = desk.run("2000-03-31")
    assert code == 3
    assert "staging.calls: it does not hold that talk is short (620 rows)" in complaints
    assert not desk.warehouse.exists()
    with reading(desk.site / "warehouse.duckdb.rejected") as connection:
        assert connection.execute("select count(*) from staging.calls").fetchall() == [(620,)]


def test_a_french_site_hears_in_french_why_a_night_was_rejected(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Message and pages speak French, the console English; a night that is accepted ends it."""
    from checks import suites

    desk.put("qos.toml", SETTINGS + 'language = "fr"\n')
    desk.put("landing/calls/march.csv", calls_of_march(answered_in_time=20))
    assert desk.run("2000-03-30")[0] == 0
    desk.put("landing/calls/april.csv", "")
    said = "calls/april.csv est vide\u202f: même pas d’en-tête\u202f; le livrer de nouveau"
    code, printed, complaints = desk.run("2000-03-31")
    assert (code, said in printed) == (3, True)
    assert "calls/april.csv is empty: not even a header" in complaints
    pages = desk.site / "pages/current"
    assert said in (pages / "index.html").read_text()
    (desk.home / "landing/calls/april.csv").unlink()
    short = suites.every_row("a leg ends within a day", "talk_seconds < 60")
    with monkeypatch.context() as patch:
        patch.setattr("checks.validate.suites", lambda: {"staging.calls": [short]})
        desk.put("landing/calls/april.csv", calls_of_march(answered_in_time=19))
        assert desk.run("2000-03-31")[0] == 3
    broken = "Appels livrés\u202f: une règle n’est pas respectée, «\u00a0Un appel finit en moins"
    assert broken in (pages / "index.html").read_text()
    data = (pages / "data.html").read_text()
    assert "Un appel finit en moins d’un jour" in data
    assert "620 lignes" in data
    assert desk.run("2000-03-31")[0] == 0
    assert "données de la nuit ont été rejetées" not in (pages / "index.html").read_text()


def test_a_second_writer_leaves(desk: Desk) -> None:
    from warehouse import connect
    from warehouse.folders import Folders

    desk.put("landing/calls/march.csv", calls_of_march(answered_in_time=20))
    with connect.writing(Folders(desk.warehouse)):
        code, _, complaints = desk.run("2000-03-31")
    assert code == 5
    assert "another run is writing" in complaints


def test_show_tells_what_there_is(desk: Desk) -> None:
    desk.put("landing/calls/march.csv", calls_of_march(answered_in_time=16) + "short,row\n")
    desk.run("2000-03-31")
    month = ("--grain", "month", "--from", "2000-03-01", "--to", "2000-03-31", "--format", "json")
    rows = {row["metric"]: row for row in json.loads(desk.qos("show", "metrics", *month)[1])}
    assert rows["service_level"]["value"] == 0.8
    assert rows["service_level"]["period_end"] == "2000-03-31"
    files = json.loads(desk.qos("show", "files", "--format", "json")[1])
    accounting = ("rows_read", "rows_loaded", "rows_quarantined", "rows_repeated")
    assert [files[0][name] for name in accounting] == [621, 620, 1, 0]
    assert "fewer fields than the header" in desk.qos("show", "quarantine")[1]
    assert desk.qos("show", "verdicts", "--format", "csv")[1].startswith("as_of,norm,")
    costs = json.loads(desk.qos("show", "attribution", "--format", "json")[1])
    assert [(row["as_of"], row["metric"], row["part"], row["gap"]) for row in costs] == [
        ("2000-03-31", "average_handle_time", "standing_cost", "too_few_on_roster"),
        ("2000-03-31", "first_call_resolution", "standing_cost", "too_few_contacts"),
    ]
    assert desk.qos("show", "attribution", "--format", "csv")[1].startswith("as_of,metric,part,")
    assert "too_few_on_roster" in desk.qos("show", "attribution")[1]
    for what in ("incidents", "outbox"):
        assert desk.qos("show", what)[0] == 0


def test_show_without_a_warehouse_says_what_to_do(desk: Desk) -> None:
    code, _, complaints = desk.qos("show", "metrics")
    assert code == 2
    assert "qos run" in complaints


def test_anything_is_made_anew_from_the_archive(desk: Desk) -> None:
    """Warehouse and raw rows gone: the next run makes them again, and has nothing new to say."""
    desk.put("landing/calls/march.csv", calls_of_march(answered_in_time=10))
    desk.run("2000-03-31")
    messages = desk.outbox()
    desk.warehouse.unlink()
    shutil.rmtree(desk.site / "raw")
    code, _, _ = desk.run("2000-03-31")
    assert code == 0
    assert desk.outbox() == messages
    shown = json.loads(desk.qos("show", "metrics", "--grain", "month", "--format", "json")[1])
    assert {row["metric"]: row["value"] for row in shown}["service_level"] == 0.5


def test_a_rebuild_without_its_archive_is_refused(desk: Desk) -> None:
    """Nothing is removed before all is there: the rows that were read may be all there is."""
    desk.put("landing/calls/march.csv", calls_of_march(answered_in_time=10))
    desk.put("landing/roster/roster_2000-03-31.csv", ROSTER)
    desk.run("2000-03-31")
    before = hash_of(desk.warehouse)
    raw = sorted(desk.site.glob("raw/*/*"))
    (calls_file,) = desk.site.glob("archive/calls/*")
    bytes_of_calls = calls_file.read_bytes()
    for path, complaint in (
        (desk.site / "archive/calls", f"{calls_file}: march.csv is gone; put it back, or run:"),
        (desk.site / "archive/roster", "none of the 2 files that its manifest lists is here"),
        (desk.site / "archive", "knows nothing of 2 files that are in the warehouse"),
    ):
        shutil.rmtree(path)
        code, _, complaints = desk.qos("rebuild")
        assert (code, complaint in complaints) == (3, True), complaints
        assert complaints.count("\n") == 1
        assert hash_of(desk.warehouse) == before
        assert sorted(desk.site.glob("raw/*/*")) == raw
    assert desk.run("2000-03-31")[0] == 3
    assert hash_of(desk.warehouse) == before
    desk.warehouse.unlink()
    assert desk.run("2000-03-31")[0] == 0
    assert calls_file.read_bytes() == bytes_of_calls


def test_a_rebuild_from_nothing_is_refused(desk: Desk) -> None:
    code, _, complaints = desk.qos("rebuild")
    assert code == 2
    assert complaints.count("\n") == 1
    assert "nothing was received yet, so there is nothing to make anew" in complaints
    assert not desk.warehouse.exists()


def hex_texts(folder: Path) -> set[str]:
    """What looks like a pseudonym in the tables of any file, and in the bytes of the others."""
    found: set[str] = set()
    for path in folder.rglob("*"):
        if path.suffix in (".duckdb", ".rejected", ".damaged"):
            with duckdb.connect(path, read_only=True) as connection:
                tables = connection.execute(
                    "select schema_name || '.' || table_name from duckdb_tables()"
                ).fetchall()
                for (table,) in tables:
                    found |= set(texts_of(connection.execute(f"from {table}").pl()))
        elif path.suffix == ".parquet":
            found |= set(texts_of(pl.read_parquet(path)))
        elif path.is_file() and "archive" not in path.parts:
            found |= set(re.findall(r"\b[0-9a-f]{16}\b", path.read_bytes().decode("latin-1")))
    return {text for text in found if re.fullmatch("[0-9a-f]{16}", text)}


def test_a_new_key_takes_a_rebuild_and_gives_everybody_another_name(desk: Desk) -> None:
    """Nobody's old pseudonym is left in any file, kept and rejected warehouses included; the
    figures stay."""
    desk.put("landing/calls/march.csv", calls_of_march(answered_in_time=10) + "x,?,,c,ann,5,5,\n")
    desk.put("landing/roster/roster_2000-03-31.csv", ROSTER)
    desk.run("2000-03-30")
    desk.run("2000-03-31")
    assert len(list(desk.site.glob("kept/*"))) == 1
    for left in ("rejected", "damaged"):
        shutil.copy(desk.warehouse, desk.site / f"warehouse.duckdb.{left}")
    with reading(desk.warehouse) as connection:
        old = set(connection.execute(
            "select distinct unnest([customer_id, agent_id]) from staging.calls"
        ).pl().to_series())  # fmt: skip
    assert len(old) > 20
    assert old <= hex_texts(desk.site)
    people = "select distinct agent_id from staging.employment order by all"
    with reading(desk.warehouse) as connection:
        before = connection.execute(people).fetchall()
        figures = connection.execute("from metrics.period order by all").fetchall()
    raw = {path.name for path in (desk.site / "raw").rglob("*.parquet")}
    (desk.site / "key").unlink()
    code, _, complaints = desk.run("2000-03-31")
    assert code == 2
    assert "qos rebuild" in complaints
    assert desk.qos("rebuild", "--as-of", "2000-03-31")[0] == 0
    with reading(desk.warehouse) as connection:
        after = connection.execute(people).fetchall()
        assert connection.execute("from metrics.period order by all").fetchall() == figures
    assert len(after) == len(before) == 2
    assert not {*before} & {*after}
    assert not old & hex_texts(desk.site)
    assert not raw & {path.name for path in (desk.site / "raw").rglob("*.parquet")}
    assert desk.run("2000-03-31")[0] == 0


def test_the_dossier_of_a_past_night_is_the_one_of_that_night(desk: Desk) -> None:
    """Later nights change nothing of it; a night that nobody judged has none."""
    desk.put("landing/calls/march.csv", calls_of_march(answered_in_time=10))
    desk.put("landing/roster/roster_2000-03-31.csv", ROSTER)
    assert desk.qos("dossier")[0] == 2
    assert desk.run("2000-03-31")[0] == 0
    code, said, complaints = desk.qos("dossier")
    assert (code, complaints) == (0, "")
    dossier = desk.site / "dossiers" / "dossier_2000-03-31.html"
    assert str(dossier) in said
    written = dossier.read_bytes()
    assert desk.run("2000-04-02")[0] == 0
    warehouse = hash_of(desk.warehouse)
    assert desk.qos("dossier", "--as-of", "2000-03-31")[0] == 0
    assert dossier.read_bytes() == written
    assert hash_of(desk.warehouse) == warehouse
    assert not list(desk.site.glob(".scratch.*"))
    code, _, complaints = desk.qos("dossier", "--as-of", "1999-01-01")
    assert code == 2
    assert "was not judged" in complaints
