"""What must hold of each table, a module per table, found by its name.

`staging_calls.py` is about `staging.calls`. A module has a `rules` function that returns `Rule`s;
siblings look alike. A rule is a predicate that every row keeps, or a query for the rows that don't.
"""

import hashlib
import importlib
import pkgutil
from dataclasses import dataclass
from typing import Literal

from warehouse.sources.columns import RULES

Severity = Literal["critical", "warning"]


@dataclass(frozen=True)
class Rule:
    """One thing that must hold of a table.

    Attributes:
        unexpected_rows: SQL that selects what breaks it from `{batch}`, the table.
        severity: critical rejects the night, warning is reported.
        is_told: the query has a column `told`, which says what each row is about; nobody's name.
    """

    name: str
    unexpected_rows: str
    severity: Severity = "critical"
    is_told: bool = False


def every_row(name: str, predicate: str, severity: Severity = "critical") -> Rule:
    """A rule that each row keeps by itself; a row that does not know whether it does, does not."""
    return Rule(name, f"select * from {{batch}} where not coalesce({predicate}, false)", severity)


def unique(*columns: str) -> Rule:
    """No two rows share these columns."""
    listed = ", ".join(columns)
    return Rule(
        f"{listed} come once",
        f"select {listed} from {{batch}} group by {listed} having count(*) > 1",
    )


def as_loaded(table: str, *, has_file: bool = False) -> list[Rule]:
    """The rules by which the loader refuses a row of this raw table, expected of all others.

    But of those for which somebody released the rule: of their file, if the table has it, or feed.
    """
    theirs = "releases.file = loaded.file" if has_file else f"releases.feed = '{table}'"
    return [
        Rule(
            name,
            f"select * from {{batch}} as loaded where not coalesce({predicate}, false) and not"
            f" exists (select 1 from ledger.releases where {theirs} and rule = '{name}')",
        )
        for name, predicate in RULES[table].items()
    ]


def from_a_loaded_file() -> Rule:
    """The rows of a file that is not in are not in either."""
    return every_row("the file is in", "file in (select file from ledger.files)")


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
