"""The pages that the manager opens: what each of them says, of a full site and of an empty one."""

import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import marts_fixture as made
import pytest
from page_text import page, text_of

from dashboards.charts.axes import x_labels, y_domain, y_labels
from dashboards.formats import load_words
from dashboards.marts import read_marts
from dashboards.site import write_site
from dashboards.state import sentence, verdicts_worst_first

WORDS = load_words("en")


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages of a site with everything, of one whose night was rejected, and of a new one."""
    folder = tmp_path_factory.mktemp("sites")
    return {
        name: write_site(
            made.write_marts(folder / name / "marts", **rows), folder / name / "pages"
        ).parent
        for name, rows in made.three_sites().items()
    }


def text(site: Path, name: str = "index") -> str:
    return text_of((site / f"{name}.html").read_text())


# Today


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
        "Service level Breached 71.2 % at least 80 % 13 weeks Worse: unusually low"
        " No forecast while it changes 98 % interval 70.0 to 72.4 %"
        " Sample 16,803 of 23,600 contacts Window 28 days to 31 Mar 2026 Since 3 Feb 2026"
        " Wholly on the wrong side of the target for 12 nights."
    ) in text(sites["full"])


def test_an_early_warning_is_a_word_beside_the_verdict(sites: dict[str, Path]) -> None:
    assert "Average handle time At risk Early warning 6 min 11 s" in text(sites["full"])


def test_old_data_and_a_rejected_night_are_said_before_the_state(sites: dict[str, Path]) -> None:
    said = text(sites["troubled"])
    rejected = said.index(WORDS["notices"]["rejected"])
    stale = said.index(
        "8 norms cannot be judged: the data is too old."
        " The newest is of 27 March 2026, 4 days before 31 March 2026."
    )
    state = said.index("The state of the service")
    assert max(rejected, stale) < state
    assert "The last 4 days have no data." in said[:rejected]
    faults = said[rejected:state]
    assert made.FAULTS[2] + ". Faults beyond these: 2." in faults
    assert made.FAULTS[3] not in faults


def test_a_night_that_was_not_judged_says_so(tmp_path: Path) -> None:
    earlier = [made.verdict("service_level", as_of=made.AS_OF - timedelta(1))]
    said = page(tmp_path, "index", verdicts=earlier)
    assert "The verdicts are those of 30 March 2026; the figures go up to 31 March 2026." in said


NOTHING_YET = {
    "index": ("no data yet", "No norm has been judged yet.", "No trigger has been evaluated yet"),
    "quality": (
        "No norm watches the quality of service yet.",
        "First-call resolution No figures yet. It is computed from calls with a customer number",
    ),
    "team": ("Agent turnover No figures yet. It is computed from the roster: put one into",),
    "alerts": ("No message yet.", "No incident yet.", "No trigger has been evaluated yet"),
    "data": ("No file has been read yet: put exports into", "No check has run yet."),
}


@pytest.mark.parametrize("name", sorted(NOTHING_YET))
def test_a_new_site_says_what_is_not_there_yet_and_what_to_deliver(
    sites: dict[str, Path], name: str
) -> None:
    said = text(sites["new"], name)
    assert [words for words in NOTHING_YET[name] if words not in said] == []


# Charts and their tables


def test_a_withheld_group_is_neither_drawn_nor_told(tmp_path: Path) -> None:
    weeks = list(made.weeks())[-3:]
    rows = [made.metric_row("service_level", *week, 0.8, 100, 0.02) for week in weeks]
    rows[1] |= made.WITHHELD
    marts = made.write_marts(
        tmp_path / "marts",
        site=made.site(),
        metrics=rows,
        definitions=made.definitions(),
        verdicts=[made.verdict("service_level")],
    )
    html = (write_site(marts, tmp_path / "pages").parent / "quality.html").read_text()
    closed = "withheld: small group"
    assert f"16 Mar 2026 {closed} {closed} {closed} 9 Mar 2026 80.0 %" in text_of(html)
    chart = re.findall(r'<svg class="chart".*?</svg>', html, re.DOTALL)[0]
    assert chart.count("<circle") == 2, "one for each of the two weeks that may be shown"


def test_groups_of_a_metric_stand_beside_each_other_small_ones_withheld(
    sites: dict[str, Path],
) -> None:
    said = text(sites["full"], "quality")
    assert "Whole service 64.0 % 62.0 to 66.0 % 2,560 of 4,000" in said
    assert "technical 63.0 % 58.0 to 68.0 % 567 of 900" in said
    assert "under 90 days withheld: small group withheld: small group" in said
    html = (sites["full"] / "quality.html").read_text()
    assert ">withheld: small group</text>" in html, "in the picture too"


FIRST_CALL = "23 Mar 2026 \u2013 \u2013 [\\d.,]+ of 3,900 \\d\\d\\.\\d % not final"


def test_a_figure_that_is_not_final_is_marked_and_the_provisional_one_said(
    sites: dict[str, Path],
) -> None:
    said = text(sites["full"], "quality")
    assert re.search(r"23 Mar 2026 \d\d\.\d % [\d. to%]+ [\d,]+ of [\d,]+ not final", said)
    assert re.search(FIRST_CALL, said)
    assert "2 Mar 2026 (not final)" not in said


def test_a_chart_is_described_for_those_who_do_not_see_it(sites: dict[str, Path]) -> None:
    html = (sites["full"] / "quality.html").read_text()
    labels = re.findall(r'class="chart"[^>]*aria-label="([^"]*)"', html)
    described = [unescape(text).replace("\u00a0", " ") for text in labels]
    assert any(
        re.fullmatch(
            r"Service level, by week, 6 Jan 2025 to 23 Mar 2026: latest \d+\.\d %,"
            r" lowest \d+\.\d %, highest \d+\.\d %\. Target at least 80 %\."
            r" \d+ of 63 points are more than chance\.",
            text,
        )
        for text in described
    ), described


def test_events_are_numbered_on_the_charts_and_listed_below(sites: dict[str, Path]) -> None:
    html = (sites["full"] / "quality.html").read_text()
    assert text_of(html).endswith("Policy in force: 7d1f00aa.")
    assert "Events on the charts 3 Mar 2025: New procedure 30 Jun 2025: Network outage" in text_of(
        html
    )
    first = re.findall(r'<svg class="chart".*?</svg>', html, re.DOTALL)[0]
    assert re.findall(r"<text[^>]*>(\d)</text>", first) == ["1", "2"]


def test_axes_are_labelled_with_round_figures_inside_the_chart() -> None:
    domain = y_domain([330.0, 372.0], [322.0, 380.0], "seconds")
    labels = y_labels(domain, "seconds", WORDS)
    assert [label.replace("\u00a0", " ") for label in labels.values()] == [
        "5 min 30 s",
        "5 min 45 s",
        "6 min",
        "6 min 15 s",
    ]
    months = x_labels(date(2025, 11, 20), date(2026, 3, 31), WORDS, 6)
    assert list(months.values()) == [["Dec", "2025"], ["Jan", "2026"], ["Feb"], ["Mar"]]
    weeks = x_labels(date(2025, 12, 29), date(2026, 1, 25), WORDS, 5)
    assert list(weeks.values()) == [["29 Dec", "2025"], ["5 Jan"], ["12 Jan"], ["19 Jan"]]


def test_one_hopeless_interval_does_not_flatten_the_chart() -> None:
    assert y_domain([1.0, 1.5], [0.5, 40.0], "per_year")[1] < 4
    assert y_domain([0.98, 0.99], [0.9, 1.2], "share")[1] == 1


# Data and alerts


def test_rows_that_do_not_add_up_are_said(tmp_path: Path) -> None:
    lost = made.file("calls", made.AS_OF, 900, 0) | {"rows_loaded": 800}
    said = page(tmp_path / "lost", "data", files=[lost])
    assert "Some rows are neither loaded nor quarantined nor repeats." in said
    assert "calls 31 Mar 2026 1 900 800 0 2 does not add up" in said
    sound = page(tmp_path / "sound", "data", files=[made.file("calls", made.AS_OF, 900, 3)])
    assert "calls 31 Mar 2026 1 900 895 3 2 adds up" in sound


def test_files_with_quarantined_rows_are_shown_among_hundreds(sites: dict[str, Path]) -> None:
    said = text(sites["full"], "data")
    assert "calls_2026-03-09.csv calls 9 Mar 2026 9 Mar 2026 900 895 3 2 loaded" in said
    assert "459 more files: qos show files lists all." in said
    assert "3 of 409,830 rows could not be read" in said
    assert "2 of them still wait for a corrected row." in said


def test_failed_checks_and_undelivered_messages_are_said(sites: dict[str, Path]) -> None:
    assert "1 of 4 checks failed." in text(sites["full"], "data")
    said = text(sites["full"], "alerts")
    assert "1 of 2 messages are not confirmed as delivered." in said
    assert said.index("channel_not_found") < said.index("trigger:quality@2026-03-02:1")


def test_open_incidents_on_the_first_page_and_all_of_them_under_alerts(
    sites: dict[str, Path],
) -> None:
    first, alerts = text(sites["full"]), text(sites["full"], "alerts")
    assert "Quality of service calls for repatriation." in first
    assert "Seen by claire on 10 Mar 2026; quiet until 6 Apr 2026." in first
    assert "All well again." not in first
    assert "All well again. Norm breached over" in alerts
    assert "9 Mar 2026 Quality of service calls for repatriation. Trigger fired reminded" in alerts


def test_norms_and_definitions_say_what_is_in_force(sites: dict[str, Path]) -> None:
    said = text(sites["full"], "data")
    assert "Service level: at least 80 % The contract promises 0.8. Window 28 days" in said
    assert "Two windows that share no day are no bad month but a level." in said
    assert "numerator of service_level / denominator of service_level" in said
