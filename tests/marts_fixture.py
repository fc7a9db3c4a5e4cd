"""Marts of a made-up site, as Parquet files with all the columns that a night writes.

Fifteen months: departures more than double in the last five, and service suffers.
"""

import math
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import marts_beside as beside
import marts_people as people
import polars as pl

from dashboards.mart_columns import COLUMNS

FAULTS = [
    f"calls/{n}.csv is empty: not even a header; deliver it again or remove it" for n in range(5)
]
FIRST_DAY, AS_OF = date(2025, 1, 1), date(2026, 3, 31)
# What a night writes beside the columns that pages read.
BESIDE: dict[str, dict[str, Any]] = {
    "site": {"input_hash": pl.String},
    "metrics": {"definition_version": pl.String},
    "verdicts": {"definition_version": pl.String},
    "triggers": {"norms": pl.List(pl.String), "policy_version": pl.String},
    "incidents": {"said_on": pl.Date},
}

SCHEMAS = {name: dict(columns) | BESIDE.get(name, {}) for name, columns in COLUMNS.items()}

# `half_width` is that of the interval of one week; `denominator` is of a week, or of a month.
PICTURE = """
metric                  kind       unit     first last  half_width denominator target direction
average_handle_time     mean       seconds  338   371   9          5600        360    at_most
average_speed_of_answer mean       seconds  19    43    6          5600        45     at_most
service_level           proportion share    0.846 0.712 0.024      5900        0.8    at_least
abandonment_rate        proportion share    0.031 0.046 0.006      5900        0.05   at_most
first_call_resolution   proportion share    0.69  0.64  0.018      3900        0.61   at_least
repeat_call_rate        proportion share    0.27  0.31  0.015      5100        0.35   at_most
agent_turnover          rate       per_year 1.2   2.9   0          2           1.5    at_most
early_attrition         cohort     share    0.14  0.3   0.2        8           0.25   at_most
"""
STATES = {
    "average_handle_time": "at_risk",
    "service_level": "breached",
    "agent_turnover": "breached",
    "early_attrition": "too_few",
}

Row = dict[str, Any]


class Metric(NamedTuple):
    kind: str
    unit: str
    first: float
    last: float
    half_width: float
    denominator: float
    target: float
    direction: str


def _read(line: str) -> tuple[str, Metric]:
    name, kind, unit, *figures, direction = line.split()
    first, last, half_width, denominator, target = map(float, figures)
    return name, Metric(kind, unit, first, last, half_width, denominator, target, direction)


METRICS = dict(_read(line) for line in PICTURE.strip().splitlines()[1:])


def write_marts(folder: Path, **rows: list[Row]) -> Path:
    """Write every mart into `folder`; a mart that is not named is empty."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in SCHEMAS.items():
        pl.DataFrame(rows.get(name, []), schema=schema).write_parquet(folder / f"{name}.parquet")
    return folder


def full_site() -> dict[str, list[Row]]:
    """The marts of a site that has everything, and something wrong of each kind."""
    return {
        "site": site(),
        "metrics": [*metric_rows(), *group_rows()],
        "scopes": scopes(),
        "definitions": definitions(),
        "verdicts": verdicts(),
        "triggers": triggers(),
        "incidents": incidents(),
        **beside.events_and_policy(),
        **people.people_and_money(),
        **data_health(),
    }


def three_sites() -> dict[str, dict[str, list[Row]]]:
    """A site with everything, the same after a rejected night on old data, and a new site."""
    full = full_site()
    stale = [verdict(metric, state="stale", value=None, low=None) for metric in METRICS]
    rejected = incident("data:night", "rejected", "The night was rejected: 3 faults.")
    troubled = {
        "site": site(last_data_on=date(2026, 3, 27), rejected_for="\n".join(FAULTS)),
        "verdicts": stale,
        "incidents": [rejected, *incidents()],
        "metrics": [row for row in full["metrics"] if row["metric"] == "service_level"],
    }
    new = {"site": site(last_data_on=None), "definitions": definitions()}
    return {"full": full, "troubled": full | troubled, "new": new}


def site(
    as_of: date = AS_OF, last_data_on: date | None = AS_OF, rejected_for: str | None = None
) -> list[Row]:
    name = "FTCI Malakoff"
    first_data_on = FIRST_DAY if last_data_on else None
    return [
        {"name": name, "time_zone": "Europe/Paris", "as_of": as_of}
        | {"first_data_on": first_data_on, "last_data_on": last_data_on}
        | {"rejected_for": rejected_for}
    ]


def definitions() -> list[Row]:
    return [
        {
            "metric": name,
            "kind": metric.kind,
            "unit": metric.unit,
            "formula": f"numerator of {name} / denominator of {name}",
            "parameters": '{"repeat_window_days": 7, "same_reason": true, "threshold_seconds": 20}',
            "version": "0a1b2c3d",
        }
        for name, metric in METRICS.items()
    ]


def metric_rows() -> Iterator[Row]:
    """Sound until the middle of October, then worse by the week."""
    turn = date(2025, 10, 15)
    for name, metric in METRICS.items():
        chance = random.Random(name)
        for start, end in months() if metric.kind in ("rate", "cohort") else weeks():
            age = max((start - turn).days, 0) / (AS_OF - turn).days
            value = metric.first + (metric.last - metric.first) * min(1.6 * age, 1)
            value += chance.gauss(0, metric.half_width / 2 or 0.35)
            numerator = max(value * metric.denominator, 0)
            value = (numerator if metric.kind == "mean" else round(numerator)) / metric.denominator
            spread = metric.half_width or 1.4 * math.sqrt(value / metric.denominator) + 0.6
            row = metric_row(name, start, end, value, metric.denominator, spread)
            is_estimated = name == "first_call_resolution" and not row["is_final"]
            yield row | (provisional(value) if is_estimated else {})


def provisional(value: float) -> Row:
    """What a period that is not mature yet has instead of a figure."""
    band = {"provisional_low": value - 0.02, "provisional_high": value + 0.02}
    return {"value": None, "low": None, "high": None, "provisional": value} | band


GROUPS: dict[str, dict[str, float | None]] = {
    "queue": {"billing": 0.02, "technical": -0.01},
    "reason": {"modem": -0.02, "invoice": 0.03, "other": None},
    "tenure_band": {"0-89": None, "90-364": -0.04, "365+": 0.02},
}


def group_rows() -> Iterator[Row]:
    """The last 28 days of quality by group, as shares beside the whole; None: withheld."""
    last = AS_OF - timedelta(8)
    for name in ("service_level", "first_call_resolution"):
        metric = METRICS[name]
        days = last - timedelta(27), last
        yield metric_row(name, *days, metric.last, 4000, 0.02) | {"grain": "rolling_28"}
        for kind, members in GROUPS.items():
            for scope, gap in members.items():
                row = metric_row(name, *days, metric.last + (gap or 0), 900, 0.05, (kind, scope))
                yield row | {"grain": "rolling_28"} | ({} if gap else WITHHELD)


WITHHELD = dict.fromkeys(("numerator", "denominator", "value", "low", "high")) | {
    "is_suppressed": True
}


def scopes() -> list[Row]:
    """What can be filtered by: the groups with figures."""
    return [{"scope_kind": "all", "scope": "all"}] + [
        {"scope_kind": kind, "scope": scope}
        for kind, members in GROUPS.items()
        for scope, gap in members.items()
        if gap
    ]


def metric_row(
    metric: str,
    start: date,
    end: date,
    value: float,
    denominator: float,
    spread: float,
    scope: tuple[str, str] = ("all", "all"),
) -> Row:
    return {
        "metric": metric,
        "grain": "month" if (end - start).days > 7 else "week",
        "period_start": start,
        "period_end": end,
        "scope_kind": scope[0],
        "scope": scope[1],
        "numerator": value * denominator,
        "denominator": denominator,
        "value": value,
        "low": max(value - spread, 0),
        "high": value + spread,
        "provisional": None,
        "provisional_low": None,
        "provisional_high": None,
        "is_final": (AS_OF - end).days >= 7,
        "is_suppressed": False,
        "definition_version": "0a1b2c3d",
    }


def weeks() -> Iterator[tuple[date, date]]:
    start = date(2025, 1, 6)
    while start + timedelta(6) <= AS_OF:
        yield start, start + timedelta(6)
        start += timedelta(7)


def months() -> Iterator[tuple[date, date]]:
    for number in range(15):
        start, after = date(2025 + number // 12, number % 12 + 1, 1), number + 1
        yield start, date(2025 + after // 12, after % 12 + 1, 1) - timedelta(1)


def verdicts() -> list[Row]:
    """Every norm judged on the last night, and one row of the night before, which is history."""
    rows = [verdict(metric) for metric in METRICS]
    return [verdict("service_level", as_of=AS_OF - timedelta(1), state="at_risk"), *rows]


def verdict(metric: str, **changes: Any) -> Row:
    norm, state = METRICS[metric], STATES.get(metric, "met")
    window = "rolling_91" if norm.kind in ("rate", "cohort") else "rolling_28"
    width = norm.half_width / 2 or 1.1
    row = {
        "as_of": AS_OF,
        "norm": metric,
        "metric": metric,
        "scope_kind": "all",
        "scope": "all",
        "state": state,
        "value": norm.last,
        "low": max(norm.last - width, 0),
        "high": norm.last + width,
        "level": 0.98,
        "target": norm.target,
        "direction": norm.direction,
        "window": window,
        "period_start": AS_OF - timedelta(int(window[8:]) - 1),
        "period_end": AS_OF,
        "numerator": round(norm.last * 4 * norm.denominator),
        "denominator": 4 * norm.denominator,
        "nights": 12 if state == "breached" else 0,
        "since": date(2026, 2, 3) if state == "breached" else date(2026, 3, 14),
        "is_backfilled": False,
        "is_detected": metric == "average_handle_time",
        "definition_version": "0a1b2c3d",
        "policy_version": "7d1f00aa",
    }
    return row | changes


def triggers() -> list[Row]:
    quality = "Service level 71.2 % [70.0, 72.4] tonight and 74.9 % [73.1, 76.8] 28 nights ago"
    return [
        trigger("quality", "triggered", f"{quality}, both wholly below the norm of 80 %."),
        trigger("turnover", "watch", "2.90 departures a year [1.80, 4.43] over 91 days, norm 1.5."),
    ]


def trigger(name: str, state: str, evidence: str) -> Row:
    return {
        "as_of": AS_OF,
        "trigger": name,
        "state": state,
        "since": date(2026, 3, 2),
        "norms": ["service_level"],
        "evidence": evidence,
        "is_backfilled": False,
        "policy_version": "7d1f00aa",
    }


def incidents() -> list[Row]:
    return [
        incident("trigger:quality", "triggered", "Quality of service calls for repatriation."),
        incident("norm:service_level:all:all", "breached", "Service level 71.2 %, norm 80 %."),
        incident("norm:abandonment_rate:all:all", "breached", "All well again.", "resolved"),
    ]


def incident(subject: str, severity: str, headline: str, state: str = "open") -> Row:
    return {
        "incident_id": f"{subject}@2026-03-02",
        "subject": subject,
        "severity": severity,
        "state": state,
        "opened_on": date(2026, 3, 2),
        "changed_on": date(2026, 3, 9),
        "said_on": date(2026, 3, 9),
        "resolved_on": None if state == "open" else date(2026, 3, 9),
        "is_muted": subject.startswith("norm:"),
        "reason": "opened" if state == "open" else "recovered",
        "headline": headline,
    }


def data_health() -> dict[str, list[Row]]:
    return {
        "files": files(),
        "quarantine": [
            {"feed": "calls", "name": "calls_2026-03-09.csv", "rule": rule, "rows": rows}
            | {"rows_open": 1, "rows_closed": rows - 1}
            for rule, rows in (("wait_seconds is empty", 2), ("queued_at is not a time", 1))
        ],
        "checks": checks(),
        "outbox": [
            message("trigger:quality@2026-03-02:1", "sent", None),
            message("norm:service_level:all:all@2026-03-02:1", "failed", "channel_not_found"),
        ],
    }


def files() -> list[Row]:
    days = [FIRST_DAY + timedelta(n) for n in range((AS_OF - FIRST_DAY).days + 1)]
    rosters = [day for day in days if day.day == 1]
    return [file("calls", day, 900, 3 if day == date(2026, 3, 9) else 0) for day in days] + [
        file("roster", day, 22, 0) for day in rosters
    ]


def file(feed: str, day: date, rows: int, quarantined: int) -> Row:
    return {
        "feed": feed,
        "name": f"{feed}_{day}.csv",
        "rows_read": rows,
        "rows_loaded": rows - quarantined - 2,
        "rows_quarantined": quarantined,
        "rows_repeated": 2,
        "first_day": day,
        "last_day": day,
        "state": "loaded",
    }


def checks() -> list[Row]:
    rules = ["call_id is unique", "queued_at is not null", "durations are not negative"]
    sound = [
        {"suite": "staging.calls", "rule": rule, "severity": "critical", "is_success": True}
        | {"observed": "0 of 412,000 rows"}
        for rule in rules
    ]
    rule = "agents in the log are on a roster"
    doubt = {"suite": "staging.calls", "rule": rule, "severity": "warning", "is_success": False}
    return [*sound, doubt | {"observed": "2 agents, 48 calls"}]


def message(key: str, state: str, error: str | None) -> Row:
    return {
        "message_key": key,
        "kind": "parent",
        "route": "manager",
        "state": state,
        "error": error,
        "created_at": "2026-04-01T00:20:00+00:00",
        "updated_at": "2026-04-01T00:20:04+00:00",
    }
