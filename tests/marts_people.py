"""Marts of the made-up site about people and money: a year of a team that turns over."""

from datetime import date
from typing import Any

from dashboards import months

Row = dict[str, Any]
MONTHS = [date(2025 + n // 12, n % 12 + 1, 1) for n in range(15)]
AS_OF = date(2026, 3, 31)


def people_and_money() -> dict[str, list[Row]]:
    """Everything that the pages Team, Turnover and Cost are drawn from."""
    return {
        "headcount": [headcount(number, month) for number, month in enumerate(MONTHS)],
        "movements": [row for n, month in enumerate(MONTHS) for row in moved(n, month)],
        "survival": survival(),
        "tenure": [
            tenure("all", "all"),
            tenure("cohort", "2025-Q1"),
            tenure("cohort", "2025-Q2"),
            tenure("provider", "Alpha") | CLOSED,
        ],
        "training": [*map(trained, MONTHS), year_of_training()],
        "costs": [cost(number, month) for number, month in enumerate(MONTHS)],
        "contract": [contract()],
        "in_house": in_house(),
        "in_house_inputs": inputs(),
        "bonus_malus": [malus(month) for month in MONTHS[-3:-1]],
        "attribution": attribution(),
    }


CLOSED = dict.fromkeys(("agents", "departures", "median_days", "median_low", "median_high")) | {
    "is_suppressed": True,
    "novice_share": None,
}


def headcount(number: int, month: date) -> Row:
    return {
        "grain": "month",
        "period_start": month,
        "period_end": months.last_day(month),
        "scope_kind": "all",
        "scope": "all",
        "headcount": 20 + number // 3,
        "mean_tenure_days": 320.0 - 6 * number,
        "agent_days": 600 + 10 * number,
        "novice_agent_days": 90 + 12 * number,
        "replacement_hires": 2 + number // 6,
        "growth_hires": number % 2,
        "departures": 2 + number // 5,
        "is_suppressed": False,
    }


def moved(number: int, month: date) -> list[Row]:
    period = {"grain": "month", "period_start": month, "period_end": months.last_day(month)}
    period |= {"scope_kind": "all", "scope": "all"}
    people = {
        ("hire", "replacement"): 2 + number // 6,
        ("hire", "growth"): number % 2,
        ("departure", "voluntary"): 1 + number // 5,
        ("departure", "dismissed"): 1,
        ("departure", "inferred"): number % 3 // 2,
    }
    return [
        period | {"movement": movement, "reason": reason, "people": count}
        for (movement, reason), count in people.items()
        if count
    ]


def survival() -> list[Row]:
    """(days of tenure, at risk, departures, share still there)."""
    curve = [
        (0, 60, 0, 1.0),
        (30, 55, 3, 0.945),
        (90, 44, 6, 0.816),
        (180, 33, 5, 0.692),
        (365, 17, 8, 0.366),
        (500, 6, 2, 0.244),
    ]
    return [
        {"grain": "history", "scope_kind": "all", "scope": "all"}
        | {"tenure_days": day, "at_risk": at_risk, "departures": left, "survival": share}
        | {"low": max(share - 0.12, 0.0), "high": min(share + 0.1, 1.0)}
        for day, at_risk, left, share in curve
    ]


def tenure(kind: str, scope: str) -> Row:
    return {
        "grain": "history",
        "scope_kind": kind,
        "scope": scope,
        "agents": 12,
        "departures": 7,
        "median_days": 290.0,
        "median_low": 210.0,
        "median_high": None if kind == "all" else 400.0,
        "settled_novice_share": 0.31,
        "settled_low": 0.24,
        "settled_high": 0.38,
        "log_rank_p": 0.012 if kind == "cohort" else None,
        "novice_share": 0.22,
        "is_suppressed": False,
    }


def trained(month: date) -> Row:
    return {
        "grain": "month",
        "period_start": month,
        "period_end": months.last_day(month),
        "currency": "EUR",
        "hours": 140.0,
        "cost": 5300.0,
        "sunk_cost": 2100.0,
        "hours_to_replace": 70.0,
        "cost_to_replace": 2650.0,
    }


def year_of_training() -> Row:
    return trained(AS_OF.replace(day=1)) | {
        "grain": "rolling_365",
        "period_start": date(2025, 4, 1),
        "cost": 64_000.0,
        "sunk_cost": 31_000.0,
    }


def cost(number: int, month: date) -> Row:
    """The last month is not over, the one before waits for its invoice."""
    state = {14: "open", 13: "waiting"}.get(number, "invoiced")
    is_known = state == "invoiced"
    amount = 150_000.0 + 1_500 * number
    return {
        "month": month,
        "state": state,
        "currency": "EUR",
        "invoiced": amount if is_known else None,
        "billed_hours": 3_200.0 if is_known else None,
        "training_cost": 5_300.0,
        "own_management": 9_000.0,
        "cost": amount + 14_300 if is_known else None,
        "cost_per_handled_contact": 6.9 + 0.1 * number if is_known else None,
        "cost_per_resolved_contact": 10.4 + 0.3 * number if is_known else None,
    }


def contract() -> Row:
    return {
        "currency": "EUR",
        "envelope": 2_000_000.0,
        "notice_deadline": date(2026, 6, 30),
        "days_left": 91,
        "is_notice_due": True,
        "first_month": date(2025, 7, 1),
        "last_month": date(2026, 6, 1),
        "months_billed": 7,
        "spent": 1_176_000.0,
        "projected": 2_180_000.0,
        "low": 2_090_000.0,
        "high": 2_270_000.0,
    }


def in_house() -> list[Row]:
    ours = {"low": 9.1, "likely": 11.2, "high": 13.9, "outsourced": 14.0}
    monthly = {"low": 140_000.0, "likely": 158_000.0, "high": 177_000.0, "outsourced": 184_000.0}
    even = {"low": 5.0, "likely": 9.0, "high": None, "likely_month": date(2026, 12, 1)}
    return [
        {"quantity": "cost_per_resolved_contact"} | ours,
        {"quantity": "monthly_cost", "outsourced_low": 175_000.0, "outsourced_high": 193_000.0}
        | monthly,
        {"quantity": "break_even_months"} | even,
    ]


def inputs() -> list[Row]:
    ranges = {"salary": (2_100.0, 2_350.0, 2_700.0), "resolution": (0.62, 0.68, 0.72)}
    return [
        {"place": place, "input": name, "low": low, "likely": likely, "high": high}
        | {"why": "personnel office", "cost_at_low": 10.0, "cost_at_high": 12.9}
        for place, (name, (low, likely, high)) in enumerate(ranges.items(), 1)
    ]


def malus(month: date) -> Row:
    return {
        "month": month,
        "norm": "service_level:all:all",
        "state": "breached",
        "worth": 4_500.0 if month < date(2026, 2, 1) else None,
        "currency": "EUR",
    }


PARTS = {
    "reason_mix": (0.002, -0.003, 0.007),
    "replacement": (-0.021, -0.025, -0.017),
    "growth": (-0.006, -0.009, -0.003),
    "performance": (-0.025, -0.036, -0.014),
    "change": (-0.05, -0.061, -0.039),
}


def attribution() -> list[Row]:
    """First-call resolution explained on the last night, its standing cost on many before."""
    nights = [AS_OF.replace(day=day) for day in (3, 10, 17, 24, 31)]
    standing = [
        part("first_call_resolution", "standing_cost", (-0.022, -0.025, -0.019)) | {"as_of": night}
        for night in nights
    ]
    standing[-1]["sentence"] = "Turnover costs 2.2 points of first-call resolution [1.9 to 2.5]."
    parts = [part("first_call_resolution", name, figures) for name, figures in PARTS.items()]
    parts[-1]["sentence"] = "First-call resolution fell by 5.0 points."
    unknown = part("average_handle_time", "standing_cost", None) | {"gap": "too_few_veterans"}
    return [*standing, *parts, unknown]


def part(metric: str, name: str, figures: tuple[float, float, float] | None) -> Row:
    estimate, low, high = figures or (None, None, None)
    has_reference = name != "standing_cost"
    return {
        "as_of": AS_OF,
        "metric": metric,
        "part": name,
        "estimate": estimate,
        "low": low,
        "high": high,
        "gap": None,
        "agents": 41,
        "contacts": 14_507.0,
        "reference_start": date(2025, 7, 5) if has_reference else None,
        "reference_end": date(2025, 10, 3) if has_reference else None,
        "window_start": date(2026, 2, 24),
        "window_end": date(2026, 3, 23),
        "sentence": None,
    }
