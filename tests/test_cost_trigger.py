"""The trigger `cost`: a table of nights, each opened by the sentence that it proves."""

from dataclasses import replace
from datetime import date, timedelta

from contract_fixture import CONTRACT, IN_HOUSE, POLICY, month_cost

from checks.cost_trigger import ENVELOPE, PER_CONTACT, judge_cost
from checks.in_house import cost_per_resolved
from checks.policy import Policy
from checks.spending import MonthCost
from checks.triggers import TriggerState

LAG = 8
HIGH = cost_per_resolved(IN_HOUSE, 16_000).high * 10_000  # what the month may cost at most
DEAR, FAIR = HIGH + 1, HIGH - 1
ONLY_IN_HOUSE = replace(POLICY, contract=replace(CONTRACT, envelope=None))
ONLY_ENVELOPE = replace(POLICY, in_house=None)


def states(
    policy: Policy,
    months: list[MonthCost],
    *nights: date,
    before: TriggerState | None = None,
) -> list[tuple[str, tuple[str, ...]]]:
    found = judge_cost(policy, months, nights, before, LAG)
    return [(state.state.value, state.norms) for state in found]


def every_night(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_two_dear_months_running_fire_one_is_watched() -> None:
    """A month is known eight days after its end; in June a fair one clears it."""
    months = [month_cost(n, cost) for n, cost in enumerate((FAIR, DEAR, DEAR, FAIR))]
    nights = every_night(date(1999, 2, 1), date(1999, 5, 20))
    found = judge_cost(ONLY_IN_HOUSE, months, nights, None, LAG)
    changes = {s.since: s.state.value for s in found}
    assert changes == {
        date(1999, 2, 1): "clear",
        date(1999, 3, 8): "watch",
        date(1999, 4, 8): "triggered",
        date(1999, 5, 8): "clear",
    }
    assert {s.norms for s in found if s.state.value != "clear"} == {(PER_CONTACT,)}
    assert [s.is_backfilled for s in found] == [True] * (len(found) - 1) + [False]


def test_dear_months_with_a_gap_between_them_do_not_run() -> None:
    months = [month_cost(0, DEAR), month_cost(1, None), month_cost(2, DEAR)]
    assert states(ONLY_IN_HOUSE, months, date(1999, 4, 20)) == [("watch", (PER_CONTACT,))]


def test_a_month_that_is_not_clear_any_more_clears_nothing() -> None:
    """Fired on two dear months; the second is billed twice: nobody can tell that it was not dear."""
    months = [month_cost(n, DEAR) for n in range(3)]
    (fired,) = judge_cost(POLICY, months, [date(1999, 4, 20)], None, LAG)
    unclear = [*months[:2], replace(months[2], state="billed_twice", cost=None)]
    (held,) = judge_cost(POLICY, unclear, [date(1999, 4, 21)], fired, LAG)
    assert (held.state, held.norms, held.since) == (fired.state, fired.norms, fired.since)
    assert "What March 1999 cost is not clear" in held.evidence
    two_clear_since = [*unclear, month_cost(3, FAIR), month_cost(4, FAIR)]
    assert states(POLICY, two_clear_since, date(1999, 6, 20), before=held) == [("clear", ())]


def test_a_bill_that_is_not_clear_any_more_brings_no_spend_below_the_envelope() -> None:
    months = [month_cost(n, 1_200_000 + n) for n in range(9)]
    (fired,) = judge_cost(ONLY_ENVELOPE, months, [date(1999, 10, 20)], None, LAG)
    assert fired.state.value == "triggered"
    low = [replace(m, invoiced=900_000 + 9_000 * n) for n, m in enumerate(months[:4])]
    unclear = [*low, *(replace(month, state="incomplete", cost=None) for month in months[4:])]
    (held,) = judge_cost(ONLY_ENVELOPE, unclear, [date(1999, 10, 21)], fired, LAG)
    assert (held.state, held.norms) == (fired.state, (ENVELOPE,))
    assert held.evidence.endswith("without September 1999, whose bill is not clear.")
    (never,) = judge_cost(ONLY_ENVELOPE, unclear, [date(1999, 10, 21)], None, LAG)
    assert never.state.value == "clear"


def test_within_the_range_of_in_house_is_not_dearer() -> None:
    """Above the likely figure, below the high one: nobody can say that it is dearer."""
    months = [month_cost(n, FAIR) for n in range(2)]
    (found,) = judge_cost(ONLY_IN_HOUSE, months, [date(1999, 3, 20)], None, LAG)
    assert found.state.value == "clear"
    assert "in-house 58.65 [" in found.evidence
    assert "no envelope is stated" in found.evidence


def test_months_without_news_keep_it_where_it_was() -> None:
    """Invoices stop after March: until June nothing is newer, from July on nothing can be told."""
    months = [month_cost(n, DEAR) for n in range(3)]
    (fired,) = judge_cost(ONLY_IN_HOUSE, months, [date(1999, 4, 20)], None, LAG)
    assert states(ONLY_IN_HOUSE, months, date(1999, 9, 20), before=fired) == [
        ("triggered", (PER_CONTACT,))
    ]
    assert states(ONLY_IN_HOUSE, months, date(1999, 9, 20)) == [("clear", ())]


def test_a_projection_wholly_above_the_envelope_fires_at_once() -> None:
    amounts = [1.3e6, 1.31e6, 1.29e6, 1.3e6]
    months = [month_cost(n, amount) for n, amount in enumerate(amounts)]
    assert states(ONLY_ENVELOPE, months, date(1999, 3, 30), date(1999, 3, 31)) == [
        ("clear", ()),
        ("triggered", (ENVELOPE,)),
    ]


def test_a_new_contract_year_is_another_envelope() -> None:
    """1999 was too dear; in January the projection rests on a cheaper half year."""
    months = [month_cost(n, 1.3e6) for n in range(6)] + [month_cost(n, 0.9e6) for n in range(6, 13)]
    found = states(ONLY_ENVELOPE, months, date(1999, 8, 1), date(2000, 1, 31))
    assert [state for state, _ in found] == ["triggered", "clear"]


def test_both_conditions_are_in_the_evidence() -> None:
    months = [month_cost(n, DEAR) for n in range(4)]
    (found,) = judge_cost(POLICY, months, [date(1999, 5, 20)], None, LAG)
    assert found.state.value == "triggered"
    assert "dearer for 4 closed months running" in found.evidence
    assert "against an envelope of 12,000,000" in found.evidence
