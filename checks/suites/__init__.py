"""What must hold of each table, a module per table, found by its name.

`staging_calls.py` is about `staging.calls`. A module has a `rules` function that returns `Rule`s;
siblings look alike. A rule is a predicate that every row keeps, or a query for the rows that don't.

A night need not look again at days that were checked and not written since. Most rules can be asked
of the others alone, with `unexpected_since`; checks/unchecked.py says which days those are.
"""

import hashlib
import importlib
import pkgutil
from dataclasses import dataclass
from typing import Literal

from warehouse.sources.columns import RULES

Severity = Literal["critical", "warning"]
DAYS = {"day", "period_end", "block_start"}  # by which tables are rewritten: warehouse/models.py


@dataclass(frozen=True)
class Rule:
    """One thing that must hold of a table.

    Attributes:
        unexpected_rows: SQL that selects what breaks it from `{batch}`, the table.
        severity: critical rejects the night, warning is reported.
        is_told: the query has a column `told`, which says what each row is about; nobody's name.
        unexpected_since: what comes to the same if the days before `{since}` keep the rule already,
            of `{unchecked}`, the rows of the others. None: only the whole table can show it, or the
            rule is a warning, which is repeated for as long as it is true.
    """

    name: str
    unexpected_rows: str
    severity: Severity = "critical"
    is_told: bool = False
    unexpected_since: str | None = None


def by_day(name: str, unexpected_rows: str, severity: Severity = "critical") -> Rule:
    """A rule that each day keeps by itself.

    Args:
        unexpected_rows: of other tables than `{batch}` it reads the rows for which `{days}` holds.
    """
    since = unexpected_rows.replace("{batch}", "{unchecked}").replace("{days}", "day >= {since}")
    return Rule(
        name,
        unexpected_rows.replace("{days}", "true"),
        severity,
        unexpected_since=since if severity == "critical" else None,
    )


def every_row(name: str, predicate: str, severity: Severity = "critical") -> Rule:
    """A rule that each row keeps by itself; a row that does not know whether it does, does not."""
    return by_day(name, f"select * from {{batch}} where not coalesce({predicate}, false)", severity)


def unique(*columns: str) -> Rule:
    """No two rows share these columns.

    If none of them is the day, a row that was not checked is held against those of all days.
    """
    listed, first = ", ".join(columns), columns[0]
    name = f"{listed} come once"
    twice = f"group by {listed} having count(*) > 1"
    whole = f"select {listed} from {{batch}} {twice}"
    if DAYS & set(columns):
        return by_day(name, whole)
    among = f"where {first} in (select {first} from {{unchecked}})"
    return Rule(name, whole, unexpected_since=f"select {listed} from {{batch}} {among} {twice}")


def as_loaded(table: str, *, has_file: bool = False) -> list[Rule]:
    """The rules by which the loader refuses a row of this raw table, expected of all others.

    But of those for which somebody released the rule: of their file, if the table has it, or feed.
    """
    theirs = "releases.file = loaded.file" if has_file else f"releases.feed = '{table}'"
    return [
        by_day(
            name,
            f"select * from {{batch}} as loaded where not coalesce({predicate}, false) and not"
            f" exists (select 1 from ledger.releases where {theirs} and rule = '{name}')",
        )
        for name, predicate in RULES[table].items()
    ]


def from_a_loaded_file() -> Rule:
    """The rows of a file that is not in are not in either: files go, so of all days."""
    return Rule(
        "the file is in",
        "select file from {batch}"
        " where not coalesce(file in (select file from ledger.files), false)",
    )


def in_the_log(column: str) -> str:
    """Which of the table's values calls have: those of all calls would take long to remember."""
    of_batch = f"select {column} from {{batch}}"
    return f"select {column} from staging.calls where {column} in ({of_batch})"


def suites() -> dict[str, list[Rule]]:
    """The rules of every table that has a suite, by table name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {
        name.replace("_", ".", 1): importlib.import_module(f"{__name__}.{name}").rules()
        for name in names
    }


def rules_hash() -> str:
    """Changes when any rule does."""
    return hashlib.sha256(repr(suites()).encode()).hexdigest()[:16]


def pseudonym(column: str) -> str:
    """The predicate that a column holds a pseudonym (braces mean something else in a query)."""
    return f"(length({column}) = 16 and regexp_matches({column}, '^[0-9a-f]+$'))"
