"""Who is told what, when and how often: the sections [routes] and [messages] of a policy.

None of it judges anything, so none of it is part of a policy's version.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from checks.policy_keys import key_faults, unknown_words

MANAGER, DIRECTOR = "manager", "director"
ROUTES = (MANAGER, DIRECTOR)
CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{2,}")
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

MESSAGE_KEYS: dict[str, type] = {
    "reminder_days": int,
    "escalation_days": int,
    "quiet_from": str,
    "quiet_until": str,
    "why": str,
}
OPTIONAL_KEYS = ("reminder_days", "escalation_days", "quiet_from", "quiet_until")


@dataclass(frozen=True)
class QuietHours:
    """From `start` to `end` by the clock of the site, across midnight where `end` comes first."""

    start: time
    end: time

    def over_at(self, now: datetime) -> datetime | None:
        """When the quiet hours end that `now` (a time with the site's zone) lies in, if in any."""
        clock = now.time()
        is_across_midnight = self.end <= self.start
        if is_across_midnight:
            is_quiet = clock >= self.start or clock < self.end
        else:
            is_quiet = self.start <= clock < self.end
        if not is_quiet:
            return None
        is_tomorrow = is_across_midnight and clock >= self.start
        day = now.date() + timedelta(days=1 if is_tomorrow else 0)
        return datetime.combine(day, self.end, tzinfo=now.tzinfo)


@dataclass(frozen=True)
class Telling:
    """`channels`: by route, where the policy names one. Defaults: weekly is often enough to act and
    too rare to mute; after three days without a word, somebody is away.
    """

    channels: Mapping[str, str] = field(default_factory=dict)
    reminder_days: int = 7
    escalation_days: int = 3
    quiet: QuietHours | None = None


def telling_of(content: Mapping[str, Any]) -> Telling:
    """The two sections of a policy without fault."""
    messages = content.get("messages", {})
    days = {key: messages[key] for key in ("reminder_days", "escalation_days") if key in messages}
    quiet = None
    if "quiet_from" in messages:
        ends = (time.fromisoformat(messages[key]) for key in ("quiet_from", "quiet_until"))
        quiet = QuietHours(*ends)
    return Telling(channels=dict(content.get("routes", {})), quiet=quiet, **days)


def route_faults(routes: Mapping[str, Any]) -> list[str]:
    """A sentence for each fault of the section [routes]."""
    return [
        *unknown_words("route", routes, ROUTES),
        *(
            f"{route} is {channel!r}: give its ID, like C0123ABCD, at the end of its link."
            for route, channel in routes.items()
            if route in ROUTES and not (isinstance(channel, str) and CHANNEL_ID.fullmatch(channel))
        ),
    ]


def message_faults(messages: Mapping[str, Any]) -> list[str]:
    """A sentence for each fault of the section [messages]."""
    faults = key_faults(messages, MESSAGE_KEYS, OPTIONAL_KEYS)
    for key in ("reminder_days", "escalation_days"):
        if isinstance(messages.get(key), int) and messages[key] < 1:
            faults.append(f"{key} must be 1 or more.")
    quiet = [messages[key] for key in ("quiet_from", "quiet_until") if key in messages]
    faults += [
        f"{clock!r} is no time of day; write it like 07:30."
        for clock in quiet
        if isinstance(clock, str) and clock.strip() and not CLOCK.fullmatch(clock)
    ]
    if len(quiet) == 1:
        faults.append("quiet_from and quiet_until are both given, or neither.")
    if len(quiet) == 2 and quiet[0] == quiet[1]:
        faults.append("quiet_from and quiet_until must differ, or nothing would ever be said.")
    return faults
