"""January 1999 of a real call centre, against two independent computations."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
import readings
from nights import NightSite

from warehouse.sources import Feed

BANK = Feed("calls", "Asia/Jerusalem", adapter="anonymous_bank")
HEADER = (
    "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\tq_start"
    "\tq_exit\tq_time\toutcome\tser_start\tser_exit\tser_time\tserver"
)
JANUARY = {
    "average_handle_time": (4_964_204, 27_060),
    "average_speed_of_answer": (947_857, 27_060),
    "service_level": (16_402, 29_966),
    "abandonment_rate": (2_906, 29_966),
    "first_call_resolution": (1_794, 2_414),
    "repeat_call_rate": (5_488, 9_545),
}


def bank(home: Path, **parameters: bool) -> NightSite:
    return NightSite(home, "Asia/Jerusalem", dict(parameters), {"calls": BANK})


def put_roster(site: NightSite, shared: Path) -> None:
    name = "roster/roster_1999-01-31.csv"
    site.put(name, (shared / "data/anonymous_bank" / name).read_bytes())


@pytest.fixture(scope="module")
def january(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> NightSite:
    site = bank(tmp_path_factory.mktemp("bank"))
    log = shared / "data/anonymous_bank/calls/january.txt"
    site.put("calls/january.txt", log.read_bytes())
    put_roster(site, shared)
    site.night("1999-01-31")
    return site


@pytest.mark.parametrize(("metric", "expected"), JANUARY.items())
def test_january_to_all_digits(january: NightSite, metric: str, expected: tuple[int, int]) -> None:
    assert january.figure(metric, "month", "1999-01-31") == expected


def test_januarys_turnover(january: NightSite) -> None:
    departures, years = january.figure("agent_turnover", "month", "1999-01-31")
    assert (departures, years) == (3, pytest.approx(796 / 365.25, rel=1e-12))


def test_every_row_of_january_is_accounted_for(january: NightSite) -> None:
    ((read, raw, quarantined),) = january.ask(
        "select rows_read, rows_raw, rows_quarantined from ledger.files where feed = 'calls'"
    )
    ((repeats,),) = january.ask("select coalesce(sum(rows_repeated), 0) from staging.call_repeats")
    ((staged,),) = january.ask("select count(*) from staging.calls")
    assert (read, raw, quarantined, repeats, staged) == (31_599, 31_599, 0, 0, 31_599)


def test_repeats_about_any_reason(tmp_path: Path, shared: Path) -> None:
    site = bank(tmp_path, repeat_same_reason=False)
    log = shared / "data/anonymous_bank/calls/january.txt"
    site.put("calls/january.txt", log.read_bytes())
    site.night("1999-01-31")
    assert site.figure("first_call_resolution", "month", "1999-01-31") == (1_499, 2_075)
    assert site.figure("repeat_call_rate", "month", "1999-01-31") == (5_795, 9_530)


def test_night_by_night_gives_what_one_night_gives(
    january: NightSite, tmp_path: Path, shared: Path
) -> None:
    """31 files in 31 nights, two of them empty, the roster on the last."""
    site = bank(tmp_path)
    log = (shared / "data/anonymous_bank/calls/january.txt").read_bytes()
    header, *rows = log.splitlines(keepends=True)
    for number in range(31):
        day = date(1999, 1, 1) + timedelta(days=number)
        of_day = [row for row in rows if row.split(b"\t")[5] == day.strftime("%y%m%d").encode()]
        site.put(f"calls/{day}.txt", header + b"".join(of_day))
        if number == 30:
            put_roster(site, shared)
        site.night(day)
        if number == 29:
            assert site.rows_written["staging.calls"] < 1_500  # a night's cost follows its rows
    assert site.tables() == january.tables()


def read(tmp_path: Path, *rows: str, ends: str = "\n") -> tuple[pl.DataFrame, pl.DataFrame]:
    path = tmp_path / "log.txt"
    path.write_bytes((ends.join([HEADER, *rows]) + ends).encode())
    reading = readings.read(path, BANK, "calls/log.txt")
    return reading.rows, reading.rejected


def row(**said: str) -> str:
    """A call that queued 10 s and was served for 20, but for what is said."""
    fields = {
        "line": "AA0101", "call_id": "1", "customer_id": "42", "priority": "0", "type": "PS",
        "date": "990104", "vru_entry": "9:00:00", "vru_exit": "9:00:05", "vru_time": "5",
        "q_start": "9:00:05", "q_exit": "9:00:15", "q_time": "10", "outcome": "AGENT",
        "ser_start": "9:00:14", "ser_exit": "9:00:34", "ser_time": "20", "server": "ANAT",
    } | said  # fmt: skip
    return "\t".join(fields.values())


NEVER_QUEUED = {"q_start": "0:00:00", "q_exit": "0:00:00", "q_time": "0"}
NOBODY = {"ser_start": "0:00:00", "ser_exit": "0:00:00", "ser_time": "0", "server": "NO_SERVER"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param({}, {"outcome": "handled", "wait_seconds": 10, "talk_seconds": 20}, id="served"),
        pytest.param(
            NEVER_QUEUED, {"outcome": "handled", "wait_seconds": 0, "agent_id": "ANAT"},
            id="served at once",
        ),
        pytest.param(
            {"outcome": "HANG"} | NOBODY,
            {"outcome": "abandoned", "wait_seconds": 10, "talk_seconds": 0, "agent_id": None},
            id="gave up in the queue",
        ),
        pytest.param(
            {"outcome": "HANG"}, {"outcome": "abandoned", "talk_seconds": 0, "agent_id": None},
            id="gave up, whatever else the row says",
        ),
        pytest.param(
            {"outcome": "HANG"} | NEVER_QUEUED | NOBODY, {"outcome": "ignored"},
            id="hung up in the voice unit",
        ),
        pytest.param(
            {"outcome": "HANG", "q_start": "0:00:00"} | NOBODY, {"outcome": "abandoned"},
            id="queued at midnight sharp",
        ),
        pytest.param({"outcome": "PHANTOM"}, {"outcome": "ignored", "talk_seconds": 0}, id="phantom"),
        pytest.param({"server": "NO_SERVER"}, {"outcome": "handled", "agent_id": None}, id="nameless"),
        pytest.param({"customer_id": "0"}, {"customer_id": None}, id="customer not identified"),
        pytest.param({"customer_id": "3.27E+11"}, {"customer_id": None}, id="customer mangled"),
        pytest.param({"type": "AA"}, {"reason": "AA"}, id="undocumented reason"),
        pytest.param({"vru_time": "-300"}, {"outcome": "handled"}, id="clock fault in the voice unit"),
    ],
)  # fmt: skip
def test_what_a_row_means(
    tmp_path: Path, said: dict[str, str], expected: dict[str, object]
) -> None:
    rows, rejected = read(tmp_path, row(**said))
    assert rejected.height == 0
    assert {name: rows[name][0] for name in expected} == expected


def test_arrival_is_local_time_of_israel(tmp_path: Path) -> None:
    rows, _ = read(
        tmp_path, row(), row(call_id="2", date="990704"), row(call_id="3", vru_entry="0:00:00")
    )
    assert [str(moment) for moment in rows["queued_at"]] == [
        "1999-01-04 07:00:00",  # winter: two hours ahead of UTC
        "1999-07-04 06:00:00",  # summer: three
        "1999-01-03 22:00:00",  # a real midnight
    ]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_rows_without_17_fields_are_rejected_with_their_text(tmp_path: Path, ends: str) -> None:
    short, long = row().replace("\tAGENT", ""), row() + "\tmore"
    rows, rejected = read(
        tmp_path, row(), short, row(call_id="2"), row(date="991399"), long, ends=ends
    )
    assert rows["line"].to_list() == [2, 4]
    assert rejected.select("line", "rule", "text").rows() == [
        (3, "fewer fields than the header", short),
        (5, "date or vru_entry is not a time", None),
        (6, "more fields than the header", long),
    ]


@pytest.mark.parametrize("place", range(16))
def test_two_columns_that_blanks_have_joined_are_parted(tmp_path: Path, place: int) -> None:
    fields = row(call_id="2").split("\t")
    fields[place : place + 2] = ["   ".join(fields[place : place + 2])]
    rows, rejected = read(tmp_path, row(), "\t".join(fields), row(call_id="3"))
    assert rejected.height == 0
    assert rows["call_id"].to_list() == ["AA0101-1", "AA0101-2", "AA0101-3"]
    assert rows.select("queued_at", "wait_seconds", "agent_id").n_unique() == 1


def test_what_two_joined_columns_are_is_not_guessed(tmp_path: Path) -> None:
    """One column is empty, or two fields have blanks in them."""
    empty = row(customer_id="").replace("\tAGENT", " AGENT")
    twice = row(server="ANAT B").replace("\tAGENT", " AGENT")
    rows, rejected = read(tmp_path, row(), empty, twice)
    assert (rows.height, rejected["line"].to_list()) == (1, [3, 4])


def test_the_same_number_on_another_line_is_another_call(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, row(), row(line="AA0102"))
    assert rows["call_id"].n_unique() == 2
