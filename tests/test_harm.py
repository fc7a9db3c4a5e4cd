"""`turnover_harms_quality`: what has to come together before it fires, and what its policy may say."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from made_up_night import attribution
from test_triggers import (
    GOOD,
    HIGH,
    LOW,
    MAYBE,
    SERVICE_LEVEL,
    STALE,
    TONIGHT,
    TURNOVER,
    Reading,
    ago,
    verdict,
)

from checks.explanation import Attribution
from checks.harm import judge_harm
from checks.persistence import State
from checks.policy import HarmTrigger, Policy, load_policy
from checks.reference import Reference
from checks.tenure import Gap
from checks.triggers import TriggerLevel, TriggerState
from warehouse.errors import ConfigurationError

POLICY = Policy((SERVICE_LEVEL, TURNOVER), (), "policy-1", harm=HarmTrigger(0.01, "a point"))
SHIPPED = Path(__file__).parents[1] / "checks" / "policy.toml"
KINDS = {
    "service_level": "proportion", "first_call_resolution": "proportion",
    "abandonment_rate": "proportion", "average_handle_time": "mean", "agent_turnover": "rate",
}  # fmt: skip
BREACHED: Reading = (State.BREACHED, 0.74, 0.72, 0.76)
TWO_POINTS = (-0.022, -0.025, -0.019)
PERHAPS = (-0.015, -0.022, -0.008)
NOTHING = (-0.002, -0.005, 0.001)
Cost = tuple[float, float, float] | None


def cost_of(night: date, cost: Cost) -> Attribution:
    estimate, low, high = cost or (None, None, None)
    gap = None if cost else Gap.TOO_FEW_VETERANS
    days = {"window_start": night - timedelta(days=27), "window_end": night}
    return attribution(as_of=night, estimate=estimate, low=low, high=high, gap=gap, **days)


def harm(
    quality: Reading, turnover: Reading, cost: Cost, before: TriggerState | None = None
) -> TriggerState:
    verdicts = [verdict(SERVICE_LEVEL, TONIGHT, quality), verdict(TURNOVER, TONIGHT, turnover)]
    (state,) = judge_harm(verdicts, [cost_of(TONIGHT, cost)], POLICY, [TONIGHT], before)
    return state


def was(level: TriggerLevel) -> TriggerState:
    norms = () if level is TriggerLevel.CLEAR else (SERVICE_LEVEL.name, TURNOVER.name)
    return TriggerState(
        ago(1), "turnover_harms_quality", level, ago(9), norms, "", False, "policy-1"
    )


def test_both_norms_breached_and_a_cost_beyond_doubt_fire_it() -> None:
    state = harm(BREACHED, HIGH, TWO_POINTS)
    assert state.state is TriggerLevel.TRIGGERED
    assert state.norms == ("service_level:all:all", "agent_turnover:all:all")
    assert state.evidence == (
        "Service level was 74.0 % [72.0 % to 76.0 %] in the 28 days to 1 September 2025 against a norm of at "
        "least 80.0 %; agent turnover was 2.6 a year [1.6 to 4] in the 91 days to 1 September 2025 against a norm of "
        "at most 1.5 a year; turnover beyond its norm costs 2.2 points of first call resolution [1.9 to 2.5] "
        "in the days to 1 September 2025, where more than 1.0 matters."
    )


@pytest.mark.parametrize(
    ("quality", "turnover", "cost", "level"),
    [
        (GOOD, HIGH, TWO_POINTS, TriggerLevel.CLEAR),  # quality is kept
        (BREACHED, LOW, TWO_POINTS, TriggerLevel.CLEAR),  # turnover is
        (BREACHED, MAYBE, TWO_POINTS, TriggerLevel.CLEAR),  # turnover may be
        (BREACHED, HIGH, NOTHING, TriggerLevel.CLEAR),  # it is not turnover that harms
        (BREACHED, HIGH, (0.02, 0.015, 0.025), TriggerLevel.CLEAR),  # the team grew
        (BREACHED, HIGH, PERHAPS, TriggerLevel.WATCH),  # more than a point, not beyond doubt
        (BREACHED, HIGH, None, TriggerLevel.CLEAR),  # nobody knows
    ],
)
def test_anything_less_does_not(
    quality: Reading, turnover: Reading, cost: Cost, level: TriggerLevel
) -> None:
    assert harm(quality, turnover, cost).state is level


def test_it_is_left_when_the_estimate_is_back_and_not_before() -> None:
    fired = was(TriggerLevel.TRIGGERED)
    still = harm(BREACHED, HIGH, PERHAPS, fired)
    assert (still.state, still.since) == (TriggerLevel.TRIGGERED, ago(9))
    assert harm(BREACHED, HIGH, NOTHING, fired).state is TriggerLevel.CLEAR
    assert harm(GOOD, HIGH, TWO_POINTS, fired).state is TriggerLevel.CLEAR
    assert harm(BREACHED, HIGH, PERHAPS, was(TriggerLevel.WATCH)).state is TriggerLevel.WATCH


def test_a_night_that_cannot_be_judged_leaves_it_as_it_was() -> None:
    for level in TriggerLevel:
        assert harm(BREACHED, HIGH, None, was(level)).state is level
    fired = was(TriggerLevel.TRIGGERED)
    dark = harm(STALE, HIGH, TWO_POINTS, fired)
    assert dark.state is TriggerLevel.TRIGGERED
    assert dark.evidence.startswith("Service level could not be judged tonight; agent turnover was")
    assert harm(STALE, HIGH, TWO_POINTS).state is TriggerLevel.CLEAR


def test_nights_are_judged_in_order_and_all_but_the_last_are_backfilled() -> None:
    nights = [ago(2), ago(1), TONIGHT]
    costs: Iterable[Cost] = (PERHAPS, TWO_POINTS, PERHAPS)
    verdicts = [
        verdict(norm, night, reading)
        for night in nights
        for norm, reading in ((SERVICE_LEVEL, BREACHED), (TURNOVER, HIGH))
    ]
    found = [cost_of(night, cost) for night, cost in zip(nights, costs, strict=True)]
    states = judge_harm(verdicts, found, POLICY, nights, None)
    assert [(s.as_of, s.state, s.since, s.is_backfilled) for s in states] == [
        (ago(2), TriggerLevel.WATCH, ago(2), True),
        (ago(1), TriggerLevel.TRIGGERED, ago(1), True),
        (TONIGHT, TriggerLevel.TRIGGERED, ago(1), False),
    ]
    assert judge_harm(verdicts, found, replace(POLICY, harm=None), nights, None) == []


def load(tmp_path: Path, old: str, new: str) -> Policy:
    path = tmp_path / "policy.toml"
    text = SHIPPED.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return load_policy(path, KINDS)


def test_the_shipped_policy_says_from_where_on_a_cost_matters() -> None:
    policy = load_policy(SHIPPED, KINDS)
    assert policy.harm
    assert policy.harm.materiality == 0.01
    assert policy.trigger_names[-1] == "turnover_harms_quality"
    assert policy.reference is None
    assert policy.target_of("agent_turnover") == 1.5
    assert policy.target_of("satisfaction") is None


MESSAGES = "\n[messages]\n"
DATES = (
    '\n[attribution]\nreference_start = {}\nreference_end = {}\nwhy = "the spring"\n[messages]\n'
)


def test_a_policy_may_state_the_days_that_a_fall_is_compared_with(tmp_path: Path) -> None:
    policy = load(tmp_path, MESSAGES, DATES.format("1999-03-01", "1999-05-30"))
    assert policy.reference == Reference(date(1999, 3, 1), date(1999, 5, 30))
    assert policy.version != load_policy(SHIPPED, KINDS).version


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("materiality = 0.01", "materiality = 1", "trigger turnover_harms_quality: materiality is a share of first calls between 0 and 1 (1 point is 0.01)."),
        ("materiality = 0.01", "materiality = -0.01", "trigger turnover_harms_quality: materiality is a share of first calls between 0 and 1 (1 point is 0.01)."),
        ("materiality = 0.01\n", "", "trigger turnover_harms_quality: materiality is missing."),
        ("materiality = 0.01", "materiality = 'a point'", "trigger turnover_harms_quality: materiality must be a number, not 'a point'."),
        ('metric = "agent_turnover"', 'metric = "agent_turnover"\nscope_kind = "provider"\nscope = "near"', "trigger turnover_harms_quality: no norm of the whole service is stated for agent_turnover."),
        (MESSAGES, DATES.format("1999-03-01", "1999-05-29"), "attribution: reference_start to reference_end must be whole weeks, 4 or more; they are 90 days."),
        (MESSAGES, DATES.format("1999-05-30", "1999-03-01"), "attribution: reference_start to reference_end must be whole weeks, 4 or more; they are -89 days."),
        (MESSAGES, DATES.format('"1999-03-01"', "1999-05-30"), "attribution: reference_start must be a date such as 1999-12-31, not '1999-03-01'."),
        (MESSAGES, DATES.format("1999-03-01T00:00:00Z", "1999-05-30"), "attribution: reference_start must be a date such as 1999-12-31, not datetime.datetime(1999, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)."),
        (MESSAGES, "\n[attribution]\nreference_end = 1999-05-30\n[messages]\n", "attribution: reference_start is missing."),
    ],
)  # fmt: skip
def test_each_fault_of_it_is_one_sentence(tmp_path: Path, old: str, new: str, fault: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load(tmp_path, old, new)
    assert f"{tmp_path / 'policy.toml'}: {fault}" in raised.value.faults
