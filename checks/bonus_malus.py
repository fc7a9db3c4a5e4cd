"""What kept and breached norms are worth by the contract's own terms, month by month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from checks.contract import Contract, Term, months_later
from checks.persistence import State
from checks.spending import MonthCost
from checks.verdicts import Verdict


@dataclass(frozen=True)
class TermWorth:
    """One term and month: how its norm stood on the month's last night, and what that is worth.

    `worth` is what the provider owes us (a malus), negative what we owe (a bonus), in the
    contract's currency; None: a share of invoices that are not known (yet).
    """

    month: date
    norm: str
    state: State
    worth: float | None


def bonus_malus(
    contract: Contract, verdicts: Iterable[Verdict], months: Sequence[MonthCost]
) -> list[TermWorth]:
    """What each term is worth in each of `months` on whose last night its norm was judged."""
    known = {(verdict.norm, verdict.as_of): verdict.state for verdict in verdicts}
    found = []
    for month in months:
        for term in contract.terms:
            state = known.get((norm_name(term.norm), last_night(month)))
            if state and state.is_judged:
                worth = _worth(term, state, month)
                found.append(TermWorth(month.month, norm_name(term.norm), state, worth))
    return found


def last_night(month: MonthCost) -> date:
    """The night that decides a month."""
    return months_later(month.month, 1) - timedelta(days=1)


def norm_name(stated: str) -> str:
    """The norm that a term is about: `service_level` is that of the whole service."""
    return stated if ":" in stated else f"{stated}:all:all"


def _worth(term: Term, state: State, month: MonthCost) -> float | None:
    if state is State.BREACHED:
        return _sum(term.malus_share, term.malus_amount, month)
    if state is State.MET:
        bonus = _sum(term.bonus_share, term.bonus_amount, month)
        return bonus if not bonus else -bonus
    return 0.0


def _sum(share: float, amount: float, month: MonthCost) -> float | None:
    if not share:
        return amount
    is_clear = month.state == "invoiced" and month.invoiced is not None
    return share * month.invoiced + amount if is_clear and month.invoiced is not None else None
