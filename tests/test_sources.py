"""Reading delimited text, and the canonical columns in it: what a row says, and where it stands."""

import csv
import gzip
import io
import random
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import polars as pl
import pytest
import readings
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.errors import DataRejected
from warehouse.sources import Feed
from warehouse.sources.records import MOST_LINES
from warehouse.sources.text import read_text

PARIS = Feed("calls", "Europe/Paris")
ROSTER = Feed("roster", "Europe/Paris")


def table(
    tmp_path: Path,
    content: str | bytes,
    encoding: str | None = None,
    separator: str | None = None,
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Rows (fields, line) and rejected rows (line, rule, text) of a file."""
    path = tmp_path / "file.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    read = readings.table(path, encoding, separator)
    return read.rows.rows(), read.rejected.select("line", "rule", "text").rows()


def refusal(tmp_path: Path, content: str | bytes, encoding: str | None = None) -> str:
    with pytest.raises(DataRejected) as caught:
        table(tmp_path, content, encoding)
    (sentence,) = caught.value.faults
    return sentence


# Encodings


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        pytest.param("agent;queue\nZoé;€ été\n".encode(), None, id="UTF-8"),
        pytest.param("\ufeffagent;queue\nZoé;€ été\n".encode(), None, id="with a byte order mark"),
        pytest.param("\ufeffagent;queue\nZoé;€ été\n".encode(), "UTF-8", id="mark, UTF-8 told"),
        pytest.param("agent;queue\nZoé;€ été\n".encode("cp1252"), None, id="cp1252"),
        pytest.param("agent;queue\nZoé;€ été\n".encode("cp1252"), "cp1252", id="cp1252 told"),
        pytest.param("agent;queue\nZoé;€ été\n".encode("utf-16"), "utf-16", id="UTF-16 told"),
        pytest.param(gzip.compress("agent;queue\nZoé;€ été\n".encode()), None, id="compressed"),
        pytest.param(
            gzip.compress("agent;queue\nZoé;€ été\n".encode("cp1252")), "cp1252", id="told, too"
        ),
    ],
)
def test_encodings(tmp_path: Path, content: bytes, encoding: str | None) -> None:
    assert table(tmp_path, content, encoding) == ([("Zoé", "€ été", 2)], [])


def test_latin_1_has_to_be_told(tmp_path: Path) -> None:
    """0x85 and 0x81 are control characters there; cp1252 has dots for one and none of the other."""
    content = b"agent;queue\nZo\xe9;\x81\n"
    assert refusal(tmp_path, content) == (
        "calls/file.csv, line 2: not in UTF-8 or cp1252; say its encoding in [feeds.*] of the"
        " settings, or deliver it again"
    )
    assert table(tmp_path, content, "latin-1") == ([("Zoé", "\x81", 2)], [])


def test_one_line_in_cp1252_does_not_spoil_the_others(tmp_path: Path) -> None:
    """Two systems wrote this log; Zoé must have one name, or she would have two pseudonyms."""
    content = "agent;queue\nZoé;a\n".encode() + "Zoé;b\n".encode("cp1252")
    assert table(tmp_path, content) == ([("Zoé", "a", 2), ("Zoé", "b", 3)], [])


def test_a_file_that_is_not_in_the_encoding_told(tmp_path: Path) -> None:
    content = b"agent;queue\nann;a\nZo\xe9;b\n"
    assert refusal(tmp_path, content, "utf-8").startswith("calls/file.csv, line 3: not in utf-8;")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "is empty", id="nothing"),
        pytest.param(b"\n \n\n", "is empty", id="blank lines"),
        pytest.param(b"\xef\xbb\xbf", "is empty", id="a byte order mark"),
        pytest.param(
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(200), "not a text file", id="picture"
        ),
        pytest.param(gzip.compress(b"a;b\n1;2\n")[:-9], "cannot be uncompressed", id="cut short"),
        pytest.param(b"PK\x03\x04\x14\0\x06\0", "is a zip/XLSX file; ", id="spreadsheet"),
        pytest.param("a;b\n1;2\n".encode("utf-16"), "begins as UTF-16", id="UTF-16 not told"),
        pytest.param(b'call_id,"queue\n1,2\n', "line 1: the header's quotes", id="open header"),
        pytest.param(b"x," * 100_000, "line 1: too long for a header", id="endless header"),
    ],
)
def test_files_that_cannot_be_read_as_a_whole(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    assert sentence in refusal(tmp_path, content)


# Separators, quotes, lines


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_the_headers(tmp_path: Path, separator: str) -> None:
    content = f"call_id{separator}queue\n1{separator}a.b c\n"
    assert table(tmp_path, content) == ([("1", "a.b c", 2)], [])


def test_another_separator_has_to_be_told(tmp_path: Path) -> None:
    assert table(tmp_path, "a|b\n1|x,y\n", separator="|") == ([("1", "x,y", 2)], [])


def test_quotes(tmp_path: Path) -> None:
    """Quoted fields hold separators and doubled quotes; quotes elsewhere are characters."""
    content = 'a,b\n"1,5","say ""no"""\n"","" \n5" disk,a"b"c\n "x" ,"y"\n'
    assert table(tmp_path, content) == (
        [("1,5", 'say "no"', 2), ("", "", 3), ('5" disk', 'a"b"c', 4), ("x", "y", 5)],
        [],
    )


def test_fields_over_several_lines_and_blank_lines(tmp_path: Path) -> None:
    """Lines are those of an editor: blank ones count, and so do those inside of quotes."""
    content = 'a,b\n\n1,"x\n\ny"\n2,z\n   \n"3\n3",""\n4,w'
    assert table(tmp_path, content) == (
        [("1", "x\n\ny", 3), ("2", "z", 6), ("3\n3", "", 8), ("4", "w", 10)],
        [],
    )


def test_line_ends_may_be_mixed(tmp_path: Path) -> None:
    content = b'a,b\r\n1,2\n3,4\r5,"6\r\n7"\r\n\r\n8,9'
    assert table(tmp_path, content) == (
        [("1", "2", 2), ("3", "4", 3), ("5", "6\n7", 4), ("8", "9", 7)],
        [],
    )


def test_ragged_rows_are_rejected_with_line_and_text(tmp_path: Path) -> None:
    content = 'a,b\n1\n2,"x\ny"\n3,4,5\n"6,7\n8,"9"x\n10,11\n12,13\0\n'
    rows, rejected = table(tmp_path, "c" * 2000 + content)  # the NUL is far from the beginning
    assert rows == [("2", "x\ny", 3), ("10", "11", 8)]
    assert rejected == [
        (2, "fewer fields than the header", "1"),
        (5, "more fields than the header", "3,4,5"),
        (6, "quotes that do not close", '"6,7'),
        (7, "quotes that do not close", '8,"9"x'),
        (9, "a NUL character", "12,13\0"),
    ]


@pytest.mark.parametrize(
    "stray",
    [
        pytest.param('7,"late', id="never closed"),
        pytest.param('7,"late", "', id="behind a field"),
        pytest.param('"7,late', id="at the beginning"),
    ],
)
@pytest.mark.parametrize("other", ["{0},on time", '{0},"on, time"', '"{0}","on ""time"""'])
def test_a_stray_quote_costs_its_own_row(tmp_path: Path, stray: str, other: str) -> None:
    """Early in a long file, whose other rows have quotes or none."""
    rows = [other.format(n) for n in range(20_000)]
    rows[7] = stray
    kept, rejected = table(tmp_path, "a,b\n" + "\n".join(rows) + "\n")
    assert [str(n) for n in range(20_000) if n != 7] == [row[0] for row in kept]
    assert rejected == [(9, "quotes that do not close", stray)]


def test_two_stray_quotes_do_not_swallow_the_rows_between_them(tmp_path: Path) -> None:
    """Together the five lines are a row of two fields; each line between them is one too."""
    content = 'a,b\n1,"x\n2,x\n3,x\n4,x\n5,x"\n'
    rows, rejected = table(tmp_path, content)
    assert [row[0] for row in rows] == ["2", "3", "4", "5"]
    assert rejected == [(2, "quotes that do not close", '1,"x')]


def test_a_field_may_have_a_hundred_lines(tmp_path: Path) -> None:
    note = "\n".join("n" * MOST_LINES)
    rows, rejected = table(tmp_path, f'a,b\n1,"{note}"\n2,x\n')
    assert (rows, rejected) == ([("1", note, 2), ("2", "x", 2 + MOST_LINES)], [])
    rows, rejected = table(tmp_path, f'a,b\n1,"{note}\n"\n2,x\n')
    assert rows == [("2", "x", 3 + MOST_LINES)]
    assert len(rejected) == 1 + MOST_LINES


def test_an_endless_line_is_one_rejected_row(tmp_path: Path) -> None:
    """Its beginning is kept, to find it again."""
    for line in ("x" * 20_000_000, '"' + "x" * 20_000_000, "x," * 10_000_000):
        rows, ((number, rule, text),) = table(tmp_path, f"a,b\n1,2\n{line}\n3,4\n")
        assert rows == [("1", "2", 2), ("3", "4", 4)]
        assert (number, rule) == (3, "a line over 1 MiB")
        assert str(text) == f"{line[:10_000]}... ({len(line)} characters)"


def test_headers(tmp_path: Path) -> None:
    """One column or 500, none below, names that come twice or not at all, a column called line."""
    assert table(tmp_path, "a\n1\n\n2\n") == ([("1", 2), ("2", 4)], [])
    assert table(tmp_path, "a,b") == ([], [])
    names = ",".join(f"c{n}" for n in range(500))
    assert table(tmp_path, f"{names}\n{names}\n")[0][0] == (*names.split(","), 2)
    path = tmp_path / "file.csv"
    path.write_text('\n\n a ,a,,line,"b,c"\n1,2,3,4,5\n')
    read = readings.table(path)
    assert read.header == ["a", "a", "", "line", "b,c"]
    assert read.rows.columns == [
        "a",
        "a (column 2)",
        "(column 3)",
        "line (column 4)",
        "b,c",
        "line",
    ]
    assert read.rows.rows() == [("1", "2", "3", "4", "5", 4)]


def test_original_texts_by_line(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b'a,b\r\n"1\r\n\r\n1",2\r\n\r\n 3 ,4\r\n')
    assert readings.table(path).texts({2, 6}) == {2: '"1\n\n1",2', 6: " 3 ,4"}


def test_where_nothing_is_quoted_a_quote_is_a_character(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text('vru+line\tcall_id\n"AA\t1\nBB\t2\nCC"\t3\n')
    read = next(read_text(path, "log", None, "\t", quote=""))
    assert read.rows.rows()[0] == ('"AA', "1", 2)
    assert read.texts({2, 3}) == {2: '"AA\t1', 3: "BB\t2"}


@pytest.mark.parametrize("seed", range(5))
def test_what_pythons_csv_module_writes_is_read_as_it_was(tmp_path: Path, seed: int) -> None:
    """Another implementation writes 300 rows of nasty fields; each comes back, and its line."""
    rng = random.Random(seed)
    pieces = ["x", "é", " ", '"', '""', ",", "\n", "\n\n"]
    out = io.StringIO(newline="")
    quoting: list[Literal[0, 1]] = [csv.QUOTE_MINIMAL, csv.QUOTE_ALL]
    writer = csv.writer(out, quoting=quoting[seed % 2], lineterminator="\n")
    names = [f"c{n}" for n in range(12)]
    writer.writerow(names)
    rows = []
    for number in range(300):
        fields = ["".join(rng.choices(pieces, k=rng.randrange(5))) for _ in names[2:]]
        rows.append((f"{number}", *fields, "end", out.getvalue().count("\n") + 1))
        writer.writerow(rows[-1][:-1])
    assert table(tmp_path, out.getvalue()) == (rows, [])


# A file is read block by block


BLOCK = 1 << 9


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.sources.lines.BLOCK_BYTES", BLOCK)


NASTY = st.lists(st.sampled_from(['"', '""', ",", "\n", "\r", "\r\n", "x", "é", " "]), max_size=6)
FIELDS = st.one_of(NASTY.map("".join), st.text("xé7", max_size=8))


@settings(max_examples=150, deadline=None)
@given(
    lines=st.lists(st.tuples(FIELDS, FIELDS, FIELDS), max_size=120),
    block=st.integers(1, 200),
    encoding=st.sampled_from(["utf-8", "cp1252"]),
)
def test_wherever_blocks_end_a_file_says_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[tuple[str, str, str]],
    block: int,
    encoding: str,
) -> None:
    content = "a,b,c\n" + "".join(",".join(fields) + "\n" for fields in lines)
    folder = tmp_path_factory.mktemp("file")
    whole = table(folder, content.encode(encoding))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warehouse.sources.lines.BLOCK_BYTES", block)
        assert table(folder, content.encode(encoding)) == whole


@pytest.mark.usefixtures("small_blocks")
def test_an_open_quote_waits_for_the_next_blocks(tmp_path: Path) -> None:
    """The record that it begins may end there; if it does not, it costs its own line only."""
    note = "\n".join(["a long note"] * 90)
    assert table(tmp_path, f'a,b\n1,"{note}"\n2,x\n')[0] == [("1", note, 2), ("2", "x", 92)]
    rows, rejected = table(tmp_path, 'a,b\n1,"open\n' + "2,x\n" * 1000)
    assert rows == [("2", "x", line) for line in range(3, 1003)]
    assert rejected == [(2, "quotes that do not close", '1,"open')]


@pytest.mark.usefixtures("small_blocks")
def test_encodings_and_line_ends_are_told_over_blocks(tmp_path: Path) -> None:
    names = [f"Zoé {n}" for n in range(200)]
    expected = [(name, "€", line) for line, name in enumerate(names, start=2)]
    for encoding in ("utf-8-sig", "cp1252", "utf-16"):
        for end in ("\n", "\r\n", "\r"):
            content = end.join(["agent,sign", *(f"{name},€" for name in names)]).encode(encoding)
            told = encoding if encoding == "utf-16" else None
            assert table(tmp_path, content, told) == (expected, [])
    content = ("a,b\n" + "x,y\n" * 500).encode() + b"Zo\xe9,y\n"
    assert "line 502: not in utf-8" in refusal(tmp_path, content, "utf-8")
    content = ("a,b\n" + "x,y\n" * 500).encode() + b"Zo\x81,y\n"
    assert "line 502: not in UTF-8 or cp1252" in refusal(tmp_path, content)
    assert "line 502: not in ascii" in refusal(tmp_path, content, "ascii")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_line_of_any_length_costs_itself_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    """It is counted to its end, and never in memory."""
    monkeypatch.setattr("warehouse.sources.lines.BLOCK_BYTES", 1 << 20)
    letters = 5_000_000
    content = ("a,b\n1,2\n" + "é" * letters + "\n3,4\n").encode(encoding)
    rows, rejected = table(tmp_path, content)
    assert rows == [("1", "2", 2), ("3", "4", 4)]
    kept = "é" * 10_000 + "... (5000000 characters)"
    assert rejected == [(3, "a line over 1 MiB", kept)]


# Canonical columns


def calls(
    tmp_path: Path, content: str, feed: Feed = PARIS
) -> tuple[pl.DataFrame, list[tuple[object, ...]]]:
    path = tmp_path / "file.csv"
    path.write_text(content)
    reading = readings.read(path, feed, "calls/file.csv")
    return reading.rows, reading.rejected.select("line", "rule", "text").rows()


def one_call(tmp_path: Path, feed: Feed = PARIS, **said: str) -> dict[str, object]:
    """What is read of a call of which this is said; its fault if it is rejected."""
    fields = {"call_id": "1", "queued_at": "2000-03-01T09:00:00Z", "wait_seconds": "5"} | said
    content = "\t".join(fields) + "\n" + "\t".join(fields.values()) + "\n"
    rows, rejected = calls(tmp_path, content, feed)
    return rows.to_dicts()[0] if rows.height else {"fault": rejected[0][1]}


def test_what_empty_fields_mean(tmp_path: Path) -> None:
    assert one_call(tmp_path, customer_id="", agent_id=" ", queue="", outcome="") == {
        "call_id": "1",
        "contact_id": "1",
        "queued_at": datetime.fromisoformat("2000-03-01 09:00"),
        "queue": "unknown",
        "reason": "unknown",
        "customer_id": None,
        "agent_id": None,
        "wait_seconds": 5.0,
        "talk_seconds": 0.0,
        "hold_seconds": 0.0,
        "wrap_seconds": 0.0,
        "outcome": "abandoned",
        "is_transferred": False,
        "updated_at": None,
        "line": 2,
    }


def test_values_are_trimmed_and_outcomes_written_small(tmp_path: Path) -> None:
    call = one_call(tmp_path, queue="  Web \u00a0", outcome=" Voicemail ", contact_id="c")
    assert (call["queue"], call["outcome"], call["contact_id"]) == ("Web", "voicemail", "c")


@pytest.mark.parametrize("blank", [" ", "\t", "\v", "\f", "\u00a0", "\u3000", ""])
def test_a_blank_is_trimmed_wherever_the_only_one_is(tmp_path: Path, blank: str) -> None:
    """Also in a file that has no other; one inside of a value stays."""
    content = f"call_id,queued_at,wait_seconds,queue\n1,2000-03-01T09:00:00Z,{blank}5,a{blank}b"
    for first, last in (("", blank), (blank, "")):
        rows, _ = calls(tmp_path, f"{content}\n{first}2{last},2000-03-01T09:00:00Z,5,{blank}\n")
        assert rows.select("call_id", "wait_seconds", "queue").rows() == [
            ("1", 5.0, f"a{blank}b"),
            ("2", 5.0, "unknown"),
        ]


@pytest.mark.parametrize(
    ("said", "country_code", "customer"),
    [
        pytest.param("AB-0017", None, "AB-0017", id="a customer's number"),
        pytest.param("00123", None, "00123", id="zeros in front"),
        pytest.param("Anonymous", None, None, id="hidden"),
        pytest.param("Numéro masqué", None, None, id="hidden, in French"),
        pytest.param("06 12 34 56 78", "33", "33612345678", id="national"),
        pytest.param("+33612345678", "33", "33612345678", id="international"),
        pytest.param("AB-0017", "33", "AB-0017", id="no caller"),
        pytest.param("anonymous", "33", None, id="hidden, with a country"),
    ],
)
def test_customers(
    tmp_path: Path, said: str, country_code: str | None, customer: str | None
) -> None:
    feed = Feed("calls", "Europe/Paris", country_code=country_code)
    assert one_call(tmp_path, feed, customer_id=said)["customer_id"] == customer


def test_an_agent_without_an_outcome_handled_the_call(tmp_path: Path) -> None:
    assert one_call(tmp_path, agent_id="ann")["outcome"] == "handled"


@pytest.mark.parametrize(
    ("said", "utc"),
    [
        pytest.param("2000-03-01T09:00:00Z", "2000-03-01 09:00:00", id="UTC"),
        pytest.param("2000-03-01T09:00:00.25+01:00", "2000-03-01 08:00:00.250", id="offset"),
        pytest.param("2000-03-01 09:00:00 -0530", "2000-03-01 14:30:00", id="offset, no colon"),
        pytest.param("2000-03-01 09:00+01", "2000-03-01 08:00:00", id="offset, minutes"),
        pytest.param("2000-03-01 09:00:00 UTC", "2000-03-01 09:00:00", id="UTC in letters"),
        pytest.param("2000-03-01T09:00gmt", "2000-03-01 09:00:00", id="GMT, small, minutes"),
        pytest.param("2000-03-01t09:00:00z", "2000-03-01 09:00:00", id="small t and z"),
        pytest.param("2000-03-01 09:00:00.5 Z", "2000-03-01 09:00:00.500", id="Z apart"),
        pytest.param("2000-03-01 09:00:00.5 +01:00", "2000-03-01 08:00:00.500", id="offset apart"),
        pytest.param("2000-03-01T09:00:00,25Z", "2000-03-01 09:00:00.250", id="comma"),
        pytest.param("2000-03-01 09:00:00,250", "2000-03-01 08:00:00.250", id="comma, local"),
        pytest.param("2000-03-01T09:00:00.123999999Z", "2000-03-01 09:00:00.123", id="nanoseconds"),
        pytest.param("2000-03-01 09:00:00", "2000-03-01 08:00:00", id="winter"),
        pytest.param("2000-07-01 09:00", "2000-07-01 07:00:00", id="summer"),
        pytest.param("2000-03-26 01:59:59", "2000-03-26 00:59:59", id="before the short night"),
        pytest.param("2000-03-26 02:30:00", "2000-03-26 01:30:00", id="an hour that was not"),
        pytest.param("2000-03-26 03:00:00", "2000-03-26 01:00:00", id="after it"),
        pytest.param("2000-10-29 01:59:59", "2000-10-28 23:59:59", id="before the long night"),
        pytest.param("2000-10-29 02:30:00", "2000-10-29 00:30:00", id="an hour that was twice"),
        pytest.param("2000-10-29 03:00:00", "2000-10-29 02:00:00", id="after it, again"),
    ],
)
def test_times(tmp_path: Path, said: str, utc: str) -> None:
    assert str(one_call(tmp_path, queued_at=said)["queued_at"])[:23].rstrip("0") == utc.rstrip("0")


def test_the_zone_is_the_feeds(tmp_path: Path) -> None:
    feed = Feed("calls", "Asia/Jerusalem")
    call = one_call(tmp_path, feed, queued_at="2000-03-01 09:00:00")
    assert str(call["queued_at"]) == "2000-03-01 07:00:00"


@pytest.mark.parametrize(
    ("date_format", "said", "hour"),
    [
        pytest.param("%d/%m/%Y %H:%M:%S", "01/03/2000 09:00:00", 8, id="French"),
        pytest.param("%d.%m.%y %H:%M", "01.03.00 09:00", 8, id="German, short"),
        pytest.param("%d/%m/%Y %I:%M %p", "01/03/2000 09:00 PM", 20, id="by the half day"),
        pytest.param("%d/%m/%Y %H:%M:%S %z", "01/03/2000 09:00:00 +0500", 4, id="with an offset"),
        pytest.param("%d/%m/%Y %H:%M:%S UTC", "01/03/2000 09:00:00 UTC", 9, id="UTC in letters"),
        pytest.param("%Y%m%dT%H%M%SZ", "20000301T090000Z", 9, id="UTC by a Z"),
    ],
)
def test_times_in_a_format_of_the_site(
    tmp_path: Path, date_format: str, said: str, hour: int
) -> None:
    feed = Feed("calls", "Europe/Paris", date_format=date_format)
    call = one_call(tmp_path, feed, queued_at=said)
    assert str(call["queued_at"]) == f"2000-03-01 {hour:02}:00:00"


@pytest.mark.parametrize(
    "said",
    [
        "0000-00-00 00:00:00", "2000-02-30 09:00:00", "2000-03-01 24:00:00", "2000-03-01",
        "09:00", "01/03/2000 09:00:00", "99999-01-01 00:00:00", "2000-03-01T09:00:00+25:00",
        "2000-03-01 09:00:00 CET", "2000-03-01 UTC", "951901200", "=NOW()", "NaT", "2000-03-01 09:00:00' or '1'='1",
    ],
)  # fmt: skip
def test_what_is_not_a_time(tmp_path: Path, said: str) -> None:
    assert one_call(tmp_path, queued_at=said) == {"fault": "queued_at is not a time"}


@pytest.mark.parametrize(
    ("said", "decimal_comma", "value"),
    [
        ("12", False, 12.0), ("12.5", False, 12.5), (" 12.5 ", False, 12.5), ("+3", False, 3.0),
        ("1e2", False, 100.0), ("1e-400", False, 0.0), ("007", False, 7.0), (".5", False, 0.5),
        ("12,5", True, 12.5), ("12", True, 12.0),
    ],
)  # fmt: skip
def test_numbers(tmp_path: Path, said: str, decimal_comma: bool, value: float) -> None:
    feed = Feed("calls", "Europe/Paris", decimal_comma=decimal_comma)
    assert one_call(tmp_path, feed, talk_seconds=said)["talk_seconds"] == value


@pytest.mark.parametrize(
    ("said", "decimal_comma"),
    [
        ("1e400", False), ("-1e400", False), ("NaN", False), ("inf", False), ("12,5", False),
        ("1 234", False), ("0x10", False), ("3:60", False), ("12 s", False), ("=1+1", False),
        ("1.234", True), ("1.234,5", True), ("1,2,3", True),
    ],
)  # fmt: skip
def test_what_is_not_a_number(tmp_path: Path, said: str, decimal_comma: bool) -> None:
    """Where the comma is the decimal mark, 1.234 may be a thousand or one: nobody guesses."""
    feed = Feed("calls", "Europe/Paris", decimal_comma=decimal_comma)
    fault = one_call(tmp_path, feed, talk_seconds=said)
    assert fault == {"fault": "talk_seconds is not a number"}


def test_minus_nothing_is_nothing(tmp_path: Path) -> None:
    """Or else the same call would be two versions of itself."""
    assert str(one_call(tmp_path, talk_seconds="-0")["talk_seconds"]) == "0.0"


@pytest.mark.parametrize(
    ("said", "value"),
    [("oui", True), ("Y", True), ("1", True), ("TRUE", True), ("", False), ("non", False)],
)
def test_yes_and_no(tmp_path: Path, said: str, value: bool) -> None:
    assert one_call(tmp_path, is_transferred=said)["is_transferred"] is value


def test_bad_values_name_their_column_and_their_line(tmp_path: Path) -> None:
    """The first fault of a row is told; its text is looked up later."""
    content = (
        "call_id;queued_at;wait_seconds;is_transferred\n"
        ";2000-03-01 09:00;5;no\n"
        "2;;5;no\n"
        "3;2000-03-01 09:00;;no\n"
        "4;2000-03-01 09:00;5;perhaps\n"
        "5;noon;soon;no\n"
        "6;2000-03-01 09:00\n"
        "7;2000-03-01 09:00;5;no\n"
    )
    rows, rejected = calls(tmp_path, content)
    assert rows["call_id"].to_list() == ["7"]
    assert rejected == [
        (2, "call_id is empty", None),
        (3, "queued_at is empty", None),
        (4, "wait_seconds is empty", None),
        (5, "is_transferred is not yes or no", None),
        (6, "queued_at is not a time", None),
        (7, "fewer fields than the header", "6;2000-03-01 09:00"),
    ]


def test_columns_go_by_the_names_of_the_settings(tmp_path: Path) -> None:
    """Letters great and small, accents, blanks, `_` and `?` make no difference."""
    feed = Feed(
        "calls",
        "Europe/Paris",
        columns={"call_id": "line", "agent_id": "Téléconseiller", "wait_seconds": "Délai (s)"},
    )
    content = (
        "LINE,Queued At,TELECONSEILLER ?,délai (s),talk_seconds\n77,2000-03-01 09:00,ann,5,6\n"
    )
    rows, rejected = calls(tmp_path, content, feed)
    assert rejected == []
    found = rows.select("call_id", "agent_id", "wait_seconds", "talk_seconds", "line").row(0)
    assert found == ("77", "ann", 5.0, 6.0, 2)


def test_all_missing_columns_are_named(tmp_path: Path) -> None:
    feed = Feed("calls", "Europe/Paris", columns={"reason": "Motif", "wait_seconds": "Attente"})
    with pytest.raises(DataRejected) as caught:
        calls(tmp_path, "call_id,Mise en attente,agent_id\n1,5,ann\n", feed)
    assert caught.value.faults == (
        "calls/file.csv, line 1: no column queued_at, Attente, Motif in the header (call_id, Mise"
        " en attente, agent_id); name the columns in [feeds.calls.columns]",
    )


def test_a_long_header_is_not_told_in_full(tmp_path: Path) -> None:
    with pytest.raises(DataRejected) as caught:
        calls(tmp_path, ",".join(f"column {n}" for n in range(500)) + "\n")
    assert len(caught.value.faults[0]) < 500


def test_which_of_two_columns_is_meant_is_not_guessed(tmp_path: Path) -> None:
    """But an exact name wins over one that only looks like it."""
    row = "1,2000-03-01 09:00,5,ann,bob\n"
    with pytest.raises(DataRejected) as caught:
        calls(tmp_path, "call_id,queued_at,wait_seconds,Agent ID,agent_ID\n" + row)
    assert caught.value.faults == (
        "calls/file.csv, line 1: more than one column agent_id; rename the others",
    )
    rows, _ = calls(tmp_path, "call_id,queued_at,wait_seconds,Agent ID,agent_id\n" + row)
    assert rows["agent_id"].to_list() == ["bob"]


def test_unknown_columns_and_strange_values_do_no_harm(tmp_path: Path) -> None:
    """Formulas, SQL and a very long name are text like any other."""
    names = ["=cmd|'/c calc'!A0", "'; drop table staging.calls; --", "x" * 100_000, "all\tof {it}"]
    for name in names:
        rows, rejected = calls(
            tmp_path,
            f'call_id,queued_at,wait_seconds,queue,note\n1,2000-03-01 09:00,5,"{name}","{name}"\n',
        )
        assert (rows["queue"].to_list(), rejected) == ([name], [])


# Rosters


def roster(tmp_path: Path, name: str, content: str, feed: Feed = ROSTER) -> pl.DataFrame:
    path = tmp_path / "file.csv"
    path.write_text(content)
    return readings.read(path, feed, name).rows


@pytest.mark.parametrize(
    ("name", "content", "day"),
    [
        ("roster/roster_2000-03-01.csv", "agent_id,hired_on\nann,1999-12-06\n", date(2000, 3, 1)),
        (
            "roster/export_12345678_20000301_v2.csv",
            "agent_id,hired_on\nann,1999-12-06\n",
            date(2000, 3, 1),
        ),
        (
            "roster/roster_2000-03-01.csv",
            "agent_id,hired_on,snapshot_on\nann,1999-12-06,2000-02-01\n",
            date(2000, 2, 1),
        ),
        (
            "roster/roster_2000-03-01.csv",
            "agent_id,hired_on,snapshot_on\nann,1999-12-06,\n",
            date(2000, 3, 1),
        ),
    ],
)
def test_the_date_of_a_roster(tmp_path: Path, name: str, content: str, day: date) -> None:
    """In its column, or else in its name."""
    assert roster(tmp_path, name, content)["snapshot_on"].to_list() == [day]


@pytest.mark.parametrize("name", ["march.csv", "roster_01-03-2000.csv", "roster_2000-02-30.csv"])
def test_a_roster_without_a_date(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataRejected) as caught:
        roster(tmp_path, f"roster/{name}", "agent_id,hired_on\nann,1999-12-06\n")
    assert caught.value.faults == (
        f"roster/{name}: a roster must say its date, in a column snapshot_on or in its name"
        " (roster_2000-03-01.csv)",
    )


def test_a_roster_of_nobody(tmp_path: Path) -> None:
    """Would be a firm that everybody left; rather the export went wrong."""
    with pytest.raises(DataRejected, match="names everybody, this one nobody"):
        roster(tmp_path, "roster/roster_2000-03-01.csv", "agent_id,hired_on\n")


def test_one_bad_date_does_not_reject_a_roster(tmp_path: Path) -> None:
    content = "agent_id,hired_on,snapshot_on\nann,1999-12-06,2000-03-01\nbob,1999-12-06,soon\n"
    assert roster(tmp_path, "roster/march.csv", content)["agent_id"].to_list() == ["ann"]


def test_rosters_in_french(tmp_path: Path) -> None:
    feed = Feed(
        "roster",
        "Europe/Paris",
        columns={
            "agent_id": "Matricule",
            "hired_on": "Date d'embauche",
            "left_on": "Date de sortie",
        },
        decimal_comma=True,
        date_format="%d/%m/%Y",
    )
    rows = roster(
        tmp_path,
        "roster/effectif_2000-03-01.csv",
        "Matricule;Date d'embauche;Date de sortie;FTE\nA7;06/12/1999;29/02/2000;0,8\nA8;05/01/2000;;\n",
        feed,
    )
    assert rows.select("agent_id", "role", "hired_on", "left_on", "fte").rows() == [
        ("A7", "agent", date(1999, 12, 6), date(2000, 2, 29), 0.8),
        ("A8", "agent", date(2000, 1, 5), None, 1.0),
    ]
