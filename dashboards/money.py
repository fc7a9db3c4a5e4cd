"""Amounts of money as pages write them: to the unit in tables, in millions where they are large."""

from dashboards.formats import Words, amount, interval

MILLION = 1_000_000


def money(value: float | None, currency: str, words: Words) -> str:
    """72.40 F, 12,345 F, 11.8 million F."""
    if value is not None and abs(value) >= MILLION:
        return amount(value / MILLION, f"M{currency}", words)
    return amount(value, currency, words)


def money_interval(low: float | None, high: float | None, currency: str, words: Words) -> str:
    """Both ends, in millions if the upper one is large."""
    if low is not None and high is not None and abs(high) >= MILLION:
        return interval(low / MILLION, high / MILLION, f"M{currency}", words)
    return interval(low, high, currency, words)
