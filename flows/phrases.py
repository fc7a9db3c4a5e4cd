"""What messages say of an incident: headline, since when, what it means for the contract."""

from checks.incidents import Change, Incident, Reason
from checks.triggers import TriggerState
from flows.wording import Words, capitalised, day, days, name_of


def headline_of(change: Change, words: Words) -> str:
    """What happened, in one line. By severity, not by subject: an early warning is no breach."""
    return standing_headline(change.incident, words, change.reason)


def standing_headline(incident: Incident, words: Words, reason: Reason = Reason.NONE) -> str:
    """What is wrong, in one line, whatever happened tonight."""
    form = str(_of_kind(incident, words["headlines"])[reason.value])
    name = name_of(incident.subject.partition(":")[2], words)
    return form.format(capitalised(name) if form.startswith("{}") else name)


def _of_kind(incident: Incident, forms: Words) -> Words:
    """What is said of this subject, if it has words of its own, or of this severity."""
    kind = "_".join(incident.subject.split(":")[:2])
    said: Words = forms.get(kind) or forms[incident.severity]
    return said


def span_of(change: Change, words: Words) -> str:
    """How long it lasts: where history was judged at once, longer than there is an incident."""
    incident, forms = change.incident, words["message"]
    if incident.resolved_on:
        lasted = days(incident.lasts_since, incident.resolved_on, words)
        return str(forms["span"]).format(days=lasted)
    state = change.verdict or change.trigger
    if incident.reopened_on:
        return str(forms["back_since"]).format(
            day=day(incident.reopened_on, words), opened=day(incident.opened_on, words)
        )
    since = min(incident.opened_on, state.since) if state else incident.opened_on
    return str(forms["since"]).format(day=day(since, words))


def meaning_of(change: Change, words: Words, why: str) -> str:
    """What it means for the contract, and the policy's reason for the norm."""
    meanings = _of_kind(change.incident, words["meanings"])
    if change.reason is Reason.RECOVERED:
        return str(meanings["over"])
    return f"{meanings['open']} {why}".strip()


def trigger_line(trigger: TriggerState, words: Words) -> str:
    """How a trigger stands, and since when."""
    return str(words["digest"]["trigger"]).format(
        name=name_of(trigger.trigger, words),
        state=words["trigger_states"][trigger.state.value],
        day=day(trigger.since, words),
    )
