"""What messages say of an incident, by its severity: the headline and what it means."""

from collections.abc import Mapping

from checks.incidents import Reason

# By severity, not by subject: an early warning of a norm is no breach of it.
HEADLINES: Mapping[str, Mapping[Reason, str]] = {
    "breached": {
        Reason.OPENED: "{} breaches its norm",
        Reason.REOPENED: "{} breaches its norm again",
        Reason.ESCALATED: "Nobody has acknowledged: {} breaches its norm",
        Reason.WORSENED: "{} breaches its norm, and got worse",
        Reason.RECOVERED: "{} is back within its norm",
        Reason.REMINDER: "{} still breaches its norm",
        Reason.NONE: "{} breaches its norm",
    },
    "triggered": {
        Reason.OPENED: "Repatriation trigger fired: {}",
        Reason.REOPENED: "Repatriation trigger fired again: {}",
        Reason.ESCALATED: "Repatriation trigger that nobody has acknowledged: {}",
        Reason.WORSENED: "Repatriation trigger got worse: {}",
        Reason.RECOVERED: "Repatriation trigger no longer holds: {}",
        Reason.REMINDER: "Repatriation trigger still holds: {}",
        Reason.NONE: "Repatriation trigger fired: {}",
    },
    "rejected": {
        Reason.OPENED: "The night's data was rejected",
        Reason.REOPENED: "The night's data is rejected again",
        Reason.ESCALATED: "Nobody has acknowledged that the night's data was rejected",
        Reason.WORSENED: "The night's data was rejected, with more faults",
        Reason.RECOVERED: "The night's data is accepted again",
        Reason.REMINDER: "The night's data is still rejected",
        Reason.NONE: "The night's data was rejected",
    },
    "warning": {
        Reason.OPENED: "Warning: {}",
        Reason.REOPENED: "Warning again: {}",
        Reason.ESCALATED: "Warning that nobody has acknowledged: {}",
        Reason.WORSENED: "Warning, and it got worse: {}",
        Reason.RECOVERED: "Warning over: {}",
        Reason.REMINDER: "Warning still stands: {}",
        Reason.NONE: "Warning: {}",
    },
}
# What an incident means for the contract: while it is open, and when it is over.
MEANINGS: Mapping[str, tuple[str, str]] = {
    "breached": ("The contract's norm is not kept.", "The contract's norm is kept again."),
    "triggered": (
        "The contract's condition for taking the service back in-house is met.",
        "The contract's condition for taking the service back in-house no longer holds.",
    ),
    "rejected": (
        "Nothing was judged: no alert about the service can come until this is mended. "
        "The figures of the last good night stay in use.",
        "The service is judged again.",
    ),
    "warning": ("Nothing in the contract follows from this yet.", "Nothing is left to do."),
}
