"""ledger.files: one row per file that is in. Where no row of one can be read, its form is wrong."""

from checks.suites import Rule

# Files of which every row is in quarantine, unless corrected ones came, and the first such row.
UNREADABLE = """
    select
        files.feed,
        files.feed || '/' || name as path,
        substr(files.file, 1, 12) as hash,
        rows_read as rows,
        min(refused.line) as line,
        min_by(refused.rule, refused.line) as rule
    from {batch} as files inner join staging.quarantine as refused using (file)
    where rows_raw = 0
    group by files.file, files.feed, name, arrived_at, rows_read
    having not bool_and(is_closed)
    order by arrived_at, path
"""


def rules() -> list[Rule]:
    """That a mistake in the settings does not look like bad rows."""
    return [
        Rule(
            "of every file some rows can be read",
            "select path || ', line ' || line || ': ' || rule as told"
            f" from ({UNREADABLE}) as unreadable",
            "warning",
            is_told=True,
        )
    ]
