"""The manager's policy, read from TOML: norms, triggers and the level of their intervals."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checks.contract import Contract, contract_of
from checks.harm_grammar import HARM
from checks.in_house import InHouse, in_house_of
from checks.policy_grammar import WINDOW_DAYS, Direction, NormKind, faults_of
from checks.reference import Reference, reference_of
from checks.telling import Telling, telling_of
from warehouse.errors import ConfigurationError

# More norms looked at, more false alarms: the level grows so that their sum does not.
LEVEL, MANY_NORMS, MANY_NORMS_LEVEL = 0.95, 6, 0.98
COST = "cost"
TELLING_SECTIONS = ("routes", "messages")
SCOPED_LEVEL, MANY_SCOPES, MANY_SCOPES_LEVEL = 0.99, 20, 0.995


@dataclass(frozen=True)
class Norm:
    """What one metric has to keep to, in its own unit, over `window`, judged at `level`."""

    metric: str
    metric_kind: str
    scope_kind: str
    scope: str
    direction: Direction
    target: float
    window: str
    kind: NormKind
    min_denominator: float
    why: str
    level: float

    @property
    def name(self) -> str:
        """Identity within a policy."""
        return f"{self.metric}:{self.scope_kind}:{self.scope}"

    @property
    def window_days(self) -> int:
        """Length of the window."""
        return WINDOW_DAYS[self.window]

    def is_wrong(self, figure: float) -> bool:
        """Whether a figure lies on the wrong side of the target; the target itself is good."""
        if self.direction is Direction.AT_LEAST:
            return figure < self.target
        return figure > self.target

    def is_wholly_wrong(self, low: float | None, high: float | None) -> bool:
        """Whether an interval is known and lies wholly on the wrong side."""
        return low is not None and high is not None and self.is_wrong(low) and self.is_wrong(high)


@dataclass(frozen=True)
class Trigger:
    """When norms of kind `name`, missed for long, speak for taking the service back."""

    name: NormKind
    apart_nights: int
    long_window_days: int | None
    why: str


@dataclass(frozen=True)
class CostTrigger:
    """When costs speak for taking the service back: dearer in so many closed months running."""

    months_running: int
    why: str


@dataclass(frozen=True)
class HarmTrigger:
    """From which standing cost on (a share of first calls) turnover is said to harm quality."""

    materiality: float
    why: str


@dataclass(frozen=True)
class Policy:
    """A policy without fault.

    `version` is a hash of all that judges: reasons, layout and who is told when are left aside, so
    that nights are not judged anew because a channel has changed.
    """

    norms: tuple[Norm, ...]
    triggers: tuple[Trigger, ...]
    version: str
    telling: Telling = field(default_factory=Telling)
    cost_trigger: CostTrigger | None = None
    contract: Contract | None = None
    in_house: InHouse | None = None
    harm: HarmTrigger | None = None
    reference: Reference | None = None

    @property
    def trigger_names(self) -> tuple[str, ...]:
        """Every trigger that is judged, those on norms first."""
        others = {HARM: self.harm, COST: self.cost_trigger}
        stated = (name for name, trigger in others.items() if trigger)
        return (*(trigger.name.value for trigger in self.triggers), *stated)

    @property
    def parts(self) -> tuple[Norm, ...]:
        """The norms on parts of the service."""
        return tuple(norm for norm in self.norms if norm.scope_kind != "all")

    def target_of(self, metric: str) -> float | None:
        """What the whole service has to keep to in a metric, if a norm says so."""
        targets = [n.target for n in self.norms if (n.metric, n.scope_kind) == (metric, "all")]
        return targets[0] if targets else None


def load_policy(path: Path, definitions: Mapping[str, str]) -> Policy:
    """Read a policy; `definitions` maps each metric there is to its kind.

    Raises ConfigurationError with one sentence for every fault in the file.
    """
    content = _read_toml(path)
    faults = faults_of(content, definitions)
    if faults:
        raise ConfigurationError(*(f"{path}: {fault}" for fault in faults))
    judging = {key: value for key, value in content.items() if key not in TELLING_SECTIONS}
    canonical = json.dumps(_without_reasons(judging), sort_keys=True, default=str)
    scopes = {
        (norm["scope_kind"], norm["scope"])
        for norm in content["norms"]
        if norm.get("scope_kind", "all") != "all"
    }
    level = MANY_NORMS_LEVEL if len(content["norms"]) >= MANY_NORMS else LEVEL
    scoped_level = MANY_SCOPES_LEVEL if len(scopes) > MANY_SCOPES else SCOPED_LEVEL
    return Policy(
        norms=tuple(_norm(norm, definitions, level, scoped_level) for norm in content["norms"]),
        triggers=tuple(
            Trigger(
                NormKind(name),
                trigger["apart_nights"],
                trigger.get("long_window_days"),
                trigger["why"],
            )
            for name, trigger in content.get("triggers", {}).items()
            if name not in (HARM, COST)
        ),
        version=hashlib.sha256(canonical.encode()).hexdigest()[:12],
        telling=telling_of(content),
        cost_trigger=CostTrigger(**cost)
        if (cost := content.get("triggers", {}).get(COST))
        else None,
        contract=contract_of(content["contract"]) if "contract" in content else None,
        in_house=in_house_of(content["in_house"]) if "in_house" in content else None,
        harm=HarmTrigger(**harm) if (harm := content.get("triggers", {}).get(HARM)) else None,
        reference=reference_of(content),
    )


def _without_reasons(content: Any) -> Any:
    if isinstance(content, list):
        return [_without_reasons(item) for item in content]
    if isinstance(content, dict):
        return {key: _without_reasons(value) for key, value in content.items() if key != "why"}
    return content


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: is not UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: is not valid TOML: {error}.") from error


def _norm(
    norm: dict[str, Any], definitions: Mapping[str, str], level: float, scoped_level: float
) -> Norm:
    scope_kind = norm.get("scope_kind", "all")
    return Norm(
        metric=norm["metric"],
        metric_kind=definitions[norm["metric"]],
        scope_kind=scope_kind,
        scope=norm.get("scope", "all"),
        direction=Direction(norm["direction"]),
        target=float(norm["target"]),
        window=norm["window"],
        kind=NormKind(norm["kind"]),
        min_denominator=float(norm["min_denominator"]),
        why=norm["why"],
        level=level if scope_kind == "all" else scoped_level,
    )
