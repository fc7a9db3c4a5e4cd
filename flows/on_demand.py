"""On request: the night of any day, or everything made anew; what is left in the outbox."""

from datetime import date
from pathlib import Path

from prefect import flow

from checks.policy import load_policy
from flows.nightly import last_complete_day, run_night, utc_now
from flows.sending import send_what_is_left
from flows.settings import load_settings
from warehouse import kept
from warehouse.build import metric_kinds
from warehouse.operations.database import operations


@flow(name="on_demand")
def on_demand(
    config: str = "qos.toml",
    as_of: date | None = None,
    landing: str | None = None,
    warehouse: str | None = None,
    is_full: bool = False,
) -> None:
    """Run the night of `as_of` now.

    `is_full` makes everything anew from the archive, without a look into the landing folder; of
    the night that the warehouse was made for, unless `as_of` says another.
    """
    settings = load_settings(
        Path(config),
        landing=Path(landing) if landing else None,
        warehouse=Path(warehouse) if warehouse else None,
    )
    now = utc_now()
    if is_full:
        as_of = as_of or kept.night_of(settings.folders.warehouse)
    run_night(settings, as_of or last_complete_day(settings, now), now, is_full=is_full)


@flow(name="deliver")
def deliver(config: str = "qos.toml") -> None:
    """Send what quiet hours or a fault have left in the outbox."""
    settings = load_settings(Path(config))
    policy = load_policy(settings.policy, metric_kinds(settings.parameters))
    with operations(settings.folders.operations) as con:
        send_what_is_left(con, settings, policy, utc_now)
