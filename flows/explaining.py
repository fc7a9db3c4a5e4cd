"""What a night is explained from, read from a warehouse."""

import duckdb

from checks.explanation import IS_SHARE, Grounds
from checks.team_mix import DailyMix
from checks.tenure_fit import fit_tenure_curve
from warehouse.attribution import tenure_cells, tenure_mix


def read_grounds(connection: duckdb.DuckDBPyConnection) -> dict[str, Grounds]:
    """By metric: the tenure curve of the whole history, once for all nights, and the daily mix."""
    return {
        metric: _grounds(connection, metric, is_share=is_share)
        for metric, is_share in IS_SHARE.items()
    }


def _grounds(connection: duckdb.DuckDBPyConnection, metric: str, *, is_share: bool) -> Grounds:
    days = tenure_mix(connection, metric)
    curve = fit_tenure_curve(tenure_cells(connection, metric), is_share=is_share)
    return Grounds(curve, DailyMix(days) if days.height else None)
