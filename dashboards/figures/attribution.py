"""Why a metric changed, part by part, and what turnover costs it as long as nothing changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts.axes import x_labels
from dashboards.charts.canvas import Area
from dashboards.charts.lines import Level, Line, LineChart, line_drawing
from dashboards.charts.waterfall import Step, Waterfall, waterfall_drawing
from dashboards.formats import Words, amount, number, short_day, titled, upper_first
from dashboards.tables import Column, Table
from dashboards.view import Figure, Row, View, in_sizes

PARTS = ("reason_mix", "replacement", "growth", "earlier_hires", "performance")
CHANGE, STANDING = "change", "standing_cost"
# Of a share, more is better; of a handle time, less.
MORE_IS_GOOD = {"first_call_resolution": True, "average_handle_time": False}
NIGHTS_APART = 7  # between the nights of a line: one a week shows as much as all of them


def change(view: View, metric: str, parts: Mapping[str, Row]) -> Figure:
    """The change since the reference as a waterfall, or why it cannot be told."""
    texts, words = view.words["turnover"], view.words
    title = texts["change"].format(upper_first(titled("metrics", metric, words)))
    name = f"{metric}_change"
    whole = parts.get(CHANGE)
    if whole is None:
        return Figure(name, title, empty=texts["no_change"])
    if whole["estimate"] is None:
        return Figure(name, title, empty=_gap(whole, words))
    factor, unit = _drawn_unit(view, metric)
    known = [parts[part] for part in PARTS if part in parts and parts[part]["estimate"] is not None]
    chart = Waterfall(
        steps=[_step(row, metric, factor, unit, words) for row in [*known, whole]],
        unit=unit,
        description=f"{title}. {whole['sentence'] or ''}",
    )
    return Figure(
        name=name,
        title=title,
        lead=whole["sentence"],
        pictures=in_sizes(lambda size: waterfall_drawing(chart, size, words)),
        table=_parts_table(name, title, [*known, whole], factor, unit, words),
        remark=texts["between"].format(
            reference=_days(whole["reference_start"], whole["reference_end"], words),
            window=_days(whole["window_start"], whole["window_end"], words),
        ),
    )


def standing(view: View, metric: str, parts: Mapping[str, Row]) -> Figure:
    """The standing cost of turnover over the nights, its newest figure in words."""
    texts, words = view.words["turnover"], view.words
    title = texts["standing"].format(upper_first(titled("metrics", metric, words)))
    name = f"{metric}_standing"
    cost = parts.get(STANDING)
    if cost is None:
        return Figure(name, title, empty=texts["no_attribution"])
    if cost["estimate"] is None:
        return Figure(name, title, empty=_gap(cost, words))
    factor, unit = _drawn_unit(view, metric)
    rows = _weekly(view, metric)
    table = _standing_table(name, title, rows, factor, unit, words)
    if len(rows) < 2:
        return Figure(name, title, lead=cost["sentence"], table=table)
    chart = _standing_chart(view, rows, factor, unit, title)
    return Figure(
        name=name,
        title=title,
        lead=cost["sentence"],
        pictures=in_sizes(lambda size: line_drawing(chart, size, words)),
        table=table,
        legend=[("solid", texts["standing_legend"]), ("band", texts["band_legend"])],
        remark=texts["rests_on"].format(
            agents=number(cost["agents"] or 0, 0, words),
            contacts=number(cost["contacts"] or 0, 0, words),
            side=texts["below" if MORE_IS_GOOD[metric] else "above"],
        ),
    )


def _drawn_unit(view: View, metric: str) -> tuple[float, str]:
    """Shares change by points, seconds by seconds: the factor, and the unit after it."""
    unit = view.units.get(metric, "")
    return (100.0, "points") if unit == "share" else (1.0, "plain_seconds")


def _step(row: Row, metric: str, factor: float, unit: str, words: Words) -> Step:
    estimate = factor * row["estimate"]
    return Step(
        name=words["parts"][row["part"]],
        estimate=estimate,
        low=None if row["low"] is None else factor * row["low"],
        high=None if row["high"] is None else factor * row["high"],
        text=amount(estimate, unit, words),
        is_good=_is_good(row, metric),
        is_total=row["part"] == CHANGE,
    )


def _is_good(row: Row, metric: str) -> bool | None:
    """None where the interval holds nought: nobody can tell."""
    low, high = row["low"], row["high"]
    if low is not None and high is not None and low <= 0 <= high:
        return None
    return bool((row["estimate"] > 0) == MORE_IS_GOOD[metric])


def _parts_table(
    name: str, title: str, rows: Sequence[Row], factor: float, unit: str, words: Words
) -> Table:
    texts = words["turnover"]
    columns = [
        Column(texts["part"], "titled:parts", ("part",)),
        Column(texts["estimate"], unit, ("estimate",)),
        Column(words["tables"]["interval"], f"interval:{unit}", ("low", "high")),
    ]
    return Table(name, title, columns, [_scaled(row, factor) for row in rows])


def _scaled(row: Row, factor: float) -> dict[str, Any]:
    """The figures in the unit that is shown."""
    ends = ("estimate", "low", "high")
    return dict(row) | {end: None if row[end] is None else factor * row[end] for end in ends}


def _weekly(view: View, metric: str) -> list[dict[str, Any]]:
    """Standing costs of every seventh night up to the newest, oldest first."""
    found = view.marts.attribution.filter(metric=metric, part=STANDING).sort("as_of")
    known = [row for row in found.to_dicts() if row["estimate"] is not None]
    return [row for row in known if (known[-1]["as_of"] - row["as_of"]).days % NIGHTS_APART == 0]


def _standing_table(
    name: str, title: str, rows: Sequence[Row], factor: float, unit: str, words: Words
) -> Table:
    texts = words["turnover"]
    columns = [
        Column(texts["night"], "day", ("as_of",)),
        Column(texts["estimate"], unit, ("estimate",)),
        Column(words["tables"]["interval"], f"interval:{unit}", ("low", "high")),
    ]
    return Table(name, title, columns, [_scaled(row, factor) for row in reversed(rows)])


def _standing_chart(
    view: View, rows: Sequence[Row], factor: float, unit: str, title: str
) -> LineChart:
    words, scaled = view.words, [_scaled(row, factor) for row in rows]
    points = [(float(row["as_of"].toordinal()), row["estimate"]) for row in scaled]
    ends = [row[end] for row in scaled for end in ("low", "high") if row[end] is not None]
    places = [0.0, *(y for _, y in points), *ends]
    edge = 0.06 * ((max(places) - min(places)) or 1.0)
    first, last = rows[0]["as_of"], rows[-1]["as_of"]
    return LineChart(
        lines=[Line("", amount(points[-1][1], unit, words), points)],
        levels=[Level(view.words["turnover"]["nothing"], "0", 0.0)],
        bands=[
            Area(x - NIGHTS_APART / 2, x + NIGHTS_APART / 2, row["low"], row["high"], "var(--band)")
            for (x, _), row in zip(points, scaled, strict=True)
            if row["low"] is not None and row["high"] is not None
        ],
        x_domain=(points[0][0] - NIGHTS_APART / 2, points[-1][0] + NIGHTS_APART / 2),
        y_domain=(min(places) - edge, max(places) + edge),
        x_labels=lambda most: x_labels(first, last, words, most),
        unit=unit,
        description=title,
        events=view.event_days,
    )


def _gap(row: Row, words: Words) -> str:
    """Why there is no figure, as a sentence."""
    return titled("gaps", str(row["gap"]), words)


def _days(first: Any, last: Any, words: Words) -> str:
    if first is None or last is None:
        return str(words["none"])
    return str(words["periods"]["other"]).format(
        start=short_day(first, words), end=short_day(last, words)
    )
