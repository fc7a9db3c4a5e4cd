"""Estimates of a night: read from the clone, computed by `checks`, written into the clone."""

import duckdb
import polars as pl

from checks import tenure_estimates
from checks.intervals import WEEKS, fill
from checks.provisional import fill_provisional, history_days
from warehouse import estimates, tenure


def fill_in(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the periods written tonight their 95 % intervals and provisional figures.

    And tenure its curves.
    """
    night = estimates.read(connection, history_days, WEEKS)
    filled = fill(night.periods, night.days, night.kinds)
    rows = pl.concat([filled, night.young_days], how="diagonal")
    estimates.write(
        connection, fill_provisional(rows, night.openers, night.as_of, night.window_days)
    )
    tenure.write(connection, *tenure_estimates.estimates(tenure.read(connection)))
