"""Deliveries of a process that stays, beside its other work: of news, and of what is due."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from flows.delivery import deliver, delivering
from flows.slack_settings import SlackSettings
from warehouse.errors import Undelivered
from warehouse.folders import Folders
from warehouse.operations import read
from warehouse.operations.database import operations


class SteadyDelivery:
    """Deliveries beside the clicks, one at a time; what goes wrong in one is raised by `look`."""

    def __init__(
        self,
        folders: Folders,
        slack: SlackSettings,
        now: Callable[[], datetime],
        say: Callable[[str], None],
    ) -> None:
        self._folders, self._slack, self._now, self._say = folders, slack, now, say
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._running: Future[None] | None = None
        self._is_wanted = False
        self._began_at = now()

    def begin(self) -> None:
        """Deliver as soon as the delivery that is under way, if any, has ended."""
        self._is_wanted = True

    def look(self, con: sqlite3.Connection) -> None:
        """Start what is wanted, or what came due since the last start; raise what went wrong.

        What merely failed is left for the next delivery: it is not hurried.
        """
        if self._running and self._running.done():
            self._running.result()
            self._running = None
        if self._running:
            return
        now = self._now()
        if self._is_wanted or read.came_due(con, self._began_at, now):
            self._is_wanted, self._began_at = False, now
            self._running = self._pool.submit(self._deliver)

    def end(self) -> None:
        """Wait for the delivery under way."""
        self._pool.shutdown(wait=True)

    def _deliver(self) -> None:
        with operations(self._folders.operations) as con, delivering(self._folders):
            try:
                deliver(con, self._slack, now=self._now, say=self._say)
            except Undelivered as left:  # kept; said here, and tried again with the next delivery
                for fault in left.faults:
                    self._say(fault)
