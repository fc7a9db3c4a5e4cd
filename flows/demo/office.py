"""What personnel, accounts and marketing keep: rosters, training, invoices, customers, events."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from flows.demo import assumptions as a
from flows.demo.people import Agent

PROVIDER = "Prestataire"
TEAMS = ("Équipe Matin", "Équipe Soir")
SUPERVISORS = ("FT0102", "FT0215")  # on the roster, never at the telephone: no agents
SUPERVISORS_HIRED_ON = date(1996, 4, 15)
DAYS_ON_ROSTER_AFTER_LEAVING = 92

ROSTER = {
    "agent_id": pl.String,
    "provider": pl.String,
    "team": pl.String,
    "role": pl.String,
    "hired_on": pl.Date,
    "left_on": pl.Date,
    "leave_reason": pl.String,
    "fte": pl.Float64,
}


def roster(agents: Sequence[Agent], snapshot_on: date) -> pl.DataFrame:
    """Everyone employed on a day and who left in the quarter before, as known on that day."""
    forgotten_on = snapshot_on - timedelta(days=DAYS_ON_ROSTER_AFTER_LEAVING)
    rows: list[tuple[object, ...]] = [
        (agent.agent_id, PROVIDER, TEAMS[place % 2], "agent", *_spell(agent, snapshot_on), 1.0)
        for place, agent in enumerate(agents)
        if agent.hired_on <= snapshot_on and (agent.left_on or snapshot_on) > forgotten_on
    ]
    spell = (SUPERVISORS_HIRED_ON, None, None)
    rows += [(name, PROVIDER, None, "supervisor", *spell, 1.0) for name in SUPERVISORS]
    return pl.DataFrame(rows, schema=ROSTER, orient="row")


def _spell(agent: Agent, known_on: date) -> tuple[date, date | None, str | None]:
    """Hired, left and why; nobody knows of a departure before its day."""
    if agent.left_on is None or agent.left_on > known_on:
        return agent.hired_on, None, None
    return agent.hired_on, agent.left_on, agent.leave_reason


def training(agents: Sequence[Agent], first: date, last: date) -> pl.DataFrame:
    """A row for each day that a recruit of these days spent in the training room."""
    francs = a.TRAINING_HOURS * a.TRAINING_FRANCS_AN_HOUR
    rows = [
        (agent.hired_on + timedelta(days=day), agent.agent_id, a.TRAINING_HOURS, francs)
        for agent in agents
        if first <= agent.hired_on <= last
        for day in range(a.TRAINING_CALENDAR_DAYS)
        if day % 7 < 5  # recruits start on a Monday
    ]
    return pl.DataFrame(rows, schema=["day", "agent_id", "hours", "cost"], orient="row")


def invoice(agents: Sequence[Agent], last: date, billed_hours: float) -> pl.DataFrame:
    """The provider's invoice for the month that ends on `last`."""
    hours = round(billed_hours, 2)
    return pl.DataFrame(
        {
            "month": [f"{last:%Y-%m}"],
            "provider": [PROVIDER],
            "amount": [round(hours * a.FRANCS_AN_HOUR, 2)],
            "currency": ["FRF"],
            "billed_hours": [hours],
            "billed_seats": [sum(agent.is_employed(last) for agent in agents)],
        }
    )


def customers(last: date) -> pl.DataFrame:
    """Subscribers at the end of a month."""
    return pl.DataFrame({"month": [f"{last:%Y-%m}"], "subscribers": [a.subscribers(last)]})


def events(last: date) -> pl.DataFrame:
    """What happened until a day, for the charts."""
    known = {day: label for day, (label, _) in a.EVENTS.items() if day <= last}
    return pl.DataFrame({"day": list(known), "label": list(known.values())})
