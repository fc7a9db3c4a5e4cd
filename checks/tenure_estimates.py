"""The figures of metrics.survival and metrics.tenure, group by group."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from checks.intervals import Floats
from checks.survival import (
    DAYS_A_YEAR,
    Bounded,
    LogRank,
    Stays,
    kaplan_meier,
    log_rank,
    median,
    settled_novice_share,
    settled_share_of_rate,
)

GROUP = ["grain", "scope_kind", "scope"]
CURVES = dict.fromkeys(GROUP, pl.String) | {
    "tenure_days": pl.Int64, "survival": pl.Float64, "low": pl.Float64, "high": pl.Float64,
}  # fmt: skip
STAYS = dict.fromkeys(GROUP, pl.String) | dict.fromkeys(
    (
        "median_days", "median_low", "median_high", "settled_novice_share", "settled_low",
        "settled_high", "rate_novice_share", "rate_low", "rate_high", "log_rank_statistic",
        "log_rank_degrees", "log_rank_p",
    ),
    pl.Float64,
)  # fmt: skip

Key = tuple[str, str, str]


def estimates(days: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Curves (CURVES) and what stays amount to (STAYS) of the groups in `days`.

    `days`: GROUP, tenure_days, agents, departures. Where nobody is at risk on some day of tenure, a
    group's curve ends.
    """
    found_days = {_key(key): group for key, group in days.group_by(GROUP, maintain_order=True)}
    groups = {key: _stays(group) for key, group in found_days.items()}
    tests = _tests(groups)
    curves, rows = [], []
    for key, stays in groups.items():
        curve = kaplan_meier(stays)
        curves.append(_named(key, len(curve.survival)).with_columns(**_columns(curve._asdict())))
        found = (*median(curve), *settled_novice_share(stays), *_of_rate(found_days[key]))
        rows.append((*key, *found, *(tests.get(key[:2]) or (None, None, None))))
    filled = pl.concat(curves).fill_nan(None) if curves else pl.DataFrame(schema=CURVES)
    return filled, pl.DataFrame(rows, schema=STAYS, orient="row")


def _key(key: tuple[object, ...]) -> Key:
    grain, scope_kind, scope = map(str, key)
    return grain, scope_kind, scope


def _stays(group: pl.DataFrame) -> Stays:
    """The days of tenure from 0 on, up to the first on which nobody was seen."""
    group = group.sort("tenure_days").with_row_index("place")
    group = group.filter(pl.col("place") == pl.col("tenure_days"))
    return Stays(
        group["agents"].to_numpy().astype(np.float64),
        group["departures"].to_numpy().astype(np.float64),
    )


def _tests(groups: Mapping[Key, Stays]) -> dict[tuple[str, str], LogRank | None]:
    """One test for all groups of a kind."""
    kinds = dict.fromkeys((grain, kind) for grain, kind, _ in groups if kind != "all")
    return {
        kind: log_rank([stays for key, stays in groups.items() if key[:2] == kind])
        for kind in kinds
    }


def _of_rate(group: pl.DataFrame) -> Bounded:
    agent_years = float(group["agents"].sum()) / DAYS_A_YEAR
    return settled_share_of_rate(float(group["departures"].sum()), agent_years)


def _named(key: Key, length: int) -> pl.DataFrame:
    frame = pl.DataFrame({"tenure_days": np.arange(length, dtype=np.int64)})
    return frame.select(
        *(pl.lit(value).alias(name) for name, value in zip(GROUP, key, strict=True)), "tenure_days"
    )


def _columns(curve: Mapping[str, Floats]) -> dict[str, pl.Series]:
    return {name: pl.Series(values) for name, values in curve.items()}
