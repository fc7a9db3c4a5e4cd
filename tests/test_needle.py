"""Identities and the token go nowhere: a site whose names cannot be mistaken, searched byte by byte."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest
from fake_slack import CHANNEL, TOKEN, FakeSlack, serving

from flows.slack_settings import ADDRESS_VARIABLE, TOKEN_VARIABLE

AGENTS = [f"NEEDLE-AGENT-{n:07}" for n in range(6)]
CUSTOMERS = [f"NEEDLE-CUSTOMER-{n:04}" for n in range(20)]
NEEDLES = (b"NEEDLE-AGENT", b"NEEDLE-CUSTOMER", TOKEN.upper().encode())
SETTINGS = f"""
[site]
name = "Malakoff"
time_zone = "Europe/Paris"
[slack]
channel = "{CHANNEL}"
"""
PRIVATE = ("archive", "quarantine", "key")  # under `var/`, readable by their owner alone
IN_CLEAR = ("landing/", *(f"var/{name}" for name in PRIVATE))


def calls() -> str:
    lines = ["call_id,queued_at,reason,customer_id,agent_id,wait_seconds,talk_seconds,outcome"]
    for n in range(60):
        day = date(2000, 3, 1) + timedelta(days=n % 31)
        lines.append(
            f"{n},{day}T10:00:00Z,modem,{CUSTOMERS[n % 20]},{AGENTS[n % 6]},90,300,handled"
        )
    lines.append(f"x,no time,modem,{CUSTOMERS[1]},{AGENTS[1]},90,300,handled")
    lines.append(f"y,2000-03-05T10:00:00Z,modem,{CUSTOMERS[1]},{AGENTS[1]},-1,300,handled")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three nights with Prefect and Slack, two of them rejected, before anything is built and
    after; what was printed is in a file."""
    home = tmp_path_factory.mktemp("home")
    landing = home / "landing"
    for feed, name, text in (
        ("calls", "march.csv", calls()),
        ("roster", "roster_2000-03-31.csv", "agent_id,provider,hired_on\n"
         + "".join(f"{agent},in-house,1999-01-04\n" for agent in AGENTS)),
        ("evaluations", "e.csv", "evaluated_on,agent_id,call_id,score,max_score\n"
         f"2000-03-05,{AGENTS[0]},1,8,10\n2000-03-05,{AGENTS[0]},1,bad,10\n"),
        ("training", "t.csv", f"day,agent_id,hours,cost\n2000-03-05,{AGENTS[0]},7,100\n"),
    ):  # fmt: skip
        (landing / feed).mkdir(parents=True)
        (landing / feed / name).write_text(text)
    (home / "qos.toml").write_text(SETTINGS)
    with serving(FakeSlack(time.time)) as slack:
        run(home, slack, "2000-03-31")
        (landing / "roster/team.csv").write_text(f"agent_id,hired_on\n{AGENTS[0]},1999-01-04\n")
        run(home, slack, "2000-04-01")
        (landing / "roster/team.csv").unlink()
        (landing / "calls/april.csv").write_text(calls().replace("2000-03-", "March "))
        run(home, slack, "2000-04-01")
        (home / "said by slack.txt").write_text(repr(slack.all_messages()))
    return home


def run(home: Path, slack: FakeSlack, as_of: str) -> None:
    environment = os.environ | {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_LOGGING_LEVEL": "DEBUG",
        TOKEN_VARIABLE: TOKEN,
        ADDRESS_VARIABLE: slack.url,
    }
    with (home / "said.txt").open("a") as said:
        subprocess.run(
            [Path(sys.executable).with_name("qos"), "run", "--as-of", as_of],
            cwd=home, env=environment, stdout=said, stderr=said, check=False,
        )  # fmt: skip


def test_the_nights_ran(home: Path) -> None:
    """Else nothing would be found because nothing is there."""
    said = (home / "said.txt").read_text()
    assert "must say its date" in said
    assert "april.csv: none of its 62 rows can be read" in said
    assert (home / "var/warehouse.duckdb.rejected").exists()
    assert "rejected" in (home / "said by slack.txt").read_text()
    assert list((home / "var/quarantine").rglob("*.parquet"))


def test_no_file_but_archive_and_quarantine_holds_a_name_or_the_token(home: Path) -> None:
    searched = 0
    for path in home.rglob("*"):
        place = path.relative_to(home).as_posix()
        if path.is_file() and not place.startswith(IN_CLEAR):
            content = path.read_bytes().upper()
            assert [needle for needle in NEEDLES if needle in content] == [], path
            searched += 1
    assert searched > 50


def test_no_text_of_any_table_does_either(home: Path) -> None:
    """What is compressed is read as what it says."""
    texts = list(cells(home / "var", home / "prefect"))
    assert len(texts) > 5_000
    assert [text for text in texts if "NEEDLE-" in text.upper() or TOKEN in text] == []


def cells(*folders: Path) -> Iterator[str]:
    for folder in folders:
        for path in folder.rglob("*"):
            if path.suffix == ".parquet" and "quarantine" not in path.parts:
                yield from texts_of(pl.read_parquet(path))
            if path.suffix == ".db":
                with sqlite3.connect(path) as con:
                    for (table,) in con.execute(
                        "select name from sqlite_master where type='table'"
                    ):
                        for row in con.execute(f'select * from "{table}"').fetchall():
                            yield from (str(value) for value in row if value is not None)
            if path.suffix in (".duckdb", ".rejected"):
                yield from texts_of_warehouse(path)


def texts_of_warehouse(path: Path) -> Iterator[str]:
    with duckdb.connect(path, read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
        ).fetchall()
        for (table,) in tables:
            yield from texts_of(connection.execute(f"from {table}").pl())


def texts_of(frame: pl.DataFrame) -> Iterator[str]:
    assert not frame.select(pl.selectors.nested() | pl.selectors.binary()).columns
    for column in frame.select(pl.selectors.string()).columns:
        yield from frame[column].drop_nulls().unique().to_list()


def test_what_is_in_clear_is_readable_by_its_owner_alone(home: Path) -> None:
    private = [
        path
        for name in PRIVATE
        for path in [home / "var" / name, *(home / "var" / name).rglob("*")]
        if path.is_file()
    ]
    assert len(private) > 8
    assert {oct(path.stat().st_mode & 0o777) for path in private} == {"0o600"}
