"""The pages Team, Turnover and Cost: what they say of a full site, and what is missing without."""

import re
from html import unescape
from pathlib import Path

import marts_fixture as made
import marts_people as people
import pytest
from page_text import page, text_of

from dashboards.site import write_site


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("site")
    return write_site(made.write_marts(home / "marts", **made.full_site()), home / "pages").parent


def read(folder: Path, name: str) -> str:
    return text_of((folder / f"{name}.html").read_text())


def picture_texts(folder: Path, name: str, anchor: str) -> list[str]:
    """The texts drawn in the first picture of a figure."""
    html = (folder / f"{name}.html").read_text()
    section = html[html.index(f'id="{anchor}"') :]
    picture = section[section.index('<svg class="chart"') : section.index("</svg>")]
    return [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", picture)]


# Team


def test_the_team_in_one_sentence_and_in_numbers(full: Path) -> None:
    said = read(full, "team")
    assert "Turnover was 2.90 a year (1.80 to 4.00 a year) over the 91 days to 31 Mar 2026" in said
    assert "against a norm of at most 1.5 a year: breached." in said
    assert "24 agents at the end of the period, 236 days of tenure on average" in said
    assert "49 hires: 42 replacements, 7 growth." in said
    assert "50 departures: 30 voluntary, 15 dismissed, 5 unsaid (no longer on the roster)." in said
    assert "March 2026 4 0 " in said, "hires of the newest month, in the table"


def test_the_sum_stands_above_each_bar(full: Path) -> None:
    sums = [2, 3, 2, 3, 2, 3, 3, 4, 3, 4, 3, 4, 4, 5, 4]
    texts = picture_texts(full, "team", "hires")
    assert texts[-len(sums) :] == [str(number) for number in sums]


def test_survival_shows_its_median_band_and_the_number_at_risk(full: Path) -> None:
    said = read(full, "team")
    assert "Half of the agents have left after 290 days (210 days or more)." in said
    assert "31.0 % (24.0 to 38.0 %) of the team will be novices." in said
    texts = picture_texts(full, "team", "survival")
    assert [text for text in texts if text.startswith("n = ")] == [
        "n = 60",
        "n = 44",
        "n = 33",
        "n = 17",
    ]
    assert "90 days 81.6 %" in said


def test_cohorts_stand_beside_each_other_and_small_groups_are_withheld(full: Path) -> None:
    said = read(full, "team")
    assert "2025-Q1 12 7 290 days 210 to 400 days" in said
    assert "Alpha withheld: small group withheld: small group" in said
    assert "The groups differ by more than chance (log-rank, p = 0.012)." in said


def test_more_reasons_than_can_be_told_apart_become_one(tmp_path: Path) -> None:
    month = people.MONTHS[-1]
    period = people.moved(0, month)[0]
    reasons = ("voluntary", "dismissed", "retirement", "promotion", "other", "end_of_contract")
    rows = [
        period | {"movement": "departure", "reason": reason, "people": 9 - number}
        for number, reason in enumerate(reasons)
    ]
    said = page(tmp_path, "team", movements=rows, headcount=[people.headcount(14, month)])
    assert (
        "39 departures: 9 voluntary, 8 dismissed, 7 retired, 6 promoted, 9 other reasons." in said
    )


# Turnover and quality


def test_what_turnover_costs_is_said_first(full: Path) -> None:
    said = read(full, "turnover")
    sentence = "Turnover costs 2.2 points of first-call resolution [1.9 to 2.5]."
    assert said.index(sentence) < said.index("Why figures changed")
    assert "Rests on what 41 agents learned over time, and on 14,507 contacts." in said


def test_the_parts_of_a_change_are_drawn_with_their_figures(full: Path) -> None:
    texts = picture_texts(full, "turnover", "first_call_resolution_change")
    assert [text.replace("\u00a0", " ") for text in texts if "\u2212" in text][-4:] == [
        "\u22122.1 points",
        "\u22120.6 points",
        "\u22122.5 points",
        "\u22125.0 points",
    ]
    said = read(full, "turnover")
    assert "Hires who replace leavers \u22122.1 points \u22122.5 to \u22121.7 points" in said
    assert "24 Feb 2026 to 23 Mar 2026, compared with 5 Jul 2025 to 3 Oct 2025." in said


def test_a_part_that_may_be_nothing_is_neither_good_nor_bad(full: Path) -> None:
    html = (full / "turnover.html").read_text()
    assert html.count("var(--part-3)") >= 2, "in both sizes: its interval holds nought"


def test_why_there_is_no_figure_is_said(full: Path) -> None:
    assert (
        "It cannot be told: fewer than five agents have ever been there for half a year."
        in read(full, "turnover")
    )


# Cost


def test_where_the_contract_year_is_heading_is_said_first(full: Path) -> None:
    said = read(full, "cost")
    assert (
        "The contract year up to June 2026 has cost €1.18 million so far and is heading for"
        " €2.18 million (€2.09 to 2.27 million), above the envelope of €2.00 million."
    ) in said
    assert "Notice has to be given by 30 Jun 2026: 91 days to decide." in said


def test_a_month_without_its_invoice_has_no_cost(full: Path) -> None:
    said = read(full, "cost")
    assert "March 2026 not over yet \u2013 €5,300 €9,000 \u2013" in said
    assert "February 2026 invoice missing \u2013 €5,300 €9,000 \u2013" in said
    assert "January 2026 invoiced €168,000 €5,300 €9,000 €182,300" in said


def test_in_house_is_compared_with_its_range(full: Path) -> None:
    said = read(full, "cost")
    assert "In January 2026 a problem solved at the first call cost €14.00." in said
    assert "In-house it would cost €11.20 (€9.10 to 13.90)." in said
    assert "after 9 months (at the earliest 5; possibly never within ten years)" in said
    assert "By the contract’s terms, the provider owes €4,500 for the months known." in said


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ((1.7, 1.6, 1.9), "inside the envelope of €2.00 million."),
        ((1.9, 1.7, 2.1), "it may exceed the envelope of €2.00 million."),
        ((2.2, 2.1, 2.3), "above the envelope of €2.00 million."),
    ],
)
def test_an_envelope_is_passed_beyond_doubt_or_perhaps(
    tmp_path: Path, figures: tuple[float, float, float], said: str
) -> None:
    projected, low, high = (1e6 * figure for figure in figures)
    contract = people.contract() | {"projected": projected, "low": low, "high": high}
    costs = people.people_and_money()["costs"]
    assert said in page(tmp_path, "cost", contract=[contract], costs=costs)


def test_a_contract_year_that_is_over_is_heading_nowhere(tmp_path: Path) -> None:
    contract = people.contract() | {"months_billed": 12, "spent": 1.9e6}
    costs = people.people_and_money()["costs"]
    assert (
        "The contract year up to June 2026 has cost €1.90 million, inside the envelope of"
        " €2.00 million."
    ) in page(tmp_path, "cost", contract=[contract], costs=costs)


MISSING = {
    "team": (
        "Turnover has not been judged yet",
        "No roster yet: put one into landing/roster/, the date in its name.",
        "No curve yet",
        "put it into landing/training/ (day, agent_id, hours, cost).",
    ),
    "turnover": ("What turnover costs cannot be told yet", "Nothing to explain"),
    "cost": (
        "No invoice yet: put the provider’s invoices into landing/invoices/",
        "The policy states no in-house model",
        "The policy states no bonus or malus",
    ),
}


@pytest.mark.parametrize("name", MISSING)
def test_an_empty_page_says_why_and_what_to_deliver(tmp_path: Path, name: str) -> None:
    said = page(tmp_path, name)
    assert [words for words in MISSING[name] if words not in said] == []


def test_money_without_a_contract_has_its_table(tmp_path: Path) -> None:
    said = page(tmp_path, "cost", costs=people.people_and_money()["costs"])
    assert "The policy states no contract" in said
    assert "January 2026 invoiced €168,000" in said
