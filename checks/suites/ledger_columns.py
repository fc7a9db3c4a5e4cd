"""ledger.columns: one row per column of a table, top-level field of JSON records, event of a log.

Of each feed, the files of the last day that brought any are held against the one before each. What
changed is told by name and rejects nothing: a column that is needed is the loader's matter. What
need not be in every file is new if no file before had it, and never missing; an event that the
adapter knows is no news.
"""

from checks.suites import Rule, from_a_loaded_file, unique

PAIRS = """
    with delivered as (
        select
            file,
            feed,
            arrival,
            feed || '/' || name as path,
            left(arrived_at, 10) = max(left(arrived_at, 10)) over (partition by feed) as is_last,
            lag(file) over (partition by feed order by arrival) as file_before
        from ledger.files
        where file in (select file from {batch})
    ),
    pairs as (select * from delivered where is_last and file_before is not null),
    columns as (
        select
            noted.*,
            arrival,
            min(arrival) over (partition by feed, noted.name) as first_arrival,
            left(noted.name, 60) || coalesce(' (' || fills || ')', '') as called
        from {batch} as noted inner join delivered using (file)
    )
"""


def rules() -> list[Rule]:
    """That a column is there once, and that an export keeps its columns."""
    return [
        unique("file", "name"),
        from_a_loaded_file(),
        _change("an export has no new column, field or event", """
            select path || ': ' || called as told
            from pairs inner join columns using (file)
            where (is_usual or fills is null) and not exists (
                select 1 from columns as before
                where before.name = columns.name and before.file = file_before
            )
            and (is_usual or columns.arrival = first_arrival)
            order by all"""),
        _change("an export misses no column or field", """
            select path || ': ' || called as told
            from pairs inner join columns as before on before.file = file_before
            where before.is_usual and not exists (
                select 1 from columns
                where columns.file = pairs.file and columns.name = before.name
            )
            order by all"""),
        _change("an export writes its columns and fields as before", """
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
