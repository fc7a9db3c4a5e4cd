"""The evidence of triggers and the formulas of metrics in French: all of it, and none of the English."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from contract_fixture import CONTRACT, IN_HOUSE, month_cost
from contract_fixture import POLICY as COST_POLICY
from test_harm import BREACHED, PERHAPS, TWO_POINTS, Cost, cost_of
from test_harm import POLICY as HARM_POLICY
from test_triggers import (
    GOOD,
    HANDLE_TIME,
    HIGH,
    MAYBE,
    NO_DAYS,
    QUALITY_POLICY,
    SERVICE_LEVEL,
    STALE,
    SURE,
    TONIGHT,
    TURNOVER,
    TURNOVER_POLICY,
    UNSURE,
    Reading,
    ago,
    departures,
    triggered,
    verdict,
)

from checks.cost_trigger import judge_cost
from checks.harm import judge_harm
from checks.in_house import cost_per_resolved
from checks.policy import Norm, Policy
from checks.spending import MonthCost
from checks.trigger_words import ENGLISH, TriggerWords, load_forms
from checks.triggers import TriggerLevel, TriggerState, judge_triggers
from checks.verdicts import State
from dashboards.formats import formula, load_words, parameters
from flows.wording import trigger_words
from warehouse.build import Night, set_prelude
from warehouse.models import models
from warehouse.parameters import Parameters

SITE = Parameters("Europe/Paris")
FRENCH = trigger_words("fr", {"average_handle_time": "seconds"})
PLAIN_SPACES = {ord("\u00a0"): " ", ord("\u202f"): " "}
DEAR = cost_per_resolved(IN_HOUSE, 16_000).high * 10_000 + 1
LONG = (State.BREACHED, 372.4, 365.0, 379.8)
SAME_IN_BOTH = {
    "point",
    "points",
    "service",
    "turnover",
    "agent",
    "agents",
    "an",
    "contact",
    "contacts",
}
Seen = Sequence[tuple[Norm, date, Reading]]


@dataclass(frozen=True)
class Overheard(TriggerWords):
    """Words that note which forms were said."""

    said: set[str] = field(default_factory=set)

    def say(self, form: str, **parts: object) -> str:
        self.said.add(str(form))
        return super().say(form, **parts)


def quality(words: TriggerWords, seen: Seen, fired: Norm | None = None) -> str:
    verdicts = [verdict(norm, night, reading) for norm, night, reading in seen]
    before = {"quality": triggered(fired)} if fired else {}
    (state,) = judge_triggers(verdicts, NO_DAYS, QUALITY_POLICY, [TONIGHT], before, words)
    return state.evidence


def turnover(words: TriggerWords) -> str:
    seen, days = [verdict(TURNOVER, TONIGHT, MAYBE)], departures(7, 182)
    (state,) = judge_triggers(seen, days, TURNOVER_POLICY, [TONIGHT], {}, words)
    return state.evidence


def harm(
    words: TriggerWords, cost: Cost, reading: Reading = BREACHED, *, was_fired: bool = False
) -> str:
    norms = (SERVICE_LEVEL.name, TURNOVER.name)
    fired = TriggerState(
        ago(1), "turnover_harms_quality", TriggerLevel.TRIGGERED, ago(9), norms, "", False, "p"
    )
    seen = [verdict(SERVICE_LEVEL, TONIGHT, reading), verdict(TURNOVER, TONIGHT, HIGH)]
    before = fired if was_fired else None
    (state,) = judge_harm(seen, [cost_of(TONIGHT, cost)], HARM_POLICY, [TONIGHT], before, words)
    return state.evidence


def harm_of_nothing(words: TriggerWords) -> str:
    seen = [verdict(SERVICE_LEVEL, TONIGHT, BREACHED), verdict(TURNOVER, TONIGHT, HIGH)]
    (state,) = judge_harm(seen, [], HARM_POLICY, [TONIGHT], None, words)
    return state.evidence


def cost(
    words: TriggerWords,
    months: Sequence[MonthCost],
    policy: Policy = COST_POLICY,
    night: date = date(1999, 5, 20),
) -> str:
    (state,) = judge_cost(policy, months, [night], None, 8, words)
    return state.evidence


def all_evidence(words: TriggerWords) -> Iterator[str]:
    """Evidence of every trigger in every form that it has."""
    dear = [month_cost(n, DEAR) for n in range(4)]
    bare = replace(COST_POLICY, in_house=None, contract=replace(CONTRACT, envelope=None))
    over = date(2002, 1, 20)
    yield quality(words, [(SERVICE_LEVEL, ago(28), SURE), (SERVICE_LEVEL, TONIGHT, SURE)])
    yield quality(words, [(SERVICE_LEVEL, TONIGHT, SURE)])
    yield quality(words, [(SERVICE_LEVEL, TONIGHT, UNSURE)], SERVICE_LEVEL)
    yield quality(words, [(SERVICE_LEVEL, TONIGHT, GOOD)])
    yield quality(words, [(HANDLE_TIME, TONIGHT, LONG)])
    yield turnover(words)
    yield harm(words, TWO_POINTS)
    yield harm(words, PERHAPS)
    yield harm(words, PERHAPS, was_fired=True)
    yield harm(words, None)
    yield harm(words, None, STALE, was_fired=True)
    yield harm(words, TWO_POINTS, GOOD)
    yield harm_of_nothing(words)
    yield cost(words, dear)
    yield cost(words, dear[:1])
    yield cost(words, dear, bare)
    yield cost(words, [*dear[:3], replace(dear[3], state="billed_twice", cost=None)])
    yield cost(words, [], night=over)


def leaves(words: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in words.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", str(value)


def words_of(texts: Iterable[str]) -> set[str]:
    return set(re.findall(r"[^\W\d_]{2,}", re.sub(r"\{.*?\}", "", " ".join(texts)).lower()))


def english_words() -> set[str]:
    """Those of the English forms and of what metrics and gaps are called without names."""
    names = " ".join(FRENCH.names).replace("_", " ")
    return words_of([names, *(text for _, text in leaves(ENGLISH.forms))]) - SAME_IN_BOTH


def test_both_languages_have_the_same_forms_with_the_same_blanks() -> None:
    english, french = dict(leaves(load_forms("en"))), dict(leaves(load_forms("fr")))
    assert english.keys() == french.keys()
    for key in english.keys() - {"dates.day", "dates.month"}:  # each says what it needs
        blanks = [sorted(re.findall(r"\{\w+\}", forms[key])) for forms in (english, french)]
        assert blanks[0] == blanks[1], key


def test_every_form_is_said_and_no_word_of_it_is_english() -> None:
    words = Overheard(FRENCH.forms, FRENCH.names, FRENCH.units)
    told = " ".join(all_evidence(words))
    signs = {"thousands", "decimal", "joint", "singular", "dates.months", "dates.first"}
    assert {key for key, _ in leaves(FRENCH.forms)} - words.said == signs | {"unknown"}
    assert words_of([told]) & english_words() == set()
    assert not re.search(r"\d\.\d|\d{4}-\d\d|\{", told)


def test_french_signs_stand_apart_from_their_word() -> None:
    told = " ".join(all_evidence(FRENCH))
    assert re.findall(r"[^\u202f][:;%](?=\s|$)", told) == []


def plain(text: str) -> str:
    return text.translate(PLAIN_SPACES)


def test_a_missed_norm_reads_as_french() -> None:
    seen = [(SERVICE_LEVEL, ago(28), SURE), (SERVICE_LEVEL, TONIGHT, SURE)]
    assert plain(quality(FRENCH, seen)) == (
        "Niveau de service : 74,0 % [72,0 % à 76,0 %] sur les 28 jours arrêtés au 1er septembre 2025,"
        " pour une norme d’au moins 80,0 %, et 74,0 % [72,0 % à 76,0 %] sur les 28 jours arrêtés au"
        " 4 août 2025."
    )


def test_every_figure_has_its_unit_in_french() -> None:
    assert plain(quality(FRENCH, [(HANDLE_TIME, TONIGHT, LONG)])) == (
        "Durée moyenne de traitement (DMT) : 372,4 s [365 s à 379,8 s] sur les 28 jours arrêtés au"
        " 1er septembre 2025, pour une norme d’au plus 360 s, sans écart établi 28 nuits auparavant."
    )
    assert "2 par an [1,2 à 3,2]" in plain(turnover(FRENCH))


def test_the_harm_of_turnover_reads_as_french() -> None:
    assert plain(harm(FRENCH, TWO_POINTS)).endswith(
        " ; le turnover au-delà de sa norme coûte 2,2 points de résolution au premier appel"
        " [1,9 à 2,5] sur la période arrêtée au 1er septembre 2025, pour un seuil de matérialité"
        " de 1,0."
    )
    assert "(moins de cinq conseillers sont restés six mois)" in harm(FRENCH, None)


def test_costs_read_as_french() -> None:
    told = plain(cost(FRENCH, [month_cost(n, DEAR) for n in range(4)]))
    assert "en avril 1999, contre 58,65 en interne [" in told
    assert "plus cher pendant 4 mois clos de suite ; l’année du contrat qui s’achève en" in told
    assert told.endswith("pour une enveloppe de 12 000 000.")


def definitions(chosen: Parameters) -> list[dict[str, Any]]:
    """Every metric as a site with these parameters defines it."""
    sql = next(model.sql for model in models() if model.name == "metrics.definition")
    night = date(1999, 1, 1)
    with duckdb.connect() as connection:
        set_prelude(connection, Night(night, night + timedelta(1), chosen, is_full=True))
        return connection.execute(sql).pl().to_dicts()


def test_every_formula_is_in_both_languages() -> None:
    stored = definitions(SITE)
    english, french = load_words("en"), load_words("fr")
    assert {row["metric"]: row["formula"] for row in stored} == english["formulas"]
    for row in stored:
        assert formula(row, english) == row["formula"]
        assert formula(row, french) == french["formulas"][row["metric"]] != row["formula"]


def test_a_formula_of_another_version_is_shown_as_it_is_stored() -> None:
    old = {"metric": "service_level", "formula": "answered / offered"}
    assert formula(old, load_words("fr")) == "answered / offered"


@pytest.mark.parametrize(
    ("chosen", "metric", "reads"),
    [
        (
            replace(SITE, repeat_same_reason=False),
            "first_call_resolution",
            "W=7 j, motif quelconque",
        ),
        (SITE, "repeat_call_rate", "W=7 j, même motif"),
        (SITE, "service_level", "T=20 s, abandon court ≤ 5 s"),
        (
            replace(SITE, site_currency="FRF", own_management=45_000.5),
            "cost_per_handled_contact",
            "en FRF, encadrement propre 45 000,5 par mois",
        ),
        (SITE, "cost_per_handled_contact", "en EUR, encadrement propre non indiqué"),
    ],
)
def test_parameters_read_as_french(chosen: Parameters, metric: str, reads: str) -> None:
    stored = {row["metric"]: row["parameters"] for row in definitions(chosen)}[metric]
    assert parameters(stored, load_words("fr")).translate(PLAIN_SPACES) == reads
