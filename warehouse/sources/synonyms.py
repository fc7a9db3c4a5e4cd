"""What exports in English and French call the canonical columns, units, outcomes and reasons.

Names are spelled as `headers.plain` leaves them: without case, accents, blanks, `_` and `?`.
"""


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(","))


CALLS = {
    "call_id": _names("call, idappel, iddel'appel, identifiantdel'appel, numerod'appel, n°d'appel"),
    "queued_at": _names(
        "starttime, startedat, date/time, datetime, enqueuetimestamp, queueenter, calllocaltime,"
        " debutdel'appel, dateetheure, date/heure"
    ),
    "queue": _names(
        "queuename, skill, campaign, ringgroup, vdn, split, file, filed'attente, competence,"
        " campagne, groupe, service"
    ),
    "reason": _names(
        "disposition, wrap-upcode, wrapupcode, topic, tags, motif, motifd'appel, qualification,"
        " codedeconclusion, typologie"
    ),
    "customer_id": _names(
        "customer, callerid, ani, from, client, n°client, noclient, numeroclient, appelant,"
        " numeroappelant"
    ),
    "agent_id": _names(
        "agent, agentname, user, username, extension, conseiller, teleconseiller, matricule, poste"
    ),
    "wait_seconds": _names(
        "waittime, queuewaittime, speedofanswer, asa, attente, tempsd'attente, tempsenfile,"
        " delaidereponse"
    ),
    "talk_seconds": _names(
        "talktime, in-callduration, convduration, calltime, billsec, dureedeconversation,"
        " tempsdecommunication"
    ),
    "hold_seconds": _names(
        "holdtime, holdduration, miseenattente, miseengarde, dureedegarde"
    ),
    "wrap_seconds": _names(
        "acw, aftercallwork, wrap-uptime, wrapuptime, post-appel, traitementpost-appel,"
        " tempsdecloture"
    ),
    "outcome": _names(
        "callstatus, status, abandon(y/n), statut, resultat, repondu, decroche, perdu,"
        " abandon(o/n), debordement"
    ),
}  # fmt: skip

ROSTER = {
    "agent_id": _names(
        "agent, agentname, user, username, employeeid, conseiller, teleconseiller, matricule"
    ),
    "provider": _names("employer, prestataire, employeur"),
    "team": _names("equipe"),
    "hired_on": _names("hiredate, startdate, dated'embauche, dated'entree"),
    "left_on": _names("terminationdate, datedesortie, datededepart"),
    "leave_reason": _names("reasonforleaving, motifdedepart, motifdesortie"),
    "fte": _names("etp"),
}

INVOICES = {
    "month": _names("period, mois, periode"),
    "provider": _names("supplier, vendor, prestataire, fournisseur"),
    "amount": _names("total, montant, montantht"),
    "currency": _names("devise, monnaie"),
    "billed_hours": _names("hours, heures, heuresfacturees"),
    "billed_seats": _names("seats, postes, postesfactures"),
}

TRAINING = {
    "day": _names("date, jour"),
    "agent_id": ROSTER["agent_id"],
    "hours": _names("heures, nombred'heures"),
    "cost": _names("amount, cout, montant"),
}

SYNONYMS = {"calls": CALLS, "roster": ROSTER, "invoices": INVOICES, "training": TRAINING}

UNIVERSAL_TIMES = _names("calluniversaltime")
# A day and its time of day make a time together; one of them alone is taken for the whole.
CALL_DAYS = _names("date, calldate, datedel'appel, datedappel, jour")
CALL_HOURS = _names(
    "time, calltimeofday, heure, heured'arrivee, heured'entreeenfile, heuredel'appel"
)
# Asterisk says holdtime for the wait; others say Hold Time for the hold, which reads the same.
BESIDE_ASTERISKS_WAIT = _names("calltime, billsec")

UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "seconds", "secondes"), "seconds"),
    **dict.fromkeys(("ms", "msec", "milliseconds", "millisecondes"), "milliseconds"),
    **dict.fromkeys(("min", "mn", "minutes"), "minutes"),
    **dict.fromkeys(("d", "days", "j", "jours"), "days"),
}

OUTCOME_WORDS = {
    **dict.fromkeys(
        ("handled", "answered", "completed", "connected", "repondu", "decroche", "traite"),
        "handled",
    ),
    **dict.fromkeys(
        (
            "abandoned",
            "abandon",
            "lost",
            "missed",
            "noanswer",
            "unanswered",
            "abandonne",
            "perdu",
            "raccroche",
            "manque",
            "nonrepondu",
            "nondecroche",
        ),
        "abandoned",
    ),
    **dict.fromkeys(("callback", "rappel"), "callback"),
    **dict.fromkeys(("overflow", "debordement"), "overflow"),
    **dict.fromkeys(("voicemail", "messagerie"), "voicemail"),
    **dict.fromkeys(("ignored", "ignore"), "ignored"),
}

# Columns that are called after an outcome and say yes or no; an empty one is what agents make it.
YES_OR_NO = {
    **dict.fromkeys(("repondu", "decroche"), ("handled", "abandoned")),
    **dict.fromkeys(("perdu", "abandon(y/n)", "abandon(o/n)"), ("abandoned", "handled")),
    "debordement": ("overflow", ""),
}

# Beside our own words, which are known however they are written.
LEAVE_REASON_WORDS = {
    **dict.fromkeys(
        ("resignation", "resigned", "quit", "demission", "departvolontaire", "abandondeposte"),
        "voluntary",
    ),
    **dict.fromkeys(("dismissal", "terminated", "licenciement", "licencie"), "dismissed"),
    **dict.fromkeys(
        ("contractended", "findecontrat", "findecdd", "fincdd", "findemission"), "end_of_contract"
    ),
    **dict.fromkeys(
        ("rotation", "rotationprestataire", "changementdeprestataire"), "provider_rotation"
    ),
    **dict.fromkeys(("embaucheparleclient", "transfertchezleclient"), "transfer_to_client"),
    **dict.fromkeys(("promoted", "promotioninterne"), "promotion"),
    **dict.fromkeys(("echecenformation", "findeperioded'essai"), "training_washout"),
    **dict.fromkeys(("retired", "retraite", "departalaretraite"), "retirement"),
    **dict.fromkeys(("autre", "autres", "deces"), "other"),
}

CURRENCY_WORDS = {
    **dict.fromkeys(("eur", "euro", "euros", "€"), "EUR"),
    **dict.fromkeys(("frf", "f", "ff", "franc", "francs"), "FRF"),
}
