"""The night on request: any day, or everything made anew from the archive."""

from datetime import date
from pathlib import Path

from prefect import flow

from flows.nightly import last_complete_day, run_night, utc_now
from flows.settings import load_settings


@flow(name="on_demand")
def on_demand(
    config: str = "qos.toml",
    as_of: date | None = None,
    landing: str | None = None,
    warehouse: str | None = None,
    is_full: bool = False,
) -> None:
    """Run the night of `as_of` now; `is_full` makes every table anew from the archive."""
    settings = load_settings(
        Path(config),
        landing=Path(landing) if landing else None,
        warehouse=Path(warehouse) if warehouse else None,
    )
    now = utc_now()
    run_night(settings, as_of or last_complete_day(settings, now), now, is_full=is_full)
