"""What the contract year has cost so far, what it will have cost, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

from scipy.special import stdtrit

from checks.contract import Contract
from checks.in_house import Range

LEVEL = 0.95
FEWEST_MONTHS = 3  # with two, Student's t is so wide that the interval says nothing
UNCLEAR = ("billed_twice", "incomplete")
RECENT_MONTHS = 6  # half a year: enough to tell how months differ, recent enough to be true still


@dataclass(frozen=True)
class MonthCost:
    """One month of facts.costs with its contacts; amounts in the contract's currency.

    None: not known (yet). `first_contacts` are mature openers, `resolved_contacts` those of them
    without a repeat.
    """

    month: date
    state: str
    invoiced: float | None
    cost: float | None
    handled_contacts: float | None
    first_contacts: float | None
    resolved_contacts: float | None

    @property
    def is_unclear(self) -> bool:
        """Whether it was billed in a way of which nobody can tell what it comes to."""
        return self.state in UNCLEAR

    @property
    def cost_per_resolved(self) -> float | None:
        """What a resolved contact cost."""
        if self.cost is None or not self.resolved_contacts:
            return None
        return self.cost / self.resolved_contacts


@dataclass(frozen=True)
class Spending:
    """A contract year's invoices, credit notes taken off, as known on a night.

    Attributes:
        first_month, last_month: of the contract year.
        months_billed: months of it with an invoice that is clear; the others are projected.
        projected: with those months; low and high at 95 %, None with fewer than three months to
            go by.
        rests_on_months: how many recent months the projection is made from.
    """

    first_month: date
    last_month: date
    months_billed: int
    spent: float
    projected: float | None
    low: float | None
    high: float | None
    rests_on_months: int
    envelope: float | None

    @property
    def is_beyond_envelope(self) -> bool:
        """Whether even the lower bound of the projection is above the envelope."""
        return self.envelope is not None and self.low is not None and self.low > self.envelope


def spending(contract: Contract, months: Sequence[MonthCost], night: date) -> Spending | None:
    """The contract year of a night; None outside the contract.

    `months`: those that were over on that night, in order. The k months that are not billed are
    taken to cost the mean m of the last n (six) that are, also of the year before; the projection
    errs by t(n - 1) s sqrt(k + k k / n), with s their standard deviation: k months vary, and so
    does the mean they are guessed from.
    """
    year = contract.year(night)
    if year is None:
        return None
    first, last = year
    billed = [
        (m.month, m.invoiced) for m in months if m.state == "invoiced" and m.invoiced is not None
    ]
    in_year = [amount for month, amount in billed if first <= month <= last]
    spent = sum(in_year)
    left = 12 - len(in_year)
    recent = [amount for _, amount in billed][-RECENT_MONTHS:]
    mean, half = _mean_and_half_width(recent, left)
    projected = None if mean is None else spent + left * mean
    return Spending(
        first_month=first,
        last_month=last,
        months_billed=len(in_year),
        spent=spent,
        projected=projected,
        low=None if projected is None or half is None else projected - half,
        high=None if projected is None or half is None else projected + half,
        rests_on_months=len(recent),
        envelope=contract.envelope,
    )


def monthly_outlay(months: Sequence[MonthCost]) -> Range | None:
    """What a month costs now, all in all: the mean of the last six known, and its 95 % interval."""
    recent = [m.cost for m in months if m.cost is not None][-RECENT_MONTHS:]
    if len(recent) < FEWEST_MONTHS:
        return None
    mean, spread = _mean_and_spread(recent)
    half = _student(len(recent)) * spread / sqrt(len(recent))
    return Range(mean - half, mean, mean + half)


def recent_costs(months: Sequence[MonthCost]) -> list[MonthCost]:
    """The last six months of which the cost of a resolved contact is known."""
    return [m for m in months if m.cost_per_resolved is not None][-RECENT_MONTHS:]


def months_over(months: Sequence[MonthCost], night: date) -> list[MonthCost]:
    """The months that had ended on a night."""
    open_since = (night + timedelta(days=1)).replace(day=1)
    return [month for month in months if month.month < open_since]


def _mean_and_half_width(recent: list[float], left: int) -> tuple[float | None, float | None]:
    if not recent:
        return None, None
    mean, spread = _mean_and_spread(recent)
    if len(recent) < FEWEST_MONTHS:
        return mean, None
    return mean, _student(len(recent)) * spread * sqrt(left + left**2 / len(recent))


def _mean_and_spread(amounts: Sequence[float]) -> tuple[float, float]:
    mean = sum(amounts) / len(amounts)
    squares = sum((amount - mean) ** 2 for amount in amounts)
    return mean, sqrt(squares / max(len(amounts) - 1, 1))


def _student(months: int) -> float:
    return float(stdtrit(months - 1, (1 + LEVEL) / 2))
