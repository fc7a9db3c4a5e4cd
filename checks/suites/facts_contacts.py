"""facts.contacts: one row per offered contact."""

from checks.daily_metrics import adds_up_by_day
from checks.suites import Rule, every_row, unique

# A leg counts on the day of its contact, which may be an earlier one.
LEGS = """(
    select coalesce(joined.day, calls.day) as day, is_handled, handle_seconds
    from (select * from facts.calls where {days}) as calls
    left join (
        select contact_id, min(day) as day from facts.contacts_of_several_legs group by contact_id
    ) as joined using (contact_id)
)"""


def rules() -> list[Rule]:
    """That every leg is in one contact, and a contact is what its legs are."""
    return [
        unique("contact_id"),
        adds_up_by_day("every leg is in one contact", "sum(legs)", "count(*)", LEGS),
        adds_up_by_day("handling adds up over legs", "sum(handle_seconds)",
                       "sum(handle_seconds)", LEGS, "is_handled"),
        every_row("a contact is handled or what became of it is known",
                  "is_handled = (outcome = 'handled') and queue <> '' and reason <> ''"),
        every_row("nobody waits less than nothing, and nothing ends before it begins",
                  "wait_seconds >= 0 and ended_at >= queued_at and last_day >= day"),
    ]  # fmt: skip
