"""The marts that the policy's contract and in-house model give, from the months of facts.costs.

* `contract`: one row, or none without [contract]. starts_on, ends_on (as things stand), currency,
  envelope, own_management, notice_deadline, days_left, is_notice_due (null: no notice stated),
  first_month, last_month (of the contract year), months_billed, spent, projected, low, high (95 %),
  rests_on_months, why.
* `in_house`: one row a quantity, none without [in_house] or before there are months to compare.
  quantity (cost_per_resolved_contact, monthly_cost, break_even_months), low, likely, high in-house;
  outsourced, outsourced_low, outsourced_high (95 %); low_month, likely_month, high_month: of the
  break-even, if the move were made after as_of (null: not within ten years); rests_on_months.
* `in_house_inputs`: one row an input, the largest swing first. place, input, meaning, low, likely,
  high, why, cost_at_low, cost_at_high (of a resolved contact; null where nothing can be compared).
* `bonus_malus`: month, norm, state (on the month's last night), worth (what the provider owes;
  negative: what we owe; null: invoices not known), currency.
"""

import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from checks.bonus_malus import bonus_malus, last_night
from checks.contract import Contract, months_later, notice
from checks.in_house import (
    INPUTS,
    InHouse,
    Range,
    break_even,
    cost_per_resolved,
    monthly_cost,
    sensitivity,
)
from checks.policy import Policy
from checks.spending import MonthCost, monthly_outlay, months_over, recent_costs, spending
from checks.verdicts import Verdict
from flows.costs import month_costs
from flows.records import from_row
from warehouse.operations import read

TEXT, DAY, NUMBER, COUNT, FLAG = pl.String, pl.Date, pl.Float64, pl.Int64, pl.Boolean
SCHEMAS: dict[str, dict[str, type[pl.DataType]]] = {
    "contract": {
        "starts_on": DAY, "ends_on": DAY, "currency": TEXT, "envelope": NUMBER,
        "own_management": NUMBER, "notice_deadline": DAY, "days_left": COUNT,
        "is_notice_due": FLAG, "first_month": DAY, "last_month": DAY, "months_billed": COUNT,
        "spent": NUMBER, "projected": NUMBER, "low": NUMBER, "high": NUMBER,
        "rests_on_months": COUNT, "why": TEXT,
    },
    "in_house": {
        "quantity": TEXT, "low": NUMBER, "likely": NUMBER, "high": NUMBER, "outsourced": NUMBER,
        "outsourced_low": NUMBER, "outsourced_high": NUMBER, "low_month": DAY,
        "likely_month": DAY, "high_month": DAY, "rests_on_months": COUNT,
    },
    "in_house_inputs": {
        "place": COUNT, "input": TEXT, "meaning": TEXT, "low": NUMBER, "likely": NUMBER,
        "high": NUMBER, "why": TEXT, "cost_at_low": NUMBER, "cost_at_high": NUMBER,
    },
    "bonus_malus": {
        "month": DAY, "norm": TEXT, "state": TEXT, "worth": NUMBER, "currency": TEXT,
    },
}  # fmt: skip

Row = dict[str, object]


def write_contract_marts(
    folder: Path, connection: duckdb.DuckDBPyConnection, con: sqlite3.Connection, policy: Policy
) -> None:
    """Write the four marts of the night the warehouse was made for."""
    (as_of,) = connection.execute("select as_of from ledger.build").fetchall()[0]
    months = month_costs(connection)
    last_nights = {str(last_night(month)) for month in months}
    verdicts = [
        from_row(Verdict, row) for row in read.verdicts_in_force(con) if row["as_of"] in last_nights
    ]
    for name, frame in contract_marts(policy, months, verdicts, as_of).items():
        frame.write_parquet(folder / f"{name}.parquet")


def contract_marts(
    policy: Policy, months: Sequence[MonthCost], verdicts: Sequence[Verdict], as_of: date
) -> dict[str, pl.DataFrame]:
    """The four marts of a night; `verdicts`: those in force on the last nights of months."""
    months = months_over(months, as_of)
    contract, model = policy.contract, policy.in_house
    rows: dict[str, list[Row]] = {
        "contract": [_contract(contract, months, as_of)] if contract else [],
        "in_house": _in_house(model, months, as_of) if model else [],
        "in_house_inputs": _inputs(model, months) if model else [],
        "bonus_malus": _bonus_malus(contract, verdicts, months) if contract else [],
    }
    return {
        name: pl.DataFrame(rows[name], schema=schema, orient="row")
        for name, schema in SCHEMAS.items()
    }


def _contract(contract: Contract, months: Sequence[MonthCost], as_of: date) -> Row:
    told, spend = notice(contract, as_of), spending(contract, months, as_of)
    row: Row = {
        "starts_on": contract.starts_on,
        "ends_on": contract.end_in_force(as_of),
        "currency": contract.currency,
        "envelope": contract.envelope,
        "own_management": contract.own_management,
        "notice_deadline": told.deadline if told else None,
        "days_left": told.days_left if told else None,
        "is_notice_due": told.is_due if told else None,
        "why": contract.why,
    }
    of_year = ("first_month", "last_month", "months_billed", "spent", "projected", "low", "high")
    return row | {name: getattr(spend, name, None) for name in (*of_year, "rests_on_months")}


def _in_house(model: InHouse, months: Sequence[MonthCost], as_of: date) -> list[Row]:
    outlay, recent = monthly_outlay(months), recent_costs(months)
    rows: list[Row] = []
    if recent:
        contacts = sum(m.first_contacts or 0 for m in recent) / len(recent)
        ours = sum(m.cost or 0 for m in recent) / sum(m.resolved_contacts or 0 for m in recent)
        figures = cost_per_resolved(model, contacts)._asdict()
        rows.append(
            {"quantity": "cost_per_resolved_contact", **figures, "outsourced": ours}
            | {"rests_on_months": len(recent)}
        )
    if outlay:
        rows += [_monthly(model, outlay), _break_even(model, outlay, as_of)]
    return rows


def _monthly(model: InHouse, outlay: Range) -> Row:
    return {
        "quantity": "monthly_cost",
        **monthly_cost(model)._asdict(),
        "outsourced": outlay.likely,
        "outsourced_low": outlay.low,
        "outsourced_high": outlay.high,
    }


def _break_even(model: InHouse, outlay: Range, as_of: date) -> Row:
    found = dict(zip(Range._fields, break_even(model, outlay), strict=True))
    begin = as_of.replace(day=1)
    ends = {
        f"{name}_month": None if count is None else months_later(begin, count)
        for name, count in found.items()
    }
    return {"quantity": "break_even_months", **found, **ends}


def _inputs(model: InHouse, months: Sequence[MonthCost]) -> list[Row]:
    recent = recent_costs(months)
    contacts = sum(m.first_contacts or 0 for m in recent) / len(recent) if recent else None
    swings = sensitivity(model, contacts or 1.0)
    return [
        {
            "place": place,
            "input": swing.name,
            "meaning": INPUTS[swing.name],
            **swing.input._asdict(),
            "why": model.whys[swing.name],
            "cost_at_low": swing.at_low if contacts else None,
            "cost_at_high": swing.at_high if contacts else None,
        }
        for place, swing in enumerate(swings, 1)
    ]


def _bonus_malus(
    contract: Contract, verdicts: Sequence[Verdict], months: Sequence[MonthCost]
) -> list[Row]:
    return [
        {
            "month": found.month,
            "norm": found.norm,
            "state": found.state.value,
            "worth": found.worth,
            "currency": contract.currency,
        }
        for found in bonus_malus(contract, verdicts, months)
    ]
