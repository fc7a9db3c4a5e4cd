"""Where the policy's contract meets the warehouse: the currency that counts, what months cost."""

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from checks.policy import Policy
from checks.spending import MonthCost
from flows.settings import Settings
from warehouse.mart_models import mart_sql

FIELDS = (
    "month", "state", "invoiced", "cost", "handled_contacts", "first_contacts", "resolved_contacts",
)  # fmt: skip


def with_contract(settings: Settings, policy: Policy) -> Settings:
    """The settings, with the contract's currency and own management as parameters of the costs."""
    if policy.contract is None:
        return settings
    parameters = replace(
        settings.parameters,
        site_currency=policy.contract.currency,
        own_management=policy.contract.own_management,
    )
    return replace(settings, parameters=parameters)


def month_costs(connection: duckdb.DuckDBPyConnection) -> list[MonthCost]:
    """Every month from the first invoice on, in order."""
    rows = connection.execute(f"select {', '.join(FIELDS)} from ({mart_sql('costs')})").fetchall()
    return [MonthCost(*row) for row in rows]


def unclear_months(months: Sequence[MonthCost]) -> list[str]:
    """A sentence for each way in which the cost of months is not known, that somebody can mend."""
    told = {
        "billed_twice": "{} billed in two files of one provider: withdraw the one that does not"
        " count (qos withdraw), or deliver the lines of both in one file",
        "incomplete": "{} has lines of invoices in quarantine (qos show quarantine): deliver them"
        " corrected, and withdraw the file that they came in (qos withdraw)",
        "waiting": "{} not billed by everybody yet",
    }
    named = {
        state: [f"{month.month:%Y-%m}" for month in months if month.state == state]
        for state in told
    }
    return [told[state].format(", ".join(found)) for state, found in named.items() if found]
