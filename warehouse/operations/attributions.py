"""What is read from operations.db of why metrics changed, and since when."""

import sqlite3
from datetime import date

from warehouse.operations.read import Rows


def attributions_in_force(
    con: sqlite3.Connection, first: date = date.min, last: date = date.max
) -> Rows:
    """The attributions of each night's newest judging, by night, metric and part."""
    found = con.execute(
        "select * from attribution_in_force where as_of between ? and ?"
        " order by as_of, metric, part",
        (first.isoformat(), last.isoformat()),
    )
    return Rows(found)


def falls(con: sqlite3.Connection, before: date) -> dict[str, date]:
    """By norm on the wrong side: the first day of the window that was first there.

    Counted from the last night before `before` on which the norm was met.
    """
    rows = con.execute(
        "select norm, min(period_start) as onset from verdict_in_force left join (select norm,"
        " max(as_of) as met_on from verdict_in_force where state = 'met' and as_of < ?"
        " group by norm) using (norm) where state in ('at_risk', 'breached') and as_of < ?"
        " and as_of > coalesce(met_on, '') group by norm",
        (before.isoformat(), before.isoformat()),
    )
    return {row["norm"]: date.fromisoformat(row["onset"]) for row in rows}
