"""staging.evaluations: one row per evaluation, each as the loader let it in."""

from checks.suites import Rule, as_loaded, every_row, in_the_log, pseudonym


def rules() -> list[Rule]:
    """The loader's own rules again, and whether agents and calls are known."""
    return [
        *as_loaded("evaluations"),
        every_row("agents are pseudonyms", pseudonym("agent_id")),
        Rule("evaluated agents are on the roster or in the log",
             "select distinct agent_id from {batch}"
             " where agent_id not in (select agent_id from staging.employment)"
             f" and agent_id not in ({in_the_log('agent_id')})", "warning"),
        Rule("evaluated calls are in the log",
             "select call_id from {batch} where call_id is not null"
             f" and call_id not in ({in_the_log('call_id')})", "warning"),
    ]  # fmt: skip
