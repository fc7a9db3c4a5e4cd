"""How long people stay: the samples that estimates are made from, and where they are put.

How they are computed is for `checks` to say; this reads the clone and writes into its tables
`metrics.survival` and `metrics.tenure`.
"""

import duckdb
import polars as pl

GROUP = ["grain", "scope_kind", "scope"]


def read(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """grain, scope_kind, scope, tenure_days, agents, departures of the groups that are open."""
    return connection.execute(
        "select grain, scope_kind, scope, tenure_days, agents, days.departures"
        " from metrics.tenure_days as days"
        f" semi join (from metrics.tenure where not is_suppressed) using ({', '.join(GROUP)})"
        " order by all"
    ).pl()


def write(connection: duckdb.DuckDBPyConnection, curves: pl.DataFrame, stays: pl.DataFrame) -> None:
    """Fill in the curves (by group and tenure_days) and what each group's stays amount to."""
    for table, frame, key in (
        ("metrics.survival", curves, [*GROUP, "tenure_days"]),
        ("metrics.tenure", stays, GROUP),
    ):
        figures = ", ".join(f"{c} = filled.{c}" for c in frame.columns if c not in key)
        same = " and ".join(f"{table}.{c} = filled.{c}" for c in key)
        connection.register("filled", frame)
        connection.execute(f"update {table} set {figures} from filled where {same}")
        connection.unregister("filled")
