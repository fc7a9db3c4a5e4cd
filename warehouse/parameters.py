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
    """

    time_zone: str
    repeat_window_days: int = 7
    repeat_same_reason: bool = True
    service_level_seconds: int = 20
    short_abandon_seconds: int = 5

    def for_sql(self) -> dict[str, str]:
        """The values as SQL literals, by name."""
        return {
            name: str(value).lower() if name != "time_zone" else str(value)
            for name, value in asdict(self).items()
        }
