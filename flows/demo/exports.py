"""Tables as the files of a French telephone system and personnel office, with their flaws.

Semicolons, decimal commas, cp1252, Windows line ends, local times. The centre is closed at night,
so no local time comes twice.
"""

from datetime import date, timedelta

import polars as pl

ENCODING = "cp1252"
SEPARATOR = ";"
DATE_FORMAT = "%d/%m/%Y"
TIME_FORMAT = "%d/%m/%Y %H:%M:%S"
LINE_END = "\r\n"
CALL_HEADERS = {
    "call_id": "N° appel",
    "queued_at": "Heure d'entrée en file",
    "queue": "File",
    "reason": "Motif d'appel",
    "customer_id": "N° client",
    "agent_id": "Conseiller",
    "wait_seconds": "Temps d'attente",
    "talk_seconds": "Durée de conversation",
    "hold_seconds": "Mise en attente",
    "wrap_seconds": "Post-appel",
    "outcome": "Résultat",
    "is_transferred": "Transféré (O/N)",
    "updated_at": "Mis à jour le",
}
ROSTER_HEADERS = {
    "agent_id": "Matricule",
    "provider": "Prestataire",
    "team": "Équipe",
    "role": "Fonction",
    "hired_on": "Date d'embauche",
    "left_on": "Date de sortie",
    "leave_reason": "Motif de départ",
    "fte": "ETP",
}

# The flaws, all in one month; each is of a kind that real exports were seen to have.
AMENDED_CALLS = 30  # wrap-up still running when the month was exported
HELD_BACK_EVENING = (14, 19)  # day of the month and hour from which the recorder lost its line
CUT_LINE, IMPOSSIBLE_DATE_LINE, NEGATIVE_LINE, UNREADABLE_LINE = 1000, 2000, 3000, 4000
ARRIVES_AFTER_DAYS = 35  # after the month's first day


def exported(table: pl.DataFrame, headers: dict[str, str]) -> str:
    """The table's text; `headers` says how each of its columns is called in the file."""
    return table.rename(headers).write_csv(
        separator=SEPARATOR,
        line_terminator=LINE_END,
        decimal_comma=True,
        float_precision=1,
        date_format=DATE_FORMAT,
        datetime_format=TIME_FORMAT,
    )


def month_of_calls(calls: pl.DataFrame, first: date) -> dict[str, str]:
    """The file of a month's calls, by name."""
    return {f"calls_{first:%Y-%m}.csv": exported(calls, CALL_HEADERS)}


def flawed_month_of_calls(calls: pl.DataFrame, first: date) -> dict[str, str]:
    """The files of a month with which everything goes wrong, by name.

    The month lacks an evening and some wrap-up times and has malformed lines; the same file comes
    twice; what it lacked, and one of the malformed lines, arrive in a file of their own.
    """
    arrives_on = first + timedelta(days=ARRIVES_AFTER_DAYS)
    in_time, held_back = _held_back(calls, first)
    unfinished, amended = _unfinished(in_time, arrives_on)
    repaired = in_time[CUT_LINE - 1]
    month = _malformed(exported(unfinished, CALL_HEADERS))
    return {
        f"calls_{first:%Y-%m}.csv": month,
        f"calls_{first:%Y-%m}_copie.csv": month,
        f"calls_{arrives_on}_retard.csv": exported(
            pl.concat([held_back, amended, repaired]), CALL_HEADERS
        ),
    }


def _held_back(calls: pl.DataFrame, first: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The month without the evening that the recorder lost, and that evening."""
    day, hour = HELD_BACK_EVENING
    lost_from = pl.datetime(first.year, first.month, day, hour)
    is_lost = pl.col("queued_at").is_between(lost_from, lost_from + pl.duration(hours=4))
    return calls.filter(~is_lost), calls.filter(is_lost)


def _unfinished(calls: pl.DataFrame, amended_on: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The calls, the last handled ones without their wrap-up; and these as amended on a day."""
    last_ones = calls.filter(outcome="handled").tail(AMENDED_CALLS)
    is_unfinished = pl.col("call_id").is_in(last_ones["call_id"].implode())
    amended_at = pl.lit(amended_on).cast(pl.Datetime("us")) + pl.duration(hours=8)
    return (
        calls.with_columns(wrap_seconds=pl.when(~is_unfinished).then("wrap_seconds")),
        last_ones.with_columns(updated_at=amended_at),
    )


def _malformed(text: str) -> str:
    """Some lines (the header is line 0) become what an interrupted export makes of them."""
    lines = text.split(LINE_END)
    lines[CUT_LINE] = lines[CUT_LINE][:40]
    for line, column, value in (
        (IMPOSSIBLE_DATE_LINE, "queued_at", "31/02/1999 10:00:00"),
        (NEGATIVE_LINE, "talk_seconds", "-12,0"),
        (UNREADABLE_LINE, "wait_seconds", "n/c"),
    ):
        fields = lines[line].split(SEPARATOR)
        fields[list(CALL_HEADERS).index(column)] = value
        lines[line] = SEPARATOR.join(fields)
    return LINE_END.join(lines)
