"""The picture of a message: the last thirteen weeks of a norm's metric, as a sparkline.

It holds no text, which the message has beside it: so its bytes depend on no font of the machine.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from checks.policy import Norm
from checks.verdicts import Verdict
from flows.block_kit import Block, image
from flows.wording import Words, capitalised, day, name_of, quantity, target

WEEKS = 13
WIDTH, HEIGHT, MARGIN, SCALE = 360, 72, 8, 2  # SCALE: a phone has two pixels where a page has one
# A week's departures of a small team are noise: rare events are drawn over the norm's own window.
RARE_KINDS = ("rate", "cohort")
INK, TARGET, GOOD, WRONG = "#3b4252", "#8a8f98", "#1a7f37", "#b3261e"


@dataclass(frozen=True)
class Picture:
    """A PNG, what stands over it, and what it shows for who cannot see it."""

    png: bytes
    title: str
    alt: str

    def block(self) -> Block:
        """The block that shows it."""
        return image(self.title, self.alt)


def pictures(
    connection: duckdb.DuckDBPyConnection,
    norms: Iterable[Norm],
    verdicts: Sequence[Verdict],
    units: Mapping[str, str],
    words: Words,
) -> dict[str, Picture]:
    """A picture by norm, of those that have been judged and have a past of two weeks."""
    judged = {verdict.norm: verdict for verdict in verdicts}
    found = {}
    for norm in norms:
        if norm.name in judged:
            weeks = _weeks(connection, norm, judged[norm.name])
            if len(weeks) > 1:
                found[norm.name] = _picture(weeks, norm, judged[norm.name], units, words)
    return found


def _weeks(
    connection: duckdb.DuckDBPyConnection, norm: Norm, verdict: Verdict
) -> list[tuple[date, float]]:
    """Ends of weeks with their figures, oldest first; what is withheld elsewhere is withheld."""
    is_rare = norm.metric_kind in RARE_KINDS
    weeks: list[tuple[date, float]] = connection.execute(
        "select period_end, value from metrics.period"
        " where metric = $metric and scope_kind = $scope_kind and scope = $scope"
        " and grain = $grain and value is not null and not is_suppressed"
        " and period_end <= $last and ("
        "  case when $is_rare then ($last - period_end) % 7 = 0"
        "  else period_end - period_start = 6 end)"
        " order by period_end desc limit $weeks",
        {
            "metric": norm.metric,
            "scope_kind": norm.scope_kind,
            "scope": norm.scope,
            "grain": norm.window if is_rare else "week",
            "last": verdict.period_end,
            "is_rare": is_rare,
            "weeks": WEEKS,
        },
    ).fetchall()
    return weeks[::-1]


def _picture(
    weeks: Sequence[tuple[date, float]],
    norm: Norm,
    verdict: Verdict,
    units: Mapping[str, str],
    words: Words,
) -> Picture:
    unit, forms = units.get(norm.metric, ""), words["message"]
    ends, values = zip(*weeks, strict=True)
    shown = {"count": len(weeks), "day": day(ends[-1], words)}
    first, last, lowest, highest = (
        quantity(value, unit, words) for value in (values[0], values[-1], min(values), max(values))
    )
    return Picture(
        png=sparkline(values, norm.target, is_wrong=norm.is_wrong(values[-1])),
        title=str(forms["picture"]).format(target=target(verdict, unit, words), **shown),
        alt=str(forms["picture_alt"]).format(
            name=capitalised(name_of(norm.name, words)),
            first=first,
            last=last,
            lowest=lowest,
            highest=highest,
            **shown,
        ),
    )


def sparkline(values: Sequence[float], aim: float, *, is_wrong: bool) -> bytes:
    """A PNG of a line, the target as a dashed rule and the last figure as a dot.

    The same values give the same bytes.
    """
    import vl_convert

    low, high = min(*values, aim), max(*values, aim)
    slack = (high - low) * 0.1 or abs(aim) * 0.1
    scale = {"domain": [low - slack, high + slack], "nice": False, "zero": False}
    y = {"field": "value", "type": "quantitative", "axis": None, "scale": scale}
    x = {"field": "week", "type": "quantitative", "axis": None, "scale": {"nice": False}}
    points = [{"week": week, "value": value} for week, value in enumerate(values)]
    specification: dict[str, Any] = {
        "width": WIDTH - 2 * MARGIN,
        "height": HEIGHT - 2 * MARGIN,
        "padding": MARGIN,
        "autosize": {"type": "none"},
        "background": "white",
        "config": {"view": {"stroke": None}},
        "encoding": {"y": y},
        "layer": [
            _layer([{"value": aim}], {"type": "rule", "color": TARGET, "strokeDash": [4, 3]}),
            _layer(points, {"type": "line", "color": INK, "strokeWidth": 2}, x),
            _layer(points[-1:], _dot(WRONG if is_wrong else GOOD), x),
        ],
    }
    return vl_convert.vegalite_to_png(specification, scale=SCALE)


def _layer(
    rows: Sequence[Mapping[str, float]], mark: Mapping[str, Any], x: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    return {"data": {"values": rows}, "mark": mark, "encoding": {"x": x} if x else {}}


def _dot(color: str) -> dict[str, Any]:
    return {"type": "point", "filled": True, "color": color, "size": 70, "opacity": 1}
