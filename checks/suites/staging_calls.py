"""staging.calls: one row per leg, each as the loader let it in."""

from checks.suites import Rule, as_loaded, every_row, pseudonym, unique


def rules() -> list[Rule]:
    """The loader's own rules again, and what only the whole table can show."""
    return [
        *as_loaded("calls", has_file=True),
        unique("call_id"),
        every_row("day, contact_id, queue and reason are given",
                  "day is not null and contact_id <> '' and queue <> '' and reason <> ''"),
        every_row("identities are pseudonyms",
                  f"(agent_id is null or {pseudonym('agent_id')})"
                  f" and (customer_id is null or {pseudonym('customer_id')})"),
        every_row("nobody talks on a leg that was not handled",
                  "outcome = 'handled' or talk_seconds = 0", "warning"),
        every_row("a handled leg names its agent",
                  "outcome <> 'handled' or agent_id is not null", "warning"),
        every_row("a leg ends within a day",
                  "wait_seconds + talk_seconds + hold_seconds + wrap_seconds < 86400", "warning"),
        Rule("agents in the log are on the roster",
             "select distinct agent_id from {batch} where agent_id is not null"
             " and agent_id not in (select agent_id from staging.employment)", "warning"),
    ]  # fmt: skip
