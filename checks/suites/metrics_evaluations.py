"""metrics.evaluations: evaluations and answers, by day and finest group."""

from checks.daily_metrics import adds_up, daily_metrics
from checks.suites import Rule


def rules() -> list[Rule]:
    """The shape of daily metrics, and that it counts what the facts hold."""
    return [
        *daily_metrics("evaluations", ("provider", "queue", "reason", "tenure_band")),
        adds_up("the points of every evaluation are counted",
                "sum(numerator) filter (where metric = 'quality_score')",
                "select sum(score) from staging.evaluations"),
    ]  # fmt: skip
