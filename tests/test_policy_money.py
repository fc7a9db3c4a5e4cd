"""The sections of a policy on money: the contract, the in-house model, the trigger `cost`."""

from datetime import date
from pathlib import Path

import pytest

from checks.contract import Term
from checks.in_house import INPUTS, Range
from checks.policy import Policy, load_policy
from warehouse.errors import ConfigurationError

DEFINITIONS = {"service_level": "proportion"}
NORM = """
[[norms]]
metric = "service_level"
direction = "at_least"
target = 0.80
window = "rolling_28"
kind = "quality"
min_denominator = 200
why = "the in-house figure"
"""
CONTRACT = """
[contract]
starts_on = 1998-11-01
ends_on = 2000-10-31
currency = "FRF"
why = "as signed"
"""
ENVELOPE = CONTRACT + "envelope = 12_000_000\n"
IN_HOUSE = "".join(
    f'[in_house.{name}]\nlow = 0.1\nlikely = 0.2\nhigh = 0.3\nwhy = "asked"\n' for name in INPUTS
)
TRIGGER = '[triggers.cost]\nmonths_running = 2\nwhy = "one is luck"\n'


def load(path: Path, text: str) -> Policy:
    path.write_text(NORM + text, encoding="utf-8")
    return load_policy(path, DEFINITIONS)


def faults(path: Path, text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load(path / "policy.toml", text)
    return [fault.partition(": ")[2] for fault in caught.value.faults]


def test_what_is_not_stated_is_not_there(tmp_path: Path) -> None:
    policy = load(tmp_path / "p.toml", "")
    assert (policy.contract, policy.in_house, policy.cost_trigger) == (None, None, None)
    assert policy.trigger_names == ()


def test_a_contract_an_in_house_model_and_the_trigger(tmp_path: Path) -> None:
    terms = """
        notice_days = 92
        remind_days = 45
        renewal_months = 12
        own_management = 55000
        [[contract.terms]]
        norm = "service_level"
        malus_share = 0.02
        why = "clause 9"
        """
    policy = load(tmp_path / "p.toml", ENVELOPE + terms + IN_HOUSE + TRIGGER)
    assert policy.contract is not None
    assert policy.contract.ends_on == date(2000, 10, 31)
    assert policy.contract.terms == (Term("service_level", 0.02, 0, 0, 0, "clause 9"),)
    assert policy.in_house is not None
    assert policy.in_house.inputs["salary"] == Range(0.1, 0.2, 0.3)
    assert policy.in_house.whys["salary"] == "asked"
    assert policy.trigger_names == ("cost",)


def test_another_contract_is_another_version(tmp_path: Path) -> None:
    one, other = (load(tmp_path / "p.toml", text).version for text in (CONTRACT, ENVELOPE))
    assert one != other


def test_all_faults_of_a_contract_are_named_at_once(tmp_path: Path) -> None:
    said = faults(tmp_path, """
        [contract]
        starts_on = 2000-10-31
        ends_on = 2000-10-31
        currency = "DEM"
        envelope = 0
        own_management = -1
        notice_days = 0
        why = "as signed"
        [[contract.terms]]
        norm = "service_level"
        why = "clause 9"
        [[contract.terms]]
        norm = "service_level"
        malus_share = 2
        bonus_amount = -5
        why = "clause 10"
        """)  # fmt: skip
    assert said == [
        "contract: currency 'DEM' is unknown; there are: EUR, FRF.",
        "contract: ends_on must be after starts_on.",
        "contract: notice_days must be 1 or more.",
        "contract: envelope must be above 0.",
        "contract: own_management must be 0 or more.",
        "contract: notice_days and remind_days are both given, or neither.",
        "contract: term 1: it states none of malus_share, malus_amount, bonus_share, bonus_amount.",
        "contract: term 2: a bonus or malus is 0 or more; its name says which way it goes.",
        "contract: term 2: a share is at most 1 (2 % is written 0.02).",
    ]


def test_what_is_missing_or_of_another_kind_is_said(tmp_path: Path) -> None:
    said = faults(tmp_path, """
        [contract]
        starts_on = 2000-10-31T08:00:00
        currency = "FRF"
        why = ""
        budget = 5
        """)  # fmt: skip
    assert [fault.partition("; there are")[0] for fault in said] == [
        "contract: key 'budget' is unknown",
        "contract: starts_on must be a date such as 1999-12-31, not"
        " datetime.datetime(2000, 10, 31, 8, 0).",
        "contract: why must be a text that is not empty, not ''.",
        "contract: ends_on is missing.",
    ]


def test_all_faults_of_an_in_house_model_are_named_at_once(tmp_path: Path) -> None:
    said = faults(tmp_path, CONTRACT + IN_HOUSE.replace("[in_house.salary]", "[in_house.pensionscheme]")
        .replace("[in_house.resolution]\nlow = 0.1\nlikely = 0.2\nhigh = 0.3",
                 "[in_house.resolution]\nlow = 0.1\nlikely = 0.2\nhigh = 65")
        .replace("[in_house.tools]\nlow = 0.1", "[in_house.tools]\nlow = 0.25"))  # fmt: skip
    assert [fault.partition("; there are")[0] for fault in said] == [
        "in_house: input 'pensionscheme' is unknown",
        "in_house: salary is missing (an agent's salary with charges, a month); 0 is a figure too.",
        "in_house: tools: low, likely and high must be 0 or more, in this order.",
        "in_house: resolution: 65 is no share (65 % is written 0.65).",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            TRIGGER,
            "trigger cost: it could never fire; state [in_house], or envelope in [contract].",
        ),
        (
            TRIGGER + CONTRACT,
            "trigger cost: it could never fire; state [in_house], or envelope in [contract].",
        ),
        (
            TRIGGER.replace("2", "0") + ENVELOPE,
            "trigger cost: months_running must be 1 or more.",
        ),
        (
            IN_HOUSE,
            "in_house: its amounts are in the currency of [contract], which is missing.",
        ),
        (
            CONTRACT + '[[contract.terms]]\nnorm = "abandonment"\nmalus_share = 0.1\nwhy = "x"\n',
            "contract: term 1: norm 'abandonment' is unknown; there are: service_level,"
            " service_level:all:all.",
        ),
    ],
)
def test_sections_that_need_each_other(tmp_path: Path, text: str, fault: str) -> None:
    assert faults(tmp_path, text) == [fault]
