"""Asterisk's queue_log through the real pipeline, leg by leg.

A log is a picture: seconds after nine, UTC, on the first of March, then what Asterisk writes. So is
what comes of it: call, queue, agent, when it was queued, wait, talk, outcome, `>` if handed on.
"""

import gzip
import random
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from nights import NOW, NightSite, hidden

from flows.settings import load_settings
from warehouse.errors import ConfigurationError, DataRejected
from warehouse.manifest import add_withdrawal, read_manifest
from warehouse.mart_models import mart_sql
from warehouse.sources import Feed

DAY = "2000-03-01"
NINE = int(datetime(2000, 3, 1, 9, tzinfo=UTC).timestamp())
ASTERISK = Feed("calls", "Europe/Paris", adapter="asterisk", exit_outcomes={"night": "voicemail"})
AGENTS = ("ann", "bob", "cat")

# What feeds.md says, each with the smallest log that shows it.
CASES = {
    "answered: holdtime is the wait, calltime the talk, there is no hold and no wrap": (
        """
        0   | C | support | NONE | ENTERQUEUE     | | 0612345678 | 1
        30  | C | support | ann  | CONNECT        | 30 | 951901201.7 | 5
        90  | C | support | ann  | COMPLETECALLER | 30 | 60 | 1
        """,
        "C support ann 0 30 60 handled",
    ),
    "the agent may hang up too": (
        """
        0   | C | support | NONE | ENTERQUEUE    | | 0612345678 | 1
        30  | C | support | ann  | CONNECT       | 30 | 951901201.7 | 5
        90  | C | support | ann  | COMPLETEAGENT | 30 | 60 | 1
        """,
        "C support ann 0 30 60 handled",
    ),
    "abandoned: the wait is the third parameter": (
        """
        0   | C | support | NONE | ENTERQUEUE | | | 9
        44  | C | support | NONE | ABANDON    | 2 | 9 | 44
        """,
        "C support - 0 44 0 abandoned",
    ),
    "not finished is pending: waiting, or talking": (
        """
        0   | C | support | NONE | ENTERQUEUE | | 1 | 1
        0   | D | support | NONE | ENTERQUEUE | | 2 | 2
        30  | D | support | ann  | CONNECT    | 30 | 951901201.7 | 5
        """,
        "",
    ),
    "queued when it entered, not when the call id says": (
        """
        90  | 951901200.7 | support | NONE | ENTERQUEUE | | 1 | 1
        95  | 951901200.7 | support | NONE | ABANDON    | 1 | 1 | 5
        """,
        "951901200.7 support - 90 5 0 abandoned",
    ),
    "without its entry: CONNECT - holdtime": (
        """
        30  | C | support | ann  | CONNECT       | 20 | 951901201.7 | 5
        90  | C | support | ann  | COMPLETEAGENT | 20 | 60 | 1
        """,
        "C support ann 10 20 60 handled",
    ),
    "without its entry and its answer: COMPLETE - calltime - holdtime": (
        "90  | C | support | ann  | COMPLETEAGENT | 20 | 60 | 1",
        "C support ann 10 20 60 handled",
    ),
    "without its entry: ABANDON or EXIT - waittime": (
        """
        90  | C | support | NONE | ABANDON         | 1 | 1 | 80
        90  | D | support | NONE | EXITWITHTIMEOUT | 1 | 1 | 70
        90  | E | support | NONE | EXITWITHKEY     | 9 | 1 | 1 | 60
        """,
        """
        C support - 10 80 0 abandoned
        D support - 20 70 0 overflow
        E support - 30 60 0 overflow
        """,
    ),
    "each entry is a leg, the call id is the contact": (
        """
        0   | C | support | NONE | ENTERQUEUE      | | 1 | 1
        20  | C | support | NONE | EXITWITHTIMEOUT | 1 | 1 | 20
        25  | C | sales   | NONE | ENTERQUEUE      | | 1 | 1
        35  | C | sales   | bob  | CONNECT         | 10 | 951901201.7 | 5
        95  | C | sales   | bob  | COMPLETEAGENT   | 10 | 60 | 1
        """,
        """
        C support - 0 20 0 overflow
        C/2 sales bob 25 10 60 handled
        """,
    ),
    "one queue twice, back in the second in which it left": (
        """
        0   | C | support | NONE | ENTERQUEUE      | | 1 | 1
        20  | C | support | NONE | EXITWITHTIMEOUT | 1 | 1 | 20
        20  | C | support | NONE | ENTERQUEUE      | | 1 | 1
        35  | C | support | bob  | CONNECT         | 15 | 951901201.7 | 5
        95  | C | support | bob  | COMPLETEAGENT   | 15 | 60 | 1
        """,
        """
        C support - 0 20 0 overflow
        C/2 support bob 20 15 60 handled
        """,
    ),
    "one queue twice, in an old version whose EXITWITHTIMEOUT tells the position only": (
        """
        0   | C | support | NONE | ENTERQUEUE      | | 1
        20  | C | support | NONE | EXITWITHTIMEOUT | 1
        20  | C | support | NONE | ENTERQUEUE      | | 1
        40  | C | support | NONE | EXITWITHTIMEOUT | 1
        50  | C | support | NONE | ENTERQUEUE      | | 1
        57  | C | support | NONE | ABANDON         | 1 | 1 | 7
        """,
        """
        C support - 0 20 0 overflow
        C/2 support - 20 20 0 overflow
        C/3 support - 50 7 0 abandoned
        """,
    ),
    "one queue twice, the second entry lost": (
        """
        0   | C | support | NONE | ENTERQUEUE      | | 1 | 1
        20  | C | support | NONE | EXITWITHTIMEOUT | 1 | 1 | 20
        60  | C | support | NONE | ABANDON         | 1 | 1 | 7
        """,
        """
        C support - 0 20 0 overflow
        C/2 support - 53 7 0 abandoned
        """,
    ),
    "one queue twice within a second each": (
        """
        0   | C | support | NONE | ENTERQUEUE | | 1 | 1
        0   | C | support | NONE | EXITEMPTY  | 1 | 1 | 0
        1   | C | support | NONE | ENTERQUEUE | | 1 | 1
        1   | C | support | NONE | EXITEMPTY  | 1 | 1 | 0
        2   | C | support | NONE | ENTERQUEUE | | 1 | 1
        5   | C | support | NONE | ABANDON    | 1 | 1 | 3
        """,
        """
        C support - 0 0 0 overflow
        C/2 support - 1 0 0 overflow
        C/3 support - 2 3 0 abandoned
        """,
    ),
    "one queue twice, back at once after two seconds that the log calls three": (
        """
        0   | C | support | NONE | ENTERQUEUE      | | 1 | 1
        2   | C | support | NONE | EXITWITHTIMEOUT | 1 | 1 | 3
        2   | C | support | NONE | ENTERQUEUE      | | 1 | 1
        9   | C | support | NONE | ABANDON         | 1 | 1 | 7
        """,
        """
        C support - 0 3 0 overflow
        C/2 support - 2 7 0 abandoned
        """,
    ),
    "who leaves and comes back within a second has two stays, though both entries look the same": (
        """
        0   | C | support | NONE | ENTERQUEUE    | | 1 | 1
        0   | C | support | NONE | EXITEMPTY     | 1 | 1 | 0
        0   | C | support | NONE | ENTERQUEUE    | | 1 | 1
        21  | C | support | bob  | CONNECT       | 20 | 951901201.7 | 5
        51  | C | support | bob  | COMPLETEAGENT | 20 | 30 | 1
        0   | D | support | NONE | ENTERQUEUE    | | 2 | 4
        0   | D | support | NONE | EXITEMPTY     | 4 | 4 | 0
        0   | D | support | NONE | LEAVEEMPTY    |
        0   | D | support | NONE | ENTERQUEUE    | | 2 | 3
        5   | D | support | NONE | ABANDON       | 3 | 3 | 5
        0   | E | support | NONE | ENTERQUEUE    | | 3 | 2
        0   | E | support | NONE | EXITWITHKEY   | 9 | 2 | 2 | 0
        1   | E | support | NONE | ENTERQUEUE    | | 3 | 3
        1   | E | support | NONE | EXITWITHKEY   | 9 | 3 | 3 | 1
        0   | F | support | NONE | ENTERQUEUE    | | 4 | 1
        0   | F | support | NONE | EXITEMPTY     | 1 | 1 | 0
        0   | F | support | NONE | ENTERQUEUE    | | 4 | 2
        20  | F | support | cat  | CONNECT       | 20
        50  | F | support | cat  | TRANSFER      | 600 | internal
        0   | G | support | NONE | ENTERQUEUE    | | 5 | 1
        2   | G | support | NONE | EXITEMPTY     | 1 | 1 | 2
        2   | G | support | NONE | ENTERQUEUE    | | 5 | 2
        2   | G | support | NONE | EXITWITHKEY   | 9 | 2 | 2 | 0
        2   | G | support | NONE | ENTERQUEUE    | | 5 | 3
        9   | G | support | NONE | ABANDON       | 3 | 3 | 7
        """,
        """
        C support - 0 0 0 overflow
        C/2 support bob 0 20 30 handled
        D support - 0 0 0 overflow
        D/2 support - 0 5 0 abandoned
        E support - 0 0 0 overflow
        E/2 support - 1 1 0 overflow
        F support - 0 0 0 overflow
        F/2 support cat 0 20 30 handled >
        G support - 0 2 0 overflow
        G/2 support - 2 0 0 overflow
        G/3 support - 2 7 0 abandoned
        """,
    ),
    "a transfer ends the leg: extension, context, wait, talk, position": (
        """
        0   | C | support | NONE | ENTERQUEUE    | | 1 | 1
        30  | C | support | ann  | CONNECT       | 30 | 951901201.7 | 5
        50  | C | support | ann  | BLINDTRANSFER | 600 | internal | 30 | 20 | 1
        0   | D | support | NONE | ENTERQUEUE    | | 2 | 1
        30  | D | support | bob  | CONNECT       | 30 | 951901202.7 | 5
        51  | D | support | bob  | TRANSFER      | 600 | internal | 30 | 21 | 1
        """,
        """
        C support ann 0 30 20 handled >
        D support bob 0 30 21 handled >
        """,
    ),
    "a blind transfer back to the queue is logged a second after the entry": (
        """
        0   | C | support | NONE | ENTERQUEUE    | | 1 | 1
        30  | C | support | ann  | CONNECT       | 30 | 951901201.7 | 5
        50  | C | support | NONE | ENTERQUEUE    | | 1 | 1
        51  | C | support | ann  | BLINDTRANSFER | 600 | internal | 30 | 21 | 1
        60  | C | support | NONE | ABANDON       | 1 | 1 | 10
        """,
        """
        C support ann 0 30 21 handled >
        C/2 support - 50 10 0 abandoned
        """,
    ),
    "an attended transfer is read from the right": (
        """
        0   | C | support | NONE | ENTERQUEUE       | | 1 | 1
        30  | C | support | ann  | CONNECT          | 30 | 951901201.7 | 5
        50  | C | support | ann  | ATTENDEDTRANSFER | BRIDGE | 8c2a | 30 | 20 | 1
        0   | D | support | NONE | ENTERQUEUE       | | 1 | 1
        30  | D | support | bob  | CONNECT          | 30 | 951901201.7 | 5
        51  | D | support | bob  | ATTENDEDTRANSFER | LINK | Local/7;1 | Local/7;2 | 30 | 21 | 1
        """,
        """
        C support ann 0 30 20 handled >
        D support bob 0 30 21 handled >
        """,
    ),
    "how it was made may take no parameter, or one, and the last may be cut off": (
        """
        50  | C | support | ann  | ATTENDEDTRANSFER | 30 | 20 | 1
        50  | D | support | ann  | ATTENDEDTRANSFER | BRIDGE | 30 | 20 | 1
        50  | E | support | ann  | ATTENDEDTRANSFER | BRIDGE | 8c2a | 30 | 20
        50  | F | support | ann  | ATTENDEDTRANSFER | LINK | Local/7;1 | Local/7;2 | 30 | 20
        0   | G | support | NONE | ENTERQUEUE       | | 1 | 1
        30  | G | support | bob  | CONNECT          | 30 | 951901201.7 | 5
        50  | G | support | bob  | ATTENDEDTRANSFER | LINK | Local/7;1 | Local/7;2
        """,
        """
        C support ann 0 30 20 handled >
        D support ann 0 30 20 handled >
        E support ann 0 30 20 handled >
        F support ann 0 30 20 handled >
        G support bob 0 30 20 handled >
        """,
    ),
    "no COMPLETE after a transfer; if there is one, the leg has ended": (
        """
        0   | C | support | NONE | ENTERQUEUE    | | 1 | 1
        30  | C | support | ann  | CONNECT       | 30 | 951901201.7 | 5
        50  | C | support | ann  | BLINDTRANSFER | 600 | internal | 30 | 20 | 1
        95  | C | support | ann  | COMPLETEAGENT | 30 | 65 | 1
        """,
        "C support ann 0 30 20 handled >",
    ),
    "trailing parameters that old versions do not have: the clock": (
        """
        0   | C | support | NONE | ENTERQUEUE       | | 1
        30  | C | support | ann  | CONNECT          | 30
        50  | C | support | ann  | TRANSFER         | 600 | internal
        0   | D | support | NONE | ENTERQUEUE       |
        31  | D | support | NONE | ABANDON          | 1
        0   | E | support | NONE | ENTERQUEUE       | | 3
        30  | E | support | bob  | CONNECT          | 30
        70  | E | support | bob  | ATTENDEDTRANSFER | BRIDGE | 8c2a
        0   | F | support | NONE | ENTERQUEUE       | | 4
        32  | F | support | NONE | EXITWITHKEY      | 9 | 1
        0   | G | support | NONE | ENTERQUEUE       | | 5
        30  | G | support | cat  | CONNECT          |
        70  | G | support | cat  | COMPLETEAGENT    |
        0   | H | support | NONE | ENTERQUEUE       | | 6
        70  | H | support | cat  | COMPLETEAGENT    | 30 | 40
        0   | I | support | NONE | ENTERQUEUE       | | 6
        70  | I | support | cat  | COMPLETEAGENT    | 30
        """,
        """
        C support ann 0 30 20 handled >
        D support - 0 31 0 abandoned
        E support bob 0 30 40 handled >
        F support - 0 32 0 overflow
        G support cat 0 30 40 handled
        H support cat 0 30 40 handled
        I support cat 0 30 40 handled
        """,
    ),
    "an end that says nothing, of a call of which nothing else is known, is no leg": (
        """
        50  | C | support | ann  | TRANSFER        | 600 | internal
        50  | D | support | NONE | EXITWITHTIMEOUT | 1
        """,
        "",
    ),
    "an attended transfer under the consultation's call id": (
        """
        0   | C | support | NONE | ENTERQUEUE       | | 1 | 1
        10  | C | support | ann  | CONNECT          | 10 | 951901201.7 | 5
        50  | D | sales   | NONE | ENTERQUEUE       | | 201 | 1
        60  | D | support | ann  | ATTENDEDTRANSFER | BRIDGE | 8c2a | 10 | 50 | 1
        70  | C | sales   | bob  | CONNECT          | 20 | 951901203.9 | 5
        100 | C | sales   | bob  | COMPLETEAGENT    | 20 | 30 | 1
        """,
        """
        C support ann 0 10 50 handled >
        C/2 sales bob 50 20 30 handled
        """,
    ),
    "the same, and the consultation's own call gives up": (
        """
        0   | C | support | NONE | ENTERQUEUE       | | 1 | 1
        10  | C | support | ann  | CONNECT          | 10 | 951901201.7 | 5
        50  | D | sales   | NONE | ENTERQUEUE       | | 201 | 1
        60  | D | support | ann  | ATTENDEDTRANSFER | BRIDGE | 8c2a | 10 | 50 | 1
        60  | D | sales   | NONE | ABANDON          | 1 | 1 | 10
        50  | E | sales   | NONE | ENTERQUEUE       | | 7 | 2
        65  | E | sales   | NONE | ABANDON          | 2 | 2 | 15
        70  | C | sales   | bob  | CONNECT          | 20 | 951901203.9 | 5
        100 | C | sales   | bob  | COMPLETEAGENT    | 20 | 30 | 1
        """,
        """
        C support ann 0 10 50 handled >
        C/2 sales bob 50 20 30 handled
        E sales - 50 15 0 abandoned
        """,
    ),
    "the same, all in one queue": (
        """
        0   | C | support | NONE | ENTERQUEUE       | | 1 | 1
        10  | C | support | ann  | CONNECT          | 10 | 951901201.7 | 5
        50  | D | support | NONE | ENTERQUEUE       | | 201 | 1
        60  | D | support | ann  | ATTENDEDTRANSFER | BRIDGE | 8c2a | 10 | 50 | 1
        70  | C | support | bob  | CONNECT          | 20 | 951901203.9 | 5
        100 | C | support | bob  | COMPLETEAGENT    | 20 | 30 | 1
        """,
        """
        C support ann 0 10 50 handled >
        C/2 support bob 50 20 30 handled
        """,
    ),
    "the same in an old version, which tells queue and agent only": (
        """
        0   | C | support | NONE | ENTERQUEUE    | | 1
        10  | C | support | ann  | CONNECT       | 10
        5   | E | support | NONE | ENTERQUEUE    | | 2
        10  | E | support | bob  | CONNECT       | 5
        50  | D | support | NONE | ENTERQUEUE    | | 201
        60  | D | support | ann  | TRANSFER      | 600 | internal
        71  | C | support | bob  | CONNECT       | 20
        99  | C | support | bob  | COMPLETEAGENT | 20 | 28
        """,
        """
        C support ann 0 10 50 handled >
        C/2 support bob 50 20 28 handled
        """,
    ),
    "the same, and the talk's end is logged under both call ids": (
        """
        0   | C | support | NONE | ENTERQUEUE       | | 1 | 1
        10  | C | support | ann  | CONNECT          | 10 | 951901201.7 | 5
        60  | D | support | ann  | ATTENDEDTRANSFER | BRIDGE | 8c2a | 10 | 50 | 1
        61  | C | support | ann  | ATTENDEDTRANSFER | BRIDGE | 8c2a | 10 | 51 | 1
        """,
        "C support ann 0 10 50 handled >",
    ),
    "a transfer that fits no talk is a leg of its own": (
        """
        0   | E | sales   | NONE | ENTERQUEUE       | | 1 | 1
        10  | E | sales   | ann  | CONNECT          | 10 | 951901201.7 | 5
        5   | F | support | NONE | ENTERQUEUE       | | 2 | 1
        40  | F | support | ann  | CONNECT          | 35 | 951901202.7 | 5
        60  | D | support | ann  | ATTENDEDTRANSFER | BRIDGE | 8c2a | 10 | 50 | 1
        """,
        "D support ann 0 10 50 handled >",
    ),
    "who is answered without an entry takes no place that ended by itself": (
        """
        50  | E | support | NONE | ENTERQUEUE    | | 1 | 1
        65  | E | support | NONE | ABANDON       | 1 | 1 | 15
        70  | C | support | bob  | CONNECT       | 20 | 951901203.9 | 5
        100 | C | support | bob  | COMPLETEAGENT | 20 | 30 | 1
        """,
        """
        C support bob 50 20 30 handled
        E support - 50 15 0 abandoned
        """,
    ),
    "who rings in vain has lost nothing: RINGNOANSWER is in milliseconds, and no abandon": (
        """
        0   | C | support | NONE | ENTERQUEUE     | | 1 | 1
        15  | C | support | ann  | RINGNOANSWER   | 15000
        15  | C | support | bob  | RINGCANCELED   | 15000
        30  | C | support | ann  | RINGNOANSWER   | 15000
        40  | C | support | cat  | CONNECT        | 40 | 951901201.7 | 5
        50  | C | support | cat  | COMPLETECALLER | 40 | 10 | 1
        """,
        "C support cat 0 40 10 handled",
    ),
    "left by another door: overflow, or what the feed says of the queue": (
        """
        0   | C | support | NONE | ENTERQUEUE      | | 1 | 1
        9   | C | support | NONE | EXITEMPTY       | 4 | 5 | 9
        0   | D | support | NONE | ENTERQUEUE      | | 1 | 1
        8   | D | support | NONE | EXITWITHTIMEOUT | 4 | 5 | 8
        0   | E | support | NONE | ENTERQUEUE      | | 1 | 1
        7   | E | support | NONE | EXITWITHKEY     | 3 | 4 | 5 | 7
        0   | F | night   | NONE | ENTERQUEUE      | | 1 | 1
        6   | F | night   | NONE | EXITWITHTIMEOUT | 4 | 5 | 6
        0   | G | night   | NONE | ENTERQUEUE      | | 1 | 1
        5   | G | night   | NONE | ABANDON         | 4 | 5 | 5
        """,
        """
        C support - 0 9 0 overflow
        D support - 0 8 0 overflow
        E support - 0 7 0 overflow
        F night - 0 6 0 voicemail
        G night - 0 5 0 abandoned
        """,
    ),
    "EXITEMPTY and then LEAVEEMPTY is one exit": (
        """
        0   | C | support | NONE | ENTERQUEUE | | 1 | 1
        20  | C | support | NONE | LEAVEEMPTY |
        20  | C | support | NONE | EXITEMPTY  | 1 | 1 | 19
        0   | D | support | NONE | ENTERQUEUE | | 1 | 1
        21  | D | support | NONE | EXITEMPTY  | 1 | 1 | 21
        22  | D | support | NONE | LEAVEEMPTY | 1 | 1 | 21
        0   | E | support | NONE | ENTERQUEUE | | 1 | 1
        0   | E | support | NONE | EXITEMPTY  | 1 | 1 | 0
        0   | E | support | NONE | LEAVEEMPTY |
        0   | F | support | NONE | ENTERQUEUE | | 1 | 1
        23  | F | support | NONE | LEAVEEMPTY |
        """,
        """
        C support - 0 19 0 overflow
        D support - 0 21 0 overflow
        E support - 0 0 0 overflow
        F support - 0 23 0 overflow
        """,
    ),
    "who found the queue full, empty or closed never entered": (
        """
        0   | C | support | NONE | FULL       |
        0   | D | support | NONE | JOINEMPTY  |
        0   | E | support | NONE | CLOSED     |
        20  | E | sales   | NONE | ENTERQUEUE | | 1 | 1
        25  | E | sales   | NONE | ABANDON    | 1 | 1 | 5
        """,
        "E sales - 20 5 0 abandoned",
    ),
    "a restart loses those who wait": (
        """
        0   | C    | support | NONE | ENTERQUEUE | | 1 | 1
        10  | NONE | NONE    | NONE | QUEUESTART |
        20  | D    | support | NONE | ENTERQUEUE | | 1 | 1
        23  | D    | support | NONE | ABANDON    | 1 | 1 | 3
        """,
        "D support - 20 3 0 abandoned",
    ),
    "dumped by an agent: the caller still waits": (
        """
        0   | C | support | NONE | ENTERQUEUE    | | 1 | 1
        10  | C | support | ann  | AGENTDUMP     |
        30  | C | support | bob  | CONNECT       | 30 | 951901201.7 | 5
        40  | C | support | bob  | COMPLETEAGENT | 30 | 10 | 1
        0   | D | support | NONE | ENTERQUEUE    | | 1 | 1
        10  | D | support | ann  | AGENTDUMP     |
        """,
        "C support bob 0 30 10 handled",
    ),
    "what is no call, and what nobody knows": (
        """
        0   | MANAGER  | support | ann  | ADDMEMBER          | 1
        0   | REALTIME | support | ann  | CONNECT            | 1
        0   | NONE     | support | NONE | ENTERQUEUE         | | 1 | 1
        0   | NONE     | support | NONE | CONFIGRELOAD       |
        0   | NONE     | NONE    | ann  | AGENTLOGIN         | SIP/7
        0   | C        | NONE    | ann  | AGENTCALLBACKLOGIN | 7@agents
        0   | C        | NONE    | ann  | PAUSEALL           |
        0   | C        | support | ann  | UNPAUSE            |
        0   | C        | support | ann  | OUTCALL            | 0612345678
        0   | C        | support | NONE | DID                | 0155
        0   | D        | support | NONE | ENTERQUEUE         | | 1 | 1
        5   | D        | support | NONE | SENTIMENT          | 0.3
        8   | D        | support | NONE | ABANDON            | 1 | 1 | 8
        """,
        "D support - 0 8 0 abandoned",
    ),
    "logs disagree with themselves by a second: the numbers given, CONNECT's wait first": (
        """
        0   | C | support | NONE | ENTERQUEUE    | | 1 | 1
        31  | C | support | ann  | CONNECT       | 30 | 951901201.7 | 5
        92  | C | support | ann  | COMPLETEAGENT | 31 | 60 | 1
        0   | D | support | NONE | ENTERQUEUE    | | 2 | 1
        30  | D | support | bob  | CONNECT       | 31 | 951901201.7 | 5
        90  | D | support | bob  | COMPLETEAGENT | 31 | 61 | 1
        0   | E | support | NONE | ENTERQUEUE    | | 3 | 1
        20  | E | support | NONE | ABANDON       | 1 | 1 | 21
        0   | F | support | NONE | ENTERQUEUE    | | 4 | 1
        0   | F | support | NONE | ABANDON       | 1 | 1 | 1
        """,
        """
        C support ann 0 30 60 handled
        D support bob 0 31 61 handled
        E support - 0 21 0 abandoned
        F support - 0 1 0 abandoned
        """,
    ),
    "and by more when a clock jumps: what agrees with nothing ends what has no end": (
        """
        0   | C | support | NONE | ENTERQUEUE    | | 1 | 1
        35  | C | support | ann  | CONNECT       | 30 | 951901201.7 | 5
        95  | C | support | ann  | COMPLETEAGENT | 30 | 60 | 1
        0   | D | support | NONE | ENTERQUEUE    | | 2 | 1
        35  | D | support | NONE | ABANDON       | 1 | 1 | 39
        0   | E | support | NONE | ENTERQUEUE    | | 3 | 1
        30  | E | support | bob  | CONNECT       | 30 | 951901201.7 | 5
        95  | E | support | bob  | COMPLETEAGENT | 30 | 60 | 1
        0   | F | support | NONE | ENTERQUEUE    | | 4 | 1
        30  | F | support | NONE | ABANDON       | 1 | 1 | 30
        95  | F | support | NONE | ABANDON       | 1 | 1 | 10
        """,
        """
        C support ann 0 30 60 handled
        D support - 0 39 0 abandoned
        E support bob 0 30 60 handled
        F support - 0 30 0 abandoned
        F/2 support - 85 10 0 abandoned
        """,
    ),
    "of two queues in one second, that which is left first comes first": (
        """
        0   | C | support | NONE | ENTERQUEUE | | 1 | 1
        0   | C | support | NONE | EXITEMPTY  | 1 | 1 | 0
        0   | C | sales   | NONE | ENTERQUEUE | | 1 | 1
        5   | C | sales   | NONE | ABANDON    | 1 | 1 | 5
        """,
        """
        C support - 0 0 0 overflow
        C/2 sales - 0 5 0 abandoned
        """,
    ),
}
APART_SECONDS = 900  # one case from the next


def plain(picture: str) -> list[list[str]]:
    return [[field.strip() for field in line.split("|")] for line in picture.strip().splitlines()]


def log(picture: str, start: int = NINE) -> str:
    """The lines of a picture, as Asterisk writes them."""
    return "".join(f"{start + int(at)}|{'|'.join(rest)}\n" for at, *rest in plain(picture))


def log_of(case: str) -> str:
    """A case's log at a time and with calls and agents of its own."""
    number = list(CASES).index(case)
    lines = plain(CASES[case][0])
    for fields in lines:
        fields[0] = str(int(fields[0]) + number * APART_SECONDS)
        if fields[1] not in ("NONE", "MANAGER", "REALTIME"):
            fields[1] = f"{number}:{fields[1]}"
        if fields[3] in AGENTS:
            fields[3] = f"{number}:{fields[3]}"
    return log("\n".join("|".join(fields) for fields in lines))


def site_of(home: Path, feed: Feed = ASTERISK) -> NightSite:
    return NightSite(home, "Europe/Paris", feeds={"calls": feed})


def night_of(home: Path, content: str | bytes, feed: Feed = ASTERISK) -> NightSite:
    site = site_of(home, feed)
    site.put("calls/queue_log", content)
    site.night(DAY)
    return site


def legs(site: NightSite, start: int = NINE, prefix: str = "") -> list[str]:
    """The legs of calls whose id begins so, each as a line of a picture."""
    names = {hidden(prefix + agent): agent for agent in AGENTS}
    rows = site.ask(
        "select call_id, queue, agent_id, epoch(queued_at) - $start, wait_seconds::double,"
        " talk_seconds::double, outcome, is_transferred from staging.calls where starts_with(call_id, $prefix) order by all",
        prefix=prefix,
        start=start,
    )
    return [
        f"{str(call).removeprefix(prefix)} {queue} {names.get(str(agent), '-')}"
        f" {queued:g} {wait:g} {talk:g} {outcome}{' >' if handed_on else ''}"
        for call, queue, agent, queued, wait, talk, outcome, handed_on in rows
    ]


def picture(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def legs_of(site: NightSite, case: str) -> list[str]:
    number = list(CASES).index(case)
    return legs(site, NINE + number * APART_SECONDS, f"{number}:")


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> NightSite:
    return night_of(tmp_path_factory.mktemp("cases"), "".join(log_of(case) for case in CASES))


@pytest.mark.parametrize("case", CASES)
def test_what_a_log_says(cases: NightSite, case: str) -> None:
    assert legs_of(cases, case) == picture(CASES[case][1])


def test_no_hold_no_wrap_no_reason_and_the_call_id_is_the_contact(cases: NightSite) -> None:
    constants = "select distinct hold_seconds, wrap_seconds, reason from staging.calls"
    assert cases.ask(constants) == [(0, 0, "unknown")]
    contacts = "select distinct contact_id = split_part(call_id, '/', 1) from staging.calls"
    assert cases.ask(contacts) == [(True,)]


FORMS = """
0   | C | support | NONE | ENTERQUEUE       | | +33612345678 | 1
30  | C | support | ann  | CONNECT          | 30 | 951901201.7 | 5
51  | C | support | ann  | ATTENDEDTRANSFER | LINK | Local/7;1 | Local/7;2 | 30 | 21 | 1
51  | C | sales   | NONE | ENTERQUEUE       | | +33612345678 | 1
58  | C | sales   | NONE | ABANDON          | 1 | 1 | 7
60  | D | support | NONE | ENTERQUEUE       | | | 1
65  | D | support | NONE | EXITWITHKEY      | 9 | 1 | 1 | 5
70  | D | support | NONE | RINGNOANSWER     | 3000
"""
FORMS_LEGS = """
C support ann 0 30 21 handled >
C/2 sales - 51 7 0 abandoned
D support - 60 5 0 overflow
"""


def table(header: str, zone: str, time_format: str) -> str:
    """The same events as an export of the database table; the fifth parameter takes what is left."""
    separator = next(sign for sign in ",;\t|" if sign in header)
    parameters = 1 if header.endswith("data") else 5
    rows = [header]
    for line in log(FORMS).splitlines():
        at, *fields = line.split("|", maxsplit=5)
        moment = datetime.fromtimestamp(int(at), ZoneInfo(zone))
        time = at if time_format == "epoch" else moment.strftime(time_format)
        given = fields[-1].split("|", maxsplit=parameters - 1)
        quoted = [
            f'"{text}"' for text in (*fields[:-1], *given, *["NULL"] * (parameters - len(given)))
        ]
        rows.append(separator.join([time, *quoted]))
    return "\n".join(rows) + "\n"


DATA = "data1,data2,data3,data4,data5"


@pytest.mark.parametrize(
    ("header", "zone", "time_format"),
    [
        pytest.param(f"time,callid,queuename,agent,event,{DATA}", "UTC", "%Y-%m-%d %H:%M:%S.%f", id="utc"),
        pytest.param(f"Date_Time,CallID,queue_name,agent,Event,{DATA}", "Europe/Paris", "%Y-%m-%d %H:%M:%S.00000", id="local, 5 decimals"),
        pytest.param(f"eventdate;callid;queue;type;event;{DATA}".replace(",", ";"), "America/New_York", "%Y-%m-%d %H:%M:%S.%f%z", id="with offset"),
        pytest.param(f"event_date\tcallid\tqueue\tagent\tevent\t{DATA}".replace(",", "\t"), "Asia/Tokyo", "%Y-%m-%dT%H:%M:%S+09", id="offset in hours"),
        pytest.param("time|callid|queuename|agent|event|data", "Europe/Paris", "epoch", id="epoch, parameters in one column"),
    ],
)  # fmt: skip
def test_the_table_says_what_the_file_says(
    tmp_path: Path, header: str, zone: str, time_format: str
) -> None:
    feed = replace(ASTERISK, time_zone=zone)
    content = table(header, zone, time_format)
    assert legs(night_of(tmp_path, content, feed)) == picture(FORMS_LEGS)


def test_the_table_may_have_other_columns_and_lack_some_parameters(tmp_path: Path) -> None:
    content = (
        "id,time,callid,queuename,serverid,agent,event,data1,data2,data3\n"
        "1,951901200.25,C,support,pbx1,NONE,ENTERQUEUE,,0612345678,1\n"
        "2,951901209.75,C,support,pbx1,NONE,ABANDON,1,1,9\n"
    )
    assert legs(night_of(tmp_path, content)) == ["C support - 0.25 9 0 abandoned"]


def test_the_table_of_queuemetrics(tmp_path: Path) -> None:
    content = (
        "partition,time_id,call_id,queue,agent,verb,data1,data2,data3,data4,data5,serverid\n"
        "P01,951901195,C,NONE,NONE,INFO,DID,5550100,,,,pbx1\n"
        "P01,951901200,C,support,NONE,ENTERQUEUE,,0612345678,1,,,pbx1\n"
        "P01,951901209,C,support,ann,CONNECT,9,,,,,pbx1\n"
        "P01,951901269,C,support,ann,COMPLETEAGENT,9,60,1,,,pbx1\n"
        "P01,951901269,C,support,ann,CALLSTATUS,SALE,support,,,,pbx1\n"
    )
    site = night_of(tmp_path, content)
    assert legs(site) == ["C support ann 0 9 60 handled"]
    assert intake(site) == {"leg": 3, "unknown": 2}


def test_a_log_that_was_rotated_and_compressed(tmp_path: Path) -> None:
    site = night_of(tmp_path, gzip.compress(log(FORMS).encode()))
    assert legs(site) == picture(FORMS_LEGS)


def test_a_table_in_the_encoding_that_the_settings_say(tmp_path: Path) -> None:
    content = table(f"time,callid,queuename,agent,event,{DATA}", "Europe/Paris", "epoch")
    feed = replace(ASTERISK, encoding="utf-16")
    assert legs(night_of(tmp_path, content.encode("utf-16"), feed)) == picture(FORMS_LEGS)


@pytest.mark.parametrize("named", ["data", DATA.replace(",", "|")])
def test_a_header_above_the_lines_of_a_log(tmp_path: Path, named: str) -> None:
    content = f"time|callid|queuename|agent|event|{named}\n{log(FORMS)}"
    assert legs(night_of(tmp_path, content)) == picture(FORMS_LEGS)


def test_a_table_may_leave_out_parameters_at_the_end_but_has_no_field_too_many(
    tmp_path: Path,
) -> None:
    content = (
        f"time,callid,queuename,agent,event,{DATA}\n"
        '951901200,C,support,NONE,ENTERQUEUE,,"0612345678"\n'
        "951901209,C,support,NONE,ABANDON,1,1,9\n"
        "951901230,D,support,Lee, Ann,COMPLETEAGENT,30,60,1,,,\n"
        "951901230,E,support\n"
    )
    site = night_of(tmp_path, content)
    assert legs(site) == ["C support - 0 9 0 abandoned"]
    assert site.ask("select customer_id from staging.calls") == [(hidden("0612345678"),)]
    assert site.ask("select rows_read, rows_quarantined from ledger.files") == [(4, 2)]


def test_fractions_of_seconds_and_words_in_any_case(tmp_path: Path) -> None:
    content = (
        "951901200.999|C|support|none|EnterQueue||1|1\r\n951901231.001|C|support|ann|Connect|30.5"
    )
    content += "\r\n\r\n951901241.001|C|support|ann|CompleteAgent|30.5|9.25|1"
    assert legs(night_of(tmp_path, content)) == ["C support ann 0.999 30.5 9.25 handled"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "calls/queue_log is empty"),
        ("hello\n951901200|C|support\n", "no line is an event of a queue_log"),
        ("951901200,C,support,NONE,ENTERQUEUE,,1,1\n", "the table as CSV with its header"),
        (
            "INSERT INTO `queue_log` VALUES ('951901200','C','a','NONE','ENTERQUEUE','|1|1');\n",
            "as CSV",
        ),
        (
            "+--+\n| time | callid | event |\n| 951901200 | C | CONNECT |\n",
            "as CSV with its header",
        ),
        ("callid,event,data\nC,CONNECT,1\n", "no column time, queuename, agent in the header"),
        (
            "time,callid,queuename,agent,event,info1\n951901200,C,a,NONE,ABANDON,1\n",
            "no column data1",
        ),
        (
            "time|callid|queuename|agent|event\n951901200|C|a|NONE|ABANDON|1|1|9\n",
            "no column data1",
        ),
        (b"\x00\x01\x02\xff", "not a text file"),
        (log(FORMS).encode("utf-16"), "begins as UTF-16.*say its encoding"),
    ],
)
def test_what_is_no_queue_log_is_refused_as_a_whole(
    tmp_path: Path, content: str | bytes, sentence: str
) -> None:
    with pytest.raises(DataRejected, match=sentence):
        night_of(tmp_path, content)


MALFORMED = {
    "0|C|support|NONE|ENTERQUEUE||1|1": "happened_at is between 1970 and 2100",
    "951901200|C|supp": "fewer than five fields",
    "yesterday|C|support|NONE|ENTERQUEUE||1|1": "the time is not a time",
    "|C|support|NONE|ENTERQUEUE||1|1": "the time is not a time",
    "951901200|C|support|NONE||1": "event is empty",
    "951901200||support|NONE|ENTERQUEUE||1|1": "callid is empty",
    "951901230|C|support|ann|CONNECT|soon|951901201.7|5": "wait is not between 0 and a year",
    "951901230|C|support|ann|CONNECT|-1|951901201.7|5": "wait is not between 0 and a year",
    "951901290|C|support|ann|COMPLETEAGENT|30|1381234567|1": "talk is not between 0 and a year",
    "951901290|C|support|ann|ATTENDEDTRANSFER|LINK|a|b|x|20|1": "wait is not between 0 and a year",
    "951901209|C|support|NONE|ABANDON|1|1|nan": "wait is not between 0 and a year",
    "991901209|C|support|NONE|EXITWITHKEY|9|1|1|1,5": "wait is not between 0 and a year",
}
NO_CALLS = """
0 | | support | ann | RINGNOANSWER | long
0 | | NONE | NONE | SENTIMENT | x
0 | | NONE | NONE | QUEUESTART |
0 | NONE | support | ann | CONNECT | soon
"""


def test_what_a_leg_cannot_do_without_is_quarantined_with_its_text(tmp_path: Path) -> None:
    content = "\n".join([*MALFORMED, log(NO_CALLS)])
    site = night_of(tmp_path, content)
    files = pl.read_parquet(site.folders.quarantine / "calls" / "*.parquet")
    assert dict(files.sort("line").select("text", "rule").iter_rows()) == MALFORMED
    assert site.ask("select event_use, sum(events) from staging.queue_intake group by all order by all") == [
        ("no_call", 2), ("pending", 1), ("unknown", 1),
    ]  # fmt: skip
    assert site.ask("select rows_read, rows_raw, rows_quarantined from ledger.files") == [
        (len(MALFORMED) + 4, 4, len(MALFORMED))
    ]


def test_a_mended_line_counts_when_it_comes(tmp_path: Path) -> None:
    entry = "951901200|C|support|NONE|ENTERQUEUE||1|1\n"
    site = night_of(tmp_path, entry + "951901209|C|support|NONE|ABANDON|1|1|nine\n")
    assert legs(site) == []
    site.put("calls/mended", "951901209|C|support|NONE|ABANDON|1|1|9\n")
    site.night(DAY)
    assert legs(site) == ["C support - 0 9 0 abandoned"]


def intake(site: NightSite) -> dict[str, int]:
    rows = site.ask("select event_use, sum(events) from staging.queue_intake group by event_use")
    return {str(use): int(str(events)) for use, events in rows}


def test_every_event_is_accounted_for(cases: NightSite) -> None:
    """Nothing is lost in silence: events of legs, of calls that go on, of no call, unknown ones."""
    ((read, raw),) = cases.ask("select rows_read, rows_raw from ledger.files")
    found = intake(cases)
    assert read == raw == sum(found.values()) == sum(len(plain(log)) for log, _ in CASES.values())
    assert (found["unknown"], found["no_call"], found["repeat"]) == (1, 14, 4)


def test_repeats_are_counted_and_change_nothing(tmp_path: Path, cases: NightSite) -> None:
    site = night_of(tmp_path, "".join(log_of(case) for case in CASES))
    site.put("calls/queue_log.1", "".join(2 * log_of(case) for case in CASES))
    site.night(DAY)
    assert [legs_of(site, case) for case in CASES] == [legs_of(cases, case) for case in CASES]
    before, after = intake(cases), intake(site)
    assert after.pop("repeat") == 2 * sum(before.values()) + before.pop("repeat")
    assert after == before


def test_the_settings_say_what_became_of_those_who_left_a_queue(tmp_path: Path) -> None:
    config = tmp_path / "qos.toml"
    settings = """
    [site]
    name = "FTCI"
    time_zone = "Europe/Paris"
    [feeds.calls]
    adapter = "asterisk"
    [feeds.calls.exit_outcomes]
    night = "{}"
    """
    config.write_text(settings.format("voicemail"))
    assert load_settings(config).feeds["calls"].exit_outcomes == {"night": "voicemail"}
    config.write_text(settings.format("handled"))
    with pytest.raises(ConfigurationError, match="exit_outcomes"):
        load_settings(config)


def test_an_exit_is_overflow_unless_the_settings_say_more(tmp_path: Path) -> None:
    case = log("0 | C | night | NONE | EXITEMPTY | 1 | 1 | 0")
    site = night_of(tmp_path, case, Feed("calls", "Europe/Paris", adapter="asterisk"))
    assert legs(site) == ["C night - 0 0 0 overflow"]


CALLERS = {
    "0612345678": "33612345678", "+33612345678": "33612345678", "0033612345678": "33612345678",
    "33612345678": "33612345678", "tel:+33-6-12-34-56-78": "33612345678", "+4930123456": "4930123456",
    "anonymous": None, "Anonymous": None, "restricted": None, "unavailable": None, "unknown": None,
    "": None, "0000": None,
}  # fmt: skip


def test_the_customer_is_the_caller_whichever_way_his_number_is_written(tmp_path: Path) -> None:
    lines = "".join(
        log(
            f"0|{n}|support|NONE|ENTERQUEUE|0699999999|{shown}|1\n 9|{n}|support|NONE|ABANDON|1|1|9"
        )
        for n, shown in enumerate(CALLERS)
    )
    site = night_of(tmp_path, lines, replace(ASTERISK, country_code="33"))
    found = site.ask("select customer_id from staging.calls order by call_id::int")
    assert [row[0] for row in found] == [n and hidden(n) for n in CALLERS.values()]


def test_the_customer_of_a_call_is_that_of_all_its_legs(tmp_path: Path) -> None:
    """Also of the one whose entry the consultation made, with the agent's number."""
    case = "an attended transfer under the consultation's call id"
    site = night_of(tmp_path, log(CASES[case][0].replace("| | 1 ", "| | 0612345678 ")))
    customer = hidden("0612345678")
    assert site.ask("select customer_id from staging.calls") == [(customer,), (customer,)]


def test_nobody_can_be_told_from_raw(tmp_path: Path) -> None:
    """Identities are hashed, and parameters that hold numbers, names or channels are not kept."""
    secrets = """
    0  | C    | support | NONE      | ENTERQUEUE       | http://crm/?from=0612345678 | 0612345678 | 1
    30 | C    | support | ann smith | CONNECT          | 30 | 951901201.0612345678 | 5
    51 | C    | support | ann smith | BLINDTRANSFER    | 0612345678 | ann smith | 30 | 21 | 1
    52 | C    | support | ann smith | ATTENDEDTRANSFER | LINK | SIP/ann smith | SIP/0612345678 | 30 | 22 | 1
    53 | C    | support | NONE      | EXITWITHKEY      | 0612345678 | 1 | 1 | 3
    54 | C    | NONE    | NONE      | DID              | 0612345678
    55 | C    | NONE    | ann smith | OUTCALL          | 0612345678
    56 | C    | NONE    | ann smith | SENTIMENT        | ann smith | 0612345678
    """
    site = night_of(tmp_path, log(secrets))
    raw = pl.read_parquet(site.folders.raw / "calls" / "*.parquet").write_csv()
    assert raw.count("\n") == 9
    assert "smith" not in raw
    assert "061234" not in raw
    assert hidden("ann smith") in raw


def test_agents_names_in_an_old_encoding(tmp_path: Path) -> None:
    line = "951901290|C|support|Zoé|COMPLETEAGENT|30|60|1\n".encode("cp1252")
    site = night_of(tmp_path, line)
    assert site.ask("select agent_id from staging.calls") == [(hidden("Zoé"),)]


MIDNIGHT = 50_400  # in Paris
BEFORE = f"{MIDNIGHT - 10} | C | support | NONE | ENTERQUEUE | | 0612345678 | 1"
AFTER = f"""
{MIDNIGHT + 10} | C | support | ann | CONNECT       | 20 | 9.7 | 5
{MIDNIGHT + 70} | C | support | ann | COMPLETEAGENT | 20 | 60 | 1
"""


@pytest.mark.parametrize("parts", [(BEFORE, AFTER), (AFTER, BEFORE)], ids=["in order", "reversed"])
def test_a_call_is_completed_by_the_file_of_another_night(
    tmp_path: Path, parts: tuple[str, str]
) -> None:
    """Queued before midnight, answered after it: a leg of the first day."""
    site = night_of(tmp_path, log(parts[0]))
    site.put("calls/2", log(parts[1]))
    site.night("2000-03-02")
    assert legs(site) == [f"C support ann {MIDNIGHT - 10} 20 60 handled"]
    assert site.ask("select day from staging.calls") == [(date(2000, 3, 1),)]


def test_what_happens_after_the_last_complete_day_waits_for_its_night(tmp_path: Path) -> None:
    site = night_of(
        tmp_path,
        log(
            "86400 | C | support | NONE | ENTERQUEUE | | | 1\n86409 | C | support | NONE | ABANDON | 1 | 1 | 9"
        ),
    )
    assert legs(site) == []
    site.night("2000-03-02")
    assert legs(site) == ["C support - 86400 9 0 abandoned"]


def attended(at: int, said: str) -> str:
    return log(f"{MIDNIGHT + at} | D | support | ann | {said}")


def talk(at: int) -> str:
    """Who waits from then on is answered after ten seconds."""
    return log(f"""
    {MIDNIGHT + at}      | C | support | NONE | ENTERQUEUE | | 1 | 1
    {MIDNIGHT + at + 10} | C | support | ann  | CONNECT    | 10 | 9.7 | 5
    """)


OTHER = log(f"{MIDNIGHT + 900} | E | support | NONE | ABANDON | 1 | 1 | 5")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(
            talk(-1), attended(60, "ATTENDEDTRANSFER | BRIDGE | 8c | 10 | 49 | 1"),
            [f"C support ann {MIDNIGHT - 1} 10 49 handled >"],
            id="to the transfer the talk is of the new day",
        ),
        pytest.param(
            talk(1) + attended(60, "ATTENDEDTRANSFER | BRIDGE | 8c | 10 | 51 | 1"), OTHER,
            [f"C support ann {MIDNIGHT + 1} 10 51 handled >", f"E support - {MIDNIGHT + 895} 5 0 abandoned"],
            id="to the transfer the talk is of the old day",
        ),
        pytest.param(
            talk(-100), attended(60, "TRANSFER | 6 | in"),
            [f"C support ann {MIDNIGHT - 100} 10 150 handled >"],
            id="the transfer does not say when the talk began",
        ),
    ],
)  # fmt: skip
def test_what_belongs_together_may_lie_on_both_sides_of_midnight(
    tmp_path: Path, first: str, second: str, expected: list[str]
) -> None:
    site = site_of(tmp_path)
    for number, text in enumerate((first, second)):
        site.put(f"calls/{number}", text)
        site.night("2000-03-03")
    assert legs(site) == expected
    night_by_night = site.tables()
    site.night("2000-03-03", is_full=True)
    assert site.tables() == night_by_night


LATE = "an attended transfer under the consultation's call id"


@pytest.mark.parametrize("alone", [1, 2, 3], ids=["the answer", "the entry", "the transfer"])
def test_a_withdrawn_file_is_as_if_it_had_never_come(tmp_path: Path, alone: int) -> None:
    """One event of an attended transfer is alone in the file that is taken out."""
    lines = log_of(LATE).splitlines(keepends=True)
    taken = lines.pop(alone)
    never = night_of(tmp_path / "never", "".join(lines))
    site = night_of(tmp_path, "".join(lines))
    site.put("calls/taken", taken)
    site.night(DAY)
    assert legs_of(site, LATE) == picture(CASES[LATE][1])
    withdrawn = read_manifest(site.folders.manifest).arrivals[-1].file
    add_withdrawal(site.folders.manifest, withdrawn, NOW)
    site.night(DAY)
    assert site.tables() == never.tables()


def traffic(chance: random.Random, calls: int) -> list[str]:
    """Six days of calls, most around midnight in Paris, some with every event that there is."""
    lines = [line for case in CASES for line in log_of(case).splitlines(keepends=True)]
    for number in range(calls):
        start = NINE + chance.randrange(6) * 86_400 + MIDNIGHT + int(chance.gauss(0, 400))
        wait, talk = chance.randrange(90), chance.randrange(200)
        answered = f"{wait} | {{0}} | support | {{1}} | CONNECT | {wait} | 9.7 | 5\n"
        end = chance.choice(
            (
                f"{wait} | {{0}} | support | NONE | ABANDON | 1 | 1 | {wait}",
                f"{wait} | {{0}} | support | NONE | EXITWITHTIMEOUT | 1",
                f"{wait + 700} | {{0}} | support | NONE | ABANDON | 1 | 1 | {wait}",
                f"{answered}{wait + talk + 500} | {{0}} | support | {{1}} | COMPLETECALLER | {wait} | {talk} | 1",
                f"{answered}{wait + talk} | {{0}} | support | {{1}} | COMPLETECALLER | {wait} | {talk} | 1",
                f"{answered}{wait + talk} | {{0}} | support | {{1}} | BLINDTRANSFER | 6 | in | {wait} | {talk} | 1",
                f"{answered}{wait + talk} | {{0}} | support | {{1}} | TRANSFER | 6 | in",
                f"{answered}{wait + talk} | {{0}}* | support | {{1}} | TRANSFER | 6 | in",
                f"{answered}{wait + talk} | {{0}}* | support | {{1}} | ATTENDEDTRANSFER | BRIDGE | 8c | {wait} | {talk} | 1",
            )
        )
        entered = f"0 | {{0}} | support | NONE | ENTERQUEUE | | 06{number % 50:08} | 1\n"
        text = (entered + end).format(f"t{number}", f"agent {number}")
        lines += log(text, start).splitlines(keepends=True)
    return sorted(lines)


def content(site: NightSite) -> dict[str, list[tuple[object, ...]]]:
    """All tables, but for the places where events were read."""
    by_file = ("staging.queue_visits", "staging.queue_legs")
    tables = {t: rows for t, rows in site.tables().items() if t != "staging.queue_intake"}
    return tables | {
        t: site.ask(f"select * exclude (file, line) from {t} order by all") for t in by_file
    }


@pytest.mark.parametrize("seed", range(2))
def test_a_log_in_pieces_night_by_night_is_one_log(tmp_path: Path, seed: int) -> None:
    """Cut at random places, each line in one piece or two, pieces and lines in any order."""
    chance = random.Random(seed)
    lines = traffic(chance, 300)
    last = date(2000, 3, 7)
    whole = site_of(tmp_path / "whole")
    whole.put("calls/queue_log", "".join(lines))
    whole.night(last)
    assert len(legs(whole)) > 300

    cuts = sorted(chance.sample(range(len(lines)), 7))
    pieces = [lines[a:b] for a, b in zip([0, *cuts], [*cuts, len(lines)], strict=True)]
    pieces = [chance.sample(piece + chance.sample(lines, 9), len(piece) + 9) for piece in pieces]
    site = site_of(tmp_path / "pieces")
    days = sorted(chance.randrange(1, 8) for _ in pieces)
    for piece, day in zip(chance.sample(pieces, len(pieces)), days, strict=True):
        site.put(f"calls/{chance.random()}", "".join(piece))
        site.night(date(2000, 3, day))
    site.night(last)
    assert content(site) == content(whole)

    night_by_night = site.tables()
    site.night(last, is_full=True)
    assert site.tables() == night_by_night


def test_a_nights_cost_follows_its_events(tmp_path: Path) -> None:
    lines = traffic(random.Random(0), 300)
    at = NINE + MIDNIGHT + 5 * 86_400 - 3_600  # an hour before the last midnight
    site = site_of(tmp_path)
    site.put("calls/1", "".join(line for line in lines if int(line.split("|")[0]) < at))
    site.night("2000-03-05")
    site.put("calls/2", "".join(line for line in lines if int(line.split("|")[0]) >= at))
    site.night("2000-03-07")
    # A transfer that says nothing may end a call of the day before.
    ((late,),) = site.ask("select count(*) from staging.calls where day >= '2000-03-05'")
    assert 0 < site.rows_written["staging.calls"] <= int(str(late)) < len(legs(site)) / 2
    site.night("2000-03-07")
    assert site.rows_written["staging.queue_visits"] == 0


def test_events_delivered_twice_are_repeats_in_the_account_of_files(tmp_path: Path) -> None:
    site = NightSite(tmp_path, feeds={"calls": Feed("calls", "Europe/Paris", adapter="asterisk")})
    enter = "952000000|c1|web|NONE|ENTERQUEUE||0612345678|1"
    answer = "952000010|c1|web|SIP/ann|CONNECT|10|x|2"
    end = "952000070|c1|web|SIP/ann|COMPLETECALLER|10|60|1"
    site.put("calls/1.log", f"{enter}\n{answer}\n")
    site.put("calls/2.log", f"{enter}\n{answer}\n{end}\n")
    site.night("2000-03-31")
    accounts = site.ask(
        f"select name, rows_read, rows_loaded, rows_repeated from ({mart_sql('files')})"
    )
    assert accounts == [("1.log", 2, 2, 0), ("2.log", 3, 1, 2)]
