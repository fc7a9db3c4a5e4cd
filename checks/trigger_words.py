"""The figures of a norm as the evidence of a trigger tells them; in English, as it is kept."""

from checks.policy import Norm
from checks.verdicts import Verdict
from checks.windows import Window


def against_norm(norm: Norm, tonight: Verdict) -> str:
    """What a metric was, and what it had to be."""
    target = f"{norm.direction.replace('_', ' ')} {figure_text(norm, norm.target)}"
    metric = norm.metric.replace("_", " ")
    return f"{metric} was {interval_text(norm, tonight)} against a norm of {target}"


def interval_text(norm: Norm, figures: Verdict | Window) -> str:
    """Value [low to high] in the days it rests on."""
    days = (figures.period_end - figures.period_start).days + 1
    value, low, high = (figure_text(norm, n) for n in (figures.value, figures.low, figures.high))
    return f"{value} [{low} to {high}] in the {days} days to {figures.period_end}"


def figure_text(norm: Norm, figure: float | None) -> str:
    """Shares in per cent, all else in the metric's unit."""
    if figure is None:
        return "unknown"
    return f"{figure * 100:.1f} %" if norm.metric_kind == "proportion" else f"{figure:.4g}"
