"""staging.quarantine: the rows that the loader refused, until a corrected one comes."""

from checks.suites import Rule, every_row, from_a_loaded_file, unique


def rules() -> list[Rule]:
    """That every refused row is there with the rule it broke."""
    return [
        unique("file", "line"),
        every_row("a row has broken a rule", "rule <> ''"),
        from_a_loaded_file(),
        Rule("every row that was refused is there",
             "select file from ledger.files as files left join {batch} as refused using (file)"
             " group by file, rows_quarantined having count(refused.line) <> rows_quarantined"),
    ]  # fmt: skip
