"""Days without calls: told as a fault of the data, not of the service, and not of closing days."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from nights import NightSite

from checks.incidents import Incident, IncidentState, Reason, decide
from checks.policy import Policy
from flows.judging import SILENCE_DAYS

HEADER = "call_id,queued_at,wait_seconds,outcome\n"
NO_NORMS = Policy((), (), "")


def calls(first: date, last: date, without: set[date], legs: int = 10) -> str:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return HEADER + "".join(
        f"{day}-{n},{day}T10:{n:02}:00Z,5,handled\n"
        for day in days
        if day not in without
        for n in range(legs)
    )


def days_that(site: NightSite, what: str) -> list[object]:
    return [day for (day,) in site.ask(f"select day from facts.days where {what} order by day")]


def test_a_day_is_missing_if_its_weekday_has_calls(tmp_path: Path) -> None:
    """Closed on Sundays; Thursday the 23rd is missing, and so is the night's own day."""
    site = NightSite(tmp_path, zone="UTC")
    sundays = {date(2000, 2, 6) + timedelta(days=7 * n) for n in range(5)}
    silent = date(2000, 2, 24)
    site.put("calls/1.csv", calls(date(2000, 2, 1), date(2000, 2, 28), sundays | {silent}))
    site.night("2000-02-29")
    assert days_that(site, "is_missing") == [silent, date(2000, 2, 29)]
    site.put("calls/2.csv", calls(silent, silent, set()))
    site.night("2000-02-29")
    assert days_that(site, "is_missing") == [date(2000, 2, 29)]


def test_half_or_twice_the_usual_calls_are_unusual_if_they_are_many(tmp_path: Path) -> None:
    """Four weeks tell what is usual; 40 for 100 is not, 4 for 10 may be chance."""
    for legs, few, expected in ((50, 20, [date(2000, 2, 29)]), (10, 4, [])):
        site = NightSite(tmp_path / str(legs), zone="UTC")
        site.put("calls/1.csv", calls(date(2000, 2, 1), date(2000, 2, 28), set(), legs))
        site.put("calls/2.csv", calls(date(2000, 2, 29), date(2000, 2, 29), set(), few))
        site.night("2000-02-29")
        assert days_that(site, "is_unusual") == expected


def test_the_real_january_has_two_silent_days(tmp_path: Path, shared: Path) -> None:
    from warehouse.sources import Feed

    site = NightSite(tmp_path, zone="Asia/Jerusalem")
    site.feeds = {name: Feed(name, site.zone, "anonymous_bank") for name in ("calls",)}
    site.put("calls/january.txt", (shared / "data/anonymous_bank/calls/january.txt").read_bytes())
    site.night("1999-01-31")
    assert days_that(site, "is_missing") == [date(1999, 1, 11), date(1999, 1, 12)]


def test_a_gap_is_told_once_and_is_over_when_it_is_filled() -> None:
    """Each gap is an incident of its own: another one is news while the first still lasts."""
    first, second = date(2000, 2, 10), date(2000, 2, 20)
    night = date(2000, 2, 10)
    (opened,) = decide((), (), (), NO_NORMS, night, silent_days={first: "no calls"})
    assert (opened.reason, opened.incident.subject) == (Reason.OPENED, "data:days:2000-02-10")
    assert opened.faults == ("no calls",)
    known: list[Incident] = [opened.incident]
    assert decide((), (), known, NO_NORMS, night + timedelta(1), silent_days={first: "x"}) == []
    both = decide((), (), known, NO_NORMS, second, silent_days={first: "x", second: "y"})
    assert [c.incident.subject for c in both if c.reason is Reason.OPENED] == [
        "data:days:2000-02-20"
    ]
    (over,) = decide((), (), known, NO_NORMS, night + timedelta(2))
    assert (over.reason, over.incident.state) == (Reason.RECOVERED, IncidentState.RESOLVED)


def test_a_rejected_night_says_nothing_of_gaps() -> None:
    night = date(2000, 2, 10)
    (opened,) = decide((), (), (), NO_NORMS, night, silent_days={night: "no calls"})
    changes = decide((), (), [opened.incident], NO_NORMS, night + timedelta(1), ("bad",))
    assert [change.incident.subject for change in changes] == ["data:night"]


@pytest.mark.parametrize(("language", "said"), [("en", "11 to 12 January"), ("fr", "janvier")])
def test_the_sentence_names_the_days(tmp_path: Path, language: str, said: str) -> None:
    from flows.judging import silent_days
    from flows.wording import load_words
    from warehouse.connect import reading

    site = NightSite(tmp_path, zone="UTC")
    gap = {date(1999, 1, 11), date(1999, 1, 12)}
    site.put("calls/1.csv", calls(date(1999, 1, 1), date(1999, 1, 31), gap))
    site.night("1999-01-31")
    with reading(site.folders.warehouse) as connection:
        found = silent_days(connection, load_words(language))
    assert list(found) == [date(1999, 1, 11)]
    assert said in found[date(1999, 1, 11)]
    assert SILENCE_DAYS == 28
