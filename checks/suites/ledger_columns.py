"""ledger.columns: one row per column of a delivered table with a header (no JSON, no logs).

Of each feed, the files of the last day that brought any are held against the one before each. What
changed is told by name and rejects nothing: a column that is needed is the loader's matter.
"""

from checks.suites import Rule, from_a_loaded_file, unique

PAIRS = """
    with delivered as (
        select
            file,
            feed || '/' || name as path,
            left(arrived_at, 10) = max(left(arrived_at, 10)) over (partition by feed) as is_last,
            lag(file) over (partition by feed order by arrival) as file_before
        from ledger.files
        where file in (select file from {batch})
    ),
    pairs as (select * from delivered where is_last and file_before is not null),
    columns as (
        select *, left(name, 60) || coalesce(' (' || fills || ')', '') as called from {batch}
    )
"""


def rules() -> list[Rule]:
    """That a column is there once, and that an export keeps its columns."""
    return [
        unique("file", "name"),
        from_a_loaded_file(),
        _change("an export has no new column", """
            select path || ': ' || called as told
            from pairs inner join columns using (file)
            where not exists (
                select 1 from columns as before
                where before.file = file_before and before.name = columns.name
            )
            order by all"""),
        _change("an export misses no column", """
            select path || ': ' || called as told
            from pairs inner join columns as before on before.file = file_before
            where not exists (
                select 1 from columns
                where columns.file = pairs.file and columns.name = before.name
            )
            order by all"""),
        _change("an export writes its columns as before", """
            select
                path || ': ' || columns.called || ' is ' || columns.kind || ', was ' || before.kind
                as told
            from pairs inner join columns using (file)
            inner join columns as before on before.file = file_before
                and before.name = columns.name and before.kind <> columns.kind
            order by all"""),
    ]  # fmt: skip


def _change(name: str, query: str) -> Rule:
    return Rule(name, PAIRS + query, "warning", is_told=True)
