"""staging.training: one row per agent and training, each as the loader let it in."""

from checks.suites import Rule, as_loaded, every_row, pseudonym


def rules() -> list[Rule]:
    """The loader's own rules again, and what only the whole table can show."""
    return [
        *as_loaded("training"),
        every_row("identities are pseudonyms", pseudonym("agent_id")),
        # Its cost counts; whether it left with anybody cannot be told.
        Rule("trained agents are on the roster",
             "select distinct agent_id from {batch}"
             " where agent_id not in (select agent_id from staging.employment)", "warning"),
    ]  # fmt: skip
