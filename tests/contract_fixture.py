"""A contract, an in-house model and the months of a year, for the tests that need them."""

from dataclasses import replace
from datetime import date

from checks.contract import Contract, months_later
from checks.in_house import InHouse, Range
from checks.policy import CostTrigger, Policy
from checks.spending import MonthCost

FIRST = date(1999, 1, 1)
CONTRACT = Contract(
    starts_on=FIRST,
    ends_on=date(2000, 12, 31),
    currency="FRF",
    why="signed so",
    notice_days=92,
    remind_days=30,
    envelope=12_000_000,
)
INPUTS = {
    "agents": Range(20, 20, 20),
    "salary": Range(18_000, 20_000, 23_000),
    "management": Range(90_000, 100_000, 110_000),
    "recruitment": Range(5_000, 6_000, 7_000),
    "training": Range(15_000, 18_000, 21_000),
    "turnover": Range(0.3, 0.5, 0.8),
    "premises": Range(2_000, 2_500, 3_000),
    "tools": Range(1_500, 2_000, 2_500),
    "move": Range(1_000_000, 1_500_000, 2_500_000),
    "resolution": Range(0.6, 0.65, 0.7),
}
IN_HOUSE = InHouse(INPUTS, dict.fromkeys(INPUTS, "asked the personnel office"))
POLICY = Policy(
    norms=(),
    triggers=(),
    version="policy-1",
    cost_trigger=CostTrigger(2, "one dear month is luck"),
    contract=CONTRACT,
    in_house=IN_HOUSE,
)


def month_cost(number: int, invoiced: float | None, **changed: object) -> MonthCost:
    """Month `number` (0: January 1999); its cost is the invoice, resolved 10,000 of 16,000."""
    month = MonthCost(
        month=months_later(FIRST, number),
        state="waiting" if invoiced is None else "invoiced",
        invoiced=invoiced,
        cost=invoiced,
        handled_contacts=25_000.0,
        first_contacts=16_000.0,
        resolved_contacts=10_000.0,
    )
    return replace(month, **changed)  # type: ignore[arg-type]
