"""What a policy file may say, and the sentence for everything else that it says."""

import difflib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

SCOPE_KINDS = ("all", "provider", "queue", "reason", "tenure_band")
WINDOW_DAYS = {"rolling_28": 28, "rolling_91": 91}
JUDGEABLE_KINDS = ("mean", "proportion", "rate", "cohort")
SHARE_KINDS = ("proportion", "cohort")
LARGEST = 1e300  # beyond it arithmetic overflows; nan and inf fail the comparison too

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
}
OPTIONAL_KEYS = ("scope_kind", "scope")
TYPE_WORDS = {str: "a text that is not empty", float: "a number", int: "a whole number"}


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
    if not isinstance(norms, list) or not all(isinstance(norm, dict) for norm in norms):
        return ["norms are written as [[norms]], one such block each."]
    if not isinstance(triggers, dict) or not all(isinstance(t, dict) for t in triggers.values()):
        return ["a trigger is written as a block, such as [triggers.quality]."]
    faults = [
        *_unknown_words("key", content, ("norms", "triggers")),
        *([] if norms else ["no norm is stated, so nothing could be judged."]),
        *(
            f
            for number, norm in enumerate(norms, 1)
            for f in _norm_faults(number, norm, definitions)
        ),
        *_unknown_words("trigger", triggers, TRIGGER_KEYS),
        *(f for name, trigger in triggers.items() for f in _trigger_faults(name, trigger)),
    ]
    # What norms and triggers say together is looked at only when each is sound in itself.
    return faults or [*_repeated_norms(norms), *_window_faults(norms, triggers)]


def _norm_faults(number: int, norm: dict[str, Any], definitions: Mapping[str, str]) -> list[str]:
    sound = {key: value for key, value in norm.items() if _is_a(value, NORM_KEYS.get(key))}
    words = {
        "metric": sorted(definitions),
        "scope_kind": SCOPE_KINDS,
        "direction": list(Direction),
        "window": list(WINDOW_DAYS),
        "kind": list(NormKind),
    }
    faults = _key_faults(norm, NORM_KEYS)
    for key, known in words.items():
        faults += _unknown_words(key, [sound[key]] if key in sound else [], known)
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
    faults = _key_faults(trigger, TRIGGER_KEYS[name]) if name in TRIGGER_KEYS else []
    return [f"trigger {name}: {fault}" for fault in faults]


def _key_faults(table: dict[str, Any], keys: Mapping[str, type]) -> list[str]:
    """Keys that are unknown, missing or of another type."""
    wrong = [key for key in table if key in keys and not _is_a(table[key], keys[key])]
    missing = [key for key in keys if key not in table and key not in OPTIONAL_KEYS]
    return [
        *_unknown_words("key", table, keys),
        *(f"{key} must be {TYPE_WORDS[keys[key]]}, not {table[key]!r}." for key in wrong),
        *(f"{key} is missing." for key in missing),
    ]


def _is_a(value: object, wanted: type | None) -> bool:
    """Whether a TOML value is of the wanted type; nan, inf, true and blank texts are of none."""
    if wanted is str:
        return isinstance(value, str) and bool(value.strip())
    if isinstance(value, bool) or wanted is None:
        return False
    if wanted is float:
        return isinstance(value, int | float) and -LARGEST < value < LARGEST
    return isinstance(value, wanted)


def _unknown_words(what: str, words: Iterable[str], known: Iterable[str]) -> list[str]:
    """A sentence for each word that is not known, with the nearest one that is."""
    known = list(known)
    faults = []
    for word in (word for word in words if word not in known):
        near = difflib.get_close_matches(word, known, n=1)
        guess = f"did you mean {near[0]}? " if near else ""
        faults.append(f"{what} {word!r} is unknown; {guess}there are: {', '.join(known)}.")
    return faults


def _repeated_norms(norms: list[dict[str, Any]]) -> list[str]:
    names = [(n["metric"], n.get("scope_kind", "all"), n.get("scope", "all")) for n in norms]
    twice = sorted({name for name in names if names.count(name) > 1})
    return [f"more than one norm is stated for {': '.join(name)}." for name in twice]


def _window_faults(norms: list[dict[str, Any]], triggers: dict[str, dict[str, Any]]) -> list[str]:
    """Windows that a trigger compares must share no day, or one bad spell counts twice."""
    faults = []
    for name, trigger in triggers.items():
        watched = [n for n in norms if n["kind"] == name and n.get("scope_kind", "all") == "all"]
        longest = max((WINDOW_DAYS[norm["window"]] for norm in watched), default=None)
        if longest is None:
            faults.append(f"trigger {name}: no norm of the whole service has kind {name!r}.")
        elif trigger["apart_nights"] < longest:
            faults.append(f"trigger {name}: apart_nights must be {longest}, its window, or more.")
        elif trigger.get("long_window_days", LARGEST) <= longest:
            faults.append(f"trigger {name}: long_window_days must be longer than {longest}.")
    return faults
