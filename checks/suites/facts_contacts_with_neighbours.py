"""facts.contacts_with_neighbours: one row per contact that may be a repeat, or be repeated."""

from checks.suites import Rule, by_day, every_row, pseudonym, unique


def rules() -> list[Rule]:
    """What holds of episodes that stand in it; facts.episodes has the rules of all of them."""
    return [
        unique("contact_id"),
        by_day("a contact is on its own day",
               "select contact_id from {batch} anti join"
               " (select contact_id, day from facts.contacts where {days})"
               " using (contact_id, day)"),
        every_row("customers are pseudonyms", pseudonym("customer_id")),
        every_row("an episode ends after it starts", "ended_at >= started_at"),
        every_row("episodes of a customer do not overlap",
                  "coalesce(seconds_since_previous, 0) >= 0 and coalesce(seconds_to_next, 0) >= 0"),
        Rule("an episode has as many contacts as it says",
             # Nearly all are one contact, and known by it: no need to count those.
             "select episode_id from {batch} where episode_id in (select episode_id from {batch}"
             " where contacts <> 1 or contact_id <> episode_id) group by episode_id"
             " having count(*) <> max(contacts) or not bool_or(contact_id = episode_id)"),
    ]  # fmt: skip
