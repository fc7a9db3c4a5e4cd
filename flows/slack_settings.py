"""Where messages go, and with which token."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from checks.telling import CHANNEL_ID, DIRECTOR, MANAGER
from warehouse.errors import ConfigurationError, Undelivered

TOKEN_VARIABLE = "SLACK_BOT_TOKEN"
APP_TOKEN_VARIABLE = "SLACK_APP_TOKEN"
# An incoming webhook posts into the one channel that it was made for.
WEBHOOK_VARIABLES = {MANAGER: "SLACK_WEBHOOK_URL", DIRECTOR: "SLACK_WEBHOOK_URL_DIRECTOR"}
ADDRESS_VARIABLE = "SLACK_API_URL"
PUBLIC_ADDRESS = "https://slack.com/api/"


@dataclass(frozen=True)
class SlackSettings:
    """Where messages go. Tokens are no settings: they come from the environment only.

    `channel` is the manager's, `director` the director's (empty: there is none). `settling_seconds`
    is how long after an unknown outcome a message may still appear. `buttons`: whether
    `qos listen` runs, so that messages may be answered.
    """

    channel: str = ""
    settling_seconds: float = 30.0
    api_url: str = field(default_factory=lambda: os.environ.get(ADDRESS_VARIABLE, PUBLIC_ADDRESS))
    timeout_seconds: float = 30.0
    buttons: bool = False
    director: str = ""

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

    def routed(self, channels: Mapping[str, str]) -> "SlackSettings":
        """The same with the channels that a policy names."""
        return replace(
            self,
            channel=channels.get(MANAGER, self.channel),
            director=channels.get(DIRECTOR, self.director),
        )

    def channel_of(self, route: str) -> str:
        """The channel of a route; empty if there is none."""
        return self.director if route == DIRECTOR else self.channel


def token_from_environment(variable: str = TOKEN_VARIABLE) -> str | None:
    """The token, or None if there is none.

    Raises Undelivered for one that cannot be sent in a header: the HTTP library would show it in
    its error.
    """
    token = os.environ.get(variable, "").strip()
    if not token:
        return None
    if not re.fullmatch(r"[!-~]+", token):
        raise Undelivered(f"{variable} holds a blank or a strange character: set it again.")
    return token


def webhooks_from_environment() -> dict[str, str]:
    """The addresses of incoming webhooks by route; whoever knows one can post, so it is a secret.

    Raises Undelivered for one that is no address.
    """
    found = {}
    for route, variable in WEBHOOK_VARIABLES.items():
        address = token_from_environment(variable)
        if address and not address.startswith(("https://", "http://")):
            raise Undelivered(f"{variable} is no web address: copy it again from the app's page.")
        if address:
            found[route] = address
    return found
