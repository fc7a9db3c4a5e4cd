"""How long things are kept, and how many."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Retention:
    """What a site keeps.

    Attributes:
        kept_warehouses: of earlier nights, beside the one in use.
    """

    kept_warehouses: int = 2
