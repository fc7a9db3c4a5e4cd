"""Cost: what is spent against the envelope, and what a solved problem costs, here and in-house."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import polars as pl

from dashboards import months
from dashboards.figures import in_house, spending
from dashboards.formats import plural, short_day
from dashboards.money import money, money_interval
from dashboards.tables import Column, Table
from dashboards.view import Figure, Row, View

MONTHS_A_YEAR = 12


def content(view: View) -> dict[str, Any]:
    """The parts of the page: `cost_sentences` of state, then figures."""
    billed = _months(view)
    contract = next(iter(view.marts.contract.to_dicts()), None)
    said = _sentences(view, billed, contract)
    return {
        "cost_sentences": said,
        "figures": [
            spending.spend(view, billed, contract, " ".join(said)),
            in_house.per_contact(view, billed),
        ],
        "in_house": [in_house.break_even(view), in_house.sensitivity(view)],
        "bonus_malus": _bonus_malus(view),
    }


def _months(view: View) -> list[dict[str, Any]]:
    """The months of the period shown, oldest first."""
    first, last = view.filters.span("month", view.marts.as_of)
    found = view.marts.costs.filter(pl.col("month").is_between(first.replace(day=1), last))
    return found.sort("month").to_dicts()


def _sentences(view: View, billed: Sequence[Row], contract: Row | None) -> list[str]:
    """Where the contract year stands, what a solved problem costs, and the notice to give."""
    texts, words = view.words["cost"], view.words
    if not billed:
        return [texts["no_invoices"]]
    said = []
    if contract and contract["projected"] is not None:
        show = partial(money, currency=contract["currency"], words=words)
        said.append(
            texts[_envelope_state(contract)].format(
                spent=show(contract["spent"]),
                projected=show(contract["projected"]),
                interval=money_interval(
                    contract["low"], contract["high"], contract["currency"], words
                ),
                envelope=show(contract["envelope"]),
                end=months.name(contract["last_month"], words),
            )
        )
    if not contract:
        said.append(texts["no_contract"])
    if contract and contract["notice_deadline"]:
        said.append(
            texts["notice_due" if contract["is_notice_due"] else "notice"].format(
                day=short_day(contract["notice_deadline"], words),
                days=contract["days_left"],
                plural=plural(str(contract["days_left"]), words),
            )
        )
    return said


def _envelope_state(contract: Row) -> str:
    """Inside, above, or not to be told apart from the envelope; over and done; or there is none."""
    if contract["envelope"] is None:
        return "projected"
    if contract["months_billed"] == MONTHS_A_YEAR:
        return "ended_above" if contract["spent"] > contract["envelope"] else "ended_inside"
    if contract["low"] is not None and contract["low"] > contract["envelope"]:
        return "above"
    if contract["high"] is not None and contract["high"] > contract["envelope"]:
        return "near"
    return "inside"


def _bonus_malus(view: View) -> Figure:
    """What breached norms are worth by the contract's own terms."""
    texts = view.words["cost"]
    rows = view.marts.bonus_malus.sort("month", "norm", descending=[True, False]).to_dicts()
    if not rows:
        return Figure("bonus_malus", texts["bonus_malus"], empty=texts["no_terms"])
    named = [
        row
        | {
            "metric": row["norm"].split(":")[0],
            "end": months.last_day(row["month"]),
        }
        for row in rows
    ]
    total = sum(row["worth"] or 0 for row in rows)
    form = "worth_lead" if total > 0 else "worth_lead_owing" if total < 0 else "worth_lead_even"
    columns = [
        Column(view.words["period_headings"]["month"], "period:month", ("month", "end")),
        Column(texts["norm"], "titled:metrics", ("metric",)),
        Column(texts["state"], "titled:states", ("state",)),
        Column(texts["worth"], rows[0]["currency"], ("worth",)),
    ]
    return Figure(
        name="bonus_malus",
        title=texts["bonus_malus"],
        lead=texts[form].format(money(abs(total), rows[0]["currency"], view.words)),
        table=Table("bonus_malus", texts["bonus_malus"], columns, named),
    )
