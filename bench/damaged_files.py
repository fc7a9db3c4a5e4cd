"""Sound files of every format, and the damage that ways and machines do to them."""

import gzip
import json
import random
from typing import Any

ROWS = 12
NASTY = [
    b"\0", b"\xff\xfe", b"=cmd|' /C calc'!A0", b"../../../../etc/passwd", b"'; drop table x; --",
    b'"', b"\n", b"\r\n", b"\xc3", b"9" * 400, b"1e999", b"NaN", b"-0", b"[" * 1000, b"{" * 1000,
    "\u202e\u2028".encode(), b";" * 50, b"|" * 50, b"\t", b"2000-02-30T25:61:61Z", b"A" * 70_000,
]  # fmt: skip
HEADER = "call_id,queued_at,queue,reason,customer_id,agent_id,wait_seconds,talk_seconds,outcome"
EVENTS = ("ENTERQUEUE||0612345678|1", "CONNECT|5|x|3", "COMPLETECALLER|5|60|1", "ABANDON|1|1|9")


def mutated(content: bytes, luck: random.Random) -> bytes:
    """One to five damages to a sound file; now and then it is packed."""
    text = bytearray(content)
    for _ in range(luck.randint(1, 5)):
        at, size = luck.randrange(len(text) + 1), luck.randrange(1, 60)
        text[at : at + luck.choice((0, 1, size))] = luck.choice(
            (b"", bytes([luck.randrange(256)]), bytes(text[at : at + size]), luck.choice(NASTY))
        )
    whole = bytes(text)
    turn = luck.randrange(40)
    if turn == 0:
        return gzip.compress(whole)[: luck.randrange(20, 400)]
    return whole.decode("latin-1").encode("utf-16") if turn == 1 else whole


def calls() -> bytes:
    """Legs in our own columns."""
    rows = [f"{n},2000-01-0{n % 9 + 1}T10:00:0{n % 9}Z,web,modem,c{n},a{n},5,{n}.5,handled"
            for n in range(ROWS)]  # fmt: skip
    return "\n".join([HEADER, *rows, ""]).encode()


def roster() -> bytes:
    """A roster."""
    rows = [f"a{n},in-house,1999-01-0{n % 9 + 1},,voluntary" for n in range(ROWS)]
    return "\n".join(["agent_id,provider,hired_on,left_on,leave_reason", *rows, ""]).encode()


def queue_log() -> bytes:
    """A log of Asterisk."""
    rows = [f"{946_720_800 + n}|{n // 3}.1|web|SIP/{n % 4}|{EVENTS[n % 4]}" for n in range(ROWS)]
    return "\n".join([*rows, ""]).encode()


def contact(n: int) -> dict[str, Any]:
    """A contact record of Amazon Connect."""
    return {
        "ContactId": str(n), "Channel": "VOICE", "InitiationMethod": "INBOUND",
        "CustomerEndpoint": {"Address": "+33612345678"},
        "LastUpdateTimestamp": "2000-01-01T11:00:00Z",
        "Queue": {"Name": "web", "EnqueueTimestamp": "2000-01-01T10:00:00Z", "Duration": 5},
        "Agent": {"Username": f"a{n}", "AgentInteractionDuration": 60, "CustomerHoldDuration": 0,
                  "AfterContactWorkDuration": 3},
    }  # fmt: skip


def conversation(n: int) -> dict[str, Any]:
    """A conversation of Genesys Cloud."""

    def session(media: str) -> dict[str, object]:
        return {"sessionId": f"{media}{n}", "mediaType": "voice", "ani": "tel:+33612345678",
                "segments": [{"segmentStart": "2000-01-01T10:00:05.000Z", "queueId": "q",
                              "segmentEnd": "2000-01-01T10:01:00.000Z", "segmentType": "interact"}],
                "metrics": [{"name": "tTalk", "value": 60_000}]}  # fmt: skip

    return {
        "conversationId": str(n), "conversationStart": "2000-01-01T10:00:00.000Z",
        "originatingDirection": "inbound",
        "participants": [{"purpose": purpose, "userId": "u", "sessions": [session(purpose)]}
                         for purpose in ("customer", "acd", "agent")],
    }  # fmt: skip


def contacts() -> bytes:
    """Contact records, a line each."""
    return "\n".join(json.dumps(contact(n)) for n in range(ROWS)).encode()


def conversations() -> bytes:
    """Conversations in an envelope."""
    return json.dumps({"conversations": [conversation(n) for n in range(4)]}).encode()
