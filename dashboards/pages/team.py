"""Team: who is there, who comes and goes, and how long they stay."""

from typing import Any

from dashboards.charts.frame import PHONE
from dashboards.figures import survival, team, training
from dashboards.figures.metric import metric_figure
from dashboards.formats import amount, interval, period, titled, upper_first
from dashboards.series import all_series
from dashboards.view import View

METRICS = ("agent_turnover", "voluntary_turnover", "early_attrition", "novice_share")


def content(view: View) -> dict[str, Any]:
    """The parts of the page: `team_sentence`, then figures by what they are about."""
    found = all_series(view.marts, METRICS, view.verdicts, view.filters)
    first, *others = METRICS
    return {
        "team_sentence": _sentence(view),
        "people": [
            team.headcount(view),
            team.movements(view, "hire"),
            team.movements(view, "departure"),
        ],
        "figures": [metric_figure(view, first, found.get(first))],
        "others": [
            metric_figure(view, metric, found.get(metric), sizes=(PHONE,)) for metric in others
        ],
        "staying": [survival.survival(view)],
        "cohorts": survival.groups(view),
        "training": training.training(view),
    }


def _sentence(view: View) -> str:
    """Turnover against its norm, as it was judged; or that nobody has judged it."""
    words = view.words
    row = next((row for row in view.verdicts if row["metric"] == METRICS[0]), None)
    if row is None or row["value"] is None:
        return str(words["team"]["not_judged"])
    unit = view.units[METRICS[0]]
    window = period(row["window"], row["period_start"], row["period_end"], words)
    bound = words["directions"][row["direction"]].format(
        amount(row["target"], unit, words, trim=True)
    )
    return upper_first(
        words["team"]["sentence"].format(
            value=amount(row["value"], unit, words),
            interval=interval(row["low"], row["high"], unit, words),
            window=window,
            bound=bound,
            state=titled("states", row["state"], words).lower(),
        )
    )
