"""Quality: every metric of the service against its own past, and who is behind the figures."""

from dataclasses import replace
from typing import Any

import polars as pl

from dashboards.charts.frame import PHONE
from dashboards.charts.groups import Group, GroupChart, groups_drawing
from dashboards.figures.metric import metric_figure
from dashboards.formats import amount, titled, upper_first
from dashboards.series import all_series
from dashboards.state import WORST_FIRST
from dashboards.tables import Column, Table
from dashboards.view import Figure, Row, View, in_sizes

# What callers meet first, then how long it takes, then whether it helped.
METRICS = (
    "service_level",
    "abandonment_rate",
    "average_speed_of_answer",
    "first_call_resolution",
    "first_call_resolution_14_days",
    "first_call_resolution_30_days",
    "repeat_call_rate",
    "repeat_call_rate_14_days",
    "repeat_call_rate_30_days",
    "average_handle_time",
    "average_talk_time",
    "average_hold_time",
    "average_wrap_time",
    "handle_time_per_contact",
    "transfer_rate",
    "identified_share",
    "contacts_per_thousand_subscribers",
    "quality_score",
    "procedure_compliance",
    "satisfaction",
)
GROUP_KINDS = ("queue", "reason", "tenure_band")
MOST_GROUPS = 8  # of a kind, the largest; a page with forty reasons is read by nobody
GROUP_GRAIN = "rolling_28"  # the grain that every kind of group has


def content(view: View) -> dict[str, Any]:
    """The parts of the page.

    `watched`: figures of metrics with a norm, worst first, by group in their `parts`; `others`: the
    other metrics that have figures; `missing`: titles of those that have none, and why.
    """
    defined = set(view.marts.definitions["metric"])
    metrics = [metric for metric in METRICS if metric in defined]
    found = all_series(view.marts, metrics, view.verdicts, view.filters)
    worst = {row["metric"]: row for row in reversed(view.verdicts) if row["scope_kind"] == "all"}
    watched = sorted(
        (metric for metric in metrics if metric in worst),
        key=lambda metric: WORST_FIRST.index(worst[metric]["state"]),
    )
    others = [metric for metric in metrics if metric not in worst]
    groups = _groups(view, watched) if view.filters.scope_kind == "all" else {}
    return {
        "watched": [
            replace(
                metric_figure(view, metric, found.get(metric)),
                parts=groups.get(metric, []),
                remark=view.words["groups"]["note"] if metric in groups else None,
            )
            for metric in watched
        ],
        "others": [
            metric_figure(view, metric, found[metric], sizes=(PHONE,))
            for metric in others
            if metric in found
        ],
        "missing": [metric_figure(view, metric, None) for metric in others if metric not in found],
    }


def _groups(view: View, metrics: list[str]) -> dict[str, list[Figure]]:
    """For each metric, a figure of its newest final 28 days by queue, by reason, by tenure band."""
    rows = (
        view.marts.metrics.filter(pl.col("metric").is_in(metrics), grain=GROUP_GRAIN)
        .filter("is_final", pl.col("scope_kind").is_in(["all", *GROUP_KINDS]))
        .filter(pl.col("period_end") > view.marts.as_of - pl.duration(days=28))
        .collect()
        .filter(pl.col("period_end") == pl.col("period_end").max().over("metric"))
    )
    return {
        metric: [
            _group_figure(view, metric, kind, rows.filter(metric=metric))
            for kind in GROUP_KINDS
            if not rows.filter(metric=metric, scope_kind=kind).is_empty()
        ]
        for metric in metrics
    }


def _group_figure(view: View, metric: str, kind: str, rows: pl.DataFrame) -> Figure:
    """The groups of one kind by size, the whole service above them."""
    words, unit = view.words, view.units[metric]
    whole = rows.filter(scope_kind="all").to_dicts()
    own = rows.filter(scope_kind=kind)
    order = ["scope"] if kind == "tenure_band" else ["denominator", "scope"]
    members = own.sort(order, descending=[name == "denominator" for name in order], nulls_last=True)
    named = [row | {"group": words["groups"]["whole"]} for row in whole]
    named += [
        row | {"group": titled("group_names", row["scope"], words)}
        for row in members.head(MOST_GROUPS).to_dicts()
    ]
    more = max(members.height - MOST_GROUPS, 0)
    title = upper_first(titled("metrics", metric, words))
    heading = words["groups"][kind]
    groups = [_group(row, unit, view) for row in named]
    norms = [row for row in view.verdicts if row["metric"] == metric]
    norm = next((row for row in norms if row["scope_kind"] == "all"), None)
    chart = GroupChart(groups, norm["target"] if norm else None, unit, f"{title}, {heading}")
    return Figure(
        name=f"{metric}_{kind}",
        title=upper_first(heading),
        pictures=in_sizes(lambda _: groups_drawing(chart, words), (PHONE,))
        if chart.is_known
        else None,
        table=_group_table(f"{metric}_{kind}", chart.description, unit, named, more, view),
    )


def _group(row: Row, unit: str, view: View) -> Group:
    if row["is_suppressed"] or row["value"] is None:
        closed = view.words["tables"]["suppressed" if row["is_suppressed"] else "no_cases"]
        return Group(row["group"], None, None, None, closed)
    text = amount(row["value"], unit, view.words)
    return Group(row["group"], row["value"], row["low"], row["high"], text)


def _group_table(
    name: str, caption: str, unit: str, rows: list[dict[str, Any]], more: int, view: View
) -> Table:
    texts = view.words["tables"]
    metric_kind = view.kinds[rows[0]["metric"]]
    columns = [
        Column(texts["group"], "text", ("group",)),
        Column(texts["value"], unit, ("value",)),
        Column(texts["interval"], f"interval:{unit}", ("low", "high")),
        Column(texts["counted"], f"counted:{metric_kind}", ("numerator", "denominator")),
    ]
    note = view.words["groups"]["more"].format(more) if more else None
    return Table(name, caption, columns, rows, note)
