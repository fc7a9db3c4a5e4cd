"""staging.office_repeats: how many rows of an invoice or training file were delivered before."""

from checks.suites import Rule, every_row, from_a_loaded_file, unique


def rules() -> list[Rule]:
    """That repeats can be taken from the rows of their file."""
    return [
        unique("file"),
        every_row("a repeat is counted", "rows_repeated >= 1"),
        from_a_loaded_file(),
    ]
