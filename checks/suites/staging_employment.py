"""staging.employment: one row per spell, each as the loader let it in."""

from checks.suites import Rule, as_loaded, every_row, pseudonym, unique


def rules() -> list[Rule]:
    """The loader's own rules again, and what only the whole table can show."""
    return [
        *as_loaded("roster"),
        unique("agent_id", "hired_on"),
        every_row("identities are pseudonyms", pseudonym("agent_id")),
        every_row("the provider is known", "provider <> 'unknown'", "warning"),
        every_row("nobody vanished without a date of leaving",
                  "not is_departure_inferred or leave_reason = 'promotion'", "warning"),
        Rule("spells of an agent do not overlap",
             "select a.agent_id from {batch} as a inner join {batch} as b"
             " on a.agent_id = b.agent_id and a.hired_on < b.hired_on"
             " where a.left_on is null or a.left_on >= b.hired_on", "warning"),
    ]  # fmt: skip
