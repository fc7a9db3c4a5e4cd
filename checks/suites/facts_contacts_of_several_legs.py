"""facts.contacts_of_several_legs: one row per offered contact that was handed on."""

from checks.suites import Rule, every_row, unique


def rules() -> list[Rule]:
    """That none is in it twice or without need; facts.contacts has the rules of all contacts."""
    return [
        unique("contact_id"),
        every_row("a contact has several legs", "legs > 1"),
        every_row("the legs of a contact name one customer", "names_one_customer", "warning"),
    ]
