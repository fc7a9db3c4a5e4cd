"""The picture of a message: the same bytes each time, uploaded unseen, and never in the way."""

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pytest
from made_up_night import NIGHT, SERVICE, SITE, change, trigger_change, verdict
from slack_site import Site

from checks.incidents import Reason
from checks.policy import Norm
from checks.policy_grammar import Direction, NormKind
from flows.pictures import Picture, pictures, sparkline
from flows.wording import load_words
from warehouse.operations import read

WEEKS = [0.83, 0.84, 0.82, 0.81, 0.83, 0.80, 0.79, 0.80, 0.78, 0.77, 0.78, 0.76, 0.774]
PICTURE = Picture(sparkline(WEEKS, 0.8, is_wrong=True), "13 weeks", "from 83.0 % to 77.4 %")
NORM = Norm(
    metric="service_level",
    metric_kind="proportion",
    scope_kind="all",
    scope="all",
    direction=Direction.AT_LEAST,
    target=0.8,
    window="rolling_28",
    kind=NormKind.QUALITY,
    min_denominator=100,
    why="",
    level=0.95,
)


@pytest.fixture
def drawn(site: Site) -> Site:
    """A site whose messages about the service level have a picture."""
    site.about = replace(SITE, pictures={"service_level:all:all": PICTURE})
    return site


def test_the_same_figures_give_the_same_bytes_in_any_process() -> None:
    script = (
        "import hashlib; from flows.pictures import sparkline;"
        f"print(hashlib.sha256(sparkline({WEEKS}, 0.8, is_wrong=True)).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert other.stdout.decode().strip() == hashlib.sha256(PICTURE.png).hexdigest()
    assert PICTURE.png.startswith(b"\x89PNG")
    assert len(PICTURE.png) < 30_000
    assert sparkline(WEEKS, 0.8, is_wrong=False) != PICTURE.png


def test_a_flat_line_on_its_target_can_be_drawn() -> None:
    assert sparkline([0.8, 0.8], 0.8, is_wrong=False).startswith(b"\x89PNG")
    assert sparkline([0.0, 0.0], 0.0, is_wrong=False).startswith(b"\x89PNG")


def test_a_picture_is_uploaded_unseen_and_shown_by_its_message(drawn: Site) -> None:
    drawn.tell(change())
    drawn.deliver()
    [message] = drawn.slack.parents()
    [shown] = [block for block in message["blocks"] if block["type"] == "image"]
    assert drawn.slack.files == {shown["slack_file"]["id"]: PICTURE.png}
    assert drawn.slack.shared == []
    assert (shown["title"]["text"], shown["alt_text"]) == ("13 weeks", "from 83.0 % to 77.4 %")
    assert drawn.slack.problems == []


def test_an_edit_goes_on_showing_it(drawn: Site) -> None:
    drawn.tell(change())
    drawn.deliver()
    drawn.tell(change(Reason.REMINDER))
    drawn.deliver()
    [message] = drawn.slack.parents()
    assert "edited" in message
    assert [b["slack_file"]["id"] for b in message["blocks"] if b["type"] == "image"] == [
        "F0FILE00000"
    ]


def test_a_file_that_is_not_ready_yet_is_waited_for(drawn: Site) -> None:
    drawn.slack.unready = 2
    drawn.tell(change())
    drawn.deliver()
    [message] = drawn.slack.parents()
    assert "image" in [block["type"] for block in message["blocks"]]
    assert sum(drawn.clock.slept) == 3
    assert drawn.keys() == [f"{SERVICE}:1"]


def test_a_message_does_not_wait_for_its_picture_for_ever(drawn: Site) -> None:
    drawn.slack.unready = 99
    drawn.tell(change())
    drawn.deliver()
    [message] = drawn.slack.parents()
    assert "image" not in [block["type"] for block in message["blocks"]]
    assert drawn.states() == ["sent"]


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        *((step, fault) for step in range(3) for fault in ("drop_before", "error_after")),
        (0, "missing_scope"),
        (2, "garbled_after"),
    ],
)
def test_a_failed_upload_costs_the_picture_and_nothing_else(
    drawn: Site, step: int, fault: str
) -> None:
    drawn.fail_with(*[""] * step, fault)
    drawn.tell(change())
    drawn.deliver()
    assert drawn.keys() == [f"{SERVICE}:1"]
    [row] = read.outbox(drawn.con)
    assert (row["state"], str(row["error"])[:16]) == ("sent", "without picture:")


def test_an_uploaded_picture_is_not_uploaded_again(drawn: Site) -> None:
    drawn.fail_with("", "", "", "drop_before")
    drawn.tell(change())
    drawn.deliver()
    assert drawn.slack.calls.count("files.upload") == 1
    assert drawn.keys() == [f"{SERVICE}:1"]


def test_a_trigger_shows_the_first_norm_that_has_a_picture() -> None:
    site = replace(SITE, pictures={"first_call_resolution:all:all": PICTURE})
    from flows.slack import message_for

    assert message_for(trigger_change(), [], site).picture == PICTURE.png
    assert message_for(trigger_change(), [], SITE).picture is None


def warehouse_with(
    grain: str, rows: list[tuple[date, date, float, bool]]
) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(
        "create schema metrics; create table metrics.period (metric text, grain text,"
        " period_start date, period_end date, scope_kind text, scope text, value double,"
        " is_suppressed boolean)"
    )
    con.executemany(
        "insert into metrics.period values ('service_level', ?, ?, ?, 'all', 'all', ?, ?)",
        [(grain, *row) for row in rows],
    )
    return con


def drawn_of(con: duckdb.DuckDBPyConnection, norm: Norm = NORM, language: str = "en") -> Picture:
    found = pictures(con, [norm], [verdict()], SITE.units, load_words(language))
    return found[norm.name]


def weekly(n: int, value: float = 0.8, suppressed: bool = False) -> tuple[date, date, float, bool]:
    monday = date(2000, 2, 28) - timedelta(weeks=n)
    return monday, monday + timedelta(days=6), value, suppressed


def test_thirteen_whole_weeks_are_drawn_and_told() -> None:
    rows = [weekly(n, 0.75 + n / 100) for n in range(20)]
    rows += [(date(2000, 3, 6), NIGHT, 0.1, False)]  # a week that is not over
    picture = drawn_of(warehouse_with("week", rows))
    assert picture.title == "13 weeks to 5 March 2000, norm at least 80.0 %"
    assert picture.alt == (
        "Service level, 13 weeks to 5 March 2000: from 87.0 % to 75.0 %, "
        "lowest 75.0 %, highest 87.0 %."
    )
    expected = [0.75 + n / 100 for n in range(12, -1, -1)]
    assert picture.png == sparkline(expected, 0.8, is_wrong=True)


def test_weeks_that_are_withheld_are_not_drawn() -> None:
    rows = [weekly(0), weekly(1, 0.9, suppressed=True), weekly(2)]
    assert drawn_of(warehouse_with("week", rows)).title.startswith("2 weeks to")


def test_one_week_makes_no_line() -> None:
    con = warehouse_with("week", [weekly(0)])
    assert pictures(con, [NORM], [verdict()], SITE.units, load_words("en")) == {}


def test_rare_events_are_drawn_over_the_window_of_their_norm() -> None:
    days = [NIGHT - timedelta(days=n) for n in range(100)]
    rows = [(day - timedelta(days=27), day, float(n), False) for n, day in enumerate(days)]
    rate = replace(NORM, metric_kind="rate")
    picture = drawn_of(warehouse_with("rolling_28", rows), rate)
    assert picture.png == sparkline([float(n) for n in range(84, -1, -7)], 0.8, is_wrong=True)


def test_the_picture_speaks_french() -> None:
    picture = drawn_of(warehouse_with("week", [weekly(n) for n in range(13)]), language="fr")
    assert (
        picture.title == "13 semaines jusqu’au 5\u00a0mars\u00a02000, norme d’au moins 80,0\u202f%"
    )


def test_the_outbox_keeps_the_picture_beside_the_payload(drawn: Site) -> None:
    drawn.tell(change())
    [row] = read.undelivered(drawn.con)
    assert row["picture"] == PICTURE.png
    assert "PNG" not in json.dumps(read.outbox(drawn.con))
