"""Messages in French: figures, dates and sentences as a manager writes them, and no word missing."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from made_up_night import NIGHT, SITE, change, data_change, trigger_change, verdict
from slack_limits import problems

from checks.incidents import Reason
from checks.verdicts import State
from flows.block_kit import Message, lines_of
from flows.edits import edited
from flows.history_summary import backfill_summary
from flows.slack import message_for, summary_for
from flows.wording import against_target, day, days, listed, load_words, quantity, sample

FR, EN = load_words("fr"), load_words("en")
SITE_FR = replace(
    SITE, language="fr", whys={"service_level:all:all": "Le service interne fait aussi bien."}
)
PLAIN_SPACES = {ord("\u00a0"): " ", ord("\u202f"): " "}


def read_by_a_person(message: Message) -> list[str]:
    return lines_of(json.loads(message.payload())).translate(PLAIN_SPACES).splitlines()


@pytest.mark.parametrize(
    ("value", "unit", "reads"),
    [
        (0.8176, "share", "81,8\u202f%"),
        (35.028, "seconds", "35,0\u00a0s"),
        (372.4, "seconds", "6\u00a0min 12\u00a0s"),
        (360.0, "seconds", "6\u00a0min"),
        (4500.0, "seconds", "1\u00a0h 15\u00a0min"),
        (1.3766, "per_year", "1,38 par an"),
        (1234.5, "francs", "1\u202f234,50 francs"),
    ],
)
def test_a_figure_reads_as_people_write_it(value: float, unit: str, reads: str) -> None:
    assert quantity(value, unit, FR) == reads


@pytest.mark.parametrize(
    ("first", "last", "reads"),
    [
        (NIGHT, NIGHT, "le 9 mars 2000"),
        (date(2000, 3, 1), NIGHT, "du 1er au 9 mars 2000"),
        (date(2000, 2, 1), NIGHT, "du 1er février au 9 mars 2000"),
        (date(1999, 12, 31), NIGHT, "du 31 décembre 1999 au 9 mars 2000"),
    ],
)
def test_days_read_as_people_say_them(first: date, last: date, reads: str) -> None:
    assert days(first, last, FR).translate(PLAIN_SPACES) == reads


def test_the_first_of_a_month_has_its_own_form() -> None:
    assert day(date(2000, 8, 1), FR) == "1er\u00a0août\u00a02000"


def test_a_verdict_reads_as_value_interval_and_norm() -> None:
    assert against_target(verdict(), "share", FR).translate(PLAIN_SPACES) == (
        "77,4 % [75,1 % à 79,6 %] pour une norme d’au moins 80,0 %"
    )
    assert sample(verdict(), "share", FR) == "13\u202f070 sur 16\u202f888"
    assert listed(["a", "b", "c"], 1, FR) == ["a", "et 2 autres"]
    assert listed(["a", "b"], 1, FR) == ["a", "et 1 autre"]


def test_a_breach_says_all_that_the_manager_needs() -> None:
    assert read_by_a_person(message_for(change(), [], SITE_FR)) == [
        "Niveau de service : norme non tenue",
        "77,4 % [75,1 % à 79,6 %] pour une norme d’au moins 80,0 %.",
        "Depuis le 9 mars 2000. Nuits consécutives du mauvais côté de la norme : 7.",
        "Échantillon : 13 070 sur 16 888, du 11 février au 9 mars 2000.",
        "La norme du contrat n’est pas tenue. Le service interne fait aussi bien.",
        "Malakoff, nuit du 9 mars 2000. Intervalle à 95 %, politique p1.",
        "Ouvrir la page: https://qos.example/site.html",
    ]


def test_a_trigger_shows_its_norms_and_the_record() -> None:
    told = "Niveau de service\u202f: impossible à juger cette nuit."
    fired = trigger_change(trigger={"evidence": told})
    shown = read_by_a_person(message_for(fired, [verdict()], SITE_FR))
    assert shown[:2] == [
        "Seuil de réinternalisation franchi : qualité de service",
        "Niveau de service : 77,4 % [75,1 % à 79,6 %] pour une norme d’au moins 80,0 %.",
    ]
    assert "Niveau de service : impossible à juger cette nuit." in shown


def test_a_recovery_and_its_edited_parent() -> None:
    over = {"state": "resolved", "resolved_on": date(2000, 4, 2)}
    healthy = {"state": State.MET, "value": 0.818, "low": 0.79, "high": 0.84, "nights": 0}
    recovered = change(Reason.RECOVERED, **over, verdict=healthy)
    shown = read_by_a_person(message_for(recovered, [], SITE_FR))
    assert shown[0] == "Niveau de service : retour dans la norme"
    assert "Durée : du 9 mars au 2 avril 2000." in shown
    edit = edited(message_for(change(), [], SITE_FR).payload(), recovered, [], SITE_FR)
    assert read_by_a_person(edit)[:2] == [
        "Résolu – Niveau de service : norme non tenue",
        "9 mars 2000 – Niveau de service : retour dans la norme. 81,8 % [79,0 % à 84,0 %] pour une"
        " norme d’au moins 80,0 %.",
    ]


def test_several_alerts_and_a_scope() -> None:
    queue = change(subject="norm:service_level:queue:facturation")
    shown = read_by_a_person(summary_for([queue, trigger_change()], [], SITE_FR))
    assert shown[0] == "2 alertes le 9 mars 2000"
    assert shown[1].startswith("Niveau de service (file facturation) : norme non tenue.")


def test_history_judged_afterwards() -> None:
    nights = [
        verdict(as_of=date(2000, 3, 1) + timedelta(days=n), state=State(state), is_backfilled=True)
        for n, state in enumerate(
            ["met", "breached", "breached", "at_risk", "breached", "met", "met"]
        )
    ]
    shown = read_by_a_person(backfill_summary(nights, [], SITE_FR))
    assert shown[0] == "7 nuits d’historique évaluées"
    assert shown[1].startswith("Du 1er au 7 mars 2000. ")
    assert shown[2] == (
        "Niveau de service, norme d’au moins 80,0 % : non tenue du 2 au 3 mars 2000,"
        " le 5 mars 2000."
    )


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("severity", ["breached", "triggered", "rejected", "warning"])
def test_every_reason_and_severity_has_words(reason: Reason, severity: str) -> None:
    message = message_for(change(reason, severity=severity), [], SITE_FR)
    assert "{" not in "".join(read_by_a_person(message))
    assert problems({"text": message.text, "blocks": message.blocks}) == []


def test_a_rejected_night() -> None:
    shown = read_by_a_person(message_for(data_change("appels.csv : vide."), [], SITE_FR))
    assert shown[0] == "Données de la nuit rejetées"


def leaves(words: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, object]]:
    for key, value in words.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def test_both_languages_have_the_same_words_with_the_same_blanks() -> None:
    english, french = (dict(leaves({**words, "told": {}})) for words in (EN, FR))
    assert english.keys() == french.keys()
    date_forms = {key for key in english if key.startswith("dates.")}  # each says what it needs
    for key in english.keys() - date_forms - {"months"}:
        blanks = [sorted(re.findall(r"\{\w*\}", str(words[key]))) for words in (english, french)]
        assert blanks[0] == blanks[1], key
