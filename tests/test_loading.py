"""From landing to archive, raw and ledger: everything once, nothing lost, nobody's name kept."""

import fcntl
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from nights import KEY, NOW, NightSite, csv_of, hidden

from warehouse import connect, landing, pseudonyms
from warehouse.ahead import ahead
from warehouse.errors import ConfigurationError, DataRejected, WarehouseBusy, fault
from warehouse.files import hash_of
from warehouse.manifest import read_manifest
from warehouse.mart_models import mart_sql
from warehouse.sources import Feed

HEADER = "call_id,queued_at,customer_id,agent_id,wait_seconds,talk_seconds,updated_at\n"
CALL = "a,2000-03-01T09:00:00Z,42,ann,5,60,\n"


@pytest.fixture
def site(tmp_path: Path) -> NightSite:
    return NightSite(tmp_path)


def deliver(site: NightSite, name: str, *rows: str) -> None:
    """Calls of call_id, talk_seconds and updated_at; blanks as in `a, 60, 10:00`."""
    lines = []
    for row in rows:
        call_id, talk, time = row.replace(" ", "").split(",")
        updated_at = f"2000-03-02T{time}:00Z" if time else ""
        lines.append(f"{call_id},2000-03-01T09:00:00Z,42,ann,5,{talk},{updated_at}\n")
    site.put(f"calls/{name}", HEADER + "".join(lines))


def accounts(site: NightSite) -> dict[object, tuple[object, ...]]:
    """Rows read, loaded, quarantined and repeated, by file name."""
    found = site.ask(
        "select name, rows_read::int, rows_loaded::int, rows_quarantined::int, rows_repeated::int"
        f" from ({mart_sql('files')})"
    )
    return {name: tuple(counts) for name, *counts in found}


def talk(site: NightSite) -> dict[object, object]:
    """Talk seconds of each call, as the warehouse has them."""
    return dict(site.ask("select call_id, talk_seconds::int from staging.calls"))  # type: ignore[arg-type]


def faults(site: NightSite) -> tuple[str, ...]:
    with pytest.raises(DataRejected) as caught:
        site.load()
    return caught.value.faults


def names(site: NightSite) -> list[str]:
    return [arrival.name for arrival in read_manifest(site.folders.manifest).arrivals]


# Archive and manifest


def test_bytes_are_archived_once_and_for_the_owner_only(site: NightSite) -> None:
    site.put("calls/monday.csv", HEADER + CALL)
    site.load()
    (arrival,) = read_manifest(site.folders.manifest).arrivals
    assert (arrival.arrival, arrival.feed, arrival.name) == (1, "calls", "monday.csv")
    assert arrival.at == NOW.isoformat()
    landed = site.landing / "calls" / "monday.csv"
    archived = site.folders.archive / "calls" / arrival.file
    assert archived.read_bytes() == landed.read_bytes()
    assert arrival.file == hash_of(landed)
    kept = [path for path in site.folders.home.rglob("*") if path.is_file()]
    assert {path: oct(path.stat().st_mode & 0o777) for path in kept} == dict.fromkeys(kept, "0o600")
    assert len(kept) == len([archived, "manifest", "raw", "quarantine"])


def test_known_bytes_never_load_again(site: NightSite) -> None:
    """Not under another name, not with another time, not after the file was gone for a while."""
    site.put("calls/monday.csv", HEADER + CALL)
    site.load()
    site.put("calls/again.csv", HEADER + CALL)
    os.utime(site.landing / "calls" / "monday.csv", ns=(1, 1))
    site.load()
    (site.landing / "calls" / "monday.csv").unlink()
    site.load()
    site.put("calls/monday.csv", HEADER + CALL)
    site.load()
    assert names(site) == ["monday.csv"]


def test_another_content_under_a_known_name_is_another_file(site: NightSite) -> None:
    site.put("calls/today.csv", HEADER + CALL)
    site.load()
    site.put("calls/today.csv", HEADER + CALL + CALL.replace("a,", "b,", 1))
    site.load()
    assert names(site) == ["today.csv", "today.csv"]


def test_files_arrive_by_feed_and_name_and_keep_their_numbers(site: NightSite) -> None:
    """A file that sorts first but comes in a later night is the later file."""
    deliver(site, "c.csv", "a,1,")
    deliver(site, "b.csv", "a,2,")
    site.put("roster/roster_2000-03-01.csv", "agent_id,hired_on\nann,1999-01-04\n")
    site.load()
    deliver(site, "a.csv", "a,3,")
    site.load()
    arrivals = read_manifest(site.folders.manifest).arrivals
    assert [(a.arrival, a.name) for a in arrivals] == [
        (1, "b.csv"), (2, "c.csv"), (3, "roster_2000-03-01.csv"), (4, "a.csv")
    ]  # fmt: skip


@pytest.mark.parametrize("torn", [b'{"arrived": {"arri', b"\0\0\0\0", b'{"arrived": {}}'])
def test_a_torn_last_line_of_the_manifest_does_not_count(site: NightSite, torn: bytes) -> None:
    """The file whose line was torn comes in again, behind the last whole line."""
    site.put("calls/monday.csv", HEADER + CALL)
    site.load()
    with site.folders.manifest.open("ab") as diary:
        diary.write(torn)
    assert names(site) == ["monday.csv"]
    site.put("calls/tuesday.csv", HEADER + CALL.replace("a,", "b,", 1))
    site.load()
    assert names(site) == ["monday.csv", "tuesday.csv"]
    assert [json.loads(line) for line in site.folders.manifest.read_bytes().splitlines()]


def test_a_damaged_manifest_is_told_not_guessed(site: NightSite) -> None:
    site.put("calls/monday.csv", HEADER + CALL)
    site.load()
    site.folders.manifest.write_text("oops\n" + site.folders.manifest.read_text())
    with pytest.raises(ConfigurationError, match=r"manifest\.jsonl, line 1: damaged; put back"):
        site.load()


# Versions and repeats


@pytest.mark.parametrize(
    ("files", "winner"),
    [
        pytest.param([["a, 1, 10:00", "a, 2, 09:00"]], 1, id="the latest updated_at"),
        pytest.param([["a, 1, 10:00"], ["a, 2, 09:00"]], 1, id="also if it came earlier"),
        pytest.param([["a, 1, 10:00"], ["a, 2, "]], 1, id="none said is older than any"),
        pytest.param([["a, 1, "], ["a, 2, "]], 2, id="then the later file"),
        pytest.param([["a, 1, ", "a, 2, "]], 2, id="then the later line"),
        pytest.param([["a, 1, "], ["a, 2, "], ["a, 1, "]], 2, id="the old one again is a repeat"),
        pytest.param([["a, 1, 10:00"], ["a, 1, 09:00"]], 1, id="older news of the same"),
    ],
)
def test_the_winner_among_versions(site: NightSite, files: list[list[str]], winner: int) -> None:
    """One night after the other, and all in one night."""
    for number, rows in enumerate(files):
        deliver(site, f"{number}.csv", *rows, f"other{number}, 1, ")
        site.night("2000-03-01")
    assert talk(site)["a"] == winner
    site.night("2000-03-01", is_full=True)
    assert talk(site)["a"] == winner


def test_rows_read_are_loaded_quarantined_or_repeats(site: NightSite) -> None:
    """In each file by itself, whatever is delivered again inside of it or across files."""
    deliver(site, "1.csv", "a, 1, ", "a, 1, ", "b, 1, ", "c, -1, ")
    deliver(site, "2.csv", "a, 1, ", "a, 2, ", "b, 1, ", "d, 1, ", "d, 1, ", "d, x, ")
    site.put("calls/3.csv", HEADER + 'e,"2000\nf\n')
    site.put("calls/4.csv", HEADER)
    site.put(
        "roster/roster_2000-03-01.csv",
        "agent_id,hired_on,left_on\nann,1999-01-04,\nann,1999-01-04,\nbob,1999-01-04,1998-01-01\n",
    )
    site.put("roster/roster_2000-03-02.csv", "agent_id,hired_on\nann,1999-01-04\n")
    site.night("2000-03-02")
    assert accounts(site) == {
        "1.csv": (4, 2, 1, 1),
        "2.csv": (6, 2, 1, 3),
        "3.csv": (2, 0, 2, 0),
        "4.csv": (0, 0, 0, 0),
        "roster_2000-03-01.csv": (3, 1, 1, 1),
        "roster_2000-03-02.csv": (1, 1, 0, 0),
    }
    assert talk(site) == {"a": 2, "b": 1, "d": 1}
    site.night("2000-03-02", is_full=True)
    assert accounts(site)["2.csv"] == (6, 2, 1, 3)


def test_the_accounts_add_up_night_by_night(site: NightSite) -> None:
    """A late file repeats what is long in; its repeats are counted in its own line."""
    deliver(site, "1.csv", "a, 1, ", "b, 1, ")
    site.night("2000-03-01")
    deliver(site, "2.csv", "a, 1, ", "b, 2, ", "c, 1, ")
    site.night("2000-03-02")
    deliver(site, "3.csv", "b, 1, ", "b, 2, ", "c, x, ")
    site.night("2000-03-03")
    by_night = accounts(site), talk(site)
    assert by_night == (
        {"1.csv": (2, 2, 0, 0), "2.csv": (3, 2, 0, 1), "3.csv": (3, 0, 1, 2)},
        {"a": 1, "b": 2, "c": 1},
    )
    site.night("2000-03-03", is_full=True)
    assert (accounts(site), talk(site)) == by_night


def quarantine(site: NightSite) -> list[tuple[object, ...]]:
    """Line, rule and text of every rejected row."""
    frames = [pl.read_parquet(path) for path in site.folders.quarantine.rglob("*.parquet")]
    return pl.concat(frames).sort("line").select("line", "rule", "text").rows()


def test_rejected_rows_are_kept_with_rule_and_text(site: NightSite) -> None:
    """The text of a row is the whole of it, as it was written."""
    header = "call_id;queued_at;agent_id;wait_seconds;talk_seconds;outcome;note\n"
    site.put(
        "calls/day.csv",
        (header + "1;2000-03-01 09:00;Zoé;5;60;handled;ok\n"
         "2;2000-03-01 09:00;Zoé;-5;60;handled;\"two\n\nlines\"\n"
         "\n"
         "3;2000-03-01 09:00;Zoé;31536001;60;handled;\n"
         "4;9999-12-31 23:59:59;Zoé;5;60;handled;\n"
         "5;1970-01-01 00:00;Zoé;5;60;handled;\n"
         "6;2000-03-01 09:00;Zoé;5;60;sold;\n"
         "7;2000-03-01 09:00\n"
         "8;later;Zoé;5;60;handled;\n").encode("cp1252"),
    )  # fmt: skip
    site.night("2000-03-01")
    assert quarantine(site) == [
        (3, "wait_seconds is between 0 and a year",
         '2;2000-03-01 09:00;Zoé;-5;60;handled;"two\n\nlines"'),
        (7, "wait_seconds is between 0 and a year", "3;2000-03-01 09:00;Zoé;31536001;60;handled;"),
        (8, "queued_at is between 1970 and 2100", "4;9999-12-31 23:59:59;Zoé;5;60;handled;"),
        (9, "queued_at is between 1970 and 2100", "5;1970-01-01 00:00;Zoé;5;60;handled;"),
        (10, "outcome is known", "6;2000-03-01 09:00;Zoé;5;60;sold;"),
        (11, "fewer fields than the header", "7;2000-03-01 09:00"),
        (12, "queued_at is not a time", "8;later;Zoé;5;60;handled;"),
    ]  # fmt: skip
    assert accounts(site) == {"day.csv": (8, 1, 7, 0)}
    assert site.ask(
        "select rule, count(*) from staging.quarantine group by rule order by rule"
    ) == [
        ("fewer fields than the header", 1),
        ("outcome is known", 1),
        ("queued_at is between 1970 and 2100", 2),
        ("queued_at is not a time", 1),
        ("wait_seconds is between 0 and a year", 2),
    ]


def test_the_longest_leg_that_is_let_in_can_be_counted(site: NightSite) -> None:
    """A year in microseconds is more than the decimals of the tables hold."""
    site.put(
        "calls/day.csv",
        "call_id,queued_at,agent_id,wait_seconds,talk_seconds,hold_seconds,wrap_seconds\n"
        "a,1999-01-01T09:00:00Z,ann,31536000,31536000,31536000,31536000\n"
        "b,1999-01-01T09:00:00Z,ann,1e300,1e300,1e300,1e300\n",
    )
    site.night("1999-01-01")
    assert site.figure("average_handle_time", "day", "1999-01-01") == (3 * 31_536_000, 1)
    assert accounts(site) == {"day.csv": (2, 1, 1, 0)}


def test_a_roster_keeps_its_rules(site: NightSite) -> None:
    site.put(
        "roster/roster_2000-03-01.csv",
        "agent_id,hired_on,left_on,leave_reason,fte\n"
        "ann,1999-01-04,,,\n"
        ",1999-01-04,,,\n"
        "bob,1899-12-31,,,\n"
        "cat,1999-01-04,1999-01-03,,\n"
        "dan,1999-01-04,1999-02-01,bored,\n"
        "eve,1999-01-04,,,half\n",
    )
    site.night("2000-03-01")
    assert [(line, rule) for line, rule, _ in quarantine(site)] == [
        (3, "agent_id is empty"),
        (4, "hired_on is between 1930 and 2100"),
        (5, "left_on is not before hired_on"),
        (6, "leave_reason is known"),
        (7, "fte is not a number"),
    ]
    assert accounts(site) == {"roster_2000-03-01.csv": (6, 1, 5, 0)}


# Identities

AGENT, CUSTOMER, BAD = "Zeferino Quackenbush-Ñandú", "0698765432109", "Wilhelmina Xylander"


def test_no_identity_outlives_the_door(site: NightSite) -> None:
    """Neither in raw nor in warehouse, clone, manifest: not as bytes, not as decoded text."""
    site.put("calls/day.csv", csv_of(f"""
        call_id | queued_at            | customer_id | agent_id | wait_seconds
        1       | 2000-03-01T09:00:00Z | {CUSTOMER}  | {AGENT}  | 5
        2       | 2000-03-01T09:00:00Z | {CUSTOMER}  | {BAD}    | -5
        """))  # fmt: skip
    site.put("roster/roster_2000-03-01.csv", f"agent_id,hired_on\n{AGENT},1999-01-04\n")
    site.night("2000-03-01")
    kept = {path for path in site.folders.home.rglob("*") if path.is_file()}
    arrivals = read_manifest(site.folders.manifest).arrivals
    archived = {site.folders.archive / arrival.feed / arrival.file for arrival in arrivals}
    quarantined = set(site.folders.quarantine.rglob("*.parquet"))
    assert (
        len(kept) == len(archived) + len(quarantined) + len(["manifest", "lock", "warehouse"]) + 2
    )
    for path in kept - quarantined - archived:
        content = path.read_bytes()
        if path.suffix == ".parquet":
            content += repr(pl.read_parquet(path).rows()).encode()
        for identity in (AGENT, CUSTOMER, BAD):
            for spelt in (identity, identity.upper(), identity.lower()):
                assert spelt.encode() not in content, path
                assert spelt.encode("latin-1") not in content, path
    assert BAD in str(quarantine(site))  # who looks for it finds it
    with connect.reading(site.folders.warehouse) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
        ).fetchall()
        text = repr([connection.execute(f"from {name}").fetchall() for (name,) in tables])
    assert len(tables) > 10
    assert hidden(AGENT) in text
    assert [identity for identity in (AGENT, CUSTOMER, BAD) if identity in text] == []


def test_a_person_has_one_pseudonym_everywhere(site: NightSite) -> None:
    """However it is written, in calls and roster alike; empty is nobody, not a person."""
    site.put("calls/day.csv", csv_of("""
        call_id | queued_at            | customer_id | agent_id | wait_seconds
        1       | 2000-03-01T09:00:00Z | x1          | Zoé      | 5
        2       | 2000-03-01T10:00:00Z | X1          | ZOÉ      | 5
        3       | 2000-03-01T11:00:00Z |             |          | 5
        """))  # fmt: skip
    site.put("roster/roster_2000-03-01.csv", "agent_id,hired_on\n  zoé  ,1999-01-04\n")
    site.night("2000-03-01")
    assert site.ask("select customer_id, agent_id from staging.calls order by call_id") == [
        (hidden("X1"), hidden("ZOÉ")),
        (hidden("X1"), hidden("ZOÉ")),
        (None, None),
    ]
    assert site.ask("select agent_id from staging.employment") == [(hidden("zoé"),)]
    assert len(hidden("zoé")) == 16


@pytest.mark.parametrize("remembered_bytes", [0, 1 << 26])
def test_a_person_has_one_pseudonym_in_all_parts_of_a_file(
    monkeypatch: pytest.MonkeyPatch, remembered_bytes: int
) -> None:
    """Whether who was hidden before is remembered, or there is no room for that."""
    monkeypatch.setattr(pseudonyms, "MOST_REMEMBERED_BYTES", remembered_bytes)
    people = pseudonyms.Pseudonyms(KEY)
    parts: list[list[str | None]] = [["x", None, "y", "x"], ["y", " ", "z", ""], ["x", "z", "Y "]]
    found = [people.hide(pl.Series("customer_id", part)).to_list() for part in parts]
    assert found == [
        [hidden("x"), None, hidden("y"), hidden("x")],
        [hidden("y"), None, hidden("z"), None],
        [hidden("x"), hidden("z"), hidden("y")],
    ]


def test_raw_files_say_which_calls_are_in_a_row_group(site: NightSite) -> None:
    """A night looks for the records that come again, and passes over all groups without them."""
    deliver(site, "day.csv", "b, 60, 10:00", "a, 60, 10:00", "c, 60, 10:00")
    site.load()
    (raw,) = (site.folders.raw / "calls").glob("*.parquet")
    bounds = duckdb.sql(
        "select path_in_schema, stats_min_value, stats_max_value"
        f" from parquet_metadata('{raw}') where stats_min_value is not null order by all"
    ).fetchall()
    assert bounds == [
        ("queued_at", "2000-03-01 09:00:00", "2000-03-01 09:00:00"),
        ("record_id", "a", "c"),
    ]


def test_parts_are_made_ahead_and_faults_keep_their_place() -> None:
    made: list[int] = []
    is_begun = threading.Event()

    def parts() -> Iterator[int]:
        for part in (1, 2):
            made.append(part)
            if part == 2:
                is_begun.set()
            yield part
        raise DataRejected(fault("the third cannot be read"))

    coming = ahead(parts())
    assert next(coming) == 1
    assert is_begun.wait(10)
    assert (next(coming), made) == (2, [1, 2])
    with pytest.raises(DataRejected, match="the third"):
        next(coming)


def test_another_key_is_refused(site: NightSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the warehouse in use stays as it was."""
    site.put("calls/day.csv", HEADER + CALL)
    site.night("2000-03-01")
    before = hash_of(site.folders.warehouse)
    monkeypatch.setattr("nights.KEY", bytes(32))
    with pytest.raises(ConfigurationError, match="made with another key; put the old key back"):
        site.night("2000-03-02")
    assert hash_of(site.folders.warehouse) == before
    monkeypatch.undo()
    site.night("2000-03-02")


def test_the_key_is_made_once_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(pseudonyms.ENVIRONMENT_VARIABLE, raising=False)
    path = tmp_path / "site" / "key"
    key = pseudonyms.key_of(path)
    assert (len(key), pseudonyms.key_of(path)) == (32, key)
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert [file.name for file in path.parent.iterdir()] == ["key"]
    monkeypatch.setenv(pseudonyms.ENVIRONMENT_VARIABLE, KEY.hex())
    assert pseudonyms.key_of(path) == KEY


@pytest.mark.parametrize(
    ("content", "mode", "sentence"),
    [
        (b"0" * 63, 0o600, "must hold 64 hex digits: the key"),
        (b"", 0o600, "must hold 64 hex digits"),
        (b"\xff\xfe\0", 0o600, "must hold 64 hex digits"),
        (b"0" * 64, 0o640, "others can read the key; run: chmod 600"),
    ],
)
def test_a_key_that_is_none(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
    mode: int,
    sentence: str,
) -> None:
    monkeypatch.delenv(pseudonyms.ENVIRONMENT_VARIABLE, raising=False)
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(mode)
    with pytest.raises(ConfigurationError, match=sentence):
        pseudonyms.key_of(path)
    path.unlink()
    path.mkdir(mode=0o700)
    with pytest.raises(ConfigurationError, match="cannot be read or made"):
        pseudonyms.key_of(path)


# What cannot be read


def test_everything_unreadable_is_named_at_once_and_left_where_it_is(site: NightSite) -> None:
    site.put("calls/binary.csv", bytes(range(256)))
    site.put("calls/empty.csv", "")
    site.put("calls/good.csv", HEADER + CALL)
    site.put("calls/header.csv", "foo,bar\n1,2\n")
    site.put("calls/folder.csv/inside.csv", HEADER + CALL)
    (site.landing / "calls" / "link.csv").symlink_to(site.landing / "calls" / "good.csv")
    (site.landing / "calls" / "nowhere.csv").symlink_to("nowhere")
    os.mkfifo(site.landing / "calls" / "pipe.csv")
    site.put("calls/.hidden", "nobody's business")
    site.put("roster/staff.csv", "agent_id,hired_on\nann,1999-01-04\n")
    folder = site.landing / "calls"
    remedy = f"not a plain file; remove it or put its files into {folder}"
    for _ in range(2):  # a second try says the same
        assert faults(site) == (
            "calls/binary.csv is not a text file; deliver it as CSV or remove it",
            "calls/empty.csv is empty: not even a header; deliver it again or remove it",
            f"{folder}/folder.csv: {remedy}",
            "calls/header.csv, line 1: no column call_id, queued_at, wait_seconds in the header"
            " (foo, bar); name the columns in [feeds.calls.columns]",
            f"{folder}/link.csv: {remedy}",
            f"{folder}/nowhere.csv: {remedy}",
            f"{folder}/pipe.csv: {remedy}",
            "roster/staff.csv: a roster must say its date, in a column snapshot_on or in its name"
            " (roster_2000-03-01.csv)",
        )
    assert names(site) == ["good.csv"]
    archived = [path.name for path in site.folders.archive.rglob("*") if path.is_file()]
    assert sorted(archived) == sorted([hash_of(folder / "good.csv"), "manifest.jsonl"])


def test_a_mended_file_comes_in(site: NightSite) -> None:
    site.put("calls/day.csv", "foo,bar\n1,2\n")
    faults(site)
    site.put("calls/day.csv", HEADER + CALL)
    site.load()
    assert names(site) == ["day.csv"]


def test_names_of_any_kind(site: NightSite) -> None:
    """Quotes, blanks, accents, brackets are fine; what no terminal can show has to be renamed."""
    good = ['it\'s "mine".csv', "d'été [1]*?.csv", "; drop table x; --.csv", "日報.csv"]
    for number, name in enumerate(good):
        site.put(f"calls/{name}", HEADER + CALL.replace("a,", f"{number},", 1))
    site.night("2000-03-01")
    assert sorted(names(site)) == sorted(good)
    assert {*accounts(site)} == {*good}
    site.put("calls/two\nlines.csv", HEADER + CALL)
    (site.landing / os.fsdecode(b"calls/Zo\xe9.csv")).write_text(HEADER + CALL)
    assert faults(site) == (
        f"{site.landing}/calls/Zo\\udce9.csv: strange characters; rename it",
        f"{site.landing}/calls/two\\nlines.csv: strange characters; rename it",
    )


def test_a_home_with_strange_letters(tmp_path: Path) -> None:
    """Paths reach DuckDB, for which `[`, `*` and quotes mean something."""
    home = tmp_path / "it's [a] *site*, isn't it"
    home.mkdir()
    site = NightSite(home)
    site.put("calls/day.csv", HEADER + CALL)
    site.night("2000-03-01")
    assert talk(site) == {"a": 60}


def test_what_belongs_to_no_feed_is_reported(site: NightSite) -> None:
    site.put("faxes/day.csv", "anything")
    site.put("Calls/day.csv", HEADER + CALL)
    (site.landing / os.fsdecode(b"d\xe9p\xf4t")).mkdir()
    site.put("README.txt", "a file beside the folders is no feed")
    found = landing.survey(site.landing, site.site().feeds, read_manifest(site.folders.manifest))
    assert found.new == ()
    assert found.unread == ("Calls/", "README.txt", "d\\udce9p\\udcf4t/", "faxes/")


def test_a_feed_that_is_a_file(site: NightSite) -> None:
    site.put("calls", HEADER + CALL)
    assert faults(site) == (
        f"{site.landing}/calls: not a folder; make it one and put the files of this feed into it",
    )


def test_no_landing_folder(site: NightSite) -> None:
    with pytest.raises(DataRejected, match="no such landing folder; make it or set"):
        landing.survey(site.landing, site.site().feeds, read_manifest(site.folders.manifest))


def test_a_file_that_goes_while_it_is_looked_at(site: NightSite) -> None:
    site.put("calls/day.csv", HEADER + CALL)
    seen = landing.survey(site.landing, site.site().feeds, read_manifest(site.folders.manifest))
    (site.landing / "calls" / "day.csv").unlink()
    with pytest.raises(DataRejected, match=r"day\.csv: not a plain file"):
        landing.bring_in(seen.new[0], site.folders, KEY, NOW)


def test_a_file_that_grows_while_it_is_copied(site: NightSite) -> None:
    """Another process adds to it all the time, as an upload does; for two seconds at most."""
    site.put("calls/day.csv", HEADER + CALL * 500_000)
    path = site.landing / "calls" / "day.csv"
    size = path.stat().st_size
    append = (
        "import pathlib, time\n"
        f"with pathlib.Path({str(path)!r}).open('ab', buffering=0) as upload:\n"
        "    for _ in range(20_000):\n"
        "        upload.write(b'b')\n"
        "        time.sleep(0.0001)\n"
    )
    with subprocess.Popen([sys.executable, "-c", append]) as upload:
        try:
            while path.stat().st_size == size:
                pass
            assert faults(site) == (f"{path}: still being written; run again when it is complete",)
        finally:
            upload.kill()
    assert names(site) == []


# Raw


def test_raw_is_written_once_and_used_again(site: NightSite) -> None:
    """Also by a night that was interrupted before the manifest knew of the file."""
    site.put("calls/day.csv", HEADER + CALL)
    site.night("2000-03-01")
    (raw,) = (site.folders.raw / "calls").iterdir()
    before = raw.stat().st_mtime_ns
    site.folders.manifest.unlink()
    site.night("2000-03-02")
    assert raw.stat().st_mtime_ns == before
    assert names(site) == ["day.csv"]


def test_raw_and_quarantine_are_made_again_from_the_archive(site: NightSite) -> None:
    deliver(site, "day.csv", "a, 1, ", "b, x, ")
    site.night("2000-03-01")
    for folder in (site.folders.raw, site.folders.quarantine):
        for path in (folder / "calls").iterdir():
            path.unlink()
        site.night("2000-03-02", is_full=True)
        assert accounts(site) == {"day.csv": (2, 1, 1, 0)}
    (site.landing / "calls" / "day.csv").unlink()
    site.folders.warehouse.unlink()
    site.night("2000-03-02")
    assert accounts(site) == {"day.csv": (2, 1, 1, 0)}


def test_an_archived_file_that_is_gone_is_told(site: NightSite) -> None:
    site.put("calls/day.csv", HEADER + CALL)
    site.night("2000-03-01")
    (arrival,) = read_manifest(site.folders.manifest).arrivals
    (site.folders.archive / "calls" / arrival.file).unlink()
    site.night("2000-03-02")  # not needed: raw is there
    next((site.folders.raw / "calls").iterdir()).unlink()
    with pytest.raises(DataRejected) as caught:
        site.night("2000-03-03")
    assert caught.value.faults == (
        f"{site.folders.archive}/calls/{arrival.file}: day.csv is gone; put it back,"
        f" or run: qos withdraw {arrival.file[:12]}",
    )


def test_another_way_of_reading_reads_all_files_again(site: NightSite) -> None:
    """The accounts follow; all files that cannot be read in the new way are named at once."""
    content = "call_id;queued_at;wait_seconds;talk_seconds\n1;2000-03-01 09:00;5;60,5\n"
    site.put("calls/1.csv", content + "2;2000-03-01 09:00;5;60\n")
    site.put("calls/2.csv", content.replace("60,5", "70,5"))
    site.night("2000-03-01")
    assert accounts(site) == {"1.csv": (2, 1, 1, 0), "2.csv": (1, 0, 1, 0)}
    site.feeds = {"calls": Feed("calls", "Europe/Paris", decimal_comma=True)}
    site.night("2000-03-01")
    assert accounts(site) == {"1.csv": (2, 2, 0, 0), "2.csv": (1, 1, 0, 0)}
    assert site.ask("select * from staging.quarantine") == []
    assert len(list((site.folders.raw / "calls").iterdir())) == 4
    site.feeds = {"calls": Feed("calls", "Europe/Paris", columns={"queue": "file"})}
    with pytest.raises(DataRejected) as caught:
        site.night("2000-03-01")
    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        "1.csv, line 1", "2.csv, line 1"
    ]  # fmt: skip


# Clone and publication


def test_publishing_keeps_those_before(site: NightSite) -> None:
    site.put("calls/day.csv", HEADER + CALL)
    hashes = []
    for as_of in ("2000-03-01", "2000-03-02", "2000-03-03", "2000-03-04"):
        site.night(as_of)
        hashes.append(hash_of(site.folders.warehouse))
    kept = sorted(site.folders.kept.iterdir())
    assert [hash_of(path) for path in kept] == hashes[1:3]
    assert oct(site.folders.warehouse.stat().st_mode & 0o777) == "0o440"
    assert not site.folders.clone.exists()


def test_a_clone_with_leftovers_is_not_published(site: NightSite) -> None:
    """A write-ahead log beside it would be taken for that of the warehouse."""
    site.put("calls/day.csv", HEADER + CALL)
    site.night("2000-03-01")
    before = hash_of(site.folders.warehouse)
    with connect.writing_clone(site.folders) as clone:
        clone.execute("create table t (a int)")
    site.folders.clone.with_name(site.folders.clone.name + ".wal").touch()
    with pytest.raises(RuntimeError, match="is left over"):
        connect.publish(site.folders)
    assert hash_of(site.folders.warehouse) == before


def test_an_interrupted_clone_is_discarded(site: NightSite) -> None:
    """The process is killed while it writes; the next night starts from the warehouse in use."""
    site.put("calls/day.csv", HEADER + CALL)
    site.night("2000-03-01")
    before = hash_of(site.folders.warehouse)
    killed = (
        "import os, pathlib, signal\n"
        "from warehouse import connect, folders\n"
        f"site = folders.Folders(pathlib.Path({str(site.folders.warehouse)!r}))\n"
        "with connect.writing(site), connect.writing_clone(site) as clone:\n"
        "    clone.execute('drop schema staging cascade')\n"
        "    clone.execute('create table rubbish as select range as n from range(100000)')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(connect.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", killed], cwd=root, check=False)
    assert done.returncode == -9
    assert site.folders.clone.exists()
    assert hash_of(site.folders.warehouse) == before
    site.night("2000-03-02")
    assert talk(site) == {"a": 60}
    assert site.ask("select 1 from duckdb_tables() where table_name = 'rubbish'") == []


def test_a_clone_that_was_rejected_is_set_aside(site: NightSite) -> None:
    site.put("calls/day.csv", HEADER + CALL)
    site.night("2000-03-01")
    before = hash_of(site.folders.warehouse)
    with connect.writing_clone(site.folders) as clone:
        clone.execute("create table suspect (a int)")
    connect.set_aside_clone(site.folders)
    assert not site.folders.clone.exists()
    with connect.reading(site.folders.rejected) as rejected:
        assert rejected.execute("from suspect").fetchall() == []
    assert hash_of(site.folders.warehouse) == before


def test_one_writer_at_a_time(site: NightSite) -> None:
    with connect.writing(site.folders):
        with pytest.raises(WarehouseBusy) as caught, connect.writing(site.folders):
            pass
        assert "another run is writing" in caught.value.faults[0]
    with connect.writing(site.folders):  # a lock that nobody holds is none
        pass
    with site.folders.lock.open() as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with pytest.raises(WarehouseBusy), connect.writing(site.folders):
            pass


def test_readers_are_not_in_the_way(site: NightSite) -> None:
    """Who reads while a night is published goes on reading what he opened."""
    site.put("calls/day.csv", HEADER + CALL)
    site.night("2000-03-01")
    with (
        connect.reading(site.folders.warehouse) as first,
        connect.reading(site.folders.warehouse) as second,
    ):
        site.put("calls/more.csv", HEADER + CALL.replace("a,", "b,", 1))
        site.night("2000-03-02")
        for reader in (first, second):
            assert reader.execute("select call_id from staging.calls").fetchall() == [("a",)]
    assert talk(site) == {"a": 60, "b": 60}


def test_places_that_cannot_be_a_warehouse(tmp_path: Path) -> None:
    site = NightSite(tmp_path)
    with pytest.raises(ConfigurationError, match="no such warehouse; make it with: qos run"):
        site.ask("select 1")
    site.folders.home.mkdir()
    site.folders.warehouse.write_bytes(b"not a database" * 1000)
    with pytest.raises(ConfigurationError, match="cannot be opened as a warehouse"):
        site.ask("select 1")
    with pytest.raises(ConfigurationError, match="cannot be opened as a warehouse"):
        site.night("2000-03-01")
    asked = NightSite(tmp_path / "where?")
    with pytest.raises(ConfigurationError, match="a place without"), connect.writing(asked.folders):
        pass
    (tmp_path / "file").touch()
    nowhere = NightSite(tmp_path / "file")
    with (
        pytest.raises(
            ConfigurationError, match=r"cannot be written to .*; set \[paths\] warehouse"
        ),
        connect.writing(nowhere.folders),
    ):
        pass


def test_slow_queries_draw_no_bars_into_the_log(site: NightSite) -> None:
    site.night("2000-03-01")
    asked = "select current_setting('enable_progress_bar')"
    assert site.ask(asked) == [(False,)]
    with connect.writing_clone(site.folders) as clone:
        assert clone.execute(asked).fetchall() == [(False,)]
