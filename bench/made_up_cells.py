"""What stands in made-up files: mostly what belongs there, now and then what nobody expects."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from hypothesis import strategies as st

from warehouse.sources.asterisk import STEPS
from warehouse.sources.columns import CURRENCIES, FEEDS, LEAVE_REASONS, OUTCOMES

# What programs stumble over; none of it may be more to ours than a text.
NASTY = [
    "", " ", "\0", "\ufeff", "\u202eabc", "\u2028", "\x1f", "\x85", "\ud7ff", "\U0001f600",
    "\xa0", "é", '"', '""', "'", "'; drop table staging.calls; --", "a,b", "a;b", "a\tb", "a|b",
    "a\nb", "a\r\nb", "=cmd|' /C calc'!A0", "@SUM(A1)", "+1", "../../../../../../etc/passwd",
    "C:\\nul", "{}", "${HOME}", "%s%n", "<script>alert(1)</script>", "<!channel>", "null", "NULL",
    "\\N", "NaN", "-Infinity", "1e999", "-0", "9" * 400, "1.797e308", "9223372036854775808", "0x10",
    "1_000", "1,5", "1.234,56", "-1", "86401", "25:61:61", "-0:00:05", "99999999:00", "2000-02-30",
    "0000-00-00", "9999-12-31", "1969-12-31T23:59:59Z", "2100-01-01", "2000-03-26 02:30:00",
    "2000-10-29 02:30:00", "31/12/2000", "2000-01-01T10:00:00+99:00", "36526.5", "951901200",
    "A" * 11_000,
]  # fmt: skip
TIMES = ["2000-01-01T10:00:00Z", "2000-01-02 23:59:59.5", "2000-01-03 00:00:00"]
DAYS = ["2000-01-01", "1999-12-31", "2000-02-29"]
WORDS = {"outcome": OUTCOMES, "leave_reason": LEAVE_REASONS, "currency": CURRENCIES}
PLAUSIBLE: dict[Any, Sequence[str]] = {
    pl.String: ["a", "web", *map(str, range(30))],
    pl.Float64: ["0", "1", "5", "12"],
    pl.Boolean: ["true", "no", "1", "oui"],
    pl.Date: DAYS,
    pl.Datetime("us"): TIMES,
}
FRENCH = {pl.Date: ["01/02/2000"], pl.Datetime("us"): ["01/02/2000 10:00", "29/02/2000 00:00"]}
Cells = Mapping[str, Sequence[str]]  # what is usual in each column
LOG_COLUMNS: Cells = {
    "time": TIMES,
    "callid": ["a", "b"],
    "queuename": ["web"],
    "agent": ["ann", "NONE"],
    "event": [*STEPS, "PAUSE", "NOVELTY"],
    "data1": ["5", "7"],
    "data2": ["60"],
}


@st.composite
def cell(draw: st.DrawFn, plausible: Sequence[str]) -> str:
    """Mostly what belongs there, now and then what nobody expects."""
    turn = draw(st.integers(0, 49))
    if turn > 1:
        return draw(st.sampled_from(plausible))
    return draw(st.sampled_from(NASTY) if turn else st.text(max_size=12))


def plausible_cells(feed: str, site: str = "defaults") -> Cells:
    """What may stand in each column of a feed."""
    usual = PLAUSIBLE | FRENCH if site == "french" else PLAUSIBLE
    return {column: WORDS.get(column, usual[kind]) for column, kind in FEEDS[feed].items()}
