"""What a change is explained from: cells of the tenure curve, and who took which contacts.

How it is explained is for `checks` to say. Cells name agents; what is made from them does not.
"""

import duckdb
import polars as pl


def tenure_cells(connection: duckdb.DuckDBPyConnection, metric: str) -> pl.DataFrame:
    """The cells of one metric as `checks.tenure_fit.fit_tenure_curve` takes them."""
    return connection.execute(
        "select * exclude (metric) from metrics.tenure_cells where metric = $metric order by all",
        {"metric": metric},
    ).pl()


def tenure_mix(connection: duckdb.DuckDBPyConnection, metric: str) -> pl.DataFrame:
    """The daily rows of one metric as `checks.team_mix.DailyMix` takes them."""
    return connection.execute(
        "select * exclude (metric) from metrics.tenure_mix where metric = $metric order by all",
        {"metric": metric},
    ).pl()
