"""The dossier: complete, the same bytes from the same marts, in both languages, and printable."""

import sqlite3
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import marts_fixture as made
import pytest
from made_up_night import incident, trigger_state, verdict
from page_text import text_of

from dashboards.marts import read_marts
from dashboards.render import render_dossier
from flows.pdf import browser, print_to_pdf
from flows.records import to_row
from warehouse.errors import ConfigurationError
from warehouse.folders import Folders
from warehouse.manifest import Manifest
from warehouse.operations import read, store
from warehouse.operations.database import operations
from warehouse.operations.past import as_it_stood
from warehouse.sweep import scratch_folder, sweep

LANGUAGES = ("en", "fr")
NOW = datetime(2000, 3, 10, 2, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The marts of a site with everything, of one whose night was rejected, and of a new one."""
    folder = tmp_path_factory.mktemp("marts")
    return {
        name: made.write_marts(folder / name, **rows) for name, rows in made.three_sites().items()
    }


class Cards(HTMLParser):
    """How many pictures and tables each section of class `card` holds, and what it says."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[dict[str, int]] = []
        self.texts: list[str] = []
        self._open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "section":
            self._open.append("card" in (dict(attrs).get("class") or ""))
            if self._open[-1]:
                self.cards.append({"svg": 0, "table": 0})
                self.texts.append("")
        elif any(self._open) and tag in ("figure", "table"):
            self.cards[-1]["svg" if tag == "figure" else tag] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if any(self._open):
            self.texts[-1] += data


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("site", ["full", "troubled", "new"])
def test_the_same_marts_give_the_same_bytes(
    marts: dict[str, Path], site: str, language: str
) -> None:
    first = render_dossier(read_marts(marts[site]), language)
    assert render_dossier(read_marts(marts[site]), language) == first
    assert f'<html lang="{language}">' in first
    assert "http" not in first.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")


@pytest.mark.parametrize(("language", "source"), [("en", "Source:"), ("fr", "Source\u202f:")])
def test_under_each_picture_are_its_table_and_its_source(
    marts: dict[str, Path], language: str, source: str
) -> None:
    parser = Cards()
    parser.feed(render_dossier(read_marts(marts["full"]), language))
    pictured = [
        (card, text) for card, text in zip(parser.cards, parser.texts, strict=True) if card["svg"]
    ]
    assert len(pictured) >= 10
    for card, text in pictured:
        assert card["table"] >= card["svg"], text
        assert source in text


def test_every_norm_is_there_with_interval_and_sample(marts: dict[str, Path]) -> None:
    frames = read_marts(marts["full"])
    text = text_of(render_dossier(frames))
    newest = frames.verdicts.filter(as_of=frames.verdicts["as_of"].max())
    assert newest.height >= 3
    for title in ("Service level", "What is not certain", "Repatriation triggers", "Definitions"):
        assert title in text
    for version in newest["policy_version"].unique():
        assert version in text


def test_what_cannot_be_told_is_said(marts: dict[str, Path]) -> None:
    assert "No invoice yet" in text_of(render_dossier(read_marts(marts["new"])))


def test_operations_are_shown_as_they_stood(tmp_path: Path) -> None:
    """Two nights, and an incident that ended on the second: on the first it was open."""
    first, second = date(2000, 3, 9), date(2000, 3, 10)
    with operations(tmp_path / "operations.db") as con:
        for night, state in ((first, "open"), (second, "resolved")):
            ended = night if state == "resolved" else None
            row = to_row(incident(state=state, changed_on=night, resolved_on=ended))
            store.record_night(
                con,
                as_of=night,
                input_hash=str(night),
                policy_version="p1",
                verdicts=[to_row(verdict(as_of=night))],
                triggers=[to_row(trigger_state(as_of=night))],
                changes=[
                    {
                        "incident": row,
                        "reason": "opened" if state == "open" else "recovered",
                        "headline": state,
                        "change_number": 1 + (night > first),
                    }
                ],
                messages=[],
                now=NOW + timedelta(days=(night - first).days),
            )
        with as_it_stood(con, first) as known:
            assert read.judged_nights(known) == ["2000-03-09"]
            assert {row["as_of"] for row in read.verdicts_in_force(known)} == {"2000-03-09"}
            stood = read.incidents(known)
            assert [(row["state"], row["resolved_on"]) for row in stood] == [("open", None)]
        assert read.judged_nights(con) == ["2000-03-09", "2000-03-10"]
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            con.execute("delete from verdict")


def test_it_is_printed_whole(marts: dict[str, Path], tmp_path: Path) -> None:
    chromium = browser()
    if chromium is None:
        pytest.skip("no Chromium here (apt-get install chromium)")
    page = tmp_path / "dossier.html"
    page.write_text(render_dossier(read_marts(marts["full"])), encoding="utf-8")
    pdf = print_to_pdf(page, chromium)
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert pdf.read_bytes().count(b"/Type /Page\n") >= 5


def test_a_browser_that_fails_is_said(tmp_path: Path) -> None:
    page = tmp_path / "dossier.html"
    page.write_text("<p>", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="open it in a browser"):
        print_to_pdf(page, "/bin/false")


def test_a_scratch_folder_goes_when_nobody_works_in_it(tmp_path: Path) -> None:
    """A night that begins meanwhile leaves it; what a kill left is removed."""
    folders = Folders(tmp_path / "warehouse.duckdb")
    (tmp_path / ".scratch.left").mkdir()
    with scratch_folder(folders) as scratch:
        sweep(folders, Manifest(()))
        assert list(tmp_path.iterdir()) == [scratch]
    assert list(tmp_path.iterdir()) == []
