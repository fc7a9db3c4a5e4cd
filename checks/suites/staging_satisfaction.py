"""staging.satisfaction: one row per answer, each as the loader let it in."""

from checks.suites import Rule, as_loaded, in_the_log, unique


def rules() -> list[Rule]:
    """The loader's own rules again, and whether the calls are known: only then an answer counts."""
    return [
        *as_loaded("satisfaction"),
        unique("call_id"),
        Rule("rated calls are in the log",
             "select call_id from {batch}"
             f" where call_id not in ({in_the_log('call_id')})", "warning"),
    ]  # fmt: skip
