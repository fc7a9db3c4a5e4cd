"""staging.snapshots: one row per day for which a roster is known."""

from checks.suites import Rule, every_row, from_a_loaded_file, unique


def rules() -> list[Rule]:
    """That one file is in force a day, and whether it is whole."""
    return [
        unique("snapshot_on"),
        from_a_loaded_file(),
        every_row("a roster is whole, no row of it in quarantine", "is_complete", "warning"),
    ]
