"""What holds of every table of metrics by day: they have one shape, and each adds one sum to match.

A group column is given in every row of a metric or in none: else its scopes would not add up.
"""

from checks.suites import Rule, by_day, every_row, pseudonym, unique

GROUPS = ("provider", "queue", "reason", "tenure_band", "agent_id")
TENURE_BANDS = ("0-29", "30-89", "90-179", "180-364", "365+", "unknown")
BAND = f"tenure_band in ({', '.join(repr(band) for band in TENURE_BANDS)})"
ROUNDING = 1e-6


def daily_metrics(family: str, scopes: tuple[str, ...]) -> list[Rule]:
    """The rules of `metrics.<family>`.

    Args:
        scopes: the group columns that its metrics have; the others (but the agent) are empty.
    """
    given = [f"{g} is not null" for g in scopes]
    empty = [f"{g} is null" for g in GROUPS if g not in (*scopes, "agent_id")]
    return [
        unique("metric", "day", *GROUPS),
        every_row("the metric is defined as one of this table's",
                  f"metric in (select metric from metrics.definition where family = '{family}')"),
        every_row("nothing is counted below zero, and something is",
                  "numerator >= 0 and denominator > 0"),
        every_row("a share is at most the whole",
                  "numerator <= denominator or metric not in (select metric"
                  " from metrics.definition where kind in ('proportion', 'cohort'))"),
        every_row("groups are given where they add up to the whole, and empty elsewhere",
                  " and ".join([*given, *empty]) or "true"),
        every_row("the tenure band is known", f"tenure_band is null or {BAND}"),
        every_row("agents are pseudonyms", f"agent_id is null or {pseudonym('agent_id')}"),
    ]  # fmt: skip


def adds_up_by_day(name: str, ours: str, theirs: str, table: str, where: str = "true") -> Rule:
    """Two sums that must be the same on every day, but for rounding.

    Args:
        ours: an expression over `{batch}`.
        theirs: an expression over the rows of the table, or query with a day, that are meant.
    """
    return by_day(
        name,
        f"with ours as (select day, {ours} as figure from {{batch}} group by day),"
        f" theirs as (select day, {theirs} as figure from {table}"
        f" where {{days}} and {where} group by day),"
        " figures as (select day, coalesce(ours.figure, 0)::double as ours,"
        " coalesce(theirs.figure, 0)::double as theirs from ours full join theirs using (day))"
        f" select * from figures where abs(ours - theirs) > {ROUNDING} * greatest(1, abs(theirs))",
    )


def adds_up(name: str, ours: str, theirs: str) -> Rule:
    """Two sums over whole tables that must be the same, but for rounding.

    Args:
        ours: an expression over `{batch}`.
        theirs: a query for one number.
    """
    return Rule(
        name,
        f"select ours, theirs from (select coalesce({ours}, 0)::double as ours,"
        f" coalesce(({theirs}), 0)::double as theirs from {{batch}})"
        f" where abs(ours - theirs) > {ROUNDING} * greatest(1, abs(theirs))",
    )
