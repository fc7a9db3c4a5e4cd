"""Which nights are explained, compared with what, and what is said where nothing is known."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from test_attribution import made_up
from test_triggers import SERVICE_LEVEL, TURNOVER, Reading
from test_triggers import verdict as verdict_of

from bench.made_up_teams import FIRST_DAY, HISTORY_DAYS, SCENARIOS, cells_of, days_of
from checks.attribution import Part
from checks.explanation import Attribution, Grounds, explain, onsets
from checks.persistence import State
from checks.policy import Policy
from checks.reference import Reference
from checks.tenure import Gap
from checks.tenure_fit import fit_tenure_curve
from checks.verdicts import SiteFacts, Verdict

LAST = FIRST_DAY + timedelta(days=HISTORY_DAYS - 1)
FCR = replace(SERVICE_LEVEL, metric="first_call_resolution", target=0.7)
POLICY = Policy((FCR, TURNOVER), (), "policy-1")
SHORT: Reading = (State.AT_RISK, 0.6, 0.5, 0.75)
GOOD: Reading = (State.MET, 0.8, 0.7, 0.9)
DARK: Reading = (State.STALE, 0.8, 0.7, 0.9)
SITE = SiteFacts(
    frozenset(FIRST_DAY + timedelta(days=n) for n in range(HISTORY_DAYS)),
    {},
    {"first_call_resolution": "definition-1", "average_handle_time": "definition-2"},
)
NOTHING_KNOWN = Grounds(Gap.TOO_FEW_VETERANS, None)


def ago(nights: int) -> date:
    return LAST - timedelta(days=nights)


def judged(*readings: tuple[int, Reading]) -> list[Verdict]:
    return [verdict_of(FCR, ago(nights), reading) for nights, reading in readings]


@pytest.fixture(scope="module")
def grounds() -> dict[str, Grounds]:
    """Of first-call resolution much is known, of handle time nothing."""
    calls = made_up(SCENARIOS.index(SCENARIOS[0]))
    known = Grounds(fit_tenure_curve(cells_of(calls), is_share=True), days_of(calls))
    return {"first_call_resolution": known, "average_handle_time": NOTHING_KNOWN}


def explained(
    grounds: dict[str, Grounds], verdicts: list[Verdict], policy: Policy = POLICY, **begun: date
) -> list[Attribution]:
    nights = [verdict.as_of for verdict in verdicts]
    falls = {FCR.name: begun["begun"]} if begun else {}
    return explain(grounds, verdicts, policy, nights, falls, SITE)


def parts(found: list[Attribution], night: date) -> dict[Part, Attribution]:
    return {f.part: f for f in found if (f.as_of, f.metric) == (night, FCR.metric)}


def test_a_fall_begins_with_the_window_that_was_first_on_the_wrong_side() -> None:
    verdicts = judged((9, SHORT), (8, GOOD), (7, SHORT), (6, DARK), (5, SHORT))
    first = ago(7) - timedelta(days=27)
    assert onsets(verdicts, {}) == {
        (FCR.name, ago(9)): ago(9) - timedelta(days=27),
        (FCR.name, ago(7)): first,
        (FCR.name, ago(5)): first,
    }
    before = {FCR.name: ago(200)}
    assert onsets(verdicts, before)[FCR.name, ago(9)] == ago(200)
    assert onsets(verdicts, before)[FCR.name, ago(5)] == first


def test_a_norm_on_the_wrong_side_is_explained_against_the_91_days_before_its_fall(
    grounds: dict[str, Grounds],
) -> None:
    found = parts(explained(grounds, judged((1, GOOD), (0, SHORT))), LAST)
    change = found[Part.CHANGE]
    assert (change.window_start, change.window_end) == (ago(27), LAST)
    assert (change.reference_start, change.reference_end) == (ago(118), ago(28))
    assert change.estimate == pytest.approx(
        sum(found[p].estimate or 0 for p in found if p not in (Part.CHANGE, Part.STANDING_COST)),
        abs=1e-12,
    )
    for part in found.values():
        low, estimate, high = (figure or 0.0 for figure in (part.low, part.estimate, part.high))
        assert low <= estimate <= high
        assert min(part.agents or 0, part.cells or 0, part.contacts or 0) > 0
    assert {part.gap for part in found.values()} == {None}
    assert found[Part.STANDING_COST].reference_start is None


def test_a_norm_that_is_kept_has_its_standing_cost_only(grounds: dict[str, Grounds]) -> None:
    found = explained(grounds, judged((1, SHORT), (0, GOOD)))
    assert set(parts(found, LAST)) == {Part.STANDING_COST}
    assert [f.is_backfilled for f in found if f.part is Part.STANDING_COST] == [
        True,
        True,
        False,
        False,
    ]


def test_the_policys_dates_come_first(grounds: dict[str, Grounds]) -> None:
    spring = Reference(ago(300), ago(210))
    found = parts(explained(grounds, judged((0, SHORT)), replace(POLICY, reference=spring)), LAST)
    assert (found[Part.CHANGE].reference_start, found[Part.CHANGE].reference_end) == (
        ago(300),
        ago(210),
    )


def test_where_history_holds_no_reference_nothing_is_compared(grounds: dict[str, Grounds]) -> None:
    found = parts(
        explained(grounds, judged((0, SHORT)), begun=FIRST_DAY + timedelta(days=60)), LAST
    )
    assert found[Part.CHANGE].gap is Gap.NO_REFERENCE
    assert found[Part.CHANGE].estimate is None
    assert found[Part.STANDING_COST].estimate is not None


def test_what_is_not_known_says_why(grounds: dict[str, Grounds]) -> None:
    found = explained(grounds, judged((0, GOOD)), Policy((FCR,), (), "policy-1"))
    assert parts(found, LAST)[Part.STANDING_COST].gap is Gap.NO_TURNOVER_NORM
    (handle_time,) = (f for f in found if f.metric == "average_handle_time")
    assert (handle_time.gap, handle_time.agents) == (Gap.TOO_FEW_CONTACTS, None)
    later = verdict_of(FCR, LAST + timedelta(days=9), SHORT)
    (stale, _) = explain(grounds, [later], POLICY, [later.as_of], {}, SITE)
    assert (stale.part, stale.gap) == (Part.STANDING_COST, Gap.STALE)
