"""Who is told when: the sections [routes] and [messages] of a policy, and its quiet hours."""

from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from test_policy import QUALITY, SERVICE_LEVEL, faults_of, load

from checks.telling import QuietHours, Telling

SOUND = SERVICE_LEVEL + QUALITY
PARIS = ZoneInfo("Europe/Paris")
EVERYTHING = """
[routes]
manager = "C0123ABCD"
director = "C0456EFGH"
[messages]
reminder_days = 14
escalation_days = 2
quiet_from = "20:00"
quiet_until = "07:30"
why = "nobody reads at night"
"""


@pytest.fixture
def policy_file(tmp_path: Path) -> Path:
    return tmp_path / "policy.toml"


def test_a_policy_says_who_is_told_when(policy_file: Path) -> None:
    assert load(policy_file, SOUND + EVERYTHING).telling == Telling(
        channels={"manager": "C0123ABCD", "director": "C0456EFGH"},
        reminder_days=14,
        escalation_days=2,
        quiet=QuietHours(time(20), time(7, 30)),
    )


def test_a_policy_that_does_not_say_reminds_weekly_and_escalates_nowhere(policy_file: Path) -> None:
    telling = load(policy_file, SOUND).telling
    assert (telling.reminder_days, telling.escalation_days, telling.quiet) == (7, 3, None)
    assert telling.channels == {}


def test_a_channel_is_no_reason_to_judge_history_anew(policy_file: Path) -> None:
    version = load(policy_file, SOUND).version
    assert load(policy_file, SOUND + EVERYTHING).version == version


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            '"C0123ABCD"',
            '"#quality"',
            "routes: manager is '#quality': give its ID, like C0123ABCD, at the end of its link.",
        ),
        (
            "director",
            "directeur",
            "routes: route 'directeur' is unknown; did you mean director? "
            "there are: manager, director.",
        ),
        ("14", "0", "messages: reminder_days must be 1 or more."),
        ("14", "1.5", "messages: reminder_days must be a whole number, not 1.5."),
        ('"20:00"', '"8 pm"', "messages: '8 pm' is no time of day; write it like 07:30."),
        ('"20:00"', '"24:00"', "messages: '24:00' is no time of day; write it like 07:30."),
        (
            'quiet_until = "07:30"',
            "",
            "messages: quiet_from and quiet_until are both given, or neither.",
        ),
        (
            '"20:00"',
            '"07:30"',
            "messages: quiet_from and quiet_until must differ, or nothing would ever be said.",
        ),
        ('why = "nobody reads at night"', "", "messages: why is missing."),
        (
            "quiet_from",
            "quiet_form",
            "messages: key 'quiet_form' is unknown; did you mean quiet_from? there are: "
            "reminder_days, escalation_days, quiet_from, quiet_until, why.",
        ),
    ],
)
def test_each_fault_is_one_sentence(policy_file: Path, old: str, new: str, fault: str) -> None:
    assert fault in faults_of(policy_file, SOUND + EVERYTHING.replace(old, new, 1))


def test_a_section_that_is_no_block_says_so(policy_file: Path) -> None:
    assert faults_of(policy_file, 'routes = "C0123ABCD"\n' + SOUND) == [
        "routes is written as a block, [routes]."
    ]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "over_at"),
    [
        ("2000-03-09T19:59", None),
        ("2000-03-09T20:00", "2000-03-10T07:30"),
        ("2000-03-10T02:15", "2000-03-10T07:30"),
        ("2000-03-10T07:30", None),
        ("2000-03-25T23:00", "2000-03-26T07:30"),  # the clocks go forward in this night
    ],
)
def test_quiet_hours_across_midnight(now: str, over_at: str | None) -> None:
    quiet = QuietHours(time(20), time(7, 30))
    assert quiet.over_at(at(now)) == (at(over_at) if over_at else None)


def test_quiet_hours_of_one_day() -> None:
    quiet = QuietHours(time(0), time(6))
    assert quiet.over_at(at("2000-03-10T02:15")) == at("2000-03-10T06:00")
    assert quiet.over_at(at("2000-03-10T06:00")) is None
