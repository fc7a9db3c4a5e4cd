"""Verdicts, trigger states and incidents of a made-up night, any field of them changed."""

from datetime import date
from typing import Any

from checks.attribution import Part
from checks.explanation import Attribution
from checks.incidents import Change, Incident, Reason
from checks.triggers import TriggerLevel, TriggerState
from checks.verdicts import State, Verdict
from flows.slack import Site

NIGHT = date(2000, 3, 9)
SERVICE = "norm:service_level:all:all@2000-03-09"
SITE = Site(
    name="Malakoff",
    link="https://qos.example/site.html",
    units={
        "service_level": "share",
        "average_handle_time": "seconds",
        "agent_turnover": "per_year",
    },
    whys={"service_level:all:all": "Own service answers as fast."},
)


def verdict(**changed: Any) -> Verdict:
    values: dict[str, Any] = {
        "as_of": NIGHT,
        "norm": "service_level:all:all",
        "metric": "service_level",
        "scope_kind": "all",
        "scope": "all",
        "state": State.BREACHED,
        "value": 0.774,
        "low": 0.751,
        "high": 0.796,
        "level": 0.95,
        "target": 0.8,
        "direction": "at_least",
        "window": "rolling_28",
        "period_start": date(2000, 2, 11),
        "period_end": NIGHT,
        "numerator": 13070.0,
        "denominator": 16888.0,
        "nights": 7,
        "since": NIGHT,
        "is_backfilled": False,
        "definition_version": "d1",
        "policy_version": "p1",
    }
    return Verdict(**{**values, **changed})


def trigger_state(**changed: Any) -> TriggerState:
    values: dict[str, Any] = {
        "as_of": NIGHT,
        "trigger": "quality",
        "state": TriggerLevel.WATCH,
        "since": NIGHT,
        "norms": ("service_level:all:all", "first_call_resolution:all:all"),
        "evidence": "Service level 77.4 % [75.1, 79.6].",
        "is_backfilled": False,
        "policy_version": "p1",
    }
    return TriggerState(**{**values, **changed})


def attribution(**changed: Any) -> Attribution:
    values: dict[str, Any] = {
        "as_of": NIGHT,
        "metric": "first_call_resolution",
        "part": Part.STANDING_COST,
        "estimate": -0.022,
        "low": -0.025,
        "high": -0.019,
        "level": 0.95,
        "gap": None,
        "agents": 60,
        "cells": 900,
        "contacts": 20_000.0,
        "reference_contacts": None,
        "reference_start": None,
        "reference_end": None,
        "window_start": date(2000, 2, 11),
        "window_end": NIGHT,
        "is_backfilled": False,
        "definition_version": "d1",
        "policy_version": "p1",
    }
    return Attribution(**{**values, **changed})


def incident(**changed: Any) -> Incident:
    values: dict[str, Any] = {
        "incident_id": SERVICE,
        "subject": "norm:service_level:all:all",
        "severity": "breached",
        "state": "open",
        "opened_on": NIGHT,
        "reopened_on": None,
        "changed_on": NIGHT,
        "said_on": NIGHT,
        "resolved_on": None,
        "escalated_on": None,
        "is_muted": False,
    }
    return Incident(**{**values, **changed})


def change(reason: Reason = Reason.OPENED, **changed: Any) -> Change:
    """A change of the service level's incident, or with `subject` of another norm's."""
    subject = changed.pop("subject", "norm:service_level:all:all")
    of_verdict = changed.pop("verdict", {})
    metric, scope_kind, scope = subject.removeprefix("norm:").split(":", 2)
    judged = verdict(
        norm=subject.removeprefix("norm:"),
        metric=metric,
        scope_kind=scope_kind,
        scope=scope,
        **of_verdict,
    )
    changed.setdefault("incident_id", f"{subject}@{changed.get('opened_on', NIGHT)}")
    return Change(incident(subject=subject, **changed), reason, judged.as_of, verdict=judged)


def trigger_change(reason: Reason = Reason.OPENED, **changed: Any) -> Change:
    """A change of the quality trigger's incident."""
    subject = "trigger:quality"
    of_trigger = changed.pop("trigger", {})
    state = trigger_state(**{"state": TriggerLevel.TRIGGERED, **of_trigger})
    about = incident(
        incident_id=f"{subject}@{NIGHT}", subject=subject, severity="triggered", **changed
    )
    return Change(about, reason, state.as_of, trigger=state)


def data_change(*faults: str, reason: Reason = Reason.OPENED, **changed: Any) -> Change:
    """A change of the data incident."""
    about = incident(
        incident_id=f"data:night@{NIGHT}", subject="data:night", severity="rejected", **changed
    )
    return Change(about, reason, NIGHT, faults=faults)
