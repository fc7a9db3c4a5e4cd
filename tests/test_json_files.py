"""JSON in all the shapes it is delivered in, whole and broken; contact records for example."""

import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from nights import NightSite

from warehouse.errors import DataRejected
from warehouse.sources import Feed

Json = dict[str, Any]
DAY = "2000-03-01"
FEED = Feed("calls", "Europe/Paris", adapter="amazon_connect")


def contact(name: str = "c", **said: Any) -> Json:
    """A call that nobody answered."""
    return {
        "ContactId": name, "Agent": None, "DisconnectTimestamp": f"{DAY}T10:00:12Z",
        "Queue": {"Name": "Sales", "EnqueueTimestamp": f"{DAY}T10:00:00Z", "Duration": 12},
    } | said  # fmt: skip


def lines(*records: Json) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def site_of(home: Path) -> NightSite:
    return NightSite(home, "Europe/Paris", feeds={"calls": FEED})


def legs(site: NightSite) -> list[str]:
    return [str(name) for (name,) in site.ask("select call_id from staging.calls order by call_id")]


def rejected(site: NightSite) -> dict[str, list[tuple[int, str, str]]]:
    """Number, reason and text of what was quarantined, by file."""
    files = pl.read_parquet(site.folders.quarantine / "calls" / "*.parquet")
    names = {str(file): str(name) for file, name in site.ask("select file, name from ledger.files")}
    rows = files.with_columns(pl.col("file").replace_strict(names, return_dtype=pl.String))
    return {
        name: [row[1:] for row in of_file.select("file", "line", "rule", "text").rows()]
        for (name,), of_file in rows.group_by("file")
    }


SHAPES: dict[str, Callable[[list[Json]], str | bytes]] = {
    "lines": lambda two: lines(*two),
    "lines of another system, the last without an end": lambda two: lines(*two).replace("\n", "\r\n").rstrip(),
    "glued": lambda two: "".join(map(json.dumps, two)),
    "an array": json.dumps,
    "an array on many lines": lambda two: json.dumps(two, indent=2),
    "objects on many lines": lambda two: "\n".join(json.dumps(record, indent=2) for record in two),
    "gzip": lambda two: gzip.compress(lines(*two).encode()),
    "gzip in two parts": lambda two: b"".join(gzip.compress(lines(record).encode()) for record in two),
    "a byte order mark": lambda two: "\ufeff" + lines(*two),
}  # fmt: skip


def test_shapes_of_one_delivery(tmp_path: Path) -> None:
    site = site_of(tmp_path)
    for shape, written in SHAPES.items():
        two = [contact(f"{shape} 1"), contact(f"{shape} 2")]
        site.put(f"calls/{shape}", written(two))
    site.night(DAY)
    assert legs(site) == sorted(f"{shape} {number}" for shape in SHAPES for number in (1, 2))
    assert rejected(site) == {}


DEEP = json.dumps(contact("deep"))[:-1] + ', "Novelty": ' + "[" * 3000 + "]" * 3000 + "}"
CUT = json.dumps(contact("cut"))[:60]
ODD = '{"ContactId": nobody}'
BROKEN: dict[str, tuple[Callable[..., str], str, int, str]] = {
    "a line cut short": ("{a}\n{bad}\n{b}\n".format, CUT, 2, "broken JSON"),
    "the last line cut short": ("{a}\n{b}\n{bad}".format, CUT, 3, "broken JSON"),
    "a line with a word that is no JSON": ("{a}\n{bad}\n{b}\n".format, ODD, 2, "broken JSON"),
    "glued to a word that is no JSON": ("{a}{bad}{b}".format, ODD, 2, "broken JSON"),
    "a word that is no JSON in an array": ("[{a}, {bad},{b}]".format, ODD, 2, "broken JSON"),
    "no object": ("{a}\n{bad}\n{b}\n".format, "42", 2, "not a JSON object"),
    "thousands of levels": ("{a}\n{bad}\n{b}\n".format, DEEP, 2, "nested too deeply"),
    "thousands of levels, glued": ("{a}{bad}{b}".format, DEEP, 2, "nested too deeply"),
    "thousands of levels in an array": ("[{a},{bad},{b}]".format, DEEP, 2, "nested too deeply"),
}  # fmt: skip


def test_a_broken_record_costs_itself_only(tmp_path: Path) -> None:
    site = site_of(tmp_path)
    for kind, (written, bad, _, _) in BROKEN.items():
        good = {name: json.dumps(contact(f"{kind} {name}")) for name in ("a", "b")}
        site.put(f"calls/{kind}", written(**good, bad=bad))
    site.night(DAY)
    assert legs(site) == sorted(f"{kind} {name}" for kind in BROKEN for name in ("a", "b"))
    found = rejected(site)
    for kind, (_, bad, place, reason) in BROKEN.items():
        ((line, rule, text),) = found.pop(kind)
        assert (kind, line, rule[: len(reason)], text) == (kind, place, reason, bad)
    assert found == {}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", r"^calls/1\.json is empty; "),
        ("ContactId,Queue\n1,Sales\n", r"^calls/1\.json, record 1: broken JSON .*deliver it as JSON"),
        ("[" + json.dumps(contact()) + ",", r"^calls/1\.json ends after record 1, .*cut short"),
        ("[" + json.dumps(contact()) + ',{"a": [', r"^calls/1\.json, record 2: broken JSON .*deliver the file again"),
        (gzip.compress(lines(contact()).encode())[:-9], r"^calls/1\.json cannot be uncompressed "),
        (bz2.compress(lines(contact()).encode()), r"^calls/1\.json is a bzip2 file; .*with gzip"),
        (lzma.compress(lines(contact()).encode()), r"^calls/1\.json is a xz file; .*with gzip"),
        (b"PK\x03\x04\x14\x00\x00\x00", r"^calls/1\.json is a zip/XLSX file; .*as text"),
        (lines(contact()).encode("utf-16"), r"^calls/1\.json is not in UTF-8 .*say its encoding"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_as_a_whole(
    tmp_path: Path, content: str | bytes, sentence: str
) -> None:
    site = site_of(tmp_path)
    site.put("calls/1.json", content)
    with pytest.raises(DataRejected, match=sentence):
        site.load()


def test_no_contacts_is_no_fault(tmp_path: Path) -> None:
    site = site_of(tmp_path)
    site.put("calls/1.json", "[]")
    site.night(DAY)
    assert site.ask("select rows_read from ledger.files") == [(0,)]


def test_records_over_several_windows(tmp_path: Path) -> None:
    """Glued records of 700 kB: no line tells where one ends, and windows end inside most."""
    site = site_of(tmp_path)
    long = {"text": "\\" * 350_000, "list": list(range(110_000))}
    many = [contact(f"c{n:02}", Novelty=long["list" if n % 2 else "text"]) for n in range(16)]
    site.put("calls/1.json", "".join(map(json.dumps, many)))
    site.night(DAY)
    assert legs(site) == [record["ContactId"] for record in many]
    assert rejected(site) == {}


def test_a_file_of_one_record_with_thousands_of_levels(tmp_path: Path) -> None:
    site = site_of(tmp_path)
    site.put("calls/1.json", DEEP)
    site.night(DAY)
    assert rejected(site) == {"1.json": [(1, "nested too deeply", DEEP)]}
