"""What a window is compared with: the time before it fell, or the policy's dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from checks.policy_keys import key_faults

REFERENCE_DAYS = 91  # thirteen weeks: a quarter, with every weekday alike
LEAST_DAYS = 28  # as long as the shortest window
REFERENCE_KEYS: dict[str, type] = {"reference_start": date, "reference_end": date, "why": str}


@dataclass(frozen=True)
class Reference:
    """The days compared with, both included; whole weeks."""

    start: date
    end: date


def reference_faults(section: Mapping[str, Any]) -> list[str]:
    """A sentence for each fault of a policy's [attribution]."""
    faults = key_faults(section, REFERENCE_KEYS)
    if faults:
        return faults
    days = (section["reference_end"] - section["reference_start"]).days + 1
    if days < LEAST_DAYS or days % 7:
        return [
            f"reference_start to reference_end must be whole weeks, {LEAST_DAYS // 7} or more;"
            f" they are {days} days."
        ]
    return []


def reference_of(content: Mapping[str, Any]) -> Reference | None:
    """The dates that a sound policy states, if it does."""
    section = content.get("attribution")
    return Reference(section["reference_start"], section["reference_end"]) if section else None


def reference_before(onset: date) -> Reference:
    """The 91 days that end the day before `onset`."""
    return Reference(onset - timedelta(days=REFERENCE_DAYS), onset - timedelta(days=1))
