"""Marts of the made-up site that stand beside its figures: events, policy, who has seen what."""

from datetime import date
from typing import Any

Row = dict[str, Any]


def events_and_policy() -> dict[str, list[Row]]:
    """A procedure that is no new reference, a move that is one, the norms, and an acknowledgement."""
    return {
        "events": [
            {"day": date(2025, 3, 3), "label": "New procedure", "is_rebase": False},
            {"day": date(2025, 6, 30), "label": "Network outage", "is_rebase": False},
        ],
        "norms": [norm("service_level", 0.8), norm("first_call_resolution", 0.61)],
        "trigger_rules": [
            {"trigger": "quality", "apart_nights": 28, "long_window_days": None}
            | {"why": "Two windows that share no day are no bad month but a level."}
        ],
        "changes": [change("opened", date(2026, 3, 2)), change("reminder", date(2026, 3, 9))],
        "acknowledgements": [
            {
                "incident_id": "trigger:quality@2026-03-02",
                "snoozed_until": date(2026, 4, 6),
                "acknowledged_by": "claire",
                "acknowledged_at": "2026-03-10T08:02:00+00:00",
            }
        ],
    }


def norm(metric: str, target: float) -> Row:
    return {
        "metric": metric,
        "scope_kind": "all",
        "scope": "all",
        "direction": "at_least",
        "target": target,
        "window": "rolling_28",
        "min_denominator": 200.0,
        "level": 0.98,
        "why": f"The contract promises {target}.",
        "version": "7d1f00aa",
    }


def change(reason: str, as_of: date) -> Row:
    return {
        "incident_id": "trigger:quality@2026-03-02",
        "as_of": as_of,
        "reason": reason,
        "severity": "triggered",
        "is_muted": False,
        "headline": "Quality of service calls for repatriation.",
    }
