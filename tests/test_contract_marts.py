"""What pages and exports get of the contract and the in-house model."""

from dataclasses import replace
from datetime import date

import polars as pl
from contract_fixture import CONTRACT, POLICY, month_cost
from made_up_night import verdict

from checks.contract import Term
from checks.in_house import break_even, cost_per_resolved
from checks.persistence import State
from checks.policy import Policy
from checks.spending import monthly_outlay
from flows.contract_marts import SCHEMAS, contract_marts

MONTHS = [month_cost(n, 1e6 + 1e4 * (n % 3)) for n in range(8)]
AS_OF = date(1999, 8, 31)


def test_without_a_contract_there_are_marts_without_rows() -> None:
    marts = contract_marts(Policy((), (), ""), MONTHS, [], AS_OF)
    assert {name: frame.height for name, frame in marts.items()} == dict.fromkeys(SCHEMAS, 0)
    assert {name: dict(frame.schema) for name, frame in marts.items()} == SCHEMAS


def test_a_contract_without_invoices_has_its_dates() -> None:
    (row,) = contract_marts(POLICY, [], [], AS_OF)["contract"].rows(named=True)
    assert (row["notice_deadline"], row["is_notice_due"]) == (date(2000, 9, 30), False)
    assert (row["spent"], row["projected"], row["months_billed"]) == (0, None, 0)
    assert contract_marts(POLICY, [], [], AS_OF)["in_house"].is_empty()


def test_after_its_end_a_contract_has_no_year() -> None:
    (row,) = contract_marts(POLICY, MONTHS, [], date(2001, 3, 1))["contract"].rows(named=True)
    assert (row["first_month"], row["spent"], row["low"]) == (None, None, None)


def test_the_comparison_is_that_of_the_last_six_months() -> None:
    marts = contract_marts(POLICY, MONTHS, [], AS_OF)
    rows = {row["quantity"]: row for row in marts["in_house"].rows(named=True)}
    model = POLICY.in_house
    assert model is not None
    ours = sum(m.cost or 0 for m in MONTHS[-6:]) / 60_000
    per_contact = rows["cost_per_resolved_contact"]
    assert per_contact["outsourced"] == ours
    expected = cost_per_resolved(model, 16_000)
    assert (per_contact["low"], per_contact["likely"], per_contact["high"]) == expected
    outlay = monthly_outlay(MONTHS)
    assert outlay is not None
    assert rows["monthly_cost"]["outsourced_low"] == outlay.low
    months = rows["break_even_months"]
    assert (months["low"], months["likely"], months["high"]) == break_even(model, outlay)
    assert months["likely_month"] == date(1999, 8 + int(months["likely"]), 1)


def test_a_month_that_is_not_over_tells_nothing() -> None:
    """The eighth month ends on 31 August."""
    before = contract_marts(POLICY, MONTHS, [], date(1999, 8, 30))
    assert before["contract"]["months_billed"].to_list() == [7]


def test_inputs_come_with_their_source_and_the_largest_swing_first() -> None:
    inputs = contract_marts(POLICY, MONTHS, [], AS_OF)["in_house_inputs"]
    assert inputs["place"].to_list() == list(range(1, 11))
    assert set(inputs["why"]) == {"asked the personnel office"}
    swing = (inputs["cost_at_high"] - inputs["cost_at_low"]).abs()
    assert swing.is_sorted(descending=True)
    unknown = contract_marts(POLICY, [], [], AS_OF)["in_house_inputs"]
    assert unknown.select(pl.col("cost_at_low", "cost_at_high").null_count()).row(0) == (10, 10)


def test_terms_are_worth_what_the_months_last_night_says() -> None:
    contract = replace(CONTRACT, terms=(Term("service_level", 0.02, 0, 0, 0, "clause 9"),))
    judged = [verdict(as_of=date(1999, 1, 31), state=State.BREACHED)]
    marts = contract_marts(replace(POLICY, contract=contract), MONTHS, judged, AS_OF)
    assert marts["bonus_malus"].rows() == [
        (date(1999, 1, 1), "service_level:all:all", "breached", 20_000, "FRF")
    ]
