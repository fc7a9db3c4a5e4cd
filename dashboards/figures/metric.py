"""A metric as a figure of a page: control chart, table, one sentence on the newest period."""

from collections.abc import Sequence
from functools import partial

from dashboards.charts.control_chart import control_drawing
from dashboards.charts.control_data import ControlChart
from dashboards.charts.frame import SIZES, Size
from dashboards.formats import Words, amount, interval, period, titled, upper_first
from dashboards.series import Series
from dashboards.tables import Column, Table
from dashboards.view import Figure, View, in_sizes


def metric_figure(
    view: View, metric: str, series: Series | None, sizes: Sequence[Size] = SIZES
) -> Figure:
    """The figure of a metric; without series, what has to be delivered for it to have one."""
    words = view.words
    title = upper_first(titled("metrics", metric, words))
    if series is None:
        return Figure(metric, title, empty=why_empty(metric, view))
    chart = ControlChart(
        grain=series.grain,
        unit=series.unit,
        judged=series.judged,
        estimates=series.estimates,
        target=series.target,
        direction=series.direction,
        events=view.event_days,
        x_domain=(series.rows[0]["period_start"], series.rows[-1]["period_end"]),
        description=_description(series, title, words),
    )
    has_points = bool(series.judged or series.estimates)
    return Figure(
        name=metric,
        title=title,
        lead=_lead(series, words),
        pictures=in_sizes(lambda size: control_drawing(chart, size, words), sizes)
        if has_points
        else None,
        table=series_table(series, title, words),
        state=series.norm["state"] if series.norm else None,
        variation=series.variation,
        assurance=series.assurance,
    )


def why_empty(metric: str, view: View) -> str:
    """Why a metric has no figures here, and what to do about it."""
    words = view.words
    if view.filters.query():
        return str(words["empty"]["filtered"])
    return f"{words['empty']['figure']} {words['needs'].get(metric, words['needs']['other'])}"


def series_table(series: Series, title: str, words: Words) -> Table:
    """Every period drawn, newest first."""
    texts = words["tables"]
    rows = [
        dict(row) | {"remark": "" if row["is_final"] else texts["not_final"]}
        for row in reversed(series.rows)
    ]
    columns = [
        Column(_period_heading(series.grain, words), f"period:{series.grain}", _PERIOD),
        Column(texts["value"], series.unit, ("value",)),
        Column(texts["interval"], f"interval:{series.unit}", ("low", "high")),
        Column(texts["counted"], f"counted:{series.kind}", ("numerator", "denominator")),
    ]
    if any(row["provisional"] is not None for row in rows):
        columns.append(Column(texts["provisional"], series.unit, ("provisional",)))
    if any(row["remark"] for row in rows):
        columns.append(Column(texts["remark"], "text", ("remark",)))
    grain = titled("grains", series.grain, words)
    return Table(series.metric, f"{title}, {grain}", columns, rows)


_PERIOD = ("period_start", "period_end")


def _period_heading(grain: str, words: Words) -> str:
    headings = words["period_headings"]
    return str(headings.get(grain, headings["other"]))


def _lead(series: Series, words: Words) -> str | None:
    """The newest final period against its reference, in one sentence."""
    if not series.judged:
        return None
    newest, texts = series.judged[-1], words["signals"]
    row = next(row for row in series.rows if row["period_start"] == newest.observation.start)
    show = partial(amount, unit=series.unit, words=words)
    name = period(
        series.grain, row["period_start"], row["period_end"], words, "periods_in_sentence"
    )
    opening = texts["opening"].format(period=name, value=show(row["value"]))
    if newest.reference is None:
        return f"{opening} {texts['no_reference']}"
    day = newest.observation.start
    said = texts["none"] if newest.signal is None else texts[newest.signal][_side(newest.side)]
    limits = interval(*_inside(newest.reference.limits(day), series.unit), series.unit, words)
    return f"{opening} " + str(said).format(mean=show(newest.reference.mean(day)), limits=limits)


def _side(side: int) -> str:
    return "high" if side > 0 else "low"


def _inside(limits: tuple[float, float], unit: str) -> tuple[float, float]:
    """Limits as far as figures can go."""
    low, high = limits
    return max(low, 0.0), min(high, 1.0) if unit == "share" else high


def _description(series: Series, title: str, words: Words) -> str:
    """The chart for those who do not see it: span, latest, extremes, target and signals."""
    texts = words["chart"]
    shown = [row for row in series.rows if row["value"] is not None and not row["is_suppressed"]]
    if not shown:
        return title
    show = partial(amount, unit=series.unit, words=words)
    values = [row["value"] for row in shown]
    name = partial(period, series.grain, words=words)
    parts = [
        texts["alt"].format(
            metric=title,
            grain=titled("grains", series.grain, words),
            start=name(start=shown[0]["period_start"], end=shown[0]["period_end"]),
            end=name(start=shown[-1]["period_start"], end=shown[-1]["period_end"]),
            latest=show(values[-1]),
            lowest=show(min(values)),
            highest=show(max(values)),
        )
    ]
    if series.target is not None and series.direction is not None:
        bound = words["directions"][series.direction].format(show(series.target, trim=True))
        parts.append(texts["alt_target"].format(bound))
    signals = sum(one.signal is not None for one in series.judged)
    parts.append(texts["alt_signals"].format(signals=signals, points=len(series.judged)))
    return " ".join(parts)
