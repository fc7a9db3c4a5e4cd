"""What the service would cost in-house: a small model that the policy declares, no guess of ours.

A month costs agents x (salary + premises + tools + turnover / 12 x (recruitment + training)) +
management; the move costs once. Every input has a low, a likely and a high value. A result is
computed at the likely values; how far it may be off is the root of the sum of squares of what each
input does by itself, which takes them for independent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, NamedTuple

from checks.policy_keys import key_faults, unknown_words

# In the contract's currency where it is money.
INPUTS = {
    "agents": "agents employed",
    "salary": "an agent's salary with charges, a month",
    "management": "supervisors and planning, a month",
    "recruitment": "finding one agent",
    "training": "training one agent",
    "turnover": "departures per agent and year",
    "premises": "room and furniture of an agent, a month",
    "tools": "telephone and computer of an agent, a month",
    "move": "the move itself, once",
    "resolution": "share of first contacts that are resolved",
}
ESTIMATE_KEYS: dict[str, type] = {"low": float, "likely": float, "high": float, "why": str}
LONGEST_MONTHS = 120  # a move that has not paid for itself in ten years does not

Values = Mapping[str, float]


class Range(NamedTuple):
    """A figure and how far it may be off."""

    low: float
    likely: float
    high: float


@dataclass(frozen=True)
class InHouse:
    """The model's inputs, each with the line that says where it comes from."""

    inputs: Mapping[str, Range]
    whys: Mapping[str, str]


@dataclass(frozen=True)
class Swing:
    """What one input does to a result, the others being likely."""

    name: str
    input: Range
    at_low: float
    at_high: float


def cost_per_resolved(model: InHouse, first_contacts: float) -> Range:
    """What a resolved contact would cost in a month with so many first contacts (openers)."""
    return spread(_per_resolved(first_contacts), model.inputs)


def monthly_cost(model: InHouse) -> Range:
    """What a month would cost, the move aside."""
    return spread(_monthly, model.inputs)


def break_even(model: InHouse, outsourced: Range) -> tuple[int | None, int | None, int | None]:
    """After how many months the move has paid for itself: at the earliest, likely, at the latest.

    `outsourced`: what a month costs today. None: not within ten years.
    """
    inputs = {**model.inputs, "outsourced": outsourced}
    balances = [spread(_balance(months), inputs) for months in range(1, LONGEST_MONTHS + 1)]

    def first(balance_of: Callable[[Range], float]) -> int | None:
        return next((n for n, b in enumerate(balances, 1) if balance_of(b) >= 0), None)

    return first(lambda b: b.high), first(lambda b: b.likely), first(lambda b: b.low)


def sensitivity(model: InHouse, first_contacts: float) -> list[Swing]:
    """The cost of a resolved contact at both ends of each input; the largest swing first."""
    swings = swings_of(_per_resolved(first_contacts), model.inputs)
    return sorted(swings, key=lambda swing: (-abs(swing.at_high - swing.at_low), swing.name))


def spread(result: Callable[[Values], float], inputs: Mapping[str, Range]) -> Range:
    """A result at the likely inputs, and how far down and up it may be off."""
    likely = result({name: estimate.likely for name, estimate in inputs.items()})
    down = up = 0.0
    for swing in swings_of(result, inputs):
        down += max(likely - swing.at_low, likely - swing.at_high, 0.0) ** 2
        up += max(swing.at_low - likely, swing.at_high - likely, 0.0) ** 2
    return Range(likely - sqrt(down), likely, likely + sqrt(up))


def swings_of(result: Callable[[Values], float], inputs: Mapping[str, Range]) -> list[Swing]:
    """What each input does by itself."""
    likely = {name: estimate.likely for name, estimate in inputs.items()}
    return [
        Swing(
            name,
            estimate,
            result({**likely, name: estimate.low}),
            result({**likely, name: estimate.high}),
        )
        for name, estimate in inputs.items()
    ]


def _monthly(value: Values) -> float:
    hiring = value["turnover"] / 12 * (value["recruitment"] + value["training"])
    agent = value["salary"] + value["premises"] + value["tools"] + hiring
    return value["agents"] * agent + value["management"]


def _per_resolved(first_contacts: float) -> Callable[[Values], float]:
    return lambda value: _monthly(value) / (first_contacts * value["resolution"])


def _balance(months: int) -> Callable[[Values], float]:
    return lambda value: months * (value["outsourced"] - _monthly(value)) - value["move"]


def in_house_of(section: Mapping[str, Any]) -> InHouse:
    """The section [in_house] of a policy without fault."""
    return InHouse(
        {name: _range(section[name]) for name in INPUTS},
        {name: section[name]["why"] for name in INPUTS},
    )


def _range(stated: Mapping[str, Any]) -> Range:
    return Range(float(stated["low"]), float(stated["likely"]), float(stated["high"]))


def in_house_faults(section: Mapping[str, Any]) -> list[str]:
    """A sentence for each fault of the section [in_house]."""
    missing = [name for name in INPUTS if name not in section]
    return [
        *unknown_words("input", section, INPUTS),
        *(f"{name} is missing ({INPUTS[name]}); 0 is a figure too." for name in missing),
        *(
            f"{name}: {fault}"
            for name, stated in section.items()
            if name in INPUTS
            for fault in _input_faults(name, stated)
        ),
    ]


def _input_faults(name: str, stated: object) -> Sequence[str]:
    if not isinstance(stated, dict):
        return [f"it is written as a block, [in_house.{name}], with low, likely, high and why."]
    faults = key_faults(stated, ESTIMATE_KEYS)
    if faults:
        return faults
    if not 0 <= stated["low"] <= stated["likely"] <= stated["high"]:
        return ["low, likely and high must be 0 or more, in this order."]
    if name in ("agents", "resolution") and stated["low"] == 0:
        return ["low must be above 0."]
    if name == "resolution" and stated["high"] > 1:
        return [f"{stated['high']} is no share (65 % is written 0.65)."]
    return []
