"""The in-house model: what it says, how sure it is, and when the move has paid for itself."""

from math import sqrt

import pytest
from contract_fixture import IN_HOUSE, INPUTS

from checks.in_house import (
    InHouse,
    Range,
    break_even,
    cost_per_resolved,
    monthly_cost,
    sensitivity,
    spread,
)


def test_a_month_and_a_resolved_contact_by_hand() -> None:
    """20 x (20,000 + 2,500 + 2,000 + 0.5 / 12 x 24,000) + 100,000 = 610,000; / (16,000 x .65)."""
    assert monthly_cost(IN_HOUSE).likely == pytest.approx(610_000, rel=1e-12)
    assert cost_per_resolved(IN_HOUSE, 16_000).likely == pytest.approx(610_000 / 10_400, rel=1e-12)


def test_ranges_of_independent_inputs_add_up_as_squares() -> None:
    """3 and 4 down make 5; an input that is known adds nothing, also where less is more."""
    inputs = {"a": Range(7, 10, 10), "b": Range(0, 4, 16), "c": Range(1, 1, 1)}
    found = spread(lambda v: v["a"] + v["b"] * v["c"], inputs)
    assert found == pytest.approx((14 - 5, 14, 14 + 12), rel=1e-12)
    falling = spread(lambda v: -v["a"] - v["b"], inputs)
    assert falling == pytest.approx((-14 - 12, -14, -14 + 5), rel=1e-12)


def test_the_sensitivity_table_moves_one_input_at_a_time() -> None:
    table = sensitivity(IN_HOUSE, 16_000)
    by_name = {swing.name: swing for swing in table}
    assert set(by_name) == set(INPUTS)
    salaries = by_name["salary"]
    assert salaries.at_low == pytest.approx((610_000 - 40_000) / 10_400, rel=1e-12)
    assert salaries.at_high == pytest.approx((610_000 + 60_000) / 10_400, rel=1e-12)
    assert by_name["resolution"].at_high == pytest.approx(610_000 / 11_200, rel=1e-12)
    assert by_name["move"].at_low == by_name["move"].at_high  # paid once, by no contact
    spans = [abs(swing.at_high - swing.at_low) for swing in table]
    assert spans == sorted(spans, reverse=True)


def test_the_move_has_paid_for_itself_when_what_was_saved_covers_it() -> None:
    """Saving 390,000 a month, 1.5 million is back in the fourth."""
    assert break_even(IN_HOUSE, Range(1e6, 1e6, 1e6))[1] == 4


def test_the_range_of_the_break_even_is_where_the_balance_may_turn() -> None:
    """One input alone: at its ends, 1.0 and 2.5 million at 390,000 a month."""
    certain = {name: Range(r.likely, r.likely, r.likely) for name, r in INPUTS.items()}
    model = InHouse(certain | {"move": INPUTS["move"]}, IN_HOUSE.whys)
    assert break_even(model, Range(1e6, 1e6, 1e6)) == (3, 4, 7)


def test_what_saves_nothing_never_pays() -> None:
    assert break_even(IN_HOUSE, Range(600_000, 600_000, 600_000))[1:] == (None, None)
    earliest, likely, latest = break_even(IN_HOUSE, Range(620_000, 700_000, 780_000))
    assert earliest is not None
    assert likely == 17  # 1.5 million at 90,000 a month
    assert latest is None


def test_more_contacts_make_each_cheaper() -> None:
    few, many = cost_per_resolved(IN_HOUSE, 8_000), cost_per_resolved(IN_HOUSE, 16_000)
    assert few.likely == pytest.approx(2 * many.likely, rel=1e-12)
    assert few.low < few.likely < few.high
    down = sum(
        max(many.likely - s.at_low, many.likely - s.at_high, 0) ** 2
        for s in sensitivity(IN_HOUSE, 16_000)
    )
    assert many.low == pytest.approx(many.likely - sqrt(down), rel=1e-12)
