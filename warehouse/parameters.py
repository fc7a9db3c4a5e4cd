"""The numbers that the definitions of metrics leave to the site."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Parameters:
    """Changing one is a new version of every definition that depends on it.

    Attributes:
        time_zone: IANA name; it decides which local day a call belongs to.
        repeat_window_days: W, the days after which a question counts as settled.
        repeat_same_reason: whether a repeat must be about the same reason.
        service_level_seconds: T, inclusive.
        short_abandon_seconds: who gives up within this was not made to wait.
        site_currency: EUR or FRF, in which costs are told; that of the contract, if there is one.
        own_management: what the operator's own staff for this contract cost a month; from the
            policy's contract.
    """

    time_zone: str
    repeat_window_days: int = 7
    repeat_same_reason: bool = True
    service_level_seconds: int = 20
    short_abandon_seconds: int = 5
    site_currency: str = "EUR"
    own_management: float | None = None

    def for_sql(self) -> dict[str, str]:
        """The values as SQL literals, by name."""
        return {name: _literal(value) for name, value in asdict(self).items()}


def _literal(value: str | float | None) -> str:
    """Texts are quoted where they stand."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
