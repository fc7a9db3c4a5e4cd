"""What a policy says of the trigger `turnover_harms_quality`."""

from collections.abc import Mapping, Sequence
from typing import Any

HARM = "turnover_harms_quality"
HARM_KEYS: dict[str, type] = {"materiality": float, "why": str}
HARM_KINDS = ("quality", "turnover")  # of the norms that have to be breached together
TURNOVER_METRIC = "agent_turnover"


def harm_faults(
    norms: Sequence[Mapping[str, Any]], triggers: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """A sentence for each fault; norms and triggers are sound in themselves.

    What turnover costs is measured against its norm, in points of first-call resolution.
    """
    if HARM not in triggers:
        return []
    whole = [norm for norm in norms if norm.get("scope_kind", "all") == "all"]
    faults = [
        f"no norm of the whole service has kind {kind!r}."
        for kind in HARM_KINDS
        if kind not in [norm["kind"] for norm in whole]
    ]
    if TURNOVER_METRIC not in [norm["metric"] for norm in whole]:
        faults.append(f"no norm of the whole service is stated for {TURNOVER_METRIC}.")
    if not 0 < triggers[HARM]["materiality"] < 1:
        faults.append("materiality is a share of first calls between 0 and 1 (1 point is 0.01).")
    return [f"trigger {HARM}: {fault}" for fault in faults]
