"""staging.call_repeats: records of a file that repeat others, or gave way to a newer version."""

from checks.suites import Rule, every_row, from_a_loaded_file, unique


def rules() -> list[Rule]:
    """That they can be taken from the records of their file."""
    return [
        unique("day", "file"),
        every_row("something is counted, and once",
                  "rows_repeated + rows_replaced >= 1"
                  " and rows_repeated + rows_replaced = legs_gone + no_calls_gone + pending_gone"),
        from_a_loaded_file(),
        Rule("no more is gone than the file had",
             "select file from {batch} as gone inner join ledger.files as files using (file)"
             " group by file having sum(legs_gone) > max(files.rows_legs)"
             " or sum(no_calls_gone) > max(files.rows_no_calls)"
             " or sum(pending_gone) > max(files.rows_pending)"),
    ]  # fmt: skip
