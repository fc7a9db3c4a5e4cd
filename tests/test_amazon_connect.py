"""Amazon Connect contact records through the real pipeline, leg by leg."""

import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from nights import NightSite, hidden

from warehouse.sources import Feed

Json = dict[str, Any]
DAY = "2000-03-01"
CONNECT = Feed("calls", "Europe/Paris", adapter="amazon_connect")


def contact(name: str = "c1", **said: Any) -> Json:
    """A call queued at 10:00:30 that ann answered after 12 s, but for what is said."""
    return {
        "AWSContactTraceRecordFormatVersion": "2017-03-10",
        "ContactId": name, "InitialContactId": None, "NextContactId": None,
        "PreviousContactId": None, "Channel": "VOICE", "InitiationMethod": "INBOUND",
        "InitiationTimestamp": f"{DAY}T09:58:43Z",  # 107 s before it is queued
        "DisconnectTimestamp": f"{DAY}T10:23:00Z",  # 19 minutes after the agent is done
        "LastUpdateTimestamp": f"{DAY}T10:24:00Z",
        "AgentConnectionAttempts": 1,
        "Agent": agent(),
        "Queue": queue(),
        "CustomerEndpoint": {"Address": "+33612345678", "Type": "TELEPHONE_NUMBER"},
        "TransferredToEndpoint": None,
        "Attributes": {"topic": "billing", "account": "AB-17"},
    } | said  # fmt: skip


def agent(**said: Any) -> Json:
    return {
        "Username": "ann", "ConnectedToAgentTimestamp": f"{DAY}T10:00:42Z",
        "AgentInteractionDuration": 100, "CustomerHoldDuration": 20, "NumberOfHolds": 1,
        "AfterContactWorkDuration": 7,
    } | said  # fmt: skip


def queue(**said: Any) -> Json:
    return {
        "Name": "Sales", "EnqueueTimestamp": f"{DAY}T10:00:30Z", "Duration": 12,
        "DequeueTimestamp": f"{DAY}T10:00:42Z",
    } | said  # fmt: skip


def unanswered(name: str = "c1", **said: Any) -> Json:
    return contact(name, **({"Agent": None, "AgentConnectionAttempts": 0} | said))


def lines(*records: Json) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def site_of(home: Path, feed: Feed = CONNECT) -> NightSite:
    return NightSite(home, "Europe/Paris", feeds={"calls": feed})


def legs(site: NightSite, *columns: str) -> dict[object, list[object]]:
    rows = site.ask(f"select call_id, {', '.join(columns)} from staging.calls order by call_id")
    return {row[0]: list(row[1:]) for row in rows}


def statuses(site: NightSite) -> dict[str, str]:
    raw = pl.read_parquet(site.folders.raw / "calls" / "*.parquet")
    return dict(raw.select("call_id", "status").rows())


def rejected(site: NightSite) -> list[tuple[int, str, str]]:
    files = pl.read_parquet(site.folders.quarantine / "calls" / "*.parquet")
    return files.select("line", "rule", "text").rows()


ANSWERED = {"outcome": "handled", "agent_id": hidden("ann"), "is_transferred": False}
LEFT = {"outcome": "abandoned", "agent_id": None, "talk_seconds": 0, "wait_seconds": 12}
MEANINGS: list[tuple[str, Json, Json]] = [
    ("talk without hold, hold, wrap", contact(),
     ANSWERED | {"talk_seconds": 100, "hold_seconds": 20, "wrap_seconds": 7, "wait_seconds": 12}),
    ("a contact of one record", contact(), {"contact_id": "a contact of one record"}),
    ("a later record of a contact", contact(InitialContactId="first"), {"contact_id": "first"}),
    ("queued when the queue says, not at initiation", contact(),
     {"strftime(queued_at, '%H:%M:%S')": "10:00:30"}),
    ("a time with another offset", contact(Queue=queue(EnqueueTimestamp=f"{DAY}T11:00:30+01:00")),
     {"strftime(queued_at, '%H:%M:%S')": "10:00:30"}),
    ("a time without offset is the feed's", contact(Queue=queue(EnqueueTimestamp=f"{DAY}T11:00:30")),
     {"strftime(queued_at, '%H:%M:%S')": "10:00:30"}),
    ("a time that says UTC in letters", contact(Queue=queue(EnqueueTimestamp=f"{DAY} 10:00:30 UTC")),
     {"strftime(queued_at, '%H:%M:%S')": "10:00:30"}),
    ("days and months of one digit", contact(Queue=queue(EnqueueTimestamp="2000-3-1T10:00:30.5Z")),
     {"strftime(queued_at, '%d %H:%M:%S.%g')": "01 10:00:30.500"}),
    ("the queue's name", contact(), {"queue": "Sales"}),
    ("a number as it is without a country", contact(CustomerEndpoint={"Address": "06 12 34 56 78"}),
     {"customer_id": hidden("0612345678")}),
    ("no queue name", contact(Queue=queue(Name=None)), {"queue": "unknown"}),
    ("no disposition", contact(), {"reason": "unknown"}),
    ("after-contact work not told yet", contact(Agent=agent(AfterContactWorkDuration=None)),
     ANSWERED | {"wrap_seconds": 0}),
    ("a name of nobody", contact(Agent=agent(Username=None)),
     {"outcome": "handled", "agent_id": None}),
    ("disconnected before it was queued", contact(DisconnectTimestamp=f"{DAY}T09:00:00Z"),
     {"talk_seconds": 100, "wait_seconds": 12}),
    ("the field of disconnection is not there", {k: v for k, v in contact().items() if k != "DisconnectTimestamp"},
     ANSWERED),
    ("fractions of a second", contact(Queue=queue(Duration=12.25)), {"wait_seconds": 12.25}),
    ("nobody answered", unanswered(), LEFT),
    ("rung at three agents", unanswered(AgentConnectionAttempts=3), LEFT),
    ("an agent without anything", unanswered(Agent={"Username": None}), LEFT),
    ("rung, and never connected",
     unanswered(AgentConnectionAttempts=1, Agent=dict.fromkeys(agent()) | {"Username": "ann"}), LEFT),
    ("objects of nulls", unanswered(TransferredToEndpoint={"Address": None}, Agent=dict.fromkeys(agent())),
     LEFT | {"is_transferred": False}),
    ("sent to a number outside", unanswered(TransferredToEndpoint={"Address": "+331"}),
     {"outcome": "overflow", "is_transferred": True, "wait_seconds": 12}),
    ("handed to a number outside", contact(TransferredToEndpoint={"Address": "+331"}),
     ANSWERED | {"is_transferred": True}),
    ("handed to a record nobody has", contact(NextContactId="?"), ANSWERED | {"is_transferred": True}),
    ("a chat", contact(Channel="CHAT", InitiationMethod="API", CustomerEndpoint=None),
     ANSWERED | {"customer_id": None}),
    ("a callback, its delay in the wait", contact(InitiationMethod="CALLBACK", Queue=queue(Duration=120)),
     ANSWERED | {"wait_seconds": 120}),
    ("words in small letters", contact(Channel="voice", InitiationMethod="inbound"), ANSWERED),
    ("nothing, written as empty text",
     unanswered(NextContactId="", TransferredToEndpoint="", Agent=dict.fromkeys(agent(), "")),
     LEFT | {"is_transferred": False}),
    ("fields nobody knows", contact(Agent=agent(Mood="good"), Novelty={"a": [1]}), ANSWERED),
    ("odd fields that a leg can do without", contact(CustomerEndpoint="?", Attributes=[1], Campaign=3),
     ANSWERED | {"customer_id": None}),
    ("half a character", contact(Queue=queue(Name="S\ud83dales")), {"queue": "S\ufffdales"}),
]  # fmt: skip
NO_CALLS = [
    ("voice menu only", unanswered(Queue=None)),
    ("never enqueued", unanswered(Queue={"Name": "Sales", "EnqueueTimestamp": None, "Duration": 0})),
    ("dialled by an agent", contact(InitiationMethod="OUTBOUND")),
    ("dialled to a third party", contact(InitiationMethod="EXTERNAL_OUTBOUND")),
    ("dialled by an API", contact(InitiationMethod="API")),
    ("dialled by a campaign", contact(Campaign={"CampaignId": "spring"})),
    ("dialled by an agent, in small letters", contact(InitiationMethod="outbound")),
    ("dialled by an API, in small letters", contact(InitiationMethod="api", Channel="voice")),
    ("shown to an agent before it is dialled", contact(InitiationMethod="CAMPAIGN_PREVIEW")),
    ("never enqueued, written as empty text", unanswered(Queue=dict.fromkeys(queue(), ""))),
    ("a supervisor listening", contact(InitiationMethod="MONITOR")),
    ("agent to agent", contact(InitiationMethod="TRANSFER", Queue=None)),
    ("a survey", unanswered(InitiationMethod="DISCONNECT", Queue=None)),
    ("no call, and nonsense in it", unanswered(Queue=None, InitiationTimestamp=7, LastUpdateTimestamp="?")),
]  # fmt: skip
PENDING = [
    ("waits", unanswered(DisconnectTimestamp=None, Queue=queue(Duration=None, DequeueTimestamp=None))),
    ("talks", contact(DisconnectTimestamp=None, Agent=agent(AgentInteractionDuration=None))),
    ("waits, written as empty text",
     unanswered(DisconnectTimestamp="", Queue=queue(Duration="", DequeueTimestamp=""))),
    ("talks, counted as 0 so far", contact(DisconnectTimestamp=None, Agent=agent(AgentInteractionDuration=0))),
]  # fmt: skip


def without(record: Json, *path: str) -> Json:
    *way, last = path
    if not way:
        return {key: value for key, value in record.items() if key != last}
    return record | {way[0]: without(record[way[0]], *path[1:])}


UNUSABLE = [
    (without(contact("x"), "ContactId"), "ContactId is missing"),
    (contact("x", ContactId=None), "ContactId is missing"),
    (contact("x", ContactId=17), "ContactId is not text"),
    (without(contact("x"), "Queue"), "Queue.EnqueueTimestamp is missing"),
    (without(contact("x"), "Queue", "EnqueueTimestamp"), "Queue.EnqueueTimestamp is missing"),
    (contact("x", Queue=queue(EnqueueTimestamp=None)), "Queue.EnqueueTimestamp is missing"),
    (unanswered("x", Queue={"Duration": 12}), "Queue.EnqueueTimestamp is missing"),
    (unanswered("x", Queue={"DequeueTimestamp": f"{DAY}T10:00:42Z"}), "Queue.EnqueueTimestamp is missing"),
    (contact("x", Queue=queue(EnqueueTimestamp=951904830)), "Queue.EnqueueTimestamp is not text"),
    (contact("x", Queue=queue(EnqueueTimestamp="noon")), "Queue.EnqueueTimestamp is not a time"),
    (contact("x", Queue=queue(EnqueueTimestamp="0001-01-01T00:00:00Z")), "Queue.EnqueueTimestamp is not between 1970 and 2100"),
    (contact("x", Queue="Sales"), "Queue is not an object"),
    (without(unanswered("x", **{"Queue.EnqueueTimestamp": f"{DAY}T10:00:30Z"}), "Queue"), "Queue.EnqueueTimestamp is missing"),
    (without(unanswered("x", queue_name="Sales"), "Queue"), "Queue.EnqueueTimestamp is missing"),
    (without(contact("x"), "Queue", "Duration"), "Queue.Duration is missing"),
    (contact("x", Queue=queue(Duration="12")), "Queue.Duration is not a number"),
    (contact("x", Queue=queue(Duration=True)), "Queue.Duration is not a number"),
    (contact("x", Queue=queue(Duration=float("nan"))), "Queue.Duration is not a number"),
    (contact("x", Queue=queue(Duration=-1)), "wait_seconds is "),
    (contact("x", Agent="ann"), "Agent is not an object"),
    (without(contact("x"), "Agent", "AgentInteractionDuration"), "Agent.AgentInteractionDuration is missing"),
    (contact("x", Agent=agent(CustomerHoldDuration="20")), "Agent.CustomerHoldDuration is not a number"),
    (contact("x", Agent=agent(AfterContactWorkDuration=[])), "Agent.AfterContactWorkDuration is not a number"),
    (contact("x", Agent=agent(Username=4711)), "Agent.Username is not text"),
    (contact("x", LastUpdateTimestamp="yesterday"), "LastUpdateTimestamp is not a time"),
]  # fmt: skip


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> NightSite:
    """One night with a record of every kind, each named by what it is."""
    site = site_of(tmp_path_factory.mktemp("connect"))
    cases = [*((name, record) for name, record, _ in MEANINGS), *NO_CALLS, *PENDING]
    named = [record | {"ContactId": name} for name, record in cases]
    site.put("calls/all.json", lines(*named, *(record for record, _ in UNUSABLE)))
    site.night(DAY)
    return site


@pytest.mark.parametrize(("name", "expected"), [(n, e) for n, _, e in MEANINGS])
def test_what_a_record_means(night: NightSite, name: str, expected: Json) -> None:
    ((*found,),) = night.ask(
        f"select {', '.join(expected)} from staging.calls where call_id = $name", name=name
    )
    assert dict(zip(expected, found, strict=True)) == expected


@pytest.mark.parametrize("name", [name for name, _ in NO_CALLS])
def test_what_never_queued_is_no_leg_and_no_fault(night: NightSite, name: str) -> None:
    assert statuses(night)[name] == "no_call"
    assert name not in legs(night, "outcome")


@pytest.mark.parametrize("name", [name for name, _ in PENDING])
def test_what_goes_on_is_pending(night: NightSite, name: str) -> None:
    assert statuses(night)[name] == "pending"
    assert name not in legs(night, "outcome")


def test_a_record_without_what_a_leg_needs_is_quarantined(night: NightSite) -> None:
    before = len(MEANINGS) + len(NO_CALLS) + len(PENDING)
    for number, (record, reason) in enumerate(UNUSABLE, start=1):
        line, rule, text = rejected(night)[number - 1]
        assert (line, text, rule[: len(reason)]) == (before + number, json.dumps(record), reason)
    assert len(rejected(night)) == len(UNUSABLE)


def test_every_record_is_accounted_for(night: NightSite) -> None:
    kept = len(MEANINGS) + len(NO_CALLS) + len(PENDING)
    assert night.ask("select rows_read, rows_raw, rows_quarantined from ledger.files") == [
        (kept + len(UNUSABLE), kept, len(UNUSABLE))
    ]
    by_status = list(statuses(night).values())
    counts = {status: by_status.count(status) for status in ("leg", "no_call", "pending")}
    assert counts == {"leg": len(MEANINGS), "no_call": len(NO_CALLS), "pending": len(PENDING)}


VERSIONS = {
    "at once": contact(LastUpdateTimestamp=f"{DAY}T10:24:00Z", Agent=agent(AfterContactWorkDuration=None)),
    "a minute later": contact(LastUpdateTimestamp=f"{DAY}T10:25:00Z", Agent=agent(AfterContactWorkDuration=60)),
    "days later": contact(LastUpdateTimestamp="2000-03-07T03:41:32Z", Agent=agent(AfterContactWorkDuration=61)),
}  # fmt: skip


def test_the_newest_version_wins_whenever_it_comes(tmp_path: Path) -> None:
    """Every order of three versions, night by night and in one file."""
    orders = {", ".join(order): order for order in itertools.permutations(VERSIONS)}
    versions = [
        [VERSIONS[order[number]] | {"ContactId": name} for name, order in orders.items()]
        for number in range(len(VERSIONS))
    ]
    night_by_night, at_once = site_of(tmp_path / "nights"), site_of(tmp_path / "once")
    for number, of_night in enumerate(versions):
        night_by_night.put(f"calls/{number}.json", lines(*of_night))
        night_by_night.night(DAY)
    at_once.put("calls/all.json", lines(*itertools.chain(*versions)))
    at_once.night(DAY)
    for site in (night_by_night, at_once):
        found = legs(site, "wrap_seconds", "talk_seconds")
        assert found == {name: [61, 100] for name in sorted(orders)}


def test_a_record_delivered_again_in_another_file_is_a_repeat(tmp_path: Path) -> None:
    site = site_of(tmp_path)
    site.put("calls/1.json", lines(contact("a"), contact("b")))
    site.put("calls/2.json", json.dumps([contact("c"), contact("b")]))
    site.night(DAY)
    assert list(legs(site, "outcome")) == ["a", "b", "c"]
    assert site.ask("select sum(rows_repeated) from staging.call_repeats") == [(1,)]


HANDED_ON = {
    "CALLBACK": ["callback", True],
    "Callback": ["callback", True],
    "CALLBACK_CUSTOMER_FIRST_QUEUED": ["callback", True],
    "QUEUE_TRANSFER": ["overflow", True],
    "DISCONNECT": ["abandoned", False],
    None: ["abandoned", True],  # never delivered: the record looks just like an abandon
}


def chain(name: str, method: str | None, day: str) -> tuple[Json, Json]:
    """An unanswered record and the one that its contact went on to, which began on `day`."""
    first = unanswered(name, NextContactId=f"after {name}")
    following = contact(f"after {name}", InitialContactId=name, InitiationMethod=method)
    following |= {"InitiationTimestamp": f"{day}T09:00:00Z"}
    if method == "DISCONNECT":
        return first, following | {"Queue": None, "Agent": None}
    return first, following | {"Queue": queue(EnqueueTimestamp=f"{day}T09:00:00Z")}


@pytest.mark.parametrize("order", ["one file", "first", "next first"])
def test_the_next_record_says_what_became_of_an_unanswered_contact(
    tmp_path: Path, order: str
) -> None:
    """It may come first, later or never, and have begun days before."""
    site = site_of(tmp_path)
    cases = {f"{m} {d}": (m, d) for m in HANDED_ON for d in (DAY, "2000-02-27")}
    chains = [chain(name, method, day) for name, (method, day) in cases.items()]
    firsts = [first for first, _ in chains]
    nexts = [following for _, following in chains if following["InitiationMethod"]]
    deliveries = {
        "one file": [firsts + nexts], "first": [firsts, nexts], "next first": [nexts, firsts],
    }[order]  # fmt: skip
    for number, records in enumerate(deliveries):
        site.put(f"calls/{number}.json", lines(*records))
        site.night(DAY)
    found = legs(site, "outcome", "is_transferred")
    for name, (method, _) in cases.items():
        assert (name, found[name]) == (name, HANDED_ON[method])


def test_the_next_record_says_whether_a_handled_contact_was_handed_on(tmp_path: Path) -> None:
    methods = ("TRANSFER", "QUEUE_TRANSFER", "DISCONNECT")
    site = site_of(tmp_path)
    site.put("calls/1.json", lines(*(contact(m, NextContactId=f"after {m}") for m in methods)))
    site.night(DAY)
    assert legs(site, "is_transferred") == {method: [True] for method in sorted(methods)}
    site.put("calls/2.json", lines(*(contact(f"after {m}", InitiationMethod=m) for m in methods)))
    site.night(DAY)
    found = legs(site, "outcome", "is_transferred")
    assert [found[method] for method in methods] == [
        ["handled", True], ["handled", True], ["handled", False],
    ]  # fmt: skip


def test_what_is_known_of_the_next_record_survives_a_night_of_later_days(tmp_path: Path) -> None:
    """The leg is written anew, the record it was handed to began on a day that is not."""
    site = site_of(tmp_path)
    early = queue(EnqueueTimestamp="2000-02-27T10:00:00Z")
    following = contact("next", InitiationMethod="CALLBACK", Queue=early)
    site.put("calls/1.json", lines(following, unanswered("first", NextContactId="next")))
    site.night(DAY)
    site.put("calls/2.json", lines(contact("other")))
    site.night(DAY)
    assert legs(site, "outcome")["first"] == ["callback"]
    night_by_night = site.tables()
    site.night(DAY, is_full=True)
    assert site.tables() == night_by_night


def test_withdrawing_the_next_record_takes_the_outcome_back(tmp_path: Path) -> None:
    site = site_of(tmp_path)
    site.put("calls/1.json", lines(unanswered("first", NextContactId="next")))
    site.put("calls/2.json", lines(contact("next", InitiationMethod="CALLBACK")))
    site.night(DAY)
    manifest = site.folders.manifest
    manifest.write_text(manifest.read_text().splitlines(keepends=True)[0])
    (site.landing / "calls/2.json").unlink()
    site.night(DAY)
    assert legs(site, "outcome") == {"first": ["abandoned"]}


def test_a_later_record_ends_what_was_pending_and_mends_what_was_quarantined(
    tmp_path: Path,
) -> None:
    site = site_of(tmp_path)
    bad = contact("bad", Queue=queue(Duration="x"))
    site.put("calls/1.json", lines(*(record for _, record in PENDING[1:2]), contact("good"), bad))
    site.night(DAY)
    assert list(legs(site, "outcome")) == ["good"]
    ended = contact(LastUpdateTimestamp=f"{DAY}T11:00:00Z")
    site.put("calls/2.json", lines(ended, contact("bad")))
    site.night(DAY)
    assert list(legs(site, "outcome")) == ["bad", "c1", "good"]


CALLERS: dict[object, str | None] = {
    "+33 6 12 34 56 78": "33612345678", "0612345678": "33612345678",
    "0033612345678": "33612345678", "33612345678": "33612345678", "33123456": "3333123456",
    "+33 (0)6 12 34 56 78": "33612345678", "0033(0)612345678": "33612345678", "(06) 12 34 56 78": "33612345678",
    "tel:+33-6-12-34-56-78": "33612345678", "sip:+33612345678@10.0.0.1;user=phone": "33612345678",
    "+14165550100": "14165550100", "anonymous": None, "sip:anonymous@anonymous.invalid": None,
    "+266696687": None, "Restricted": None, "0000000000": None, "": None, None: None,
    "sip:phone42@10.0.0.1": None, 612345678: None,
}  # fmt: skip


def test_one_caller_is_one_customer(tmp_path: Path) -> None:
    site = site_of(tmp_path, replace(CONNECT, country_code="33"))
    addresses = {f"{address!r}": address for address in CALLERS}
    callers = [contact(n, CustomerEndpoint={"Address": a}) for n, a in addresses.items()]
    site.put("calls/1.json", lines(*callers))
    site.night(DAY)
    found = legs(site, "customer_id")
    for name, address in addresses.items():
        caller = CALLERS[address]
        assert (name, found[name]) == (name, [caller and hidden(caller)])


def test_settings_name_attributes_and_limit_the_media(tmp_path: Path) -> None:
    feed = replace(CONNECT, customer_attribute="account", reason_attribute="topic", media=["voice"])
    site = site_of(tmp_path, feed)
    nameless = contact("b", Attributes={"account": "Anonymous", "topic": ""})
    chat = contact("d", Channel="CHAT", InitiationMethod="API")
    site.put("calls/1.json", lines(contact("a"), nameless, contact("c", Attributes=None), chat))
    site.night(DAY)
    assert legs(site, "customer_id", "reason") == {
        "a": [hidden("AB-17"), "billing"], "b": [None, "unknown"], "c": [None, "unknown"],
    }  # fmt: skip
    assert statuses(site)["d"] == "no_call"


def test_settings_name_fields_of_the_record(tmp_path: Path) -> None:
    """Where there is an attribute of that name, it comes first."""
    feed = replace(CONNECT, customer_attribute="CustomerId", reason_attribute="DisconnectReason")
    site = site_of(tmp_path, feed)
    said = {"CustomerId": "AB-18", "DisconnectReason": "AGENT_DISCONNECT"}
    attributes = {"CustomerId": "AB-17", "DisconnectReason": ""}
    site.put(
        "calls/1.json", lines(contact("a", **said), contact("b", **said, Attributes=attributes))
    )
    site.night(DAY)
    assert legs(site, "customer_id", "reason") == {
        "a": [hidden("AB-18"), "AGENT_DISCONNECT"], "b": [hidden("AB-17"), "AGENT_DISCONNECT"],
    }  # fmt: skip


def test_a_record_is_told_later_what_it_was_handed_to(tmp_path: Path) -> None:
    site = site_of(tmp_path)
    first = unanswered("first", LastUpdateTimestamp=f"{DAY}T10:24:00Z")
    told = first | {"NextContactId": "next", "LastUpdateTimestamp": f"{DAY}T12:00:00Z"}
    following = contact("next", InitialContactId="first", InitiationMethod="CALLBACK")
    outcomes = []
    for number, record in enumerate((first, following, told)):
        site.put(f"calls/{number}.json", lines(record))
        site.night(DAY)
        outcomes += legs(site, "outcome")["first"]
    assert outcomes == ["abandoned", "abandoned", "callback"]


def test_nobody_can_be_told_from_raw(night: NightSite) -> None:
    files = [*(night.folders.raw / "calls").glob("*.parquet")]
    said = "".join(str(pl.read_parquet(file).rows()) for file in files)
    assert "33612345678" not in said
    assert "ann'" not in said
