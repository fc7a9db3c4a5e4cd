"""The page that the manager opens: what it says, that it is closed, and that it can be read."""

import re
import subprocess
import sys
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import marts_fixture as made
import polars as pl
import pytest

from dashboards.axes import x_labels, y_domain, y_labels
from dashboards.formats import amount, interval, load_words
from dashboards.marts import read_marts
from dashboards.render import render, write_site
from dashboards.state import sentence, verdicts_worst_first
from dashboards.trends import Filters
from warehouse.errors import ConfigurationError

WORDS = load_words("en")
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of a site with everything, of one whose night was rejected, and of a new one."""
    folder = tmp_path_factory.mktemp("sites")
    return {
        name: write_site(made.write_marts(folder / name / "marts", **rows), folder / name / "pages")
        for name, rows in made.three_sites().items()
    }


def text_of(html: str) -> str:
    """What is read, without tags, on one line, every blank a plain one."""
    body = html[html.index("<body>") :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def page(tmp_path: Path, **rows: Rows) -> str:
    """The text of a page made from small marts: a site, and what is given."""
    marts = made.write_marts(tmp_path / "marts", **{"site": made.site()} | rows)
    return text_of(write_site(marts, tmp_path / "pages").read_text())


# Figures for people


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.8176, "share", "81.8 %"),
        (0.0, "share", "0.0 %"),
        (372.4, "seconds", "6 min 12 s"),
        (35.028, "seconds", "35 s"),
        (8.44, "seconds", "8.4 s"),
        (9.96, "seconds", "10 s"),
        (59.7, "seconds", "1 min"),
        (3_599.6, "seconds", "1 h 0 min"),
        (1.3766, "per_year", "1.38 a year"),
        (12_345_678.9, "francs", "12,345,679 francs"),
        (None, "share", "\u2013"),
    ],
)
def test_an_amount_is_written_as_people_write_it(
    value: float | None, unit: str, expected: str
) -> None:
    assert amount(value, unit, WORDS).replace("\u00a0", " ") == expected


def test_a_target_has_no_digits_that_say_nothing() -> None:
    assert amount(0.8, "share", WORDS, trim=True) == "80\u00a0%"
    assert amount(0.805, "share", WORDS, trim=True) == "80.5\u00a0%"


def test_an_interval_says_its_unit_once() -> None:
    assert interval(0.791, 0.845, "share", WORDS) == "79.1 to 84.5\u00a0%"
    assert interval(None, 0.845, "share", WORDS) == "\u2013"


# The sentence of state, and what stands above it


@pytest.mark.parametrize(
    ("states", "fired", "expected"),
    [
        ([], [], "No norm has been judged yet."),
        (["met", "met"], [], "All 2 norms are met."),
        (["met"], [], "The only norm is met."),
        (
            ["at_risk", "met"],
            [],
            "Average handle time is at risk and one norm of 2 is met.",
        ),
        (
            ["breached", "breached", "no_data"],
            ["quality"],
            "The repatriation trigger “quality of service” has fired, average handle time and"
            " average speed of answer are breached and service level cannot be judged.",
        ),
        (["breached"] * 4 + ["met"] * 2, [], "4 norms are breached and 2 norms of 6 are met."),
    ],
)
def test_one_sentence_says_the_state(states: list[str], fired: list[str], expected: str) -> None:
    verdicts = [
        made.verdict(metric, state=state)
        for metric, state in zip(made.METRICS, states, strict=False)
    ]
    triggers = [made.trigger(name, "triggered", "") for name in fired]
    assert sentence(verdicts, triggers, WORDS) == expected


def test_tiles_stand_worst_first_and_of_the_last_night_only(tmp_path: Path) -> None:
    marts = read_marts(made.write_marts(tmp_path, site=made.site(), verdicts=made.verdicts()))
    states = [row["state"] for row in verdicts_worst_first(marts)]
    assert states == ["breached", "breached", "at_risk", "too_few", "met", "met", "met", "met"]


def test_a_tile_carries_its_evidence(sites: dict[str, Path]) -> None:
    assert (
        "Service level Breached 71.2 % Target at least 80 % 98 % interval 70.0 to 72.4 %"
        " Since 3 Feb 2026 Window 28 days to 31 Mar 2026 Sample 16,803 of 23,600 contacts"
        " Wholly on the wrong side of the target for 12 nights."
    ) in text_of(sites["full"].read_text())


def test_old_data_and_a_rejected_night_are_said_before_the_state(sites: dict[str, Path]) -> None:
    text = text_of(sites["troubled"].read_text())
    rejected = text.index(WORDS["notices"]["rejected"])
    stale = text.index(
        "8 norms cannot be judged: the data is too old."
        " The newest is of 27 March 2026, 4 days before 31 March 2026."
    )
    state = text.index("The state of the service")
    assert max(rejected, stale) < state
    assert "The last 4 days have no data." in text[:rejected]


def test_a_night_that_was_not_judged_says_so(tmp_path: Path) -> None:
    earlier = [made.verdict("service_level", as_of=made.AS_OF - timedelta(1))]
    text = page(tmp_path, verdicts=earlier)
    assert "The verdicts are those of 30 March 2026; the figures go up to 31 March 2026." in text


def test_a_new_site_says_what_is_not_there_yet(sites: dict[str, Path]) -> None:
    text = text_of(sites["new"].read_text())
    for words in (
        "no data yet",
        "No norm has been judged yet.",
        "No trigger has been evaluated yet",
        "No figures yet. It is computed from the roster: has one been put into the landing folder?",
        "No file has been read yet.",
        "No check has run yet.",
    ):
        assert words in text


# Trends


def test_a_withheld_group_is_neither_drawn_nor_told(tmp_path: Path) -> None:
    weeks = [(start, end) for start, end in made.weeks()][:3]
    rows = [made.metric_row("service_level", *week, 0.8, 100, 0.02) for week in weeks]
    rows[1] |= {"is_suppressed": True, "numerator": None, "denominator": None}
    rows[1] |= {"value": None, "low": None, "high": None}
    marts = made.write_marts(
        tmp_path / "marts", site=made.site(), metrics=rows, definitions=made.definitions()
    )
    html = write_site(marts, tmp_path / "pages").read_text()
    assert "13 Jan 2025 withheld: small group 6 Jan 2025 80.0 %" in text_of(html)
    chart = re.findall(r'<svg class="chart".*?</svg>', html, re.DOTALL)[0]
    assert chart.count("A2,2,0") == 2 * 2, (
        "two arcs a dot, one dot for each of the two weeks that may be shown"
    )


def test_a_figure_that_is_not_final_is_marked(sites: dict[str, Path]) -> None:
    text = text_of(sites["full"].read_text())
    assert "23 Mar 2026 (not final)" in text
    assert "2 Mar 2026 (not final)" not in text


def test_a_chart_is_described_for_those_who_do_not_see_it(sites: dict[str, Path]) -> None:
    label = "Service level, by week, 6 Jan 2025 to 23 Mar 2026: latest 6"
    labels = re.findall(r'class="chart"[^>]*aria-label="([^"]*)"', sites["full"].read_text())
    described = [unescape(text).replace("\u00a0", " ") for text in labels]
    assert any(
        text.startswith(label[:-1]) and text.endswith("Target at least 80 %. Verdict: Breached.")
        for text in described
    )


def test_axes_are_labelled_with_round_figures_inside_the_chart() -> None:
    domain = y_domain([330.0, 372.0], [322.0, 380.0], "seconds")
    labels = y_labels(domain, "seconds", WORDS)
    assert [label.replace("\u00a0", " ") for label in labels.values()] == [
        "5 min 30 s",
        "5 min 45 s",
        "6 min",
        "6 min 15 s",
    ]
    months = x_labels(date(2025, 11, 20), date(2026, 3, 31), WORDS)
    assert list(months.values()) == [["Dec", "2025"], ["Jan", "2026"], ["Feb"], ["Mar"]]
    weeks = x_labels(date(2025, 12, 29), date(2026, 1, 25), WORDS)
    assert list(weeks.values()) == [["29 Dec", "2025"], ["5 Jan"], ["12 Jan"], ["19 Jan"]]


def test_one_hopeless_interval_does_not_flatten_the_chart() -> None:
    assert y_domain([1.0, 1.5], [0.5, 40.0], "per_year")[1] < 4
    assert y_domain([0.98, 0.99], [0.9, 1.2], "share")[1] == 1


# Data health


def test_rows_that_do_not_add_up_are_said(tmp_path: Path) -> None:
    lost = made.file("calls", made.AS_OF, 900, 0) | {"rows_loaded": 800}
    assert "does not add up" in page(tmp_path / "lost", files=[lost])
    sound = page(tmp_path / "sound", files=[made.file("calls", made.AS_OF, 900, 3)])
    assert "calls 1 900 = 895 + 3 + 2 adds up" in sound


def test_files_with_quarantined_rows_are_shown_among_hundreds(sites: dict[str, Path]) -> None:
    text = text_of(sites["full"].read_text())
    assert "calls/calls_2026-03-09.csv 9 Mar 2026 900 = 895 + 3 + 2 loaded" in text
    assert "459 more files: qos show files lists all." in text


def test_failed_checks_and_undelivered_messages_are_said(sites: dict[str, Path]) -> None:
    text = text_of(sites["full"].read_text())
    assert "1 of 4 checks failed." in text
    assert "1 of 2 messages are not confirmed as delivered." in text
    assert "channel_not_found" in text


def test_open_incidents_only(sites: dict[str, Path]) -> None:
    text = text_of(sites["full"].read_text())
    assert "Quality of service calls for repatriation." in text
    assert "All well again." not in text


# The page as a file


def test_text_from_data_is_never_markup(tmp_path: Path) -> None:
    attack = "</p><script>alert(1)</script>"
    marts = made.write_marts(
        tmp_path / "marts",
        site=[made.site()[0] | {"name": attack}],
        verdicts=[made.verdict("service_level", scope_kind="queue", scope=attack)],
        triggers=[made.trigger("quality", "watch", attack)],
        incidents=[made.incident("norm:service_level:queue:x", "breached", attack)],
        quarantine=[{"feed": "calls", "name": "x.csv", "rule": attack, "rows": 1}],
    )
    html = write_site(marts, tmp_path / "pages").read_text()
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 5


def test_the_same_marts_give_the_same_bytes_in_any_process(sites: dict[str, Path]) -> None:
    marts = sites["full"].parents[2] / "marts"
    program = (
        "import sys; from pathlib import Path; from dashboards.marts import read_marts\n"
        "from dashboards.render import Filters, render\n"
        f"sys.stdout.write(render('index', Filters(), read_marts(Path({str(marts)!r}))))"
    )
    again = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(Path(__file__).parents[1]), "TZ": "Pacific/Auckland"},
        capture_output=True,
        check=True,
    )
    assert again.stdout == sites["full"].read_bytes()


def test_a_page_is_light(sites: dict[str, Path]) -> None:
    assert sites["full"].stat().st_size < 200_000


def test_pages_are_swapped_by_a_link_and_the_last_two_are_kept(tmp_path: Path) -> None:
    marts = made.write_marts(tmp_path / "1", site=made.site())
    link = tmp_path / "current"
    link.symlink_to(marts)
    pages = tmp_path / "pages"
    (pages / "000009.unfinished").mkdir(parents=True)
    for night in range(9):
        newest = write_site(link, pages)
        assert newest == pages / "current" / "index.html"
        assert newest.resolve() == (pages / f"{night + 1:06d}" / "index.html").resolve()
    assert sorted(path.name for path in pages.iterdir()) == ["000008", "000009", "current"]
    assert (pages / "current").is_symlink()


def test_all_faults_of_the_marts_are_named_at_once(tmp_path: Path) -> None:
    made.write_marts(tmp_path, site=made.site())
    (tmp_path / "files.parquet").unlink()
    pl.DataFrame({"suite": ["x"]}).write_parquet(tmp_path / "checks.parquet")
    made_twice = pl.DataFrame(made.site() * 2, schema=made.SCHEMAS["site"])
    made_twice.write_parquet(tmp_path / "site.parquet")
    with pytest.raises(ConfigurationError) as caught:
        write_site(tmp_path, tmp_path / "pages")
    assert len(caught.value.faults) == 3
    assert "checks.parquet: no column is_success, observed, rule, severity" in str(caught.value)
    assert not (tmp_path / "pages").exists()


def test_dates_and_flags_may_come_as_a_small_database_keeps_them(tmp_path: Path) -> None:
    made.write_marts(tmp_path, site=made.site())
    row = made.verdict("service_level")
    row |= {name: str(day) for name, day in row.items() if isinstance(day, date)}
    pl.DataFrame([row | {"is_backfilled": 1}]).write_parquet(tmp_path / "verdicts.parquet")
    read = read_marts(tmp_path).verdicts.row(0, named=True)
    assert (read["since"], read["is_backfilled"]) == (date(2026, 2, 3), True)


def test_a_filter_shows_another_scope(tmp_path: Path) -> None:
    start, end = next(made.weeks())
    row = made.metric_row("service_level", start, end, 0.5, 10, 0.1, ("queue", "billing"))
    marts = read_marts(
        made.write_marts(
            tmp_path, site=made.site(), metrics=[row], definitions=made.definitions()[2:3]
        )
    )
    assert "50.0 %" in text_of(render("index", Filters("queue", "billing"), marts))
    assert "No figures yet." in text_of(render("index", Filters(), marts))
