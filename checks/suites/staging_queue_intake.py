"""staging.queue_intake: what became of the events of a log, by file and day."""

from checks.suites import Rule, every_row, from_a_loaded_file, unique


def rules() -> list[Rule]:
    """That every event is counted once, and whether all are understood."""
    return [
        unique("day", "file", "event_use"),
        every_row("an event is of a use that we know, and counted",
                  "event_use in ('leg', 'pending', 'no_call', 'unknown', 'repeat') and events > 0"),
        from_a_loaded_file(),
        every_row("every event is of a known kind", "event_use <> 'unknown'", "warning"),
        Rule("every row of an event log is accounted for",
             "select file from (select file, sum(events) as events from {batch} group by file)"
             " inner join ledger.files using (file) where events <> rows_raw"),
    ]  # fmt: skip
