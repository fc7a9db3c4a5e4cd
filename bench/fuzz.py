"""Feed every adapter thousands of damaged files: no traceback, no row lost, nothing elsewhere.

    python bench/fuzz.py [--files 10000] [--seed 1] [--log PATH]

Sound files of each format are mutated: bytes flipped, cut, doubled and moved; NUL, formulas, paths
that climb, SQL, wrong encodings, endless numbers, deep nesting. `--log` is a real call log to begin
with, too. A file may be refused as a whole (DataRejected); whatever else is raised is a traceback.
"""

import argparse
import gzip
import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import polars as pl

from warehouse.errors import DataRejected
from warehouse.folders import Folders
from warehouse.raw import quarantine_path, raw_path, reading_of, write_raw
from warehouse.sources import Feed

KEY = bytes(range(32))
ROWS = 12
NASTY = [
    b"\0", b"\xff\xfe", b"=cmd|' /C calc'!A0", b"../../../../etc/passwd", b"'; drop table x; --",
    b'"', b"\n", b"\r\n", b"\xc3", b"9" * 400, b"1e999", b"NaN", b"-0", b"[" * 1000, b"{" * 1000,
    "\u202e\u2028".encode(), b";" * 50, b"|" * 50, b"\t", b"2000-02-30T25:61:61Z", b"A" * 70_000,
]  # fmt: skip
HEADER = "call_id,queued_at,queue,reason,customer_id,agent_id,wait_seconds,talk_seconds,outcome"
EVENTS = ("ENTERQUEUE||0612345678|1", "CONNECT|5|x|3", "COMPLETECALLER|5|60|1", "ABANDON|1|1|9")


def main() -> int:
    """Print the counts; 1 if there was a traceback or a row is unaccounted for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", type=Path, help="a real log of the anonymous bank")
    arguments = parser.parse_args()
    sound = [(Feed("calls", "UTC"), canonical()), (Feed("calls", "UTC", "asterisk"), asterisk()),
             (Feed("calls", "UTC", "amazon_connect"), connect()),
             (Feed("calls", "UTC", "genesys_cloud"), genesys()),
             (Feed("roster", "UTC"), roster())]  # fmt: skip
    if arguments.log:
        head = b"".join(arguments.log.open("rb").readline() for _ in range(4 * ROWS))
        sound.append((Feed("calls", "Asia/Jerusalem", "anonymous_bank"), head))
    luck, counts = random.Random(arguments.seed), Counter[str]()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        for number in range(arguments.files):
            feed, content = sound[number % len(sound)]
            _feed(Path(home), number, feed, mutated(content, luck), counts)
            if number % 1000 == 999:
                print(f"{number + 1:,} files, {counts['tracebacks']} tracebacks", flush=True)
        strays = [p.name for p in Path(home).iterdir() if p.name not in ("in", "raw", "quarantine")]
    counts["written elsewhere"] = len(strays)
    names = ("files", "read", "refused", "rows", "quarantined", "tracebacks", "unaccounted",
             "written elsewhere")  # fmt: skip
    print("  ".join(f"{name} {counts[name]:,}" for name in names))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{most:,.0f} MiB at most, {time.monotonic() - begun:,.0f} s")
    return int(any(counts[name] for name in names[-3:]))


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


def _feed(home: Path, number: int, feed: Feed, content: bytes, counts: Counter[str]) -> None:
    """Read one file as a night would, and see that each of its rows is in one place."""
    source = home / "in"
    source.write_bytes(content)
    folders = Folders(home / "warehouse.duckdb")
    counts["files"] += 1
    name = f"{feed.name}/roster_2000-01-01.{number}"
    try:
        write_raw(source, str(number), feed, name, folders, KEY)
    except DataRejected:
        counts["refused"] += 1
        return
    except Exception as error:  # noqa: BLE001  (to count them is what this is for)
        counts["tracebacks"] += 1
        print(f"file {number} ({feed.adapter}): {type(error).__name__}: {str(error)[:200]}")
        return
    place = (folders, feed.name, str(number), reading_of(feed, KEY))
    raw, bad = pl.read_parquet(raw_path(*place)), pl.read_parquet(quarantine_path(*place))
    counts["read"] += 1
    counts["rows"] += raw["line"].n_unique()
    counts["quarantined"] += bad.height
    _account(feed, content, raw["line"], bad["line"], counts)
    raw_path(*place).unlink()
    quarantine_path(*place).unlink()


def _account(
    feed: Feed, content: bytes, loaded: pl.Series, bad: pl.Series, counts: Counter[str]
) -> None:
    """No row in both places; where a line is a row, as many as there are lines."""
    in_both = set(loaded) & set(bad)
    counts["unaccounted"] += len(in_both) + (bad.len() - bad.n_unique())
    is_plain = b'"' not in content and b"\0" not in content and b"\r" not in content
    if is_plain and feed.adapter == "asterisk" and content.isascii():
        lines = sum(1 for line in content.split(b"\n") if line.strip(b" "))
        counts["unaccounted"] += abs(lines - loaded.n_unique() - bad.len())


def canonical() -> bytes:
    """Legs in our own columns."""
    rows = [f"{n},2000-01-0{n % 9 + 1}T10:00:0{n % 9}Z,web,modem,c{n},a{n},5,{n}.5,handled"
            for n in range(ROWS)]  # fmt: skip
    return "\n".join([HEADER, *rows, ""]).encode()


def roster() -> bytes:
    """A roster."""
    rows = [f"a{n},in-house,1999-01-0{n % 9 + 1},,voluntary" for n in range(ROWS)]
    return "\n".join(["agent_id,provider,hired_on,left_on,leave_reason", *rows, ""]).encode()


def asterisk() -> bytes:
    """A queue log."""
    rows = [f"{946_720_800 + n}|{n // 3}.1|web|SIP/{n % 4}|{EVENTS[n % 4]}" for n in range(ROWS)]
    return "\n".join([*rows, ""]).encode()


def connect() -> bytes:
    """Contact records."""
    records = [{
        "ContactId": str(n), "Channel": "VOICE", "InitiationMethod": "INBOUND",
        "CustomerEndpoint": {"Address": "+33612345678"},
        "LastUpdateTimestamp": "2000-01-01T11:00:00Z",
        "Queue": {"Name": "web", "EnqueueTimestamp": "2000-01-01T10:00:00Z", "Duration": 5},
        "Agent": {"Username": f"a{n}", "AgentInteractionDuration": 60, "CustomerHoldDuration": 0,
                  "AfterContactWorkDuration": 3},
    } for n in range(ROWS)]  # fmt: skip
    return "\n".join(json.dumps(record) for record in records).encode()


def genesys() -> bytes:
    """Conversations."""

    def session(media: str, n: int) -> dict[str, object]:
        return {"sessionId": f"{media}{n}", "mediaType": "voice", "ani": "tel:+33612345678",
                "segments": [{"segmentStart": "2000-01-01T10:00:05.000Z", "queueId": "q",
                              "segmentEnd": "2000-01-01T10:01:00.000Z", "segmentType": "interact"}],
                "metrics": [{"name": "tTalk", "value": 60_000}]}  # fmt: skip

    conversations = [{
        "conversationId": str(n), "conversationStart": "2000-01-01T10:00:00.000Z",
        "originatingDirection": "inbound",
        "participants": [{"purpose": p, "userId": "u", "sessions": [session(p, n)]}
                         for p in ("customer", "acd", "agent")],
    } for n in range(4)]  # fmt: skip
    return json.dumps({"conversations": conversations}).encode()


if __name__ == "__main__":
    sys.exit(main())
