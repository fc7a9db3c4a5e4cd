"""What is said first: the verdicts in force, worst first, one sentence of state, and warnings."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from dashboards.formats import Words, listed, long_day, titled
from dashboards.marts import Marts
from dashboards.told import told

Row = Mapping[str, Any]

# What can't be judged stands between what is bad and what is known to be good.
WORST_FIRST = ("breached", "at_risk", "stale", "no_data", "too_few", "met")
UNKNOWN = ("stale", "no_data", "too_few")
MOST_NAMES = 3
MOST_FAULTS = 3


def in_force(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of the newest judging; earlier nights' rows are history."""
    return frame.filter(pl.col("as_of") == pl.col("as_of").max())


def verdicts_worst_first(marts: Marts) -> list[dict[str, Any]]:
    """One row a norm: the worst state first, then the longest lasting."""
    rows = in_force(marts.verdicts).to_dicts()
    return sorted(
        rows,
        key=lambda row: (
            WORST_FIRST.index(row["state"]),
            row["scope_kind"] != "all",
            row["since"],
            row["norm"],
        ),
    )


def norm_title(row: Row, words: Words, section: str = "metrics") -> str:
    """Service level, or service level, queue billing; `section`: the words to name metrics by."""
    metric = titled(section, row["metric"], words)
    if row["scope_kind"] == "all":
        return metric
    return f"{metric}, {titled('scopes', row['scope_kind'], words).format(row['scope'])}"


def sentence(verdicts: Sequence[Row], triggers: Sequence[Row], words: Words) -> str:
    """The state of the service in one sentence: what fired, is breached, at risk, unknown, met."""
    fired = [
        words["quoted"].format(titled("triggers", row["trigger"], words))
        for row in triggers
        if row["state"] == "triggered"
    ]
    forms = words["sentence"]
    form = forms["fired_one" if len(fired) == 1 else "fired_many"]
    clauses = [str(form).format(listed(fired, words))] if fired else []
    for key, states in (("breached", ["breached"]), ("at_risk", ["at_risk"]), ("unknown", UNKNOWN)):
        titles = [
            norm_title(row, words, "in_sentence") for row in verdicts if row["state"] in states
        ]
        clauses += [_clause(key, titles, words)] if titles else []
    clauses += _met_clause(verdicts, words)
    text = listed(clauses, words)
    return f"{text[:1].upper()}{text[1:]}."


def worst_state(verdicts: Sequence[Row], triggers: Sequence[Row]) -> str:
    """The state whose icon and colour the sentence carries."""
    if any(row["state"] == "triggered" for row in triggers):
        return "triggered"
    return verdicts[0]["state"] if verdicts else "no_data"


def notices(marts: Marts, verdicts: Sequence[Row], words: Words) -> list[tuple[str, str]]:
    """What makes the page less than it seems, as (title, sentence), to be read before all else."""
    site = marts.site.row(0, named=True)
    texts = words["notices"]
    found = []
    if marts.incidents.filter(state="open", severity="rejected").height:
        found.append((texts["rejected_title"], _rejected(site, words)))
    stale = [norm_title(row, words, "in_sentence") for row in verdicts if row["state"] == "stale"]
    if stale:
        text = texts["stale"].format(_named(stale, words))
        if days := _days_without_data(site):
            newest = texts["newest_one" if days == 1 else "newest_many"]
            text += " " + newest.format(**_ages(site, words))
        found.append((texts["stale_title"], text[:1].upper() + text[1:]))
    if verdicts and verdicts[0]["as_of"] < site["as_of"]:
        judged = long_day(verdicts[0]["as_of"], words)
        text = texts["not_judged"].format(judged=judged, **_ages(site, words))
        found.append((texts["not_judged_title"], text))
    return found


def _rejected(site: Row, words: Words) -> str:
    """What a rejected night means for the page, and the first of its faults."""
    texts = words["notices"]
    faults = [told(fault, words) for fault in (site["rejected_for"] or "").splitlines()]
    said = [texts["fault"].format(fault) for fault in faults[:MOST_FAULTS]]
    more = len(faults) - MOST_FAULTS
    said += [texts["more_faults"].format(more)] if more > 0 else []
    return " ".join([texts["rejected"], *said])


def quiet_days(site: Row, words: Words) -> str | None:
    """That the last days are empty, which may be a holiday or a feed that stopped."""
    days = _days_without_data(site)
    if days == 0:
        return None
    return str(words["notices"]["quiet_one" if days == 1 else "quiet_many"]).format(days=days)


def _clause(key: str, titles: list[str], words: Words) -> str:
    texts = words["sentence"]
    form = texts[f"{key}_one" if len(titles) == 1 else f"{key}_many"]
    return str(form).format(_named(titles, words))


def _named(titles: list[str], words: Words) -> str:
    """The names, or how many there are where a list would be too long to read."""
    if len(titles) > MOST_NAMES:
        return str(words["sentence"]["counted"]).format(len(titles))
    return listed(titles, words)


def _met_clause(verdicts: Sequence[Row], words: Words) -> list[str]:
    texts, total = words["sentence"], len(verdicts)
    met = sum(row["state"] == "met" for row in verdicts)
    if total == 0:
        return [texts["no_norms"]]
    if met == 0:
        return []
    key = ("all_met" if met == total else "met") + ("_one" if met == 1 else "_many")
    return [texts[key].format(met, total=total)]


def _ages(site: Row, words: Words) -> dict[str, object]:
    return {
        "last_data": long_day(site["last_data_on"], words),
        "as_of": long_day(site["as_of"], words),
        "days": _days_without_data(site),
    }


def _days_without_data(site: Row) -> int:
    last: date | None = site["last_data_on"]
    return max((site["as_of"] - last).days, 0) if last else 0
