"""What became of the records of each file, in `qos show files`: no record is lost in silence."""

import json
from pathlib import Path
from typing import Any

import pytest
import test_amazon_connect as connect
import test_genesys_cloud as genesys
from nights import NOW, NightSite, csv_of

from warehouse.manifest import add_withdrawal, read_manifest
from warehouse.mart_models import mart_sql
from warehouse.sources import Feed, anonymous_bank

DAY = "2000-03-01"
USES = ("legs", "no_calls", "pending", "unknown", "replaced")


@pytest.fixture
def site(tmp_path: Path) -> NightSite:
    return NightSite(tmp_path)


def intake(site: NightSite) -> dict[str, dict[str, int]]:
    """By file name, what its records are, but for zeros; all accounts must add up."""
    columns = ", ".join(
        f"rows_{use}" for use in (*USES, "quarantined", "repeated", "loaded", "read")
    )
    found = {}
    for name, *counts in site.ask(f"select name, {columns} from ({mart_sql('files')})"):
        numbers = [int(str(count)) for count in counts]
        said = dict(zip((*USES, "quarantined", "repeated", "loaded", "read"), numbers, strict=True))
        loaded, read = said.pop("loaded"), said.pop("read")
        assert sum(said[use] for use in USES) == loaded, name
        assert sum(said.values()) == read, name
        found[str(name)] = {use: count for use, count in said.items() if count}
    return found


def legs_in_tables(site: NightSite) -> int:
    """How many records the legs of the tables come from."""
    ((records,),) = site.ask(
        "select count(distinct (file, line)) from staging.calls where outcome <> 'ignored'"
    )
    return int(str(records))


def night(site: NightSite, as_of: str = DAY) -> dict[str, dict[str, int]]:
    """Run it, compare its accounts with its tables and with those of a full build."""
    site.night(as_of)
    found = intake(site)
    assert sum(said.get("legs", 0) for said in found.values()) == legs_in_tables(site)
    by_night = site.tables()
    site.night(as_of, is_full=True)
    assert intake(site) == found
    assert site.tables() == by_night
    return found


def test_canonical_files(site: NightSite) -> None:
    """A leg, one ignored, one that cannot be read; then both again, one amended, one mended."""
    header = "call_id,queued_at,agent_id,wait_seconds,outcome\n"
    a, b, c = "a,2000-02-29T09:00:00Z,ann,5,\n", f"b,{DAY}T09:00:00Z,,5,ignored\n", "c,?,ann,5,\n"
    site.put("calls/1.csv", header + a + b + c)
    assert night(site) == {"1.csv": {"legs": 1, "no_calls": 1, "quarantined": 1}}
    moved = a.replace("02-29", "02-27").replace(",5,", ",6,")
    site.put("calls/2.csv", header + b + moved + c.replace("?", f"{DAY}T10:00:00Z"))
    after = {
        "1.csv": {"no_calls": 1, "replaced": 1, "quarantined": 1},
        "2.csv": {"legs": 2, "repeated": 1},
    }
    assert night(site) == after
    site.put("calls/3.csv", header + f"d,{DAY}T11:00:00Z,ann,5,\n")
    assert night(site, "2000-03-02") == after | {"3.csv": {"legs": 1}}
    (second,) = [x for x in read_manifest(site.folders.manifest).arrivals if x.name == "2.csv"]
    add_withdrawal(site.folders.manifest, second.file, NOW)
    assert night(site, "2000-03-02") == {
        "1.csv": {"legs": 1, "no_calls": 1, "quarantined": 1},
        "3.csv": {"legs": 1},
    }


def test_a_version_whose_day_lies_long_before_is_remembered(site: NightSite) -> None:
    """Nights that rewrite one day must not forget that a row of it gave way to one of last month."""
    header = "call_id,queued_at,agent_id,wait_seconds\n"
    site.put("calls/1.csv", header + "a,2000-03-05T09:00:00Z,ann,5\n")
    site.put("calls/2.csv", header + "a,2000-02-01T09:00:00Z,ann,5\n")
    site.night("2000-03-05")
    site.put("calls/3.csv", header + "b,2000-03-04T09:00:00Z,ann,5\n")
    assert night(site, "2000-03-05") == {
        "1.csv": {"replaced": 1},
        "2.csv": {"legs": 1},
        "3.csv": {"legs": 1},
    }


def test_contact_records(site: NightSite) -> None:
    """A contact goes on, ends, comes again and comes late; an outbound call; an unusable record."""
    site.feeds = {"calls": connect.CONNECT}
    going = connect.contact("a", DisconnectTimestamp=None, LastUpdateTimestamp=f"{DAY}T10:01:00Z")
    ended, outbound = connect.contact("a"), connect.contact("o", InitiationMethod="OUTBOUND")
    unusable = connect.contact("u", Queue=connect.queue(Duration="12"))
    site.put("calls/1", connect.lines(going, outbound, unusable))
    assert night(site) == {"1": {"no_calls": 1, "pending": 1, "quarantined": 1}}
    site.put("calls/2", connect.lines(ended, outbound, going))
    assert night(site) == {
        "1": {"no_calls": 1, "replaced": 1, "quarantined": 1},
        "2": {"legs": 1, "repeated": 2},
    }


def test_conversations_count_once_however_many_legs_they_have(site: NightSite) -> None:
    """One with two legs, on both sides of midnight, comes twice, and a last time amended."""
    site.feeds = {"calls": genesys.GENESYS}
    night_shift: dict[str, Any] = genesys.named(
        "n",
        genesys.conversation(
            genesys.customer(),
            genesys.QUEUE,
            genesys.agent(),
            genesys.acd("late", 60_000, 60_012, queue="q-2"),
            genesys.agent(
                genesys.part("interact", 60_012, 60_050, "peer", queueId="q-2"),
                name="other",
                metrics=[("tAnswered", 12_000), ("tTalk", 38_000)],
            ),
        ),
    )
    text = json.dumps(night_shift)
    site.put("calls/1", text)
    assert night(site, "2000-03-02") == {"1": {"legs": 1}}
    assert site.ask("select day::varchar from staging.calls order by day") == [
        (DAY,),
        ("2000-03-02",),
    ]
    site.put("calls/2", text + "\n" + text.replace("38000", "37000"))
    assert night(site, "2000-03-02") == {
        "1": {"replaced": 1},
        "2": {"legs": 1, "repeated": 1},
    }


def test_event_logs_count_events(site: NightSite) -> None:
    """Those of a call that ended, of one that waits, of no call, and one that nobody knows."""
    site.feeds = {"calls": Feed("calls", "UTC", adapter="asterisk")}
    events = [
        "951901200|A|web|NONE|ENTERQUEUE||0612345678|1", "951901209|A|web|NONE|ABANDON|1|1|9",
        "951901300|B|web|NONE|ENTERQUEUE||0612345678|1", "951901300|NONE|NONE|NONE|QUEUESTART|",
        "951901300|C|web|NONE|SOMETHING|", "951901301|B|web|ann|CONNECT|soon",
    ]  # fmt: skip
    site.put("calls/1", "\n".join(events))
    site.night(DAY)
    assert intake(site) == {
        "1": {"legs": 2, "pending": 1, "no_calls": 1, "unknown": 1, "quarantined": 1}
    }
    site.put("calls/2", "951901301|B|web|ann|CONNECT|1\n951901361|B|web|ann|COMPLETEAGENT|1|60|1\n")
    site.night(DAY)
    assert intake(site)["1"] == {"legs": 3, "no_calls": 1, "unknown": 1, "quarantined": 1}
    assert intake(site)["2"] == {"legs": 2}


def test_other_feeds_have_no_calls_to_account_for(site: NightSite) -> None:
    site.put("roster/roster_2000-03-01.csv", csv_of("""
        agent_id | hired_on
        ann      | 2000-01-03
        ann      | 2000-01-03
        """))  # fmt: skip
    site.night(DAY)
    assert site.ask(
        f"select rows_loaded, rows_repeated, rows_legs, rows_unknown from ({mart_sql('files')})"
    ) == [(1, 1, None, None)]


BANK = ["2:30:05", "5", "0:00:00", "0:00:00", "0", "AGENT", "2:30:05", "2:31:05", "60", "ANN"]
TWICE = {  # 2:30 on 29 October 2000 comes twice; 2:30 with an offset, 3:00 and epochs only once
    "canonical": """call_id,queued_at,wait_seconds
A,2000-10-29 02:30:00,5
B,2000-10-29 02:59:59,5
C,2000-10-29 02:30:00+01:00,5
D,2000-10-29 02:30:00+02:00,5
E,2000-10-29 03:00:00,5
F,2000-10-29 02:30:00,soon
""",
    "asterisk": """time,callid,queuename,agent,event,data1,data2,data3
2000-10-29 02:30:00.00000,C,web,NONE,ENTERQUEUE,,1,1
2000-10-29 02:30:09.00000,C,web,NONE,ABANDON,1,1,9
2000-10-29 00:30:00 UTC,D,web,NONE,ENTERQUEUE,,1,1
972779409,D,web,NONE,ABANDON,1,1,9
""",
    "anonymous_bank": "\n".join("\t".join(fields) for fields in (
        anonymous_bank.HEADER,
        ["A", "1", "0", "0", "PS", "991031", "2:30:00", *BANK],
        ["A", "2", "0", "0", "PS", "991031", "2:00:00", *BANK],
        ["A", "3", "0", "0", "PS", "991031", "3:00:00", *BANK],
    )),
}  # fmt: skip


@pytest.mark.parametrize("adapter", TWICE)
def test_times_that_come_twice_in_october_are_counted(tmp_path: Path, adapter: str) -> None:
    feed = Feed("calls", "Europe/Paris", adapter=adapter)
    site = NightSite(tmp_path, "Europe/Paris", feeds={"calls": feed})
    site.put("calls/1", TWICE[adapter])
    site.night("2000-10-29")
    assert site.ask(f"select rows_taken_for_first_hour from ({mart_sql('files')})") == [(2,)]
