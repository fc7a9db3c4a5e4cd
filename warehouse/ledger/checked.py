"""What the checks have not looked at: from which day on a table was written since they last did.

A night without news writes a few days, too, and is not checked: they are left to the next one that
is. A clone that broke a rule is never published, so what is published and checked keeps the rules.
"""

from datetime import date

import duckdb


def note_written(connection: duckdb.DuckDBPyConnection) -> None:
    """The days that tonight's build wrote are to be checked."""
    connection.execute(
        "insert into ledger.unchecked select model, since from raw.sinces"
        " union all select model, since from raw.due where since is not null"
    )


def unchecked_since(connection: duckdb.DuckDBPyConnection, rules_hash: str) -> dict[str, date]:
    """By table, the first day that was not checked by these rules.

    A table that is not in it was not checked at all: it is written whole each night, or the rules
    were others.
    """
    if connection.execute("select rules_hash from ledger.checked").fetchall() != [(rules_hash,)]:
        return {}
    return dict(
        connection.execute(
            "select model, min(since) from ledger.unchecked group by model"
        ).fetchall()
    )


def note_checked(connection: duckdb.DuckDBPyConnection, rules_hash: str) -> None:
    """All that is there keeps the critical rules."""
    connection.execute("delete from ledger.unchecked")
    connection.execute("delete from ledger.checked")
    connection.execute("insert into ledger.checked values (?)", [rules_hash])
