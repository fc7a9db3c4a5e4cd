"""Why a metric fell and what turnover costs, in a manager's words; certain things first.

The words of each language are in `words/*.toml`, section `attribution`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from checks.attribution import Part
from checks.explanation import Attribution
from checks.harm import METRIC
from checks.harm_grammar import HARM
from dashboards.formats import MINUS, plural
from flows.records import from_row
from flows.wording import Words, days, name_of, number

# What more of it means: of a share, the service resolves more; of seconds, calls take longer.
IS_GOOD = {"first_call_resolution": True, "average_handle_time": False}


def causes(attributions: Sequence[Attribution], words: Words) -> dict[str, str]:
    """What is known of one night's causes, by the subject of an incident that they explain."""
    by_metric: dict[str, list[Attribution]] = {}
    for found in attributions:
        by_metric.setdefault(found.metric, []).append(found)
    said = {f"norm:{metric}:all:all": _all_of(found, words) for metric, found in by_metric.items()}
    costs = [f for f in by_metric.get(METRIC, ()) if f.part is Part.STANDING_COST]
    if costs and costs[0].gap is None:
        said |= dict.fromkeys(("trigger:quality", f"trigger:{HARM}"), standing(costs[0], words))
    return said


def worded(rows: Sequence[Mapping[str, object]], words: Words) -> list[dict[str, object]]:
    """Rows of attribution with their `sentence`: a standing cost, a change with its parts."""
    known = [from_row(Attribution, row) for row in rows]
    parts: dict[tuple[date, str], list[Attribution]] = {}
    for found in known:
        parts.setdefault((found.as_of, found.metric), []).append(found)
    said: dict[Part, Callable[[Attribution], str]] = {
        Part.STANDING_COST: lambda found: standing(found, words),
        Part.CHANGE: lambda found: change(parts[found.as_of, found.metric], words),
    }
    return [
        {**row, "sentence": said[found.part](found) if found.part in said else None}
        for row, found in zip(rows, known, strict=True)
    ]


def standing(cost: Attribution, words: Words) -> str:
    """Turnover costs 2.2 points of first-call resolution [1.9 to 2.5]."""
    forms = words["attribution"]["standing"]
    name = name_of(f"{cost.metric}:all:all", words)
    if cost.estimate is None or cost.low is None or cost.high is None:
        return str(forms["unknown"]).format(name=name, gap=_gap(cost, words))
    loss = sorted((cost.low, cost.high), key=abs)
    form, figures = "costs", [cost.estimate, *loss]
    if cost.low < 0 < cost.high:
        form, figures = "unsure", [cost.estimate, cost.low, cost.high]
    elif (cost.estimate > 0) == IS_GOOD[cost.metric]:
        form = "spares"
    plain = form != "unsure"
    value, low, high = (_figure(abs(f) if plain else f, cost, words, plain=plain) for f in figures)
    return str(forms[form]).format(
        value=_with_unit(value, cost, words), low=low, high=high, name=name
    )


def change(parts: Sequence[Attribution], words: Words) -> str:
    """What a metric changed by, against when, and what that is made of: certain things first."""
    forms = words["attribution"]
    by_part = {found.part: found for found in parts}
    whole = by_part[Part.CHANGE]
    if whole.reference_start is None or whole.reference_end is None or whole.estimate is None:
        return str(forms["change_unknown"]).format(gap=_gap(whole, words))
    made_of = [f for f in parts if f.part not in (Part.CHANGE, Part.STANDING_COST)]
    known = sorted((f for f in made_of if f.estimate), key=lambda f: -abs(f.estimate or 0.0))
    sure = [_told(f, words) for f in known if _is_sure(f)]
    unsure = [_told(f, words) for f in known if not _is_sure(f)]
    gaps = sorted({_gap(f, words) for f in made_of if f.gap})
    return " ".join(
        [
            str(forms["change"]).format(
                value=_with_unit(_figure(whole.estimate, whole, words), whole, words),
                days=days(whole.reference_start, whole.reference_end, words),
            ),
            *([str(forms["sure"]).format(", ".join(sure))] if sure else []),
            *([str(forms["unsure"]).format(", ".join(unsure))] if unsure else []),
            *(str(forms["part_unknown"]).format(gap=gap) for gap in gaps),
        ]
    )


def _all_of(found: Sequence[Attribution], words: Words) -> str:
    has_change = any(f.part is Part.CHANGE for f in found)
    costs = [standing(f, words) for f in found if f.part is Part.STANDING_COST]
    return " ".join([*([change(found, words)] if has_change else []), *costs])


def _told(found: Attribution, words: Words) -> str:
    value, low, high = (
        _figure(f or 0.0, found, words) for f in (found.estimate, found.low, found.high)
    )
    name = words["attribution"]["parts"][found.part.value]
    return str(words["attribution"]["part"]).format(name=name, value=value, low=low, high=high)


def _is_sure(found: Attribution) -> bool:
    """Whether the whole interval lies on one side of nothing."""
    return (found.low or 0.0) * (found.high or 0.0) > 0


def _gap(found: Attribution, words: Words) -> str:
    return str(words["attribution"]["gaps"][found.gap or ""])


def _with_unit(figure: str, found: Attribution, words: Words) -> str:
    form = str(words["attribution"]["points" if found.metric == METRIC else "seconds"])
    return form.format(figure, plural=plural(figure, words))


def _figure(value: float, found: Attribution, words: Words, *, plain: bool = False) -> str:
    """In points or seconds; with its sign, unless that is plain."""
    shown = number(abs(value) * (100 if found.metric == METRIC else 1), 1, words)
    if plain or not any(digit in shown for digit in "123456789"):
        return shown
    return f"{MINUS if value < 0 else '+'}{shown}"
