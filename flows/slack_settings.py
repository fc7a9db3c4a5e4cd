"""Where messages go, and with which token."""

import os
import re
from dataclasses import dataclass, field

from checks.telling import CHANNEL_ID
from warehouse.errors import ConfigurationError, Undelivered

TOKEN_VARIABLE = "SLACK_BOT_TOKEN"
ADDRESS_VARIABLE = "SLACK_API_URL"
PUBLIC_ADDRESS = "https://slack.com/api/"


@dataclass(frozen=True)
class SlackSettings:
    """Where messages go. The token is no setting: it comes from the environment only.

    `settling_seconds` is how long after an unknown outcome a message may still appear.
    """

    channel: str = ""
    settling_seconds: float = 30.0
    api_url: str = field(default_factory=lambda: os.environ.get(ADDRESS_VARIABLE, PUBLIC_ADDRESS))
    timeout_seconds: float = 30.0

    def __post_init__(self) -> None:
        faults = []
        if self.channel and not CHANNEL_ID.fullmatch(self.channel):
            faults.append(
                f"[slack] channel is {self.channel!r}: give the channel's ID (like C0123ABCD, at"
                " the end of its link); by name a message cannot be looked up."
            )
        if not self.api_url.startswith(("https://", "http://")):
            faults.append(f"[slack] the API address {self.api_url!r} is no http address.")
        if faults:
            raise ConfigurationError(*faults)


def token_from_environment() -> str | None:
    """The bot token, or None if there is none.

    Raises Undelivered for one that cannot be sent in a header: the HTTP library would show it in
    its error.
    """
    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if not token:
        return None
    if not re.fullmatch(r"[!-~]+", token):
        raise Undelivered(f"{TOKEN_VARIABLE} holds a blank or a strange character: set it again.")
    return token
