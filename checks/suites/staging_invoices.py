"""staging.invoices: one row per line of an invoice, each as the loader let it in."""

from checks.suites import Rule, as_loaded


def rules() -> list[Rule]:
    """The loader's own rules again, and what only the whole table can show."""
    return [
        *as_loaded("invoices", has_file=True),
        # A correction, or a mistake? Such a month has no cost until one of the files is withdrawn
        # or both are delivered as one.
        Rule("no month is billed by one provider in two files",
             "select month, provider from {batch} where amount > 0"
             " group by month, provider having count(distinct file) > 1", "warning"),
    ]  # fmt: skip
