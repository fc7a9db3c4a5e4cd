"""What a policy file may say, and the sentence for everything else that it says."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from checks.contract import contract_faults
from checks.harm_grammar import HARM, HARM_KEYS, harm_faults
from checks.in_house import in_house_faults
from checks.policy_keys import LARGEST, is_a, key_faults, unknown_words
from checks.reference import reference_faults
from checks.telling import message_faults, route_faults

# Sections beside norms and triggers, all optional; each has the function that finds its faults.
SECTIONS: Mapping[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "routes": route_faults,
    "messages": message_faults,
    "contract": contract_faults,
    "in_house": in_house_faults,
    "attribution": reference_faults,
}
SCOPE_KINDS = ("all", "provider", "queue", "reason", "tenure_band")
WINDOW_DAYS = {"rolling_28": 28, "rolling_91": 91}
JUDGEABLE_KINDS = ("mean", "proportion", "rate", "cohort")
SHARE_KINDS = ("proportion", "cohort")

NORM_KEYS: dict[str, type] = {
    "metric": str,
    "scope_kind": str,
    "scope": str,
    "direction": str,
    "target": float,
    "window": str,
    "kind": str,
    "min_denominator": float,
    "why": str,
}
TRIGGER_KEYS: dict[str, dict[str, type]] = {
    "quality": {"apart_nights": int, "why": str},
    "turnover": {"apart_nights": int, "long_window_days": int, "why": str},
    "cost": {"months_running": int, "why": str},
    HARM: HARM_KEYS,
}
OPTIONAL_NORM_KEYS = ("scope_kind", "scope")


class Direction(StrEnum):
    """The good side of a target, the target itself included."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class NormKind(StrEnum):
    """The trigger that watches a norm."""

    QUALITY = "quality"
    TURNOVER = "turnover"


def faults_of(content: dict[str, Any], definitions: Mapping[str, str]) -> list[str]:
    """Return a sentence for each fault of a policy's content; `definitions`: metric -> kind."""
    norms, triggers = content.get("norms", []), content.get("triggers", {})
    missing = [] if norms else ["no norm is stated, so nothing could be judged."]
    shape = []
    if not isinstance(norms, list) or not all(isinstance(norm, dict) for norm in norms):
        norms, shape = [], ["norms are written as [[norms]], one such block each."]
    if not isinstance(triggers, dict) or not all(isinstance(t, dict) for t in triggers.values()):
        triggers = {}
        shape.append("a trigger is written as a block, such as [triggers.quality].")
    faults = [
        *shape,
        *unknown_words("key", content, ("norms", "triggers", *SECTIONS)),
        *(
            f
            for number, norm in enumerate(norms, 1)
            for f in _norm_faults(number, norm, definitions)
        ),
        *unknown_words("trigger", triggers, TRIGGER_KEYS),
        *(f for name, trigger in triggers.items() for f in _trigger_faults(name, trigger)),
        *(f for name in SECTIONS for f in _section_faults(name, content.get(name))),
    ]
    # What sections say together is looked at only when each is sound in itself.
    if faults or missing:
        return [*missing, *(faults or _cost_faults(content))]
    return [
        *_repeated_norms(norms),
        *_window_faults(norms, triggers),
        *_cost_faults(content),
        *_term_faults(norms, content.get("contract", {}).get("terms", [])),
        *harm_faults(norms, triggers),
    ]


def _norm_faults(number: int, norm: dict[str, Any], definitions: Mapping[str, str]) -> list[str]:
    sound = {key: value for key, value in norm.items() if is_a(value, NORM_KEYS.get(key))}
    words = {
        "metric": sorted(definitions),
        "scope_kind": SCOPE_KINDS,
        "direction": list(Direction),
        "window": list(WINDOW_DAYS),
        "kind": list(NormKind),
    }
    faults = key_faults(norm, NORM_KEYS, OPTIONAL_NORM_KEYS)
    for key, known in words.items():
        faults += unknown_words(key, [sound[key]] if key in sound else [], known)
    if (sound.get("scope_kind", "all") == "all") != (sound.get("scope", "all") == "all"):
        faults.append("scope_kind and scope are both given, or neither (the whole service).")
    faults += _number_faults(sound, definitions.get(sound.get("metric", ""), ""))
    return [f"norm {number} ({norm.get('metric', 'no metric')}): {fault}" for fault in faults]


def _number_faults(sound: dict[str, Any], metric_kind: str) -> list[str]:
    faults = []
    if metric_kind and metric_kind not in JUDGEABLE_KINDS:
        faults.append("the metric is reported without interval and cannot be judged.")
    if sound.get("target", 1) <= 0:
        faults.append("target must be above 0.")
    if metric_kind in SHARE_KINDS and sound.get("target", 0) >= 1:
        faults.append(f"target {sound['target']} is no share below 1 (80 % is written 0.80).")
    if sound.get("min_denominator", 1) <= 0:
        faults.append("min_denominator must be above 0.")
    return faults


def _trigger_faults(name: str, trigger: dict[str, Any]) -> list[str]:
    faults = key_faults(trigger, TRIGGER_KEYS[name]) if name in TRIGGER_KEYS else []
    return [f"trigger {name}: {fault}" for fault in faults]


def _section_faults(name: str, section: object) -> list[str]:
    if section is None:
        return []
    if not isinstance(section, dict):
        return [f"{name} is written as a block, [{name}]."]
    return [f"{name}: {fault}" for fault in SECTIONS[name](section)]


def _repeated_norms(norms: list[dict[str, Any]]) -> list[str]:
    names = [(n["metric"], n.get("scope_kind", "all"), n.get("scope", "all")) for n in norms]
    twice = sorted({name for name in names if names.count(name) > 1})
    return [f"more than one norm is stated for {': '.join(name)}." for name in twice]


def _window_faults(norms: list[dict[str, Any]], triggers: dict[str, dict[str, Any]]) -> list[str]:
    """Windows that a trigger compares must share no day, or one bad spell counts twice."""
    faults = []
    for name in (name for name in triggers if name in list(NormKind)):
        trigger = triggers[name]
        watched = [n for n in norms if n["kind"] == name and n.get("scope_kind", "all") == "all"]
        longest = max((WINDOW_DAYS[norm["window"]] for norm in watched), default=None)
        if longest is None:
            faults.append(f"trigger {name}: no norm of the whole service has kind {name!r}.")
        elif trigger["apart_nights"] < longest:
            faults.append(f"trigger {name}: apart_nights must be {longest}, its window, or more.")
        elif trigger.get("long_window_days", LARGEST) <= longest:
            faults.append(f"trigger {name}: long_window_days must be longer than {longest}.")
    return faults


def _cost_faults(content: dict[str, Any]) -> list[str]:
    """What the sections on money need of each other."""
    faults = []
    trigger, contract = content.get("triggers", {}).get("cost"), content.get("contract", {})
    if "in_house" in content and not contract:
        faults.append("in_house: its amounts are in the currency of [contract], which is missing.")
    if trigger and "in_house" not in content and "envelope" not in contract:
        faults.append(
            "trigger cost: it could never fire; state [in_house], or envelope in [contract]."
        )
    if trigger and trigger["months_running"] < 1:
        faults.append("trigger cost: months_running must be 1 or more.")
    return faults


def _term_faults(norms: list[dict[str, Any]], terms: list[dict[str, Any]]) -> list[str]:
    """Terms of the contract about norms that nobody states."""
    stated = {f"{n['metric']}:{n.get('scope_kind', 'all')}:{n.get('scope', 'all')}" for n in norms}
    short = {name.removesuffix(":all:all") for name in stated}
    return [
        f"contract: term {number}: {fault}"
        for number, term in enumerate(terms, 1)
        for fault in unknown_words("norm", [term["norm"]], sorted(stated | short))
    ]
