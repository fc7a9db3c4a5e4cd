"""Team: who is there, who comes and goes, and how long they stay."""

from typing import Any

from dashboards.charts.frame import PHONE
from dashboards.metric_figure import metric_figure
from dashboards.series import all_series
from dashboards.view import View

METRICS = ("agent_turnover", "voluntary_turnover", "early_attrition", "novice_share")


def content(view: View) -> dict[str, Any]:
    """The parts of the page: `figures`, the metrics of the workforce."""
    found = all_series(view.marts, METRICS, view.verdicts, view.filters)
    return {
        "figures": [metric_figure(view, METRICS[0], found.get(METRICS[0]))],
        "others": [
            metric_figure(view, metric, found.get(metric), sizes=(PHONE,)) for metric in METRICS[1:]
        ],
    }
