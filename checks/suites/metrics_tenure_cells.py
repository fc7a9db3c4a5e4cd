"""metrics.tenure_cells: what the tenure curve is learnt from, by block, agent, reason and band."""

from checks.daily_metrics import BAND, adds_up
from checks.suites import Rule, every_row, pseudonym, unique


def rules() -> list[Rule]:
    """That every answer of an agent on the roster is in one cell."""
    return [
        unique("metric", "block_start", "agent_id", "reason", "tenure_band"),
        every_row("agents are pseudonyms", pseudonym("agent_id")),
        every_row("the tenure band is known", BAND),
        every_row("calls are counted, and their spread is none below zero",
                  "denominator > 0 and squares * denominator >= numerator * numerator * 0.999999"),
        adds_up("every handled leg of an agent on the roster is counted",
                "sum(denominator) filter (where metric = 'average_handle_time')",
                "select sum(denominator) from metrics.legs"
                " where metric = 'average_handle_time' and tenure_band <> 'unknown'"),
        adds_up("every mature opener of an agent on the roster is counted",
                "sum(denominator) filter (where metric = 'first_call_resolution')",
                "select sum(denominator) from metrics.episodes"
                " where metric = 'first_call_resolution' and tenure_band <> 'unknown'"),
    ]  # fmt: skip
