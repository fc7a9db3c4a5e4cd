"""Turnover and quality: what departures cost the service, and why a figure changed."""

from typing import Any

from dashboards.figures import attribution
from dashboards.state import in_force
from dashboards.view import View

METRICS = ("first_call_resolution", "average_handle_time")


def content(view: View) -> dict[str, Any]:
    """The parts of the page: `turnover_sentence`, a standing cost and a change for each metric."""
    tonight = in_force(view.marts.attribution)
    parts = {
        metric: {row["part"]: row for row in tonight.filter(metric=metric).to_dicts()}
        for metric in METRICS
    }
    return {
        "turnover_sentence": _sentence(view, parts[METRICS[0]]),
        "harm": next(
            (row for row in view.triggers if row["trigger"] == "turnover_harms_quality"), None
        ),
        "standing": [attribution.standing(view, metric, parts[metric]) for metric in METRICS],
        "changes": [attribution.change(view, metric, parts[metric]) for metric in METRICS],
    }


def _sentence(view: View, parts: dict[str, dict[str, Any]]) -> str:
    """What turnover costs in first-call resolution: the sentence that all of this is for."""
    cost = parts.get("standing_cost")
    if cost is None:
        return str(view.words["turnover"]["no_attribution"])
    return str(cost["sentence"] or view.words["turnover"]["no_attribution"])
