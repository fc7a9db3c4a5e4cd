"""The marts as the pages see them: one frame a Parquet file, read once for a whole site.

The folder is resolved first (it is usually the link `marts/current`), so that every frame is of
one night even when the link is swapped while we read.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from warehouse.errors import ConfigurationError

TEXT, DAY, NUMBER, COUNT, FLAG = pl.String(), pl.Date(), pl.Float64(), pl.Int64(), pl.Boolean()

# Only what is shown: a mart may grow columns without troubling the pages.
COLUMNS: dict[str, dict[str, pl.DataType]] = {
    "site": {"name": TEXT, "time_zone": TEXT, "as_of": DAY, "last_data_on": DAY},
    "metrics": {
        "metric": TEXT,
        "grain": TEXT,
        "period_start": DAY,
        "period_end": DAY,
        "scope_kind": TEXT,
        "scope": TEXT,
        "numerator": NUMBER,
        "denominator": NUMBER,
        "value": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "is_final": FLAG,
        "is_suppressed": FLAG,
    },
    "definitions": {
        "metric": TEXT,
        "kind": TEXT,
        "unit": TEXT,
        "formula": TEXT,
        "parameters": TEXT,
        "version": TEXT,
    },
    "verdicts": {
        "as_of": DAY,
        "norm": TEXT,
        "metric": TEXT,
        "scope_kind": TEXT,
        "scope": TEXT,
        "state": TEXT,
        "value": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "level": NUMBER,
        "target": NUMBER,
        "direction": TEXT,
        "window": TEXT,
        "period_start": DAY,
        "period_end": DAY,
        "numerator": NUMBER,
        "denominator": NUMBER,
        "nights": COUNT,
        "since": DAY,
        "is_backfilled": FLAG,
        "policy_version": TEXT,
    },
    "triggers": {
        "as_of": DAY,
        "trigger": TEXT,
        "state": TEXT,
        "since": DAY,
        "evidence": TEXT,
        "is_backfilled": FLAG,
    },
    "incidents": {
        "incident_id": TEXT,
        "subject": TEXT,
        "severity": TEXT,
        "state": TEXT,
        "opened_on": DAY,
        "changed_on": DAY,
        "is_muted": FLAG,
        "reason": TEXT,
        "headline": TEXT,
    },
    "files": {
        "feed": TEXT,
        "name": TEXT,
        "rows_read": COUNT,
        "rows_loaded": COUNT,
        "rows_quarantined": COUNT,
        "rows_repeated": COUNT,
        "first_day": DAY,
        "last_day": DAY,
        "state": TEXT,
    },
    "quarantine": {"feed": TEXT, "name": TEXT, "rule": TEXT, "rows": COUNT},
    "checks": {
        "suite": TEXT,
        "rule": TEXT,
        "severity": TEXT,
        "is_success": FLAG,
        "observed": TEXT,
    },
    "outbox": {"message_key": TEXT, "kind": TEXT, "state": TEXT, "error": TEXT},
}


@dataclass(frozen=True)
class Marts:
    """One frame for each mart, with the columns of `COLUMNS`; `site` has exactly one row."""

    site: pl.DataFrame
    metrics: pl.DataFrame
    definitions: pl.DataFrame
    verdicts: pl.DataFrame
    triggers: pl.DataFrame
    incidents: pl.DataFrame
    files: pl.DataFrame
    quarantine: pl.DataFrame
    checks: pl.DataFrame
    outbox: pl.DataFrame


def read_marts(folder: Path) -> Marts:
    """Read the marts of `folder`, the folder that holds the Parquet files or a link to it.

    Raises `ConfigurationError`, one sentence for each file that is missing or lacks a column.
    """
    folder = folder.resolve()
    faults = [fault for name in COLUMNS if (fault := _fault(folder / f"{name}.parquet"))]
    if faults:
        raise ConfigurationError(*faults)
    return Marts(**{name: _read(folder / f"{name}.parquet") for name in COLUMNS})


def _fault(path: Path) -> str | None:
    if not path.is_file():
        return f"{path}: this mart is missing; a night (`qos run`) writes it."
    missing = COLUMNS[path.stem].keys() - pl.read_parquet_schema(path).keys()
    if missing:
        return f"{path}: no column {', '.join(sorted(missing))}; a night (`qos run`) writes it."
    if path.stem == "site" and pl.scan_parquet(path).select(pl.len()).collect().item() != 1:
        return f"{path}: not exactly one row; a night (`qos run`) writes it."
    return None


def _read(path: Path) -> pl.DataFrame:
    frame = pl.read_parquet(path)
    return frame.select(
        _typed(name, frame.schema[name], dtype) for name, dtype in COLUMNS[path.stem].items()
    )


def _typed(name: str, written: pl.DataType, expected: pl.DataType) -> pl.Expr:
    """What comes from operations.db has days as ISO text, flags as 0 and 1; if empty, no type."""
    if expected == DAY and written == TEXT:
        return pl.col(name).str.to_date("%Y-%m-%d")
    return pl.col(name).cast(expected)
