"""Canonical feeds by the headers, words and notations of others; in CSV, Parquet and workbooks."""

import io
import zipfile
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import readings
from nights import NightSite, hidden
from workbook import DAY, DAY_AND_TIME, ELAPSED, TIME_OF_DAY, Shown, workbook

from flows.settings import load_settings
from warehouse.errors import ConfigurationError, DataRejected
from warehouse.sources import Feed, Reading, synonyms
from warehouse.sources.columns import FEEDS, LEAVE_REASONS, OUTCOMES
from warehouse.sources.headers import plain

PARIS = "Europe/Paris"
at = datetime.fromisoformat
NINE_IN_UTC = at("2000-03-01 08:00:00")
NINE = 36586.375  # 2000-03-01 09:00:00, as a workbook keeps it


def parquet(frame: pl.DataFrame) -> bytes:
    written = io.BytesIO()
    frame.write_parquet(written)
    return written.getvalue()


def read(tmp_path: Path, content: str | bytes, name: str = "calls", **settings: Any) -> Reading:
    """What a file says; `name` is the feed's."""
    path = tmp_path / "file"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    feed = Feed(name, PARIS, **settings)
    return readings.read(path, feed, f"{name}/{name}_2000-03-01")


def refusal(tmp_path: Path, content: str | bytes, name: str = "calls", **settings: Any) -> str:
    with pytest.raises(DataRejected) as caught:
        read(tmp_path, content, name, **settings)
    (sentence,) = caught.value.faults
    return sentence


def one(tmp_path: Path, header: str, row: str, **settings: Any) -> dict[str, Any]:
    """The only call of a file with these columns, beside those that any call needs."""
    needed = {"call_id": "1", "queued_at": "2000-03-01 09:00:00", "wait_seconds": "5"}
    left_out = settings.pop("without", ())
    given = {title: value for title, value in needed.items() if title not in left_out}
    content = ";".join([*given, header]) + "\n" + ";".join([*given.values(), row]) + "\n"
    reading = read(tmp_path, content, separator=";", **settings)
    assert reading.rejected.select("line", "rule", "text").rows() == []
    return reading.rows.row(0, named=True)


# Headers


@pytest.mark.parametrize(
    ("column", "titles"),
    [
        ("queue", "Queue; Queue Name; Skill; Campaign; Ring Group; VDN; Split"),
        ("queue", "File; File d'attente; Compétence; Campagne; Groupe; Service"),
        ("reason", "Disposition; Wrap-up code; Topic; Reason; Tags"),
        ("reason", "Motif; Motif d'appel; Qualification; Code de conclusion; Typologie"),
        ("customer_id", "Customer; Caller ID; ANI; From; CustomerID"),
        ("customer_id", "Client; N° client; Appelant; Numéro appelant"),
        ("agent_id", "Agent; Agent Name; User; Username; Extension"),
        ("agent_id", "Agent; Conseiller; Téléconseiller; Matricule; Poste"),
        ("wait_seconds", "Wait Time; Queue Wait Time; Speed of Answer; ASA"),
        ("wait_seconds", "Attente; Temps d'attente; Temps en file; Délai de réponse"),
        ("talk_seconds", "Talk Time; In-call duration; ConvDuration; calltime; billsec"),
        ("talk_seconds", "Durée de conversation; Temps de communication"),
        ("hold_seconds", "Hold Time; Hold Duration; holdtime"),
        ("hold_seconds", "Mise en attente; Mise en garde; Durée de garde"),
        ("wrap_seconds", "ACW; After Call Work; Wrap-up Time"),
        ("wrap_seconds", "Post-appel; Traitement post-appel; Temps de clôture"),
        ("queue", "FILE D\u2019ATTENTE; file_d'attente ?; queue_name; QueueName"),
    ],
)  # fmt: skip
def test_columns_go_by_what_others_call_them(tmp_path: Path, column: str, titles: str) -> None:
    for title in titles.split("; "):
        call = one(tmp_path, title, "77", without=[column])
        assert str(call[column]).removesuffix(".0") == "77", title


@pytest.mark.parametrize(
    "title",
    [
        "Start Time", "Started at", "Date/Time", "EnqueueTimestamp", "Queue Enter", "CallLocalTime",
        "Date", "Heure", "Date de l'appel", "Heure d'arrivée", "Heure d'entrée en file",
        "Début de l'appel",
    ],
)  # fmt: skip
def test_when_a_call_came(tmp_path: Path, title: str) -> None:
    call = one(tmp_path, title, "2000-03-01 09:00:00", without=["queued_at"])
    assert call["queued_at"] == NINE_IN_UTC


def test_universal_time_needs_no_zone_and_leaves_no_doubt(tmp_path: Path) -> None:
    titles, row = "CallLocalTime;CallUniversalTime", "2000-03-01 09:00:00;2000-03-01 08:00:00"
    call = one(tmp_path, titles, row, without=["queued_at"])
    assert call["queued_at"] == NINE_IN_UTC


def test_attente_is_the_wait_and_mise_en_attente_the_hold(tmp_path: Path) -> None:
    for titles, row in (("Mise en attente;Attente", "30;7"), ("Attente;Mise en attente", "7;30")):
        call = one(tmp_path, titles, row, without=["wait_seconds"])
        assert (call["wait_seconds"], call["hold_seconds"]) == (7, 30)


def test_a_part_of_a_name_proves_nothing(tmp_path: Path) -> None:
    """The hold alone is no wait."""
    sentence = refusal(tmp_path, "call_id,queued_at,Mise en attente\n1,2000-03-01 09:00,30\n")
    assert sentence.startswith("calls/calls_2000-03-01, line 1: no column wait_seconds in the")
    call = one(tmp_path, "Ancienne file;Agent de nuit;Attente maximale", "old;nemo;99")
    assert (call["queue"], call["agent_id"], call["wait_seconds"]) == ("unknown", None, 5)


def test_holdtime_beside_calltime_is_asterisks_wait(tmp_path: Path) -> None:
    call = one(tmp_path, "holdtime;calltime", "7;60", without=["wait_seconds"])
    assert (call["wait_seconds"], call["talk_seconds"], call["hold_seconds"]) == (7, 60, 0)
    call = one(tmp_path, "HOLDTIME;CALLTIME", "7;60", without=["wait_seconds"])
    assert (call["wait_seconds"], call["talk_seconds"], call["hold_seconds"]) == (7, 60, 0)
    call = one(tmp_path, "Hold Time;Talk Time", "7;60")
    assert (call["wait_seconds"], call["talk_seconds"], call["hold_seconds"]) == (5, 60, 7)


def test_which_of_two_columns_is_meant_has_to_be_said(tmp_path: Path) -> None:
    content = "call_id,queued_at,wait_seconds,Agent,Matricule\n1,2000-03-01 09:00,5,Ann,A7\n"
    assert refusal(tmp_path, content) == (
        "calls/calls_2000-03-01, line 1: Agent, Matricule: each may be agent_id; say which in"
        " [feeds.calls.columns]"
    )
    reading = read(tmp_path, content, columns={"agent_id": "Matricule"})
    assert reading.rows["agent_id"].to_list() == ["A7"]


def test_our_names_and_the_settings_come_before_synonyms(tmp_path: Path) -> None:
    call = one(tmp_path, "agent_id;Agent;Matricule", "a7;Ann;A7")
    assert call["agent_id"] == "a7"
    call = one(tmp_path, "Statut;Motif", "vip;bill", columns={"queue": "Statut"})
    assert (call["queue"], call["outcome"], call["reason"]) == ("vip", "abandoned", "bill")


def test_a_synonym_means_one_column() -> None:
    for feed, columns in synonyms.SYNONYMS.items():
        names = [name for some in columns.values() for name in some]
        names += [plain(column) for column in FEEDS[feed]]
        if feed == "calls":
            times = synonyms.UNIVERSAL_TIMES | synonyms.CALL_DAYS | synonyms.CALL_HOURS
            names += times
        assert sorted(names) == sorted(set(names))
        assert [name for name in names if name != plain(name)] == []


# A day and a time in two columns


@pytest.mark.parametrize(
    ("titles", "row", "date_format"),
    [
        pytest.param("Date;Heure", "2000-03-01;09:00:00", None, id="ISO"),
        pytest.param("Heure;Date", "09:00;2000-03-01", None, id="the other way round, no seconds"),
        pytest.param("Date;Time", "01/03/2000;9:00", "%d/%m/%Y", id="a format of days"),
        pytest.param("Date de l'appel;Heure d'arrivée", "01/03/2000;9h00", "%d/%m/%Y", id="9h00"),
        pytest.param(
            "Date;Heure", "01/03/2000;09:00:00", "%d/%m/%Y %H:%M:%S", id="a format of both"
        ),
        pytest.param("Date;Heure", "2000-03-01 00:00:00;09:00:00", None, id="a day at midnight"),
        pytest.param("Date;Heure", "2000-03-01;2000-03-01 09:00:00", None, id="a whole time"),
        pytest.param("Date;Start Time", "whatever;2000-03-01 09:00:00", None, id="one column does"),
        pytest.param(
            "Date;Start Time",
            "1 Mar 2000;1 Mar 2000 09:00",
            "%d %b %Y %H:%M",
            id="and says the day",
        ),
        pytest.param("Start Time;Date", "09:00:00;2000-03-01", None, id="a start on a day"),
        pytest.param(
            "Date;Début de l'appel", "01/03/2000;9:00", "%d/%m/%Y", id="the same in French"
        ),
    ],
)
def test_days_and_times_apart(
    tmp_path: Path, titles: str, row: str, date_format: str | None
) -> None:
    call = one(tmp_path, titles, row, without=["queued_at"], date_format=date_format)
    assert call["queued_at"] == NINE_IN_UTC


def test_a_day_without_its_time_is_quarantined(tmp_path: Path) -> None:
    content = "call_id,wait_seconds,Date,Heure\n1,5,2000-03-01,\n2,5,,09:00\n3,5,,\n"
    assert read(tmp_path, content).rejected.select("line", "rule").rows() == [
        (2, "queued_at is not a time"),
        (3, "queued_at is not a time"),
        (4, "queued_at is empty"),
    ]


# Durations


@pytest.mark.parametrize(
    ("said", "settings", "seconds"),
    [
        ("200.5", {}, 200.5), ("200,5", {"decimal_comma": True}, 200.5),
        ("0:03:20", {}, 200), ("00:03:20", {}, 200), ("3:20", {}, 200), ("03:20", {}, 200),
        ("75:10", {}, 4510), ("1:00:00", {}, 3600), ("100:00:00", {}, 360_000),
        ("0:00:20.25", {}, 20.25), ("0:20,25", {"decimal_comma": True}, 20.25),
        ("200500", {"duration_unit": "milliseconds"}, 200.5),
        ("3.5", {"duration_unit": "minutes"}, 210),
        ("0.0000694", {"duration_unit": "days"}, 6), ("0,0000694", {"duration_unit": "days", "decimal_comma": True}, 6),
        ("0.5", {"duration_unit": "days"}, 43_200),
        ("3:20", {"duration_unit": "minutes"}, 200),
    ],
)  # fmt: skip
def test_durations(tmp_path: Path, said: str, settings: dict[str, Any], seconds: float) -> None:
    without = ["wait_seconds"]
    call = one(tmp_path, "wait_seconds;Talk Time", f"{said};{said}", without=without, **settings)
    assert (call["wait_seconds"], call["talk_seconds"]) == (seconds, seconds)


@pytest.mark.parametrize(
    "said", ["3:60", "1:60:00", "1:2:3:4", ":20", "3:", "3:2", "-3:20", "3.20:1"]
)
def test_what_is_no_duration(tmp_path: Path, said: str) -> None:
    content = f"call_id,queued_at,wait_seconds\n1,2000-03-01 09:00,{said}\n2,2000-03-01 09:00,5\n"
    reading = read(tmp_path, content)
    assert reading.rows["call_id"].to_list() == ["2"]
    assert reading.rejected["rule"].to_list() == ["wait_seconds is not a number"]


def test_a_header_may_name_its_unit(tmp_path: Path) -> None:
    """Before the settings do, and for its own column only."""
    titles = "Talk Time (ms);Mise en garde (min);ACW (s);Wait Time"
    call = one(tmp_path, titles, "1500;1,5;9;2", without=["wait_seconds"],
               duration_unit="minutes", decimal_comma=True)  # fmt: skip
    found = [call[f"{part}_seconds"] for part in ("talk", "hold", "wrap", "wait")]
    assert found == [1.5, 90, 9, 120]


def test_a_header_that_is_mapped_may_name_its_unit(tmp_path: Path) -> None:
    call = one(tmp_path, "En ligne (ms)", "1500", columns={"talk_seconds": "En ligne (ms)"})
    assert call["talk_seconds"] == 1.5


# Outcomes


@pytest.mark.parametrize(
    ("title", "said", "outcome"),
    [
        ("outcome", "HANDLED", "handled"), ("Status", "Answered", "handled"),
        ("Statut", "Répondu", "handled"), ("Résultat", "décroché", "handled"),
        ("Statut", "TRAITÉ", "handled"), ("Call Status", "Abandoned", "abandoned"),
        ("Statut", "Perdu", "abandoned"), ("Statut", "raccroché", "abandoned"),
        ("Statut", "Rappel", "callback"), ("Status", "Call back", "callback"),
        ("Statut", "débordement", "overflow"), ("Status", "Overflow", "overflow"),
        ("Statut", "Messagerie", "voicemail"), ("Status", "voicemail", "voicemail"),
        ("Abandon (O/N)", "O", "abandoned"), ("Abandon (O/N)", "N", "handled"),
        ("Abandon (Y/N)", "y", "abandoned"), ("ABANDON (y/n)", "no", "handled"),
        ("Perdu", "oui", "abandoned"), ("Perdu", "non", "handled"),
        ("Répondu", "oui", "handled"), ("Répondu ?", "0", "abandoned"),
        ("Décroché", "N", "abandoned"), ("Débordement", "oui", "overflow"),
        ("Débordement", "non", "handled"), ("Statut", "", "handled"),
        ("Statut", "Dissuadé", "ignored"), ("Statut", "Traité ailleurs", "overflow"),
    ],
)  # fmt: skip
def test_outcomes_in_other_words(tmp_path: Path, title: str, said: str, outcome: str) -> None:
    told = {"dissuade": "ignored", "traité ailleurs": "overflow"}
    call = one(tmp_path, f"Agent;{title}", f"Ann;{said}", outcomes=told)
    assert call["outcome"] == outcome


def test_the_settings_words_come_first(tmp_path: Path) -> None:
    assert one(tmp_path, "Statut", "Rappel", outcomes={"rappel": "ignored"})["outcome"] == "ignored"


def test_an_outcome_that_nobody_knows_is_quarantined_in_its_own_words(tmp_path: Path) -> None:
    site = NightSite(tmp_path)
    site.put("calls/1.csv", "call_id;queued_at;wait_seconds;Statut\n"
             "1;2000-03-01 09:00;5;Traité\n2;2000-03-01 09:00;5;Dissuadé\n")  # fmt: skip
    site.night("2000-03-01")
    assert site.ask("select call_id, outcome from staging.calls") == [("1", "handled")]
    (quarantined,) = (site.folders.quarantine / "calls").glob("*.parquet")
    assert pl.read_parquet(quarantined).select("line", "rule", "text").rows() == [
        (3, "outcome is known", "2;2000-03-01 09:00;5;Dissuadé")
    ]


def test_every_word_means_one_of_ours() -> None:
    meanings = {
        *synonyms.OUTCOME_WORDS.values(),
        *(w for some in synonyms.YES_OR_NO.values() for w in some),
    }
    assert meanings - {""} == set(OUTCOMES)
    assert set(synonyms.LEAVE_REASON_WORDS.values()) <= set(LEAVE_REASONS)


# Rosters


ANN = {
    "agent_id": "A7", "provider": "Acme", "team": "nord", "hired_on": date(1999, 12, 6),
    "left_on": date(2000, 2, 29), "leave_reason": "voluntary", "snapshot_on": date(2000, 3, 1),
}  # fmt: skip


@pytest.mark.parametrize(
    ("header", "row", "date_format", "encoding"),
    [
        pytest.param(
            "Username;Employer;Team;Hire Date;Termination Date;Reason for Leaving",
            "A7;Acme;nord;1999-12-06;2000-02-29;Resignation",
            None, "utf-8", id="English",
        ),
        pytest.param(
            "Matricule;Prestataire;Équipe;Date d\u2019embauche;Date de sortie;Motif de départ",
            "A7;Acme;nord;06/12/1999;29/02/2000;Démission",
            "%d/%m/%Y", "cp1252", id="French",
        ),
        pytest.param(
            "TÉLÉCONSEILLER;PRESTATAIRE;EQUIPE;DATE D'ENTREE;DATE DE SORTIE;MOTIF DE DEPART",
            "A7;Acme;nord;06/12/1999;29/02/2000;démission",
            "%d/%m/%Y", "utf-8-sig", id="French, shouted",
        ),
    ],
)  # fmt: skip
def test_rosters_of_a_personnel_office(
    tmp_path: Path, header: str, row: str, date_format: str | None, encoding: str
) -> None:
    content = f"{header}\n{row}\n".encode(encoding)
    (agent,) = read(tmp_path, content, "roster", date_format=date_format).rows.to_dicts()
    assert {column: agent[column] for column in ANN} == ANN


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Provider rotation", "provider_rotation"),
        ("END_OF_CONTRACT", "end_of_contract"),
        ("Fin de CDD", "end_of_contract"),
        ("Abandon de poste", "voluntary"),
        ("Départ à la retraite", "retirement"),
        ("Mutation Lyon", "transfer_to_client"),
        ("", None),
    ],
)
def test_reasons_of_leaving_in_other_words(tmp_path: Path, said: str, reason: str | None) -> None:
    """Our own words however they are written, those of others, and those of the settings."""
    content = f"Matricule;Date d'embauche;Motif de départ\nA7;1999-12-06;{said}\n".encode()
    feed = {"leave_reasons": {"mutation lyon": "transfer_to_client"}}
    assert read(tmp_path, content, "roster", **feed).rows["leave_reason"].to_list() == [reason]


def test_hired_twice(tmp_path: Path) -> None:
    content = "Agent,Hire Date,Start Date\nann,1999-12-06,2000-01-03\n"
    assert "Hire Date, Start Date: each may be hired_on; say which" in refusal(
        tmp_path, content, "roster"
    )


# Parquet


def test_parquet_says_what_delimited_text_says(tmp_path: Path) -> None:
    east = timezone(timedelta(hours=-5))
    frame = pl.DataFrame(
        {
            "call_id": ["00123", "00124"],
            "queued_at": pl.Series([datetime(2000, 10, 29, 1, 30, 0, 250_000, UTC)] * 2)
            .dt.convert_time_zone(PARIS),
            "wait_seconds": [5.25, None],
            "Talk Time": [timedelta(seconds=200.5), timedelta(days=1)],
            "Agent": [1001.0, None],
            "is_transferred": [True, False],
            "updated_at": [datetime(2000, 3, 1, 9, tzinfo=east)] * 2,
            "nested": [[1], [2]],
        }
    )  # fmt: skip
    reading = read(tmp_path, parquet(frame))
    (call,) = reading.rows.to_dicts()
    assert call["queued_at"] == at("2000-10-29 01:30:00.250000")  # the second 02:30
    assert (call["call_id"], call["agent_id"], call["line"]) == ("00123", "1001", 1)
    assert (call["wait_seconds"], call["talk_seconds"], call["is_transferred"]) == (
        5.25,
        200.5,
        True,
    )
    assert call["updated_at"] == at("2000-03-01 14:00:00")
    assert reading.rejected.select("line", "rule", "text").rows() == [
        (2, "wait_seconds is empty", None)
    ]


def test_types_need_no_notation_of_the_site(tmp_path: Path) -> None:
    """Its decimal commas and French dates are about what was typed in."""
    frame = pl.DataFrame(
        {
            "call_id": [1, 2],
            "Date": [date(2000, 3, 1)] * 2,
            "Heure": [time(9), time(9, 30)],
            "wait_seconds": [12.345, 7.0],
            "updated_at": [at("2000-03-01 09:00:00"), None],
            "Statut": pl.Series(["Répondu", "Perdu"], dtype=pl.Categorical),
        }
    )
    rows = read(tmp_path, parquet(frame), decimal_comma=True, date_format="%d/%m/%Y").rows
    assert rows.select("call_id", "queued_at", "wait_seconds", "updated_at", "outcome").rows() == [
        ("1", NINE_IN_UTC, 12.345, NINE_IN_UTC, "handled"),
        ("2", at("2000-03-01 08:30:00"), 7.0, None, "abandoned"),
    ]


def test_a_roster_in_parquet(tmp_path: Path) -> None:
    """Libraries that know no days write midnights."""
    frame = pl.DataFrame({"Agent": ["A7"], "Hire Date": [at("1999-12-06 00:00:00")], "ETP": [0.8]})
    (agent,) = read(tmp_path, parquet(frame), "roster", date_format="%d/%m/%Y").rows.to_dicts()
    assert (agent["hired_on"], agent["fte"]) == (date(1999, 12, 6), 0.8)


CALLS = pl.DataFrame({"call_id": ["1"], "queued_at": ["2000-03-01 09:00"], "wait_seconds": ["5"]})


def test_broken_parquet(tmp_path: Path) -> None:
    whole = parquet(CALLS)
    not_utf8 = io.BytesIO()
    columns = {"call_id": pa.array([b"\xff\xfe"]).view(pa.utf8())}
    pq.write_table(pa.table(columns), not_utf8)
    for content in (whole[:-1], whole[:100], b"PAR1", b"PAR1" + bytes(100), not_utf8.getvalue()):
        assert refusal(tmp_path, content) == (
            "calls/calls_2000-03-01 begins like Parquet and cannot be read as such; deliver it again"
        )


def test_parquet_with_more_rows_than_anybody_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.sources.columnar.MOST_ROWS", 1)
    content = parquet(pl.concat([CALLS, CALLS]))
    assert "has 2 rows; deliver it in files of at most 1" in refusal(tmp_path, content)


# Workbooks


def test_a_workbook_says_what_delimited_text_says(tmp_path: Path) -> None:
    content = workbook(
        Appels=[
            [],
            ["ID appel", "Début de l'appel", "Attente", "Durée de conversation", "Post-appel", "Agent"],
            [],
            ["00123", Shown(NINE, DAY_AND_TIME), 5.25, Shown(200 / 86_400, TIME_OF_DAY), "3:20", 1001],
            ["00124", "2000-03-01 09:00:00", 7, Shown(1.5, ELAPSED), None, "Zoé"],
            ["00125", "noon", 7],
        ],
        Notes=[["call_id"]],
    )  # fmt: skip
    reading = read(tmp_path, content)
    names = ("call_id", "queued_at", "wait_seconds", "talk_seconds", "wrap_seconds", "agent_id")
    assert reading.rows.select(*names, "line").rows() == [
        ("00123", NINE_IN_UTC, 5.25, 200, 200, "1001", 4),
        ("00124", NINE_IN_UTC, 7, 129_600, 0, "Zoé", 5),
    ]
    assert reading.rejected.select("line", "rule", "text").rows() == [
        (6, "queued_at is not a time", None)
    ]


def test_cells_need_no_notation_of_the_site(tmp_path: Path) -> None:
    content = workbook(
        Appels=[
            ["call_id", "Date", "Heure", "Attente", "Talk Time", "updated_at"],
            ["1", Shown(36586, DAY), Shown(0.375, TIME_OF_DAY), 12.5, "12,5", Shown(NINE, DAY_AND_TIME)],
            ["2", "01/03/2000", "09:00", 7, 1, "01/03/2000"],
            ["3", "01/03/2000", "09:00", "1.234", 1],
        ]
    )  # fmt: skip
    reading = read(tmp_path, content, decimal_comma=True, date_format="%d/%m/%Y")
    assert reading.rows.select("call_id", "queued_at", "wait_seconds", "talk_seconds").rows() == [
        ("1", NINE_IN_UTC, 12.5, 12.5),
        ("2", NINE_IN_UTC, 7, 1),
    ]
    assert reading.rejected.select("line", "rule", "text").rows() == [
        (4, "wait_seconds is not a number", None)
    ]


def test_a_roster_in_a_workbook(tmp_path: Path) -> None:
    content = workbook(
        Effectif=[
            ["Matricule", "Date d'embauche", "Date de sortie", "ETP"],
            ["007", Shown(36500, DAY), "29/02/2000", 0.8],
        ]
    )
    reading = read(tmp_path, content, "roster", date_format="%d/%m/%Y", decimal_comma=True)
    assert reading.rows.select("agent_id", "hired_on", "left_on", "fte").rows() == [
        ("007", date(1999, 12, 6), date(2000, 2, 29), 0.8)
    ]


def test_the_sheet_may_be_named(tmp_path: Path) -> None:
    header: list[Any] = ["call_id", "queued_at", "wait_seconds"]
    content = workbook(Notes=[["nothing"]], Appels=[header, ["1", "2000-03-01 09:00", "5"]])
    assert read(tmp_path, content, sheet="Appels").rows.height == 1
    assert refusal(tmp_path, content, sheet="Calls") == (
        "calls/calls_2000-03-01 has no sheet Calls, but Notes, Appels; mend [feeds.calls] sheet"
    )


def test_workbooks_that_cannot_be_read(tmp_path: Path) -> None:
    whole = workbook(Appels=[["call_id"]])
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("calls.csv", "call_id\n")
    hollow = io.BytesIO()
    with zipfile.ZipFile(hollow, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    for content, sentence in (
        (whole[:-30], "is no workbook that can be read; save it as XLSX or CSV again"),
        (
            b"PK\x03\x04" + bytes(50),
            "is no workbook that can be read; save it as XLSX or CSV again",
        ),
        (hollow.getvalue(), "is no workbook that can be read; save it as XLSX or CSV again"),
        (other.getvalue(), "is a zip file and no XLSX; deliver what is in it"),
        (workbook(Appels=[]), "has an empty sheet: not even a header; deliver it again"),
        (workbook(Appels=[["", " "]]), "has an empty sheet: not even a header; deliver it again"),
    ):
        assert refusal(tmp_path, content) == f"calls/calls_2000-03-01 {sentence}"


def test_a_workbook_that_lies_about_what_it_unpacks_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.sources.workbook_size.LARGEST_UNPACKED_BYTES", 1 << 20)
    honest = io.BytesIO(workbook(Appels=[["call_id"]]))
    with zipfile.ZipFile(honest, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/picture", bytes(1 << 21))
    size = (1 << 21).to_bytes(4, "little")
    assert honest.getvalue().count(size) >= 2
    lying = honest.getvalue().replace(size, (10).to_bytes(4, "little"))
    for content in (honest.getvalue(), lying):
        assert refusal(tmp_path, content).endswith(
            "MiB when unpacked; deliver it as CSV or in smaller files"
        )


@pytest.mark.parametrize(
    ("place", "size"),
    [
        ("Z1048576", "1,048,576 rows and 26 columns"),
        ("XFD3", "3 rows and 16,384 columns"),
        ("A4000000000", "4,000,000,000 rows and 3 columns"),
    ],
)
def test_a_stray_cell_does_not_cost_the_memory_of_the_night(
    tmp_path: Path, place: str, size: str
) -> None:
    content = workbook(Appels=[["call_id", "queued_at", "wait_seconds"], ["1", "x", "far away"]])
    strayed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(strayed, "w") as new:
        for member in old.namelist():
            new.writestr(member, old.read(member).replace(b'r="C2"', f'r="{place}"'.encode()))
    assert refusal(tmp_path, strayed.getvalue()) == (
        f"calls/calls_2000-03-01 has a sheet of {size}; delete what is far from the table, or"
        " deliver it as CSV"
    )


# All three, as nights and settings have them


def test_the_same_calls_in_three_formats_are_the_same_calls(tmp_path: Path) -> None:
    """The name of a file tells nothing; rows said again are repeats, whatever they are written in."""
    header = ["Call ID", "Start Time", "Wait Time", "Agent", "Status"]
    row = ["00123", "2000-03-01 09:00:00", "5", "Zoé", "Answered"]
    frame = pl.DataFrame(dict(zip(header, ([v] for v in row), strict=True)))
    site = NightSite(tmp_path)
    site.put("calls/1.csv", f"{','.join(header)}\n{','.join(row)}\n")
    site.put("calls/2.csv", parquet(frame))
    site.put("calls/3.csv", workbook(Sheet1=[[*header], [*row]]))
    site.night("2000-03-01")
    assert site.ask("select call_id, agent_id, outcome, line from staging.calls") == [
        ("00123", hidden("Zoé"), "handled", 2)
    ]


def test_rejected_rows_keep_their_text(tmp_path: Path) -> None:
    header = ["call_id", "queued_at", "wait_seconds", "queue"]
    row = ["00123", "2000-03-01 09:00:00", "-5", "a, b"]
    frame = pl.DataFrame(dict(zip(header, ([v] for v in row), strict=True)))
    site = NightSite(tmp_path)
    site.put("calls/1", parquet(frame))
    site.put("calls/2", workbook(Sheet1=[[], [*header], [*row]]))
    site.load()
    found = [
        pl.read_parquet(path).select("line", "rule", "text").row(0)
        for path in (site.folders.quarantine / "calls").glob("*.parquet")
    ]
    rule, text = "wait_seconds is between 0 and a year", '00123,2000-03-01 09:00:00,-5,"a, b"'
    assert sorted(found) == [(1, rule, text), (3, rule, text)]


def test_the_settings(tmp_path: Path) -> None:
    config = tmp_path / "qos.toml"
    head = '[site]\nname = "x"\ntime_zone = "Europe/Paris"\n[feeds.calls]\n'
    config.write_text(head + 'duration_unit = "minutes"\nsheet = "Appels"\n'
                      '[feeds.calls.outcomes]\n"Dissuadé" = "ignored"\n'
                      '[feeds.roster.leave_reasons]\n"Mutation" = "promotion"\n')  # fmt: skip
    calls = load_settings(config).feeds["calls"]
    assert load_settings(config).feeds["roster"].leave_reasons == {"Mutation": "promotion"}
    assert (calls.duration_unit, calls.sheet) == ("minutes", "Appels")
    assert calls.outcomes == {"Dissuadé": "ignored"}
    config.write_text(head + 'duration_unit = "hours"\n[feeds.calls.outcomes]\nLost = "lost"\n'
                      '[feeds.roster.leave_reasons]\nTired = "tired"\n')  # fmt: skip
    with pytest.raises(ConfigurationError) as caught:
        load_settings(config)
    assert [fault.partition(": ")[2] for fault in caught.value.faults] == [
        "[feeds.calls] duration_unit: Input should be 'seconds', 'milliseconds', 'minutes' or 'days'",
        "[feeds.calls.outcomes] Lost: 'lost' is no outcome; there are handled, abandoned, callback,"
        " overflow, voicemail, ignored",
        "[feeds.roster.leave_reasons] Tired: 'tired' is no reason of leaving; there are voluntary,"
        " dismissed, end_of_contract, provider_rotation, transfer_to_client, promotion,"
        " training_washout, retirement, other",
    ]
