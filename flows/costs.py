"""Where the policy's contract meets the warehouse: the currency that counts, what months cost."""

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
