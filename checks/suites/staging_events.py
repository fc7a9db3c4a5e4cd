"""staging.events: one row per dated event, each as the loader let it in."""

from checks.suites import Rule, as_loaded, unique


def rules() -> list[Rule]:
    """The loader's own rules again."""
    return [*as_loaded("events"), unique("day", "label")]
