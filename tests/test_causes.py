"""What is said of causes, in both languages: certain things first, and why something is not known."""

from dataclasses import replace
from datetime import date

import pytest
from test_harm import PERHAPS, TWO_POINTS, cost_of

from checks.attribution import Part
from checks.explanation import Attribution
from checks.tenure import Gap
from flows.causes import causes, change, standing, worded
from flows.records import from_row, to_row
from flows.wording import load_words

EN, FR = load_words("en"), load_words("fr")
NIGHT = date(2000, 1, 31)
COST = cost_of(NIGHT, TWO_POINTS)


def part(of: Part, estimate: float, low: float, high: float) -> Attribution:
    return replace(
        COST,
        part=of,
        estimate=estimate,
        low=low,
        high=high,
        reference_start=date(1999, 5, 3),
        reference_end=date(1999, 8, 1),
    )


def unknown(found: Attribution, gap: Gap) -> Attribution:
    return replace(found, estimate=None, low=None, high=None, gap=gap)


FALL = [
    part(Part.CHANGE, -0.0381, -0.066, -0.01),
    part(Part.REASON_MIX, 0.0006, 0.0005, 0.0008),
    part(Part.REPLACEMENT, -0.0426, -0.046, -0.0392),
    part(Part.GROWTH, 0.0, 0.0, 0.0),
    part(Part.PERFORMANCE, 0.0039, -0.0174, 0.0383),
    COST,
]


def test_the_sentence_that_the_project_exists_for() -> None:
    assert standing(COST, EN) == "Turnover costs 2.2 points of first-call resolution [1.9 to 2.5]."
    assert standing(COST, FR) == (
        "Le turnover coûte 2,2 points de résolution au premier appel [1,9 à 2,5]."
    )
    seconds = replace(COST, metric="average_handle_time", estimate=8.87, low=4.68, high=13.06)
    assert standing(seconds, EN) == "Turnover costs 8.9 s of average handle time [4.7 to 13.1]."


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ((0.012, 0.009, 0.015), "Turnover below its norm spares 1.2 points of first-call resolution [0.9 to 1.5]."),
        ((-0.002, -0.005, 0.001), "Turnover against its norm changes first-call resolution by \u22120.2 points [\u22120.5 to +0.1], which may be nothing."),
        (None, "What turnover costs of first-call resolution cannot be told: fewer than 5 agents have ever been there for half a year."),
    ],
)  # fmt: skip
def test_what_is_good_uncertain_or_unknown_is_said_to_be_so(
    figures: tuple[float, float, float] | None, said: str
) -> None:
    assert standing(cost_of(NIGHT, figures), EN) == said


def test_a_fall_is_told_by_its_parts_the_certain_ones_first() -> None:
    assert change(FALL, EN) == (
        "\u22123.8 points against 3 May to 1 August 1999. Of this: hires who replace leavers \u22124.3 [\u22124.6 to "
        "\u22123.9], other reasons to call +0.1 [+0.1 to +0.1]. Not certain: performance of the same agents "
        "+0.4 [\u22121.7 to +3.8]."
    )
    assert change(FALL, FR).startswith(
        "\u22123,8 points par rapport à la période du 3\u00a0mai au 1er\u00a0août\u00a01999. Dont\u202f: recrues en"
        " remplacement \u22124,3 [\u22124,6 à \u22123,9], autres motifs d’appel"
    )


def test_what_nobody_can_tell_says_why() -> None:
    parts = [FALL[0], *(unknown(found, Gap.TOO_FEW_LEARNERS) for found in FALL[2:5])]
    assert change(parts, EN) == (
        "\u22123.8 points against 3 May to 1 August 1999. What the rest is made of cannot be told: too few "
        "agents have been seen learning."
    )
    young = unknown(FALL[0], Gap.NO_REFERENCE)
    assert change([young], EN) == (
        "How far it fell cannot be told: history does not hold the days to compare with."
    )


@pytest.mark.parametrize("words", [EN, FR])
def test_every_part_and_gap_has_words(words: dict[str, dict[str, dict[str, str]]]) -> None:
    forms = words["attribution"]
    assert forms["gaps"].keys() == {gap.value for gap in Gap}
    assert forms["parts"].keys() == {p.value for p in Part} - {"change", "standing_cost"}


def test_an_incident_is_given_the_causes_of_its_own_metric() -> None:
    said = causes(FALL, EN)
    assert said["norm:first_call_resolution:all:all"] == f"{change(FALL, EN)} {standing(COST, EN)}"
    assert said["trigger:turnover_harms_quality"] == standing(COST, EN)
    assert "norm:service_level:all:all" not in said
    assert "trigger:quality" not in causes([cost_of(NIGHT, None)], EN)
    assert causes([cost_of(NIGHT, PERHAPS)], EN)["trigger:quality"].startswith("Turnover costs 1.5")


def test_rows_come_back_as_they_were_written_and_changes_and_costs_have_sentences() -> None:
    rows = [to_row(found) for found in FALL]
    assert [from_row(Attribution, row) for row in rows] == FALL
    said = {row["part"]: row["sentence"] for row in worded(rows, EN)}
    assert said["standing_cost"] == standing(COST, EN)
    assert said["change"] == change(FALL, EN)
    assert said["growth"] is None
