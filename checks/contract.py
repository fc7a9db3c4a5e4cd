"""The contract with the outsourcer, as the policy states it: dates, notice, envelope, bonus-malus.

Its contract years run from month to month: an invoice knows no days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from checks.policy_keys import key_faults, unknown_words
from warehouse.sources.columns import CURRENCIES

CONTRACT_KEYS: dict[str, type] = {
    "starts_on": date,
    "ends_on": date,
    "currency": str,
    "notice_days": int,
    "remind_days": int,
    "renewal_months": int,
    "envelope": float,
    "own_management": float,
    "terms": list,
    "why": str,
}
OPTIONAL_KEYS = (
    "notice_days", "remind_days", "renewal_months", "envelope", "own_management", "terms",
)  # fmt: skip
TERM_KEYS: dict[str, type] = {
    "norm": str,
    "malus_share": float,
    "malus_amount": float,
    "bonus_share": float,
    "bonus_amount": float,
    "why": str,
}
WORTHS = ("malus_share", "malus_amount", "bonus_share", "bonus_amount")
LEAST = {"notice_days": 1, "remind_days": 1, "renewal_months": 1}


@dataclass(frozen=True)
class Term:
    """What a month is worth in which a norm was breached (malus) or met (bonus) on its last night.

    Shares are of the month's invoices, amounts in the contract's currency; 0: nothing.
    """

    norm: str
    malus_share: float
    malus_amount: float
    bonus_share: float
    bonus_amount: float
    why: str


@dataclass(frozen=True)
class Contract:
    """What the policy states of the contract; None: it does not say.

    Attributes:
        notice_days: how long before its end a contract has to be given notice of.
        remind_days: how long before that day the manager wants to be reminded.
        renewal_months: by how much it goes on where nobody gave notice.
        envelope: the most that invoices of a contract year may come to.
        own_management: what the operator's own staff for it cost a month.
    """

    starts_on: date
    ends_on: date
    currency: str
    why: str
    notice_days: int | None = None
    remind_days: int | None = None
    renewal_months: int | None = None
    envelope: float | None = None
    own_management: float | None = None
    terms: tuple[Term, ...] = ()

    def end_in_force(self, day: date) -> date:
        """The last day of the contract as things stand on a day: it goes on where nobody spoke."""
        end, renewals = self.ends_on, 0
        notice = timedelta(days=self.notice_days or 0)
        while self.renewal_months and end - notice < day:
            renewals += 1
            end = months_later(self.ends_on, renewals * self.renewal_months)
        return end

    def year(self, day: date) -> tuple[date, date] | None:
        """The first and the last month (their first days) of a day's contract year."""
        first, month = self.starts_on.replace(day=1), day.replace(day=1)
        if month < first or day > self.end_in_force(day):
            return None
        years = _months_between(first, month) // 12
        return months_later(first, 12 * years), months_later(first, 12 * years + 11)


@dataclass(frozen=True)
class Notice:
    """By when notice has to be given, and whether it is time to be reminded of it."""

    ends_on: date
    deadline: date
    days_left: int
    is_due: bool


def notice(contract: Contract, night: date) -> Notice | None:
    """What is to be known of the notice period on a night; None where there is nothing to give."""
    end = contract.end_in_force(night)
    if contract.notice_days is None or contract.remind_days is None:
        return None
    deadline = end - timedelta(days=contract.notice_days)
    days_left = (deadline - night).days
    return Notice(end, deadline, days_left, 0 <= days_left <= contract.remind_days)


def contract_of(section: Mapping[str, Any]) -> Contract:
    """The section [contract] of a policy without fault."""
    terms = tuple(
        Term(
            norm=term["norm"],
            why=term["why"],
            **{worth: float(term.get(worth, 0)) for worth in WORTHS},
        )
        for term in section.get("terms", [])
    )
    return Contract(**{**section, "terms": terms})


def contract_faults(section: Mapping[str, Any]) -> list[str]:
    """A sentence for each fault of the section [contract]."""
    faults = key_faults(section, CONTRACT_KEYS, OPTIONAL_KEYS)
    if faults:
        return faults
    faults += unknown_words("currency", [section["currency"]], CURRENCIES)
    if section["ends_on"] <= section["starts_on"]:
        faults.append("ends_on must be after starts_on.")
    faults += [
        f"{key} must be {least} or more."
        for key, least in LEAST.items()
        if section.get(key, least) < least
    ]
    if section.get("envelope", 1) <= 0:
        faults.append("envelope must be above 0.")
    if section.get("own_management", 0) < 0:
        faults.append("own_management must be 0 or more.")
    if ("notice_days" in section) != ("remind_days" in section):
        faults.append("notice_days and remind_days are both given, or neither.")
    return faults + [
        f"term {number}: {fault}"
        for number, term in enumerate(section.get("terms", []), 1)
        for fault in _term_faults(term)
    ]


def _term_faults(term: object) -> list[str]:
    if not isinstance(term, dict):
        return ["a term is written as a block, [[contract.terms]]."]
    faults = key_faults(term, TERM_KEYS, WORTHS)
    if faults:
        return faults
    stated = [term[worth] for worth in WORTHS if worth in term]
    if not stated:
        faults.append(f"it states none of {', '.join(WORTHS)}.")
    if any(worth < 0 for worth in stated):
        faults.append("a bonus or malus is 0 or more; its name says which way it goes.")
    if any(term.get(worth, 0) > 1 for worth in ("malus_share", "bonus_share")):
        faults.append("a share is at most 1 (2 % is written 0.02).")
    return faults


def months_later(day: date, months: int) -> date:
    """The same day so many months on; the last of the month where it has no such day."""
    month = day.year * 12 + day.month - 1 + months
    first = date(month // 12, month % 12 + 1, 1)
    following = date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - timedelta(days=1)).day))


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
