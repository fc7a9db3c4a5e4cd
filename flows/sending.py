"""Send what is left in the outbox, outside a night: on request, or when quiet hours are over."""

import sqlite3
from collections.abc import Callable
from datetime import datetime

from checks.policy import Policy
from flows.delivery import DeliveryReport, deliver, delivering
from flows.settings import Settings
from warehouse.connect import writing
from warehouse.errors import WarehouseBusy


def send_what_is_left(
    con: sqlite3.Connection, settings: Settings, policy: Policy, now: Callable[[], datetime]
) -> DeliveryReport:
    """Deliver, and let the pages show what came of it; a run that is at work shows it itself.

    Raises Undelivered: something could not be said; it is kept.
    """
    try:
        with delivering(settings.folders):
            return deliver(con, settings.slack.routed(policy.telling.channels), now=now)
    finally:
        if settings.folders.warehouse.exists():
            _show(con, settings, policy)


def _show(con: sqlite3.Connection, settings: Settings, policy: Policy) -> None:
    from flows.marts import draw_pages  # takes long to load

    try:
        with writing(settings.folders):
            draw_pages(settings, con, policy)
    except WarehouseBusy:
        print("A run is at work; its pages will show it.")
