"""Triggers: what must be missed, twice, and for how long, before they fire."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from checks.persistence import State
from checks.policy import Norm, Policy, Trigger
from checks.policy_grammar import Direction, NormKind
from checks.triggers import TriggerLevel, TriggerState, judge_triggers
from checks.verdicts import Verdict

TONIGHT = date(2025, 9, 1)
NO_DAYS = pl.DataFrame(
    schema={
        "metric": pl.String,
        "scope_kind": pl.String,
        "scope": pl.String,
        "day": pl.Date,
        "numerator": pl.Float64,
        "denominator": pl.Float64,
    }
)
SERVICE_LEVEL = Norm(
    metric="service_level",
    metric_kind="proportion",
    scope_kind="all",
    scope="all",
    direction=Direction.AT_LEAST,
    target=0.8,
    window="rolling_28",
    kind=NormKind.QUALITY,
    min_denominator=100,
    why="the in-house figure",
    level=0.95,
)
HANDLE_TIME = replace(
    SERVICE_LEVEL,
    metric="average_handle_time",
    metric_kind="mean",
    direction=Direction.AT_MOST,
    target=360,
)
BILLING = replace(SERVICE_LEVEL, scope_kind="queue", scope="billing")
TURNOVER = replace(
    SERVICE_LEVEL,
    metric="agent_turnover",
    metric_kind="rate",
    direction=Direction.AT_MOST,
    target=1.5,
    window="rolling_91",
    kind=NormKind.TURNOVER,
    min_denominator=2,
)
QUALITY_POLICY = Policy(
    norms=(SERVICE_LEVEL, HANDLE_TIME, BILLING, TURNOVER),
    triggers=(Trigger(NormKind.QUALITY, 28, None, "two windows"),),
    version="policy-1",
)
TURNOVER_POLICY = Policy(
    norms=(TURNOVER,),
    triggers=(Trigger(NormKind.TURNOVER, 91, 182, "two quarters"),),
    version="policy-1",
)
SURE = (State.AT_RISK, 0.74, 0.72, 0.76)  # the whole interval below 0.8
UNSURE = (State.AT_RISK, 0.78, 0.75, 0.81)
GOOD = (State.MET, 0.85, 0.83, 0.87)
STALE = (State.STALE, 0.74, 0.72, 0.76)
Reading = tuple[State, float, float, float]
HIGH = (State.BREACHED, 2.6, 1.6, 4.0)
HIGH_STILL = (State.BREACHED, 2.0, 1.2, 3.2)  # in breach until the estimate is back
MAYBE = (State.AT_RISK, 2.0, 1.2, 3.2)
LOW = (State.MET, 1.2, 0.5, 2.4)


def ago(nights: int) -> date:
    return TONIGHT - timedelta(days=nights)


def verdict(norm: Norm, night: date, reading: Reading) -> Verdict:
    state, value, low, high = reading
    return Verdict(
        as_of=night,
        norm=norm.name,
        metric=norm.metric,
        scope_kind=norm.scope_kind,
        scope=norm.scope,
        state=state,
        value=value,
        low=low,
        high=high,
        level=norm.level,
        target=norm.target,
        direction=norm.direction,
        window=norm.window,
        period_start=night - timedelta(days=norm.window_days - 1),
        period_end=night,
        numerator=value * 1000,
        denominator=1000,
        nights=0,
        since=night,
        is_backfilled=False,
        definition_version="definition-1",
        policy_version="policy-1",
    )


def quality(verdicts: Iterable[Verdict], before: TriggerState | None = None) -> TriggerState:
    previous = {"quality": before} if before else {}
    (state,) = judge_triggers(verdicts, NO_DAYS, QUALITY_POLICY, [TONIGHT], previous)
    return state


def triggered(norm: Norm) -> TriggerState:
    """Last night's state, fired by one norm eleven nights ago."""
    state = TriggerLevel.TRIGGERED
    return TriggerState(ago(1), norm.kind, state, ago(11), (norm.name,), "", False, "policy-1")


def test_quality_missed_beyond_doubt_in_two_windows_that_share_no_day_triggers() -> None:
    state = quality([verdict(SERVICE_LEVEL, ago(28), SURE), verdict(SERVICE_LEVEL, TONIGHT, SURE)])
    assert (state.state, state.norms) == (TriggerLevel.TRIGGERED, ("service_level:all:all",))
    assert state.evidence == (
        "Service level was 74.0 % [72.0 % to 76.0 %] in the 28 days to 1 September 2025 against a norm of at "
        "least 80.0 %, and 74.0 % [72.0 % to 76.0 %] in the 28 days to 4 August 2025."
    )


def test_missed_tonight_only_is_a_watch() -> None:
    for earlier in (UNSURE, GOOD, STALE):
        past = verdict(SERVICE_LEVEL, ago(28), earlier)
        state = quality([past, verdict(SERVICE_LEVEL, TONIGHT, SURE)])
        assert (state.state, state.norms) == (TriggerLevel.WATCH, ("service_level:all:all",))


def test_missed_then_but_not_beyond_doubt_tonight_is_clear() -> None:
    for tonight in (UNSURE, GOOD):
        past = verdict(SERVICE_LEVEL, ago(28), SURE)
        state = quality([past, verdict(SERVICE_LEVEL, TONIGHT, tonight)])
        assert (state.state, state.norms) == (TriggerLevel.CLEAR, ())


def test_two_norms_missed_once_each_do_not_add_up() -> None:
    long_calls = (State.AT_RISK, 400.0, 390.0, 410.0)
    past = verdict(HANDLE_TIME, ago(28), long_calls)
    state = quality([past, verdict(SERVICE_LEVEL, TONIGHT, SURE)])
    assert state.state is TriggerLevel.WATCH


def test_a_verdict_on_another_target_is_no_evidence() -> None:
    past = replace(verdict(SERVICE_LEVEL, ago(28), SURE), target=0.9)
    state = quality([past, verdict(SERVICE_LEVEL, TONIGHT, SURE)])
    assert state.state is TriggerLevel.WATCH


def test_one_queue_does_not_take_the_service_back() -> None:
    both = [verdict(BILLING, night, SURE) for night in (ago(28), TONIGHT)]
    state = quality([*both, verdict(SERVICE_LEVEL, TONIGHT, GOOD)])
    assert state.state is TriggerLevel.CLEAR


def test_turnover_is_no_matter_of_quality() -> None:
    both = [verdict(TURNOVER, night, HIGH) for night in (ago(28), TONIGHT)]
    assert quality([*both, verdict(SERVICE_LEVEL, TONIGHT, GOOD)]).state is TriggerLevel.CLEAR


def test_a_trigger_is_left_when_the_estimate_is_good_again() -> None:
    for tonight, level in ((UNSURE, "triggered"), (STALE, "triggered"), (GOOD, "clear")):
        past = verdict(SERVICE_LEVEL, ago(28), GOOD)
        state = quality([past, verdict(SERVICE_LEVEL, TONIGHT, tonight)], triggered(SERVICE_LEVEL))
        assert state.state == level
        assert state.since == (ago(11) if level == "triggered" else TONIGHT)


def test_a_trigger_lasts_by_the_norms_that_fired_it() -> None:
    tonight = [verdict(SERVICE_LEVEL, TONIGHT, UNSURE)]
    assert quality(tonight, triggered(HANDLE_TIME)).norms == (HANDLE_TIME.name,)
    recovered = verdict(HANDLE_TIME, TONIGHT, (State.MET, 350.0, 340.0, 359.0))
    assert quality([*tonight, recovered], triggered(HANDLE_TIME)).state is TriggerLevel.CLEAR


def test_clear_says_the_figures_of_every_norm() -> None:
    state = quality([verdict(SERVICE_LEVEL, TONIGHT, GOOD)])
    assert state.evidence == (
        "Service level was 85.0 % [83.0 % to 87.0 %] in the 28 days to 1 September 2025 against a norm of at "
        "least 80.0 %; average handle time could not be judged tonight."
    )


def turnover(
    verdicts: Iterable[Verdict], days: pl.DataFrame = NO_DAYS, before: TriggerState | None = None
) -> TriggerState:
    previous = {"turnover": before} if before else {}
    (state,) = judge_triggers(verdicts, days, TURNOVER_POLICY, [TONIGHT], previous)
    return state


def departures(every_days: int, day_count: int, seats: int = 20) -> pl.DataFrame:
    """The last days of a team, one departure every so many days."""
    return pl.DataFrame(
        {
            "metric": "agent_turnover",
            "scope_kind": "all",
            "scope": "all",
            "day": [ago(back) for back in range(day_count)],
            "numerator": [float(back % every_days == 0) for back in range(day_count)],
            "denominator": seats / 365.25,
        }
    )


def test_turnover_breached_in_two_quarters_triggers() -> None:
    for earlier, level in ((HIGH, "triggered"), (HIGH_STILL, "triggered"), (MAYBE, "watch")):
        past = verdict(TURNOVER, ago(91), earlier)
        assert turnover([past, verdict(TURNOVER, TONIGHT, HIGH)]).state == level


def test_half_a_year_above_the_norm_triggers_by_itself() -> None:
    # 23 departures in 182 days on 20 seats: 2.31 a year, interval from 1.46; 26: 2.61, from 1.70.
    tonight = verdict(TURNOVER, TONIGHT, MAYBE)
    assert turnover([tonight], departures(8, 182)).state is TriggerLevel.CLEAR
    state = turnover([tonight], departures(7, 182))
    assert state.state is TriggerLevel.TRIGGERED
    assert state.evidence.endswith(
        "and 2.609 a year [1.704 to 3.823] in the 182 days to 1 September 2025."
    )


def test_half_a_year_must_be_whole_and_large_enough() -> None:
    tonight = verdict(TURNOVER, TONIGHT, MAYBE)
    assert turnover([tonight], departures(7, 181)).state is TriggerLevel.CLEAR
    few_seats = departures(7, 182, seats=4)  # 1.993 agent-years: fewer than 2
    assert turnover([tonight], few_seats).state is TriggerLevel.CLEAR


def test_a_turnover_trigger_is_left_when_the_estimate_is_good_and_the_half_year_is() -> None:
    for tonight, days, level in (
        (MAYBE, NO_DAYS, "triggered"),
        (LOW, NO_DAYS, "clear"),
        (LOW, departures(7, 182), "triggered"),
    ):
        state = turnover([verdict(TURNOVER, TONIGHT, tonight)], days, triggered(TURNOVER))
        assert state.state == level


def test_nights_in_order_from_watch_to_triggered_to_clear() -> None:
    nights = [ago(back) for back in range(60, -1, -1)]
    readings = [GOOD] * 10 + [SURE] * 40 + [GOOD] * 11
    pairs = zip(nights, readings, strict=True)
    verdicts = [verdict(SERVICE_LEVEL, night, reading) for night, reading in pairs]
    states = judge_triggers(verdicts, NO_DAYS, QUALITY_POLICY, nights, {})
    assert [s.state for s in states] == ["clear"] * 10 + ["watch"] * 28 + ["triggered"] * 12 + [
        "clear"
    ] * 11
    assert [nights.index(s.since) for s in states] == [0] * 10 + [10] * 28 + [38] * 12 + [50] * 11
    assert [s.is_backfilled for s in states] == [True] * 60 + [False]
    assert {(s.trigger, s.policy_version) for s in states} == {("quality", "policy-1")}
    again = judge_triggers(verdicts, NO_DAYS, QUALITY_POLICY, nights[40:], {"quality": states[39]})
    assert again == states[40:]
