"""Genesys Cloud conversation details through the real pipeline, leg by leg.

Times are seconds after ten o'clock in UTC, metrics milliseconds. Sessions are called `customer`,
`queue`, `agent` ..., and their ids begin with the name of the case.
"""

import copy
import itertools
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from nights import NightSite, hidden

from warehouse.sources import Feed

Json = dict[str, Any]
DAY = "2000-03-01"
GENESYS = Feed("calls", "Europe/Paris", adapter="genesys_cloud")


def at(seconds: float) -> str:
    moment = datetime.fromisoformat(f"{DAY}T10:00:00") + timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds") + "Z"


def part(
    kind: str, start: float, end: float | None, ended_by: str | None = None, **said: Any
) -> Json:
    """A segment."""
    times = {"segmentStart": at(start)} | ({} if end is None else {"segmentEnd": at(end)})
    ending = {"disconnectType": ended_by} if ended_by else {}
    return {"segmentType": kind, "queueId": "q-1", "conference": False} | times | ending | said


def session(
    name: str, *segments: Json, metrics: Sequence[tuple[str, Any]] = (), **said: Any
) -> Json:
    told = [{"name": metric, "value": value, "emitDate": at(0)} for metric, value in metrics]
    return {
        "sessionId": name, "mediaType": "voice", "direction": "inbound",
        "segments": list(segments), "metrics": told,
    } | said  # fmt: skip


def of(purpose: str, *sessions: Json, **said: Any) -> Json:
    """A participant."""
    return {"participantId": "p", "purpose": purpose, "sessions": list(sessions)} | said


def customer(start: float = 0, end: float | None = 230, **said: Any) -> Json:
    sessions = session("customer", part("interact", start, end), ani="tel:+33612345678")
    return of("customer", sessions | said, attributes={"account": "AB-17", "topic": "billing"})


def acd(
    name: str,
    start: float,
    end: float | None,
    ended_by: str | None = "transfer",
    *metrics: tuple[str, Any],
    queue: str = "q-1",
    **said: Any,
) -> Json:
    segments = [
        part("delay", start, start + 0.5, queueId=queue),
        part("interact", start + 0.5, end, ended_by, queueId=queue),
    ]
    told = [("nOffered", 1), *metrics]
    return of("acd", session(name, *segments, metrics=told, **said), participantName="Sales")


TIMES = (
    ("tAlert", 4000), ("tAnswered", 12_000), ("tTalk", 100_000), ("tTalkComplete", 100_000),
    ("tAcw", 7000), ("tHandle", 107_000),
)  # fmt: skip
TALK = [
    part("alert", 108, 112), part("interact", 112, 212, "peer"),
    part("wrapup", 212, 219, "peer", wrapUpCode="sold"),
]  # fmt: skip


def agent(
    *segments: Json, metrics: Sequence[tuple[str, Any]] = TIMES, name: str = "agent", **said: Any
) -> Json:
    return of("agent", session(name, *(segments or TALK), metrics=metrics, **said), userId="ann")


QUEUE = acd("queue", 100, 112, "transfer", ("tAcd", 11500))


def conversation(*participants: Json, **said: Any) -> Json:
    """Queued at 10:01:40, answered by ann after 12 s, talk of 100 s, 7 s after it."""
    return {
        "conversationStart": at(0), "conversationEnd": at(219), "originatingDirection": "inbound",
        "participants": list(participants or (customer(), QUEUE, agent())),
    } | said  # fmt: skip


def live(*participants: Json) -> Json:
    return conversation(*participants, conversationEnd=None)


WORDS = (
    "purpose",
    "direction",
    "mediaType",
    "segmentType",
    "disconnectType",
    "originatingDirection",
)


def in_capitals(said: Any) -> Any:
    """The same with the source's words in capital letters."""
    if isinstance(said, list):
        return [in_capitals(value) for value in said]
    if not isinstance(said, dict):
        return said
    return {
        key: value.upper() if key in WORDS and value else in_capitals(value)
        for key, value in said.items()
    }


def named(name: str, said: Json) -> Json:
    """The conversation with ids of its own."""
    mine = copy.deepcopy(said) | {"conversationId": name}
    for participant in mine["participants"]:
        for one in participant["sessions"]:
            one["sessionId"] = f"{name}: {one['sessionId']}"
    return mine


ANSWERED = {
    "outcome": "handled", "agent_id": hidden("ann"), "is_transferred": False, "queue": "q-1",
    "strftime(queued_at, '%H:%M:%S')": "10:01:40", "wait_seconds": 12, "talk_seconds": 100,
    "hold_seconds": 0, "wrap_seconds": 7, "reason": "sold", "customer_id": hidden("33612345678"),
}  # fmt: skip
LEFT = {"outcome": "abandoned", "agent_id": None, "talk_seconds": 0, "wrap_seconds": 0}
SILENT = part("alert", 101, 108, "client"), part("wrapup", 108, 169, "client", wrapUpCode="none")
NOT_RESPONDING = of(
    "agent",
    session("silent", *SILENT, metrics=[("tAlert", 7000), ("tNotResponding", 7000), ("tAcw", 57_000), ("tHandle", 57_000)]),
    userId="bob",
)  # fmt: skip
HELD = [
    ("tTalk", 30_000), ("tHeld", 20_000), ("tTalk", 40_000), ("tHeld", 5000), ("tTalk", 500),
    ("tTalkComplete", 70_500), ("tHeldComplete", 25_000), ("tAnswered", 12_000), ("tAcw", 1500),
]  # fmt: skip
SHOWN = [  # the wrap-up begins before the talk has ended
    part("alert", 108, 112), part("interact", 112, 142), part("hold", 142, 162),
    part("interact", 162, 212, "client"), part("wrapup", 208, 215, "client"),
]  # fmt: skip


def stay(number: int, queue: str) -> Json:
    """One of several sessions of the same agent: queued every 100 s, 10 s of wait, 20 s of talk."""
    start = 100 * number
    return session(
        f"agent {number}", part("interact", start + 10, start + 30, "transfer", queueId=queue),
        metrics=[("tAnswered", 10_000 + 125 * number), ("tTalk", 20_000), ("nTransferred", 1)],
    )  # fmt: skip


SIX = conversation(
    of("agent", *(stay(n, "q-1" if n in (1, 5) else "q-2") for n in (6, 5, 4, 3, 2, 1)), userId="ann"),
    *(acd(f"queue {n}", 100 * n, 100 * n + 10.013, queue="q-1" if n in (1, 5) else "q-2") for n in (3, 6, 1, 4, 2, 5)),
    customer(),
)  # fmt: skip
VOICEMAIL = of("voicemail", session("voicemail", part("interact", 160, 190)))
CALLBACK = acd("queue", 100, 112, mediaType="callback", direction="outbound")

# What is said, and what each leg is; no others come of it.
MEANINGS: list[tuple[str, Json, dict[str, Json]]] = [
    ("a call", conversation(), {"agent": ANSWERED}),
    ("in another order", conversation(agent(), QUEUE, customer()), {"agent": ANSWERED}),
    ("words in capitals", in_capitals(conversation()), {"agent": ANSWERED}),
    ("no end, written as empty text", conversation(conversationEnd=""), {"agent": ANSWERED}),
    ("fields nobody knows", conversation() | {"novelty": [[1]]}, {"agent": ANSWERED}),
    ("the sum of every talk and hold", conversation(customer(), QUEUE, agent(metrics=HELD)),
     {"agent": {"talk_seconds": 70.5, "hold_seconds": 25, "wrap_seconds": 1.5}}),
    ("six sessions of one agent", SIX,
     {f"agent {n}": {"wait_seconds": 10 + n / 8, "is_transferred": True, "talk_seconds": 20,
                     "queue": "q-1" if n in (1, 5) else "q-2", "contact_id": "six sessions of one agent",
                     "epoch(queued_at)": 951904800 + 100 * n} for n in range(1, 7)}),
    ("rung at another first", conversation(customer(), QUEUE, NOT_RESPONDING, agent()), {"agent": ANSWERED}),
    ("rung at one who did not respond",
     conversation(customer(), acd("queue", 100, 130, "peer", ("tAbandon", 29_500)), NOT_RESPONDING),
     {"queue": LEFT | {"wait_seconds": 29.5, "queue": "q-1", "reason": "unknown",
                       "strftime(queued_at, '%H:%M:%S')": "10:01:40"}}),
    ("flowed out", conversation(customer(), acd("queue", 100, 150, "transfer", ("tFlowOut", 49_500))),
     {"queue": {"outcome": "overflow", "wait_seconds": 49.5}}),
    ("flowed out to voicemail",
     conversation(customer(), VOICEMAIL, acd("queue", 100, 150, "transfer", ("tFlowOut", 49_500))),
     {"queue": {"outcome": "voicemail", "wait_seconds": 49.5}}),
    ("flowed out to a queue, from there to voicemail",
     conversation(customer(), VOICEMAIL, acd("queue", 10, 50, "transfer", ("tFlowOut", 1)),
                  acd("second", 50, 150, "transfer", ("tFlowOut", 2), queue="q-2")),
     {"queue": {"outcome": "overflow"}, "second": {"outcome": "voicemail", "queue": "q-2"}}),
    ("gave up after flowing out",
     conversation(customer(), acd("queue", 10, 50, "transfer", ("tFlowOut", 39_500)),
                  acd("second", 50, 90, "peer", ("tAbandon", 0))),
     {"queue": {"outcome": "overflow"}, "second": LEFT | {"wait_seconds": 0}}),
    ("flowed out, and an agent came otherwise", conversation(customer(), acd("queue", 100, 105, "transfer", ("tFlowOut", 4500)), agent()),
     {"queue": {"outcome": "overflow", "wait_seconds": 4.5}}),
    ("passed on by the voice menu",
     conversation(customer(), of("ivr", session("menu", part("ivr", 0, 99, "transfer"))), QUEUE, agent()),
     {"agent": ANSWERED}),
    ("called from inside the house, no customer in it",
     conversation(of("user", session("caller", part("interact", 0, 230, queueId=None), direction="outbound")), QUEUE, agent()),
     {"agent": ANSWERED | {"customer_id": None}}),
    ("handed on, says the metric", conversation(customer(), QUEUE, agent(metrics=[*TIMES, ("nTransferred", 1)])),
     {"agent": ANSWERED | {"is_transferred": True}}),
    ("other transfers in the metrics", conversation(customer(), QUEUE, agent(metrics=[*TIMES, ("nBlindTransferred", 1), ("nTransferred", 0)])),
     {"agent": ANSWERED}),
    ("handed on from hold",
     conversation(customer(), QUEUE, agent(TALK[1] | {"disconnectType": None}, part("hold", 212, 214, "transfer.consult"))),
     {"agent": {"is_transferred": True}}),
    ("a transfer at its alert is none", conversation(customer(), QUEUE, agent(part("alert", 108, 112, "transfer"), *TALK[1:])),
     {"agent": ANSWERED}),
    ("an old export has no end", {k: v for k, v in conversation().items() if k != "conversationEnd"}, {"agent": ANSWERED}),
    ("one agent is done, the next one talks",
     live(customer(end=None), QUEUE, agent(), acd("second", 220, 230, queue="q-2"),
          agent(part("interact", 230, None, queueId="q-2"), name="other")),
     {"agent": ANSWERED}),
    ("ended with an open segment", conversation(customer(), QUEUE, agent(*TALK[:2], part("wrapup", 212, None), metrics=[])),
     {"agent": {"wrap_seconds": 7, "talk_seconds": 100}}),
    ("no metrics", conversation(customer(), QUEUE, agent(*SHOWN, metrics=[])),
     {"agent": {"wait_seconds": 12, "talk_seconds": 80, "hold_seconds": 20, "wrap_seconds": 3}}),
    ("no metrics of time", conversation(customer(), QUEUE, agent(*SHOWN, metrics=TIMES[:2])),
     {"agent": {"wait_seconds": 12, "talk_seconds": 80, "hold_seconds": 20, "wrap_seconds": 3}}),
    ("a session with times has no others", conversation(customer(), QUEUE, agent(*SHOWN, metrics=[("tTalk", 100_000)])),
     {"agent": {"wait_seconds": 12, "talk_seconds": 100, "hold_seconds": 0, "wrap_seconds": 0}}),
    ("no list of metrics", conversation(customer(), QUEUE, agent(metrics=[]) | {"sessions": [{k: v for k, v in agent()["sessions"][0].items() if k != "metrics"}]}),
     {"agent": ANSWERED}),
    ("given up without metrics", conversation(customer(), of("acd", session("queue", part("interact", 100, 130.25, "peer")))),
     {"queue": LEFT | {"wait_seconds": 30.25}}),
    ("passed on without metrics", conversation(customer(), acd("queue", 100, 130), acd("second", 130, 150, "peer", queue="q-2")),
     {"queue": {"outcome": "overflow", "wait_seconds": 30}, "second": {"outcome": "abandoned"}}),
    ("passed on without metrics to one who did not respond",
     conversation(customer(), acd("queue", 100, 130), NOT_RESPONDING),
     {"queue": LEFT | {"wait_seconds": 30}}),
    ("passed on without metrics, nobody knows to whom", conversation(customer(), acd("queue", 100, 130)),
     {"queue": {"outcome": "overflow", "wait_seconds": 30}}),
    ("agent to agent inside a call", conversation(customer(), QUEUE, agent(), agent(part("interact", 150, 190, queueId=None), name="asked")),
     {"agent": ANSWERED}),
    ("rung in vain for one queue, answered for the next, then a colleague in no queue",
     conversation(customer(), acd("first", 50, 100), NOT_RESPONDING, QUEUE, agent(),
                  agent(part("interact", 212, 219, queueId=None), name="friend")),
     {"first": {"outcome": "overflow", "wait_seconds": 50}, "agent": ANSWERED}),
    ("handed on to a colleague without queueing again",
     conversation(customer(), QUEUE, agent(part("interact", 112, 150, "transfer"), metrics=TIMES[:3]),
                  agent(part("interact", 155, 195), metrics=[("tTalk", 40_000)], name="a colleague")),
     {"agent": {"wait_seconds": 12, "is_transferred": True},
      "a colleague": {"wait_seconds": 12, "talk_seconds": 40, "epoch(queued_at)": 951904900}}),
    ("a supervisor who listens", conversation(customer(), QUEUE, agent(), agent(name="listener", monitoredParticipantId="p")),
     {"agent": ANSWERED}),
    ("a screen shown beside", conversation(customer(), QUEUE, agent(), agent(name="screen", mediaType="screenshare")),
     {"agent": ANSWERED}),
    ("another dialled from inside", conversation(customer(), QUEUE, agent(), agent(name="dialled", direction="outbound")),
     {"agent": ANSWERED}),
    ("a chat", conversation(customer(mediaType="chat", ani=None), acd("queue", 100, 112, mediaType="chat"), agent(mediaType="chat")),
     {"agent": ANSWERED | {"customer_id": None}}),
    ("a message", conversation(customer(), acd("queue", 100, 112, mediaType="message"), agent(mediaType="message")),
     {"agent": ANSWERED}),
    ("a callback that the agent dials", conversation(customer(), CALLBACK, agent(mediaType="callback", direction="outbound"), agent(name="dialled", direction="outbound")),
     {"agent": ANSWERED}),
    ("a callback dialled for the agent", conversation(customer(105, direction="outbound", ani="tel:+33100000000"), customer(), CALLBACK, agent()),
     {"agent": ANSWERED}),
    ("a callback that reached nobody", conversation(customer(), CALLBACK), {"queue": {"outcome": "callback", "agent_id": None}}),
    ("an unknown caller", conversation(customer(ani="sip:anonymous@10.0.0.1"), QUEUE, agent()), {"agent": ANSWERED | {"customer_id": None}}),
    ("a caller over SIP", conversation(customer(ani="sip:+33612345678@10.0.0.1;user=phone"), QUEUE, agent()), {"agent": ANSWERED}),
    ("nobody's wrap-up code", conversation(customer(), QUEUE, agent(*TALK[:2])), {"agent": ANSWERED | {"reason": "unknown"}}),
    ("two wrap-up codes", conversation(customer(), QUEUE, agent(part("wrapup", 214, 219, wrapUpCode="late"), *TALK)), {"agent": {"reason": "late"}}),
    ("an agent without a name", conversation(customer(), QUEUE, agent() | {"userId": None}), {"agent": ANSWERED | {"agent_id": None}}),
]  # fmt: skip
NO_CALLS = [
    ("dialled out", conversation(originatingDirection="outbound")),
    ("dialled out, in capitals", conversation(originatingDirection="OUTBOUND")),
    ("a campaign's preview, skipped after hours",
     conversation(customer(), acd("queue", 100, 112, mediaType="callback"), agent(outboundCampaignId="spring"))),
    ("voice menu only", conversation(of("ivr", session("menu", part("ivr", 0, 99, "peer"))), customer())),
    ("a queue on the customer's segment only", conversation(customer(), agent())),
    ("an agent of another queue", conversation(customer(), agent(part("interact", 112, 212, queueId="q-2")))),
]  # fmt: skip
PENDING = [
    ("in the voice menu", live(of("ivr", session("menu", part("ivr", 0, None))), customer(end=None))),
    ("waits", live(customer(end=None), acd("queue", 100, None, None))),
    ("waits, written as empty text",
     conversation(customer(end=None), acd("queue", 100, None, segments=[part("interact", 100, 1) | {"segmentEnd": ""}]), conversationEnd="")),
    ("rings", live(customer(end=None), QUEUE, agent(part("alert", 112, None), metrics=[]))),
    ("talks", live(customer(end=None), QUEUE, agent(TALK[0], part("interact", 112, None), metrics=TIMES[:2]))),
    ("writes up", live(customer(), QUEUE, agent(*TALK[:2], part("wrapup", 212, None), metrics=TIMES[:4]))),
]  # fmt: skip


GONE = object()


def changed(path: str, value: object) -> Json:
    """The plain conversation with one field another, or taken away."""
    mine = named("faulty", conversation())
    place: Any = mine
    *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    for step in way:
        place = place[step]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return mine


UNUSABLE = [
    (changed("conversationId", GONE), "conversationId is missing"),
    (changed("conversationId", 17), "conversationId is not text"),
    (changed("participants", GONE), "participants is missing"),
    (changed("participants", {}), "participants is not a list of objects"),
    (changed("participants/2/sessions/0/sessionId", GONE), "sessionId is missing"),
    (changed("participants/2/sessions/0/segments/1/segmentStart", GONE), "segmentStart is missing"),
    (changed("participants/2/sessions/0/segments/1/segmentStart", "noon"), "segmentStart is not a time"),
    (changed("participants/2/sessions/0/segments/1/segmentEnd", 5), "segmentEnd is not text"),
    (changed("participants/2/sessions/0/metrics/2/value", "100000"), "tTalk is not a number"),
    (changed("participants/2/sessions/0/metrics/2/value", None), "tTalk is missing"),
    (changed("participants/2/sessions/0/metrics/2/value", -1), "talk_seconds is "),
    (changed("participants/2/userId", ["ann"]), "userId is not text"),
    (changed("participants/1/sessions/0/segments", GONE), "segments is missing"),
    (changed("participants/1/sessions/0/segments/0/segmentStart", None), "segmentStart is missing"),
    (named("faulty", conversation(customer(), acd("queue", 100, 112, queue=""), agent())), "queueId is missing"),
    (named("faulty", conversation(customer(), QUEUE, agent(part("interact", 112, 212, queueId=None)))), "queueId is missing"),
]  # fmt: skip


def site_of(home: Path, feed: Feed = GENESYS) -> NightSite:
    return NightSite(home, "Europe/Paris", feeds={"calls": feed})


def put(site: NightSite, file: str, *conversations: Json) -> None:
    site.put(f"calls/{file}", json.dumps({"conversations": conversations, "totalHits": 1}))


def legs(site: NightSite, *columns: str) -> dict[object, list[object]]:
    rows = site.ask(f"select call_id, {', '.join(columns)} from staging.calls order by call_id")
    return {row[0]: list(row[1:]) for row in rows}


def raw(site: NightSite) -> pl.DataFrame:
    return pl.read_parquet(site.folders.raw / "calls" / "*.parquet")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> NightSite:
    """One night with a conversation of every kind, each named by what it is."""
    site = site_of(tmp_path_factory.mktemp("genesys"))
    cases = [*((name, said) for name, said, _ in MEANINGS), *NO_CALLS, *PENDING]
    put(site, "all.json", *(named(*case) for case in cases), *(said for said, _ in UNUSABLE))
    site.night(DAY)
    return site


@pytest.mark.parametrize(
    ("name", "expected"), [(n, e) for n, _, e in MEANINGS], ids=[n for n, *_ in MEANINGS]
)
def test_what_a_conversation_means(night: NightSite, name: str, expected: dict[str, Json]) -> None:
    found = night.ask("select call_id from staging.calls where contact_id = $name", name=name)
    assert {call for (call,) in found} == {f"{name}: {session}" for session in expected}
    for one, columns in expected.items():
        ((*values,),) = night.ask(
            f"select {', '.join(columns)} from staging.calls where call_id = $call",
            call=f"{name}: {one}",
        )
        assert dict(zip(columns, values, strict=True)) == columns


@pytest.mark.parametrize(
    ("names", "status"), [(NO_CALLS, "no_call"), (PENDING, "pending")], ids=["no call", "pending"]
)
def test_what_is_no_leg_is_kept_and_counted(
    night: NightSite, names: list[tuple[str, Json]], status: str
) -> None:
    for name, _ in names:
        rows = raw(night).filter(pl.col("record_id") == name)
        assert (name, rows["status"].to_list()) == (name, [status])
    assert night.ask(
        "select count(*) from staging.calls where list_contains($names, contact_id)",
        names=[name for name, _ in names],
    ) == [(0,)]


def test_a_conversation_without_what_a_leg_needs_is_quarantined(night: NightSite) -> None:
    before = len(MEANINGS) + len(NO_CALLS) + len(PENDING)
    files = pl.read_parquet(night.folders.quarantine / "calls" / "*.parquet")
    found = files.select("line", "rule", "text").rows()
    for number, (said, reason) in enumerate(UNUSABLE, start=1):
        line, rule, text = found[number - 1]
        assert (line, text, rule[: len(reason)]) == (before + number, json.dumps(said), reason)
    assert night.ask("select rows_read, rows_raw, rows_quarantined from ledger.files") == [
        (before + len(UNUSABLE), before, len(UNUSABLE))
    ]


def test_the_later_export_wins_with_all_its_legs(tmp_path: Path) -> None:
    """Legs that changed, that came, that went and that stayed as they were."""
    other = agent(part("interact", 240, 260, queueId="q-2"), metrics=[], name="other")
    second = acd("second", 220, 240, queue="q-2")
    one, two = (
        conversation(customer(), QUEUE, agent()),
        conversation(customer(), QUEUE, agent(), second, other),
    )
    renamed = conversation(customer(), QUEUE, agent(), second, other | {"userId": "bob"})
    talks = live(customer(end=None), QUEUE, agent(TALK[0], part("interact", 112, None), metrics=[]))
    exports = {
        "leg comes": (one, two), "leg goes": (two, one), "another agent": (two, renamed),
        "ends": (talks, one), "again": (two, two), "was no call": (NO_CALLS[3][1], one),
    }  # fmt: skip
    site = site_of(tmp_path)
    for number in (0, 1):
        put(site, f"{number}.json", *(named(name, said[number]) for name, said in exports.items()))
        site.night(DAY)
    expected = {"agent": [hidden("ann"), "q-1"]}
    both = expected | {"other": [hidden("ann"), "q-2"]}
    after = {
        "leg comes": both, "leg goes": expected, "another agent": both | {"other": [hidden("bob"), "q-2"]},
        "ends": expected, "again": both, "was no call": expected,
    }  # fmt: skip
    found = legs(site, "agent_id", "queue")
    assert found == {
        f"{n}: {s}": found for n, of_n in sorted(after.items()) for s, found in of_n.items()
    }
    assert site.ask("select sum(rows_repeated) from staging.call_repeats") == [(1,)]
    night_by_night = site.tables()
    site.night(DAY, is_full=True)
    assert site.tables() == night_by_night


def test_the_same_however_delivered(tmp_path: Path) -> None:
    two = [named(name, conversation()) for name in ("a", "b")]
    shapes = {
        "envelope": json.dumps({"conversations": two}),
        "envelope with more": json.dumps({"totalHits": 2, "conversations": two, "aggregations": [{"n": [1]}]}, indent=1),
        "envelope whose records come last": json.dumps({"aggregations": [{"n": [1]}], "totalHits": 2, "conversations": two}),
        "envelope after members nobody knows": json.dumps({"paging": {"size": 2}, "entities": [], "conversations": two, "pageCount": 1}),
        "array of pages": json.dumps([{"conversations": [said], "cursor": "x"} for said in two]),
        "pages": "\n".join(json.dumps({"conversations": [said], "cursor": "x"}) for said in two),
        "array": json.dumps(two),
        "lines": "\n".join(map(json.dumps, two)),
        "one": json.dumps(two[0]),
    }  # fmt: skip
    site = site_of(tmp_path)
    for name, content in shapes.items():
        site.put(f"calls/{name}.json", content)
    site.night(DAY)
    assert list(legs(site, "outcome")) == ["a: agent", "b: agent"]
    assert site.ask("select sum(rows_read), sum(rows_quarantined) from ledger.files") == [(17, 0)]
    assert site.ask("select sum(rows_repeated) from staging.call_repeats") == [(15,)]


@pytest.mark.parametrize(
    "content",
    [
        '{"conversations": [], "totalHits": 0}',
        '{"totalHits": 0}',
        "{}",
        '[{"conversations": null}]',
    ],
)
def test_a_file_without_conversations(tmp_path: Path, content: str) -> None:
    site = site_of(tmp_path)
    site.put("calls/none.json", content)
    site.night(DAY)
    assert site.ask("select rows_read from ledger.files") == [(0,)]


def test_a_broken_conversation_of_a_page_costs_itself_only(tmp_path: Path) -> None:
    site = site_of(tmp_path)
    faulty = changed("conversationId", GONE)
    page = {"conversations": [named("a", conversation()), 42, faulty, named("b", conversation())]}
    site.put("calls/1.json", json.dumps([page]))
    site.night(DAY)
    assert list(legs(site, "outcome")) == ["a: agent", "b: agent"]
    files = pl.read_parquet(site.folders.quarantine / "calls" / "*.parquet")
    assert files.select("line", "rule", "text").rows() == [
        (2, "not a JSON object", "42"), (3, "conversationId is missing", json.dumps(faulty)),
    ]  # fmt: skip


def test_settings_name_attributes_and_limit_the_media(tmp_path: Path) -> None:
    feed = replace(
        GENESYS, customer_attribute="account", reason_attribute="topic", media=["voice", "chat"]
    )
    message = conversation(
        customer(), acd("queue", 100, 112, mediaType="message"), agent(mediaType="message")
    )
    chat = conversation(
        customer(), acd("queue", 100, 112, mediaType="chat"), agent(mediaType="chat")
    )
    nameless = conversation(
        of("customer", session("customer", part("interact", 0, 230), ani="+331")), QUEUE, agent()
    )
    site = site_of(tmp_path, feed)
    put(
        site,
        "1.json",
        named("voice", conversation()),
        named("message", message),
        named("chat", chat),
        named("nameless", nameless),
    )
    site.night(DAY)
    assert legs(site, "customer_id", "reason") == {
        "chat: agent": [hidden("AB-17"), "billing"],
        "nameless: agent": [None, "unknown"],
        "voice: agent": [hidden("AB-17"), "billing"],
    }
    statuses = raw(site).select("record_id", "status").rows()
    assert ("message", "no_call") in statuses


def test_a_field_of_the_customers_session_may_name_him(tmp_path: Path) -> None:
    site = site_of(tmp_path, replace(GENESYS, customer_attribute="addressFrom", country_code="33"))
    said = conversation(customer(addressFrom="06 12 34 56 78"), QUEUE, agent())
    put(site, "1.json", named("a", said))
    site.night(DAY)
    assert legs(site, "customer_id") == {"a: agent": [hidden("33612345678")]}


def test_nobody_can_be_told_from_raw(night: NightSite) -> None:
    said = str(raw(night).rows())
    assert "612345678" not in said
    assert "ann'" not in said
    content = raw(night)["content"].drop_nulls()
    assert content.str.contains("^[0-9a-f]{16}$").all()  # a pseudonym too: it is made from names


def test_order_in_a_conversation_tells_no_versions_apart(tmp_path: Path) -> None:
    site = site_of(tmp_path)
    for number, order in enumerate(itertools.permutations((customer(), QUEUE, agent()))):
        put(site, f"{number}.json", named("a", conversation(*order)))
    site.night(DAY)
    assert site.ask("select sum(rows_repeated) from staging.call_repeats") == [(5,)]
    assert list(legs(site, "outcome")) == ["a: agent"]
