"""A policy in sentences: what it watches, what it makes of it, who is told when."""

from collections.abc import Mapping

from checks.harm_grammar import HARM
from checks.policy import COST, Norm, Policy
from checks.telling import DIRECTOR, MANAGER, Telling
from checks.verdicts import NIGHTS_TO_BREACH
from dashboards.formats import plural
from flows.wording import Words, capitalised, name_of, number, quantity


def explained(policy: Policy, units: Mapping[str, str], words: Words) -> list[str]:
    """A paragraph for each norm and trigger, with its reason, and how messages go."""
    forms = words["policy"]
    opening = str(forms["opening"]).format(
        version=policy.version, norms=len(policy.norms), triggers=len(policy.trigger_names)
    )
    return [
        opening,
        *(_norm(norm, units.get(norm.metric, ""), words) for norm in policy.norms),
        str(forms["breach"]).format(nights=NIGHTS_TO_BREACH),
        *_triggers(policy, words),
        " ".join(_telling(policy.telling, words)),
    ]


def _norm(norm: Norm, unit: str, words: Words) -> str:
    forms = words["policy"]
    aim = str(words["figures"][norm.direction.value])
    sentence = str(forms["norm"]).format(
        name=capitalised(name_of(norm.name, words)),
        target=aim.format(quantity(norm.target, unit, words)),
        days=norm.window_days,
        kind=name_of(norm.kind.value, words),
        least=number(norm.min_denominator, 0, words),
        counted=forms.get(unit, forms["other_unit"]),
        level=str(words["units"]["share"]).format(number(norm.level * 100, 0, words)),
    )
    return f"{sentence} {forms['why'].format(norm.why)}"


def _triggers(policy: Policy, words: Words) -> list[str]:
    said = [
        _trigger(t.name.value, t.why, words, apart=t.apart_nights, long=t.long_window_days)
        for t in policy.triggers
    ]
    if harm := policy.harm:
        points = number(harm.materiality * 100, 1, words)
        said.append(_trigger(HARM, harm.why, words, points=points, plural=plural(points, words)))
    if cost := policy.cost_trigger:
        said.append(_trigger(COST, cost.why, words, months=cost.months_running))
    return said


def _trigger(name: str, why: str, words: Words, **figures: object) -> str:
    forms = words["policy"]
    sentence = str(forms[f"trigger_{name}"]).format(name=name_of(name, words), **figures)
    return f"{sentence} {forms['why'].format(why)}"


def _telling(telling: Telling, words: Words) -> list[str]:
    forms = words["policy"]
    manager, director = telling.channels.get(MANAGER), telling.channels.get(DIRECTOR)
    quiet = telling.quiet
    return [
        str(forms["manager"]).format(manager) if manager else str(forms["manager_elsewhere"]),
        str(forms["reminder"]).format(telling.reminder_days),
        str(forms["director"]).format(days=telling.escalation_days, channel=director)
        if director
        else str(forms["no_director"]),
        str(forms["quiet"]).format(start=f"{quiet.start:%H:%M}", end=f"{quiet.end:%H:%M}")
        if quiet
        else str(forms["never_quiet"]),
        str(forms["digest"]),
    ]
