"""facts.hires: one row per hire."""

from checks.daily_metrics import adds_up
from checks.suites import Rule, every_row, pseudonym, unique


def rules() -> list[Rule]:
    """That a hire is counted once, and no departure is filled twice."""
    return [
        unique("day", "agent_id"),
        adds_up("everybody who was hired is here", "count(*)",
                "select count(distinct concat(agent_id, tenure_from)) from facts.employment"),
        every_row("agents are pseudonyms", pseudonym("agent_id")),
        every_row("a hire fills a place or makes the team grow",
                  "hire_kind in ('replacement', 'growth')"),
        Rule("no more places are filled than departures left",
             "select provider from (select provider, count(*) as filled from {batch}"
             " where hire_kind = 'replacement' group by provider) left join"
             " (select provider, count(*) as departed from facts.departures group by provider)"
             " using (provider) where filled > coalesce(departed, 0)"),
    ]  # fmt: skip
