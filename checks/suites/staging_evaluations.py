"""staging.evaluations: one row per evaluation, each as the loader let it in."""

from checks.suites import Rule, as_loaded, every_row, pseudonym


def rules() -> list[Rule]:
    """The loader's own rules again, and whether agents and calls are known."""
    return [
        *as_loaded("evaluations"),
        every_row("agents are pseudonyms", pseudonym("agent_id")),
        Rule("evaluated agents are on the roster or in the log",
             "select distinct agent_id from {batch}"
             " where agent_id not in (select agent_id from staging.employment)"
             " and agent_id not in"
             " (select agent_id from staging.calls where agent_id is not null)", "warning"),
        Rule("evaluated calls are in the log",
             "select call_id from {batch} where call_id is not null"
             " and call_id not in (select call_id from staging.calls)", "warning"),
    ]  # fmt: skip
