"""The contract: its years, its end, its notice, its spend, and what broken norms are worth."""

from dataclasses import replace
from datetime import date, timedelta
from math import sqrt

import numpy as np
import pytest
from contract_fixture import CONTRACT, month_cost
from made_up_night import verdict
from scipy import stats

from checks.bonus_malus import bonus_malus
from checks.contract import Term, notice
from checks.persistence import State
from checks.spending import monthly_outlay, months_over, spending

SEED = 19990101


def test_contract_years_run_from_month_to_month() -> None:
    """A contract signed on the 15th has the year of its first month."""
    contract = replace(CONTRACT, starts_on=date(1998, 11, 15), ends_on=date(2001, 11, 14))
    expected = {
        date(1998, 10, 31): None,
        date(1998, 11, 1): (date(1998, 11, 1), date(1999, 10, 1)),
        date(1999, 10, 31): (date(1998, 11, 1), date(1999, 10, 1)),
        date(1999, 11, 1): (date(1999, 11, 1), date(2000, 10, 1)),
        date(2001, 11, 14): (date(2001, 11, 1), date(2002, 10, 1)),
        date(2001, 11, 15): None,
    }
    assert {day: contract.year(day) for day in expected} == expected


def test_the_reminder_comes_before_the_deadline_and_ends_with_it() -> None:
    """31 December less 92 days is 30 September; 30 days before that is 31 August."""
    nights = [date(2000, 8, 30), date(2000, 8, 31), date(2000, 9, 30), date(2000, 10, 1)]
    told = [notice(CONTRACT, night) for night in nights]
    assert [n and (n.deadline, n.days_left, n.is_due) for n in told] == [
        (date(2000, 9, 30), 31, False),
        (date(2000, 9, 30), 30, True),
        (date(2000, 9, 30), 0, True),
        (date(2000, 9, 30), -1, False),
    ]


def test_a_contract_that_renews_itself_goes_on_from_the_day_nobody_spoke() -> None:
    contract = replace(CONTRACT, renewal_months=12)
    assert contract.end_in_force(date(2000, 9, 30)) == date(2000, 12, 31)
    assert contract.end_in_force(date(2000, 10, 1)) == date(2001, 12, 31)
    late = notice(contract, date(2001, 9, 5))
    assert late is not None
    assert (late.ends_on, late.days_left) == (date(2001, 12, 31), 25)


def test_without_notice_in_the_policy_nobody_is_reminded() -> None:
    assert notice(replace(CONTRACT, notice_days=None, remind_days=None), date(2000, 9, 1)) is None


def test_the_projection_is_what_was_billed_and_months_like_the_last_six() -> None:
    """By hand: five months, then k = 7 months at their mean, with t of 4 degrees of freedom."""
    amounts = [900_000.0, 950_000.0, 1_000_000.0, 1_050_000.0, 1_100_000.0]
    months = [month_cost(n, amount) for n, amount in enumerate(amounts)]
    found = spending(CONTRACT, months, date(1999, 6, 20))
    assert found is not None
    half = stats.t.ppf(0.975, 4) * np.std(amounts, ddof=1) * sqrt(7 + 49 / 5)
    assert found.spent == 5_000_000
    assert found.projected == 12_000_000
    assert found.low == pytest.approx(12_000_000 - half, rel=1e-12)
    assert found.high == pytest.approx(12_000_000 + half, rel=1e-12)
    assert not found.is_beyond_envelope


def test_months_that_are_not_clear_are_projected_and_a_full_year_is_certain() -> None:
    """Billed twice is not billed; twelve clear months leave nothing to guess."""
    months = [month_cost(n, 1_100_000) for n in range(12)]
    unclear = [*months[:4], replace(months[4], state="billed_twice", cost=None), *months[5:]]
    night = date(1999, 12, 31)
    found = spending(CONTRACT, unclear, night)
    assert found is not None
    assert (found.months_billed, found.spent, found.projected) == (11, 12_100_000, 13_200_000)
    whole = spending(CONTRACT, months, night)
    assert whole is not None
    assert (whole.low, whole.high) == (13_200_000, 13_200_000)
    assert whole.is_beyond_envelope


def test_two_months_are_too_few_for_an_interval_and_none_for_a_projection() -> None:
    two = spending(CONTRACT, [month_cost(n, 1e6) for n in range(2)], date(1999, 3, 5))
    assert two is not None
    assert (two.projected, two.low, two.high) == (12e6, None, None)
    none = spending(CONTRACT, [], date(1999, 1, 5))
    assert none is not None
    assert (none.spent, none.projected) == (0, None)
    assert spending(CONTRACT, [], date(2001, 1, 5)) is None


def test_the_projection_covers_what_comes() -> None:
    """Months that differ by chance: the year's spend lies in the 95 % interval as often as said."""
    rng = np.random.default_rng(SEED)
    covered = 0
    for _ in range(2000):
        amounts = rng.normal(1e6, 6e4, 12).tolist()
        months = [month_cost(n, amount) for n, amount in enumerate(amounts)]
        found = spending(CONTRACT, months[:7], date(1999, 8, 15))
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= sum(amounts) <= found.high
    assert 0.935 <= covered / 2000 <= 0.965


def test_a_month_costs_the_mean_of_the_last_six_known() -> None:
    amounts = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    months = [month_cost(n, amount) for n, amount in enumerate(amounts)]
    found = monthly_outlay(months)
    assert found is not None
    low, high = stats.t.interval(0.95, 5, loc=4.5, scale=stats.sem(amounts[1:]))
    assert found == pytest.approx((low, 4.5, high), rel=1e-12)
    assert monthly_outlay(months[:2]) is None


def test_months_count_from_their_last_night_on() -> None:
    months = [month_cost(n, 1.0) for n in range(2)]
    assert len(months_over(months, date(1999, 1, 30))) == 0
    assert len(months_over(months, date(1999, 1, 31))) == 1
    assert len(months_over(months, date(1999, 2, 28))) == 2


def test_norms_are_worth_what_the_contract_says_on_the_last_night_of_a_month() -> None:
    """2 % of a million off for a breach, 1 % on top and 5,000 for a month that is met."""
    terms = (
        Term("service_level", 0.02, 0, 0.01, 5_000, "clause 9"),
        Term("service_level:queue:billing", 0, 30_000, 0, 0, "clause 10"),
    )
    contract = replace(CONTRACT, terms=terms)
    months = [month_cost(n, 1e6) for n in range(3)] + [month_cost(3, None)]
    lasts = [date(1999, 1, 31), date(1999, 2, 28), date(1999, 3, 31), date(1999, 4, 30)]
    states = [State.BREACHED, State.MET, State.AT_RISK, State.BREACHED]
    verdicts = [verdict(as_of=n, state=s) for n, s in zip(lasts, states, strict=True)]
    verdicts += [verdict(as_of=n + timedelta(days=1), state=State.BREACHED) for n in lasts]
    billing = {"norm": "service_level:queue:billing", "scope_kind": "queue", "scope": "billing"}
    verdicts += [verdict(as_of=lasts[0], state=State.BREACHED, **billing)]
    verdicts += [verdict(as_of=lasts[1], state=State.NO_DATA, **billing)]
    found = [(w.month.month, w.norm.split(":")[1], w.worth) for w in bonus_malus(
        contract, verdicts, months
    )]  # fmt: skip
    assert found == [
        (1, "all", 20_000),
        (1, "queue", 30_000),
        (2, "all", -15_000),
        (3, "all", 0),
        (4, "all", None),
    ]
