"""staging.call_repeats: how many records of a file repeat what was delivered before."""

from checks.suites import Rule, every_row, from_a_loaded_file, unique


def rules() -> list[Rule]:
    """That repeats can be taken from the rows of their file."""
    return [
        unique("day", "file"),
        every_row("a repeat is counted", "rows_repeated >= 1"),
        from_a_loaded_file(),
        Rule("a file repeats no more rows than it has",
             "select file from {batch} as repeats inner join ledger.files as files using (file)"
             " group by file having sum(rows_repeated) > max(files.rows_raw)"),
    ]  # fmt: skip
