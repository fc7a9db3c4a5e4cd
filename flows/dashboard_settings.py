"""What a site says of its pages."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DashboardSettings:
    """`rebase_on`: days from which on charts have another reference, because something changed."""

    rebase_on: tuple[date, ...] = ()
