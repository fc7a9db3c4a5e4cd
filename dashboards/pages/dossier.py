"""The dossier: all that a decision on repatriation rests on, to be read on paper, in order."""

from dataclasses import replace
from typing import Any

import polars as pl

from dashboards.formats import amount, interval, listed, sample, titled, upper_first
from dashboards.pages import alerts, cost, data, quality, team, turnover
from dashboards.state import UNKNOWN, in_force, norm_title
from dashboards.tables import Column, Table
from dashboards.view import View


def content(view: View) -> dict[str, Any]:
    """The parts of the dossier: the `norms` judged, what is `uncertain`, and the parts of pages."""
    health = data.content(view)
    failed = [row for row in health["checks"].rows if not row["is_success"]]
    return {
        "norms": _norms(view),
        "uncertain": _uncertain(view),
        "trigger_history": alerts.content(view)["trigger_history"],
        "quality": quality.content(view)["watched"],
        "turnover": turnover.content(view),
        "team": team.content(view),
        "cost": cost.content(view),
        "data": health,
        "failed": replace(health["checks"], rows=failed),
        "suites": _suites(view),
    }


def _suites(view: View) -> Table:
    """How many rules each table was held against, and how many of them it broke."""
    texts = view.words["dossier"]
    suites = (
        view.marts.checks.group_by("suite")
        .agg(pl.len().alias("rules"), (~pl.col("is_success")).sum().alias("broken"))
        .sort("suite")
    )
    columns = [
        Column(view.words["data"]["suite"], "told", ("suite",)),
        Column(texts["rules"], "count", ("rules",)),
        Column(texts["broken"], "count", ("broken",)),
    ]
    return Table("suites", view.words["data"]["checks"], columns, suites.to_dicts())


def _norms(view: View) -> Table:
    """Every verdict in force, worst first; amounts as text, for units differ from row to row."""
    texts, words = view.words["dossier"], view.words
    rows = [_told(view, row) for row in view.verdicts]
    columns = [
        Column(texts["norm"], "text", ("title",)),
        Column(texts["state"], "titled:states", ("state",)),
        Column(words["tables"]["value"], "text", ("figure",)),
        Column(words["tables"]["interval"], "text", ("between",)),
        Column(texts["target"], "text", ("bound",)),
        Column(words["norms"]["sample"], "text", ("sampled",)),
        Column(words["norms"]["since"], "day", ("since",)),
    ]
    return Table("norms", words["norms"]["heading"], columns, rows)


def _told(view: View, row: dict[str, Any]) -> dict[str, Any]:
    words, unit = view.words, view.units.get(row["metric"], "")
    target = amount(row["target"], unit, words, trim=True)
    level = amount(row["level"], "share", words, trim=True)
    return row | {
        "title": upper_first(norm_title(row, words)),
        "figure": amount(row["value"], unit, words),
        "between": f"{interval(row['low'], row['high'], unit, words)} ({level})",
        "bound": words["directions"][row["direction"]].format(target),
        "sampled": sample(view.kinds.get(row["metric"], "mean"), row, words["samples"], words),
    }


def _uncertain(view: View) -> list[str]:
    """What nobody can tell tonight, a sentence each; a dossier that hides it decides by itself."""
    texts, words = view.words["dossier"], view.words
    found = []
    for key, states in (("unjudged", UNKNOWN), ("at_risk", ("at_risk",))):
        names = [
            norm_title(row, words, "in_sentence") for row in view.verdicts if row["state"] in states
        ]
        if names:
            found.append(texts[key].format(listed(names, words)))
    for row in in_force(view.marts.attribution).sort("metric", "part").to_dicts():
        name = f"{upper_first(titled('metrics', row['metric'], words))}, "
        name += titled("parts", row["part"], words).lower()
        if row["gap"]:
            found.append(texts["gap"].format(name=name, gap=titled("gaps", row["gap"], words)))
        elif row["low"] is not None and row["low"] <= 0 <= row["high"]:
            found.append(texts["not_from_nought"].format(name))
    if not view.marts.costs.height:
        found.append(words["cost"]["no_invoices"])
    if not view.marts.in_house.height:
        found.append(texts["no_in_house"])
    return found
