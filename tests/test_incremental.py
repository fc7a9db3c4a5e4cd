"""Night by night gives what one full rebuild gives, row for row, and rewrites little of it.

The default run checks a few histories, always the same. More of them, each time others:
HYPOTHESIS_PROFILE=long pytest tests/test_incremental.py
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
from histories import CALLS, History, Row, call_rows, histories, invoice_text, roster_text
from hypothesis import HealthCheck, Phase, given, note, settings
from nights import NOW, NightSite

from warehouse.manifest import add_withdrawal, read_manifest

UNHURRIED = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
# A night takes most of a second: what fails in the default run is told as it is, not made small.
settings.register_profile(
    "short",
    UNHURRIED,
    max_examples=2,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)
settings.register_profile("long", UNHURRIED, max_examples=400, print_blob=True)
PROFILE = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))


class HistoricalSite:
    """A site to which a history happens."""

    def __init__(self, home: Path, history: History) -> None:
        self.history = history
        self.site = NightSite(
            home,
            history.zone,
            {
                "repeat_window_days": history.window_days,
                "repeat_same_reason": history.is_same_reason,
            },
        )
        self.rows = call_rows(history)
        self.rosters = [(s.day + s.lag_days, roster_text(history, s), s) for s in history.snapshots]
        self.files: dict[str, list[Row]] = {}

    def night(self, number: int) -> list[str]:
        """Deliver what is due, take out what is withdrawn, run the night.

        What it wrote beyond what it had to, a sentence a table.
        """
        as_of = self.history.as_of(number)
        changed = [*self._withdraw(number), *self._deliver(number)]
        if number == 0:
            self.site.night(as_of)
            return []
        next_day = min(as_of, self.history.as_of(number - 1)) + timedelta(days=1)
        touched = min([next_day, *(self.local_day(row) for row in self._versions(changed))])
        before, staff, hires = self._reach(touched), self._headcount(), self._hires()
        self.site.night(as_of)
        after = self._reach(touched)
        moved = min([next_day, *(day for day, *_ in staff ^ self._headcount())])
        hired = min([next_day, *(day for day, *_ in hires ^ self._hires())])
        contacts, episodes, settled = map(min, zip(before, after, strict=True))
        return [
            *self._excesses(contacts, episodes, touched, moved),
            *self._more_than_due({"metrics.episode_sums": min(settled, moved)}),
            *self._excesses_of_tenure(min(settled, touched, moved), hired),
        ]

    def _headcount(self) -> set[tuple[Any, ...]]:
        return set(self.site.ask("from facts.headcount"))

    def _hires(self) -> set[tuple[Any, ...]]:
        return set(self.site.ask("from facts.hires"))

    def _reach(self, touched: date) -> tuple[date, date, date]:
        """The first days to which a touch reaches back: of contacts, of episodes, and of those that
        it repeats or settles.
        """
        contacts = self._first_day(
            "select min(day) from staging.calls where contact_id in"
            " (select contact_id from staging.calls where day >= $day)",
            touched,
        )
        episodes, settled = (
            self._first_day(
                f"select min(day) from facts.episodes where ended_at >= $day - {window_days + 1}",
                contacts,
            )
            for window_days in (max(30, self.history.window_days), self.history.window_days)
        )
        return contacts, episodes, settled

    def _first_day(self, query: str, day: date) -> date:
        ((found,),) = self.site.ask(query, day=day)
        return min(day, found) if isinstance(found, date) else day

    def _excesses(self, contacts: date, episodes: date, calls: date, staff: date) -> list[str]:
        """Tables of which more was written than the rows on or after their day."""
        return self._more_than_due({
            "staging.calls": calls,
            "staging.call_repeats": calls,
            "facts.days": calls,
            "facts.contacts_of_several_legs": contacts,
            "facts.contacts_with_neighbours": episodes,
            "facts.day_ends": episodes,
            "metrics.longer_windows": min(episodes, staff),
            "facts.headcount": staff,
            "metrics.leg_sums": min(calls, staff),
            "metrics.presence": min(calls, staff),
            "metrics.fifth_agent": min(calls, staff),
            "metrics.contact_sums": contacts,
            "metrics.workforce": staff,
            "metrics.hires": staff - timedelta(days=91),
        })  # fmt: skip

    def _excesses_of_tenure(self, answers: date, hired: date) -> list[str]:
        """The same of what the attribution rests on; a block is written from its first day on."""
        block = answers - timedelta(days=(answers - date(1930, 1, 1)).days % 91)
        return [
            *self._more_than_due({"metrics.tenure_mix": min(answers, hired)}),
            *self._more_than_due({"metrics.tenure_cells": block}, "block_start"),
        ]

    def _more_than_due(self, tables: dict[str, date], column: str = "day") -> list[str]:
        said = []
        for table, first_day in tables.items():
            due = len(self.site.ask(f"from {table} where {column} >= $day", day=first_day))
            if self.site.rows_written[table] > due:
                written = self.site.rows_written[table]
                said.append(f"{table}: {written} rows written, {due} are on or after {first_day}")
        return said

    def local_day(self, row: Row) -> date:
        return row.queued_at.astimezone(ZoneInfo(self.history.zone)).date()

    def _versions(self, changed: list[Row]) -> Iterator[Row]:
        """The rows, and all that other files say of the same calls."""
        calls = {row.call_id for row in changed}
        yield from changed
        yield from (r for rows in self.files.values() for r in rows if r.call_id in calls)

    def _deliver(self, number: int) -> list[Row]:
        today = self.history.nights[number]
        due = [row for row in self.rows if row.due <= today]
        self.rows = [row for row in self.rows if row.due > today]
        if due:
            name = f"{number:02}.csv"
            self.files[name] = due
            self.site.put(f"calls/{name}", "\n".join([CALLS, *(r.text() for r in due)]) + "\n")
        for place, (delivered, text, snapshot) in enumerate(self.rosters):
            if delivered <= today:
                on = self.history.first_day + timedelta(days=snapshot.day)
                self.site.put(f"roster/{place}_{on}.csv", text)
        self._deliver_others(number)
        return due

    def _deliver_others(self, number: int) -> None:
        today = self.history.nights[number]
        for place, opinion in enumerate(self.history.opinions):
            if opinion.day <= today:
                on = self.history.first_day + timedelta(days=opinion.day)
                call = (
                    f"k{opinion.contact}-0-0" if opinion.contact < 10 else f"p{opinion.contact}-1"
                )
                self.site.put(
                    f"evaluations/{place}.csv",
                    "evaluated_on,agent_id,call_id,score,max_score,is_procedure_ok\n"
                    f"{on},a{opinion.agent},{call},{opinion.score},5,{opinion.score % 2}\n"
                    f"{on},a{opinion.agent},,{opinion.score},5,\n",
                )
                self.site.put(
                    f"satisfaction/{place}.csv",
                    f"call_id,score,max_score\n{call},{opinion.score},5\n",
                )
        for place, (day, subscribers) in enumerate(self.history.subscribers):
            if day <= today:
                month = (self.history.first_day + timedelta(days=day)).strftime("%Y-%m")
                self.site.put(
                    f"customers/{place}.csv", f"month,subscribers\n{month},{subscribers + place}\n"
                )
        self._deliver_costs(today)

    def _deliver_costs(self, today: int) -> None:
        for place, invoice in enumerate(self.history.invoices):
            if invoice.day + invoice.lag_days <= today:
                self.site.put(f"invoices/{place}.csv", invoice_text(self.history, invoice))
        for place, (day, agent) in enumerate(self.history.trainings):
            if day <= today:
                on = self.history.first_day + timedelta(days=day)
                self.site.put(
                    f"training/{place}.csv", f"day,agent_id,hours,cost\n{on},a{agent},7,100\n"
                )

    def _withdraw(self, number: int) -> list[Row]:
        gone: list[Row] = []
        for at, which in self.history.withdrawals:
            active = read_manifest(self.site.folders.manifest).active
            if at == number and active:
                arrival = active[which % len(active)]
                add_withdrawal(self.site.folders.manifest, arrival.file, NOW)
                if arrival.feed == "calls":
                    gone += self.files.pop(arrival.name)
        return gone

    def rebuilt(self, home: Path, number: int) -> NightSite:
        """The same site, its warehouse made anew from its archive."""
        shutil.copytree(self.site.home / "site", home / "site", copy_function=os.link)
        other = NightSite(home, self.site.zone, self.site.parameters)
        other.night(self.history.as_of(number), is_full=True)
        return other


def differences(found: NightSite, expected: NightSite) -> list[str]:
    """A few of the rows in which the tables of two sites differ; every column counts."""
    said: list[str] = []
    with duckdb.connect() as connection:
        for name, site in (("found", found), ("expected", expected)):
            connection.execute(f"attach '{site.folders.warehouse}' as {name} (read_only)")
        # Which days a night wrote is what makes it no rebuild.
        tables = connection.execute(
            "select distinct schema_name || '.' || table_name from duckdb_tables()"
            " where table_name <> 'unchecked' order by all"
        ).fetchall()
        for (table,) in tables:
            for verb, one, other in (("has", "found", "expected"), ("lacks", "expected", "found")):
                rows = connection.execute(
                    f"from {one}.{table} except all from {other}.{table} order by all limit 3"
                ).fetchall()
                said += [f"{table} {verb} {row}" for row in rows]
    return said


@PROFILE
@given(history=histories)
def test_night_by_night_gives_what_a_full_rebuild_gives(history: History) -> None:
    with tempfile.TemporaryDirectory() as folder:
        happened = HistoricalSite(Path(folder) / "site", history)
        happened.site.home.mkdir()
        for number in range(len(history.nights)):
            note(f"night {number}, as of {history.as_of(number)}")
            assert happened.night(number) == []
            with tempfile.TemporaryDirectory(dir=folder) as other:
                rebuilt = happened.rebuilt(Path(other), number)
                assert differences(happened.site, rebuilt) == []


FEW = 0.4  # of the rows that a full build writes
# Made anew every night: a row for each day of tenure, however long the history is.
BOUNDED = {"metrics.tenure_days"}
ROSTER = "agent_id,provider,hired_on\n" + "".join(f"a{n},p,1999-10-{n + 1:02}\n" for n in range(6))


def traffic(*days: date) -> str:
    """Six calls a day in two queues; the customers come back after a week or two."""
    rows = [
        f"{day}-{n},{day}T10:{n:02}:00Z,{'web' if n % 2 else 'mail'},billing"
        f",c{(day.toordinal() * 5 + n) % 50},a{n},5,60"
        for day in days
        for n in range(6)
    ]
    header = "call_id,queued_at,queue,reason,customer_id,agent_id,wait_seconds,talk_seconds"
    return "\n".join([header, *rows]) + "\n"


def test_a_night_rewrites_few_of_200_days(tmp_path: Path) -> None:
    """A quiet night, and one with a late call of four weeks ago."""
    site = NightSite(tmp_path)
    days = [date(2000, 1, 1) + timedelta(days=n) for n in range(202)]
    site.put("calls/backlog.csv", traffic(*days[:200]))
    site.put(f"roster/roster_{days[0]}.csv", ROSTER)
    site.night(days[199])
    whole = site.rows_written
    for number, late in ((200, ""), (201, f"late,{days[173]}T10:30:00Z,web,billing,c1,a1,5,60\n")):
        site.put(f"calls/{days[number]}.csv", traffic(days[number]) + late)
        site.night(days[number])
        large = {
            table: rows
            for table, rows in whole.items()
            if rows > len(days) and table not in BOUNDED
        }
        shares = {table: site.rows_written[table] / rows for table, rows in large.items()}
        assert {table: share for table, share in shares.items() if share > FEW} == {}
        assert sum(site.rows_written.values()) < FEW * sum(whole.values())
