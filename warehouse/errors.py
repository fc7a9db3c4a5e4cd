"""What can go wrong, as exceptions that carry their exit code.

A `QosError` is something its reader can mend: it is shown as sentences, without a traceback.
Anything else that escapes is a defect of the program: exit code 1, loudly.
"""

from typing import NewType

Fault = NewType("Fault", str)


def fault(form: str, **parts: object) -> Fault:
    """A sentence on data that cannot be trusted; `dashboards/words/told` says it in French."""
    return Fault(form.format(**parts))


class QosError(Exception):
    """One or several faults that the user can mend; each fault is one sentence."""

    exit_code = 1

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class ConfigurationError(QosError):
    """The settings, the policy or the command line ask for something impossible."""

    exit_code = 2


class DataRejected(QosError):
    """Tonight's data cannot be trusted; last night's warehouse stays in use."""

    exit_code = 3

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults: tuple[Fault, ...] = faults


class Undelivered(QosError):
    """Something could not be said; it is kept in the outbox."""

    exit_code = 4


class WarehouseBusy(QosError):
    """Another run is writing to this warehouse."""

    exit_code = 5
