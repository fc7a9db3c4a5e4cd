"""From figures to incidents: judge the published warehouse and write down what has to be said.

Nights without a verdict (the first load, nights that were missed) are judged first, in order, on
the figures now published. They are never messaged one by one: one summary tells what they found.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import duckdb

from checks.incidents import Change, Reason
from checks.policy import Policy
from checks.triggers import TriggerState
from checks.verdicts import Verdict
from dashboards.told import told
from flows.causes import causes
from flows.evidence import Evidence, Judged, first_night_of, judge_nights, read_evidence
from flows.messages import change_rows
from flows.news import decide_night, held_back, night_news
from flows.pictures import pictures
from flows.records import Cell, from_row, to_row
from flows.settings import Settings
from flows.slack import Site, norms_of
from flows.wording import Words, days, load_words
from warehouse.operations import attributions, read, store

SILENCE_DAYS = 28  # the window of most norms: what is older has left it
LONGEST_LOOK_BACK = timedelta(days=91)


def judge_night(
    connection: duckdb.DuckDBPyConnection,
    con: sqlite3.Connection,
    settings: Settings,
    policy: Policy,
    as_of: date,
    now: datetime,
) -> Judged:
    """Judge every night up to `as_of` that has no verdict yet; return what holds tonight.

    What was judged before over the same input under the same policy is left as it is.
    """
    evidence = read_evidence(connection, policy)
    nights = _nights_to_judge(con, policy, evidence, as_of)
    past = [
        from_row(Verdict, row)
        for row in (
            *read.verdicts_in_force(con, nights[0] - LONGEST_LOOK_BACK),
            *read.last_verdicts(con, nights[0]),
        )
    ]
    before = list({(v.as_of, v.norm): v for v in past if v.as_of < nights[0]}.values())
    fired = [from_row(TriggerState, row) for row in read.last_trigger_states(con, nights[0])]
    begun = attributions.falls(con, nights[0])
    judged = judge_nights(evidence, policy, nights, before, fired, begun, settings.language)
    _record(connection, con, settings, policy, nights, judged, now)
    return judged.on(as_of)


def _nights_to_judge(
    con: sqlite3.Connection, policy: Policy, evidence: Evidence, as_of: date
) -> list[date]:
    """The nights since the last one judged under this policy, or since the first whole window."""
    judged = [date.fromisoformat(night) for night in read.judged_nights(con, policy.version)]
    earlier = [night for night in judged if night < as_of]
    first = first_night_of(evidence, policy) or as_of
    begin = max(earlier) + timedelta(days=1) if earlier else first
    return [begin + timedelta(days=n) for n in range((as_of - begin).days + 1)] or [as_of]


def _record(
    connection: duckdb.DuckDBPyConnection,
    con: sqlite3.Connection,
    settings: Settings,
    policy: Policy,
    nights: Sequence[date],
    judged: Judged,
    now: datetime,
) -> None:
    as_of = nights[-1]
    verdicts, triggers, _ = judged
    # A night of the past run again is no news: later nights have said what became of it.
    is_past = any(night > as_of.isoformat() for night in read.judged_nights(con))
    words = load_words(settings.language)
    said = silent_days(connection, words)
    changes = (
        [] if is_past else decide_night(con, verdicts, triggers, policy, as_of, silent_days=said)
    )
    site = replace(
        _site(connection, settings, policy, changes, verdicts),
        causes=causes(judged.on(as_of).attributions, words),
    )
    news = [] if is_past else night_news(con, nights, changes, verdicts, triggers, site)
    (input_hash,) = connection.execute("select input_hash from ledger.build").fetchall()[0]
    store.record_night(
        con,
        as_of=as_of,
        **_rows_of(judged, as_of),
        backfilled=[{"as_of": night, **_rows_of(judged, night)} for night in nights[:-1]],
        input_hash=input_hash,
        policy_version=policy.version,
        changes=change_rows(changes, read.threads(con), site),
        messages=held_back(news, policy.telling, settings.parameters.time_zone, now),
        now=now,
    )


def silent_days(connection: duckdb.DuckDBPyConnection, words: Words) -> dict[date, str]:
    """What is to be said of the last weeks' days without calls, by the first day of each gap."""
    found = connection.execute(
        "select day from facts.days, ledger.build where is_missing and day > as_of - $days"
        " order by day",
        {"days": SILENCE_DAYS},
    ).fetchall()
    gaps: dict[date, date] = {}
    for (silent,) in found:
        first = next((f for f, last in gaps.items() if last == silent - timedelta(days=1)), silent)
        gaps[first] = silent
    form = str(words["message"]["silent_days"])
    return {first: form.format(days(first, last, words)) for first, last in gaps.items()}


def _rows_of(judged: Judged, night: date) -> dict[str, list[dict[str, Cell]]]:
    """The rows of one night, by the name of what they are."""
    records = judged.on(night)._asdict()
    return {name: [to_row(record) for record in found] for name, found in records.items()}


def reject_night(
    con: sqlite3.Connection,
    settings: Settings,
    policy: Policy,
    as_of: date,
    faults: tuple[str, ...],
    now: datetime,
) -> None:
    """Say that tonight's data cannot be trusted: one incident, and silence about the service.

    `faults` are in English; they are said in the language of the site.
    """
    site = _bare_site(settings)
    said = tuple(told(fault, site.words) for fault in faults)
    changes = decide_night(con, (), (), policy, as_of, said)
    news = night_news(con, [as_of], changes, (), (), site, said)
    store.record_rejection(
        con,
        as_of=as_of,
        changes=change_rows(changes, read.threads(con), site),
        messages=held_back(news, policy.telling, settings.parameters.time_zone, now),
        now=now,
    )


def _bare_site(settings: Settings) -> Site:
    return Site(
        settings.name,
        settings.page,
        units={},
        language=settings.language,
        has_buttons=settings.slack.buttons,
    )


def _site(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    policy: Policy,
    changes: Sequence[Change],
    verdicts: Sequence[Verdict],
) -> Site:
    bare = _bare_site(settings)
    units = dict(connection.execute("select metric, unit from metrics.definition").fetchall())
    said = {
        norm for change in changes if change.reason is not Reason.NONE for norm in norms_of(change)
    }
    drawn = [norm for norm in policy.norms if norm.name in said]
    return replace(
        bare,
        units=units,
        whys={norm.name: norm.why for norm in policy.norms},
        pictures=pictures(connection, drawn, verdicts, units, bare.words) if drawn else {},
    )
