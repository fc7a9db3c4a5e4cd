"""Calendar months, known by their first day."""

from datetime import date, timedelta

from dashboards.formats import Words, period


def next_month(month: date) -> date:
    """First day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def last_day(month: date) -> date:
    """Last day of a month."""
    return next_month(month) - timedelta(days=1)


def middle(month: date) -> float:
    """The place of a month on an axis of day numbers."""
    return (month.toordinal() + next_month(month).toordinal()) / 2


def name(month: date, words: Words) -> str:
    """March 2026."""
    return period("month", month, last_day(month), words)
