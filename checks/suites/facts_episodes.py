"""facts.episodes: one row per episode of an identified customer."""

from checks.daily_metrics import adds_up_by_day
from checks.suites import Rule, by_day

# A contact counts on the day of its episode, which may be an earlier one if they overlap.
CONTACTS = """(
    select
        case when later.contact_id is null then contacts.day else first.day end as day
    from (select * from facts.contacts where customer_id is not null and {days}) as contacts
    left join (
        select contact_id, episode_id from facts.contacts_with_neighbours
        where contact_id <> episode_id and {days}
    ) as later using (contact_id)
    left join (
        select contact_id, day from facts.contacts_with_neighbours
        where contact_id = episode_id and {days}
    ) as first on first.contact_id = later.episode_id
)"""


def rules() -> list[Rule]:
    """That every identified contact is in one episode; the rest is a matter of its neighbours."""
    return [
        # No need to look for it on other days: an episode is known by a contact, which comes once,
        # and with neighbours on its own day.
        by_day("episode_id come once",
               "select episode_id from {batch} group by episode_id having count(*) > 1"),
        adds_up_by_day("every contact with a customer is in one episode", "sum(contacts)",
                       "count(*)", CONTACTS),
    ]  # fmt: skip
