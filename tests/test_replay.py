"""Replay: past nights are judged as each saw them, from late files to corrected rosters."""

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from histories import History, histories
from hypothesis import assume, given
from nights import NightSite
from test_incremental import PROFILE, HistoricalSite

from flows.replay_report import print_replay
from warehouse.connect import reading
from warehouse.errors import ConfigurationError
from warehouse.estimates import daily_series
from warehouse.hindsight import hindsight, known_on
from warehouse.manifest import read_manifest

D = date(2000, 3, 1)
CALLS = "call_id,queued_at,queue,reason,customer_id,agent_id,wait_seconds,talk_seconds,outcome"
# Histories have calls of 25 hours, handed on several times: those mature later than their day.
LONG_CALLS = pl.when(pl.col("lag_days") > 0).then(5).otherwise(0)
# Of their months, as costs are: judged by months, not by windows of days.
MONTHLY = ("cost_per_handled_contact", "cost_per_resolved_contact")


def day(number: int) -> date:
    return D + timedelta(days=number)


@pytest.mark.parametrize(
    ("sentence", "named", "came", "is_history", "known"),
    [
        ("A file of its day that came the next morning.", 5, 5, False, 5),
        ("One that came three nights later was late.", 5, 8, False, 8),
        ("One that came months after its date was not late: history was loaded.", 5, 300, False, 5),
        ("Without a date it is the night that loaded it.", None, 8, False, 8),
        ("Of the first files of a feed only the date counts.", 5, 8, True, 5),
        ("Without one their rows were known on their own days.", None, 8, True, None),
    ],
)
def test_when_a_file_was_known(
    sentence: str, named: int | None, came: int, is_history: bool, known: int | None
) -> None:
    found = known_on(None if named is None else day(named), day(came), is_history=is_history)
    assert found == (None if known is None else day(known)), sentence


# A site that runs every night, and what its nights saw


def figures(connection: Any, through: date) -> pl.DataFrame:
    """What a night judges: each metric up to the last day that was final for it."""
    lags = connection.execute("select metric, lag_days from metrics.definition").pl()
    return (
        daily_series(connection)
        .join(lags, on="metric")
        .filter(
            pl.col("day") <= pl.lit(through) - pl.duration(days=pl.col("lag_days") + LONG_CALLS),
            ~pl.col("metric").is_in(MONTHLY),
        )
        .sort("metric", "scope_kind", "scope", "day")
    )


def data_days(connection: Any, through: date) -> list[date]:
    rows = connection.execute("select distinct day from facts.contacts order by day").fetchall()
    return [found for (found,) in rows if found <= through]


Seen = dict[date, tuple[pl.DataFrame, list[date]]]


def run_night(site: NightSite, night: date, seen: Seen) -> None:
    """The morning after a day."""
    site.now = datetime(night.year, night.month, night.day, 3, tzinfo=UTC) + timedelta(days=1)
    site.night(night)
    with reading(site.folders.warehouse) as connection:
        seen[night] = figures(connection, night), data_days(connection, night)


def differing(site: NightSite, seen: Seen) -> list[str]:
    """The nights that hindsight tells otherwise than they were."""
    wrong = []
    with hindsight(site.site()) as past:
        for stretch in past.stretches(min(seen), max(seen)):
            past.go_to(stretch[-1])
            for night in [night for night in stretch if night in seen]:
                series, days = seen[night]
                found = figures(past.connection, night)
                if not found.equals(series):
                    lost = series.join(found, on=series.columns, how="anti", nulls_equal=True)
                    more = found.join(series, on=series.columns, how="anti", nulls_equal=True)
                    wrong.append(f"{night}: {lost.rows()[:3]} became {more.rows()[:3]}")
                if data_days(past.connection, night) != days:
                    wrong.append(f"{night}: other days with contacts")
    return wrong


@PROFILE
@given(history=histories)
def test_hindsight_is_what_each_night_saw(history: History, tmp_path_factory: Any) -> None:
    nights = sorted(set(history.nights))
    assume(len(nights) > 4)
    happened = HistoricalSite(
        tmp_path_factory.mktemp("site"),
        History(**{**vars(history), "nights": tuple(nights), "withdrawals": ()}),
    )
    seen: Seen = {}
    for number, night in enumerate(nights):
        happened._deliver(number)
        run_night(happened.site, history.first_day + timedelta(days=night), seen)
    # What the first files of a feed tell of the nights before them, replay takes for known then.
    first_of_feed: dict[str, str] = {}
    for arrival in read_manifest(happened.site.folders.manifest).arrivals:
        first_of_feed.setdefault(arrival.feed, arrival.at)
    complete_from = datetime.fromisoformat(max(first_of_feed.values())).date() - timedelta(days=1)
    compared = {night: found for night, found in seen.items() if night >= complete_from}
    assert differing(happened.site, compared) == []


def test_a_roster_every_night_makes_a_stretch_only_where_it_tells_something_new(
    tmp_path: Path,
) -> None:
    """Somebody has left on day 20; the roster of day 10 was delivered again with a row that broke."""
    site = NightSite(tmp_path, now=datetime(2026, 1, 1, tzinfo=UTC))
    site.put("calls/calls.csv", "\n".join([CALLS, *calls(range(40))]) + "\n")
    for number in range(40):
        left_on = day(19).isoformat() if number >= 20 else ""
        site.put(f"roster/roster_{day(number)}.csv", roster(left_on))
    site.put(f"roster/roster_{day(10)}_again.csv", roster() + "a6,north,when?,\n")
    site.night(day(39))
    with hindsight(site.site()) as past:
        begun = [stretch[0] for stretch in past.stretches(day(0), day(39))]
    assert begun == [day(0), day(10), day(11), day(20)]


# By the command


def calls(days: Sequence[int], answered: int = 9, prefix: str = "c") -> list[str]:
    """Ten contacts a day, of which so many were answered in time."""
    return [
        f"{prefix}{number}-{n},{day(number)}T1{n}:00:00Z,web,billing,{number}-{n},a{n % 6},"
        f"{5 if n < answered else 60},100,handled"
        for number in days
        for n in range(10)
    ]


def roster(left_on: str = "") -> str:
    agents = "\n".join(f"a{n},north,1999-01-0{n + 1},{left_on if n == 0 else ''}" for n in range(6))
    return f"agent_id,provider,hired_on,left_on\n{agents}\n"


SETTINGS = """
[site]
name = "Replayed"
time_zone = "Europe/Paris"

[paths]
warehouse = "site/warehouse.duckdb"
"""
POLICY = """
[[norms]]
metric = "service_level"
direction = "at_least"
target = 0.80
window = "rolling_28"
kind = "quality"
min_denominator = 100
why = "as in-house"

[[norms]]
metric = "agent_turnover"
direction = "at_most"
target = 0.1
window = "rolling_91"
kind = "turnover"
min_denominator = 0.1
why = "as in-house"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that loaded its history at once: a late file, and a roster that corrects the past.

    The calls of days 100 to 109 were all answered late, and came on day 120. The roster of day 140
    tells that somebody had left on day 95, of whom the one of day 100 knew nothing.
    """
    home = tmp_path_factory.mktemp("replayed")
    files = {
        "calls/backlog.csv": [*calls(range(100)), *calls(range(110, 160))],
        f"calls/calls_{day(120)}_late.csv": calls(range(100, 110), answered=0),
    }
    site = NightSite(home, now=datetime(2026, 1, 1, tzinfo=UTC))
    for name, rows in files.items():
        site.put(name, "\n".join([CALLS, *rows]) + "\n")
    for number, left_on in ((0, ""), (100, ""), (140, day(95).isoformat())):
        site.put(f"roster/roster_{day(number)}.csv", roster(left_on))
    site.night(day(159))
    (home / "qos.toml").write_text(SETTINGS)
    (home / "policy.toml").write_text(POLICY)
    return home


def replay_of(home: Path, capsys: pytest.CaptureFixture[str], **asked: Any) -> str:
    """What the command prints."""
    defaults = {"warehouse": None, "policy": home / "policy.toml", "first": None, "last": None}
    print_replay(home / "qos.toml", **{**defaults, "form": "json", **asked})
    return capsys.readouterr().out


def test_a_late_file_and_a_corrected_roster_are_known_when_they_came(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = json.loads(replay_of(folder, capsys, first=day(90), last=day(159)))
    states = found["summary"]["nights_by_state"]
    # Nothing came for ten days, and after two of them nobody could judge. From day 120 on those
    # days are known; at least four are in the 28 that count, as it takes, up to night 133.
    service = {"met": 12 + 10 + 26, "stale": 8, "at_risk": 14}
    assert states["norm:service_level:all:all"] == service
    assert states["norm:agent_turnover:all:all"] == {
        "met": 42,
        "stale": 8,
        "at_risk": 20,
    }


def test_the_command_writes_nothing_but_what_it_prints(folder: Path) -> None:
    def contents() -> dict[Path, tuple[int, int]]:
        files = [path for path in folder.rglob("*") if path.is_file()]
        return {file: (file.stat().st_mtime_ns, file.stat().st_size) for file in files}

    before = contents()
    qos = Path(sys.executable).with_name("qos")
    of_the_site = f"--config {folder}/qos.toml --policy {folder}/policy.toml --from {day(150)}"
    done = subprocess.run(
        [str(qos), "replay", *of_the_site.split()],
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"nights from {day(150)} to {day(159)}" in done.stdout
    assert "norm:agent_turnover:all:all: at_risk 10" in done.stdout
    assert done.stderr == ""
    assert contents() == before


def test_one_replay_is_as_the_next(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = (replay_of(folder, capsys, first=day(118), last=day(142)) for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"last": date(2030, 1, 1)}, "the warehouse reaches to 2000-08-07"),
        ({"first": day(120), "last": day(119)}, "give them in order"),
        ({"first": day(-1)}, "the calls begin on 2000-03-01; give that day or a later one"),
        ({"policy": Path("nowhere.toml")}, "cannot be read"),
        ({"warehouse": Path("nowhere.duckdb")}, "make it with: qos run"),
    ],
)
def test_what_cannot_be_replayed_says_why(
    folder: Path, asked: dict[str, Any], fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ConfigurationError, match=fault):
        replay_of(folder, capsys, **asked)
