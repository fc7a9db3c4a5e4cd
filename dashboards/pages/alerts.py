"""Alerts: what is open, what was, who has seen it, and what could not be said."""

from datetime import date
from typing import Any

import polars as pl

from dashboards.formats import short_day
from dashboards.tables import Column, Table
from dashboards.view import Row, View

DELIVERED = ("sent", "printed")


def content(view: View) -> dict[str, Any]:
    """The parts of the page: open `incidents`, the tables of history, triggers and outbox."""
    texts, marts = view.words["alerts"], view.marts
    undelivered = marts.outbox.filter(~pl.col("state").is_in(DELIVERED)).height
    return {
        "incidents": open_incidents(view),
        "history": _history(view),
        "changes": _changes(view),
        "trigger_history": _trigger_history(view),
        "outbox": _outbox(view),
        "undelivered": undelivered,
        "delivered_text": _delivered_text(texts, marts.outbox.height, undelivered),
    }


def open_incidents(view: View) -> list[dict[str, Any]]:
    """The open incidents, those that speak first; `seen` says who has seen it, or is None."""
    seen = {row["incident_id"]: row for row in view.marts.acknowledgements.to_dicts()}
    rows = view.marts.incidents.filter(state="open").sort("is_muted", "opened_on", "incident_id")
    return [row | {"seen": _seen(seen.get(row["incident_id"]), view)} for row in rows.to_dicts()]


def _seen(acknowledgement: Row | None, view: View) -> str | None:
    """Who has seen an incident, when, and until when nothing shall be said of it."""
    if acknowledgement is None:
        return None
    texts, until = view.words["incidents"], acknowledgement["snoozed_until"]
    return str(texts["seen"] if until is None else texts["snoozed"]).format(
        who=acknowledgement["acknowledged_by"],
        day=short_day(date.fromisoformat(acknowledgement["acknowledged_at"][:10]), view.words),
        until=short_day(until, view.words),
    )


def _delivered_text(texts: dict[str, str], total: int, undelivered: int) -> str:
    if not total:
        return texts["no_messages"]
    if not undelivered:
        return texts["all_delivered"].format(total)
    return texts["undelivered"].format(undelivered=undelivered, total=total)


def _history(view: View) -> Table:
    texts = view.words["alerts"]
    rows = view.marts.incidents.sort(
        "opened_on", "incident_id", descending=[True, False]
    ).to_dicts()
    columns = [
        Column(texts["opened_on"], "day", ("opened_on",)),
        Column(texts["headline"], "text", ("headline",)),
        Column(texts["severity"], "titled:severities", ("severity",)),
        Column(texts["state"], "titled:incident_states", ("state",)),
        Column(texts["changed_on"], "day", ("changed_on",)),
        Column(texts["reason"], "titled:reasons", ("reason",)),
        Column(texts["resolved_on"], "day", ("resolved_on",)),
    ]
    return Table("incidents", texts["history"], columns, rows)


def _changes(view: View) -> Table:
    """Every change that had a reason to be said, newest first."""
    texts = view.words["alerts"]
    rows = view.marts.changes.sort("as_of", "incident_id", descending=[True, False]).to_dicts()
    columns = [
        Column(texts["night"], "day", ("as_of",)),
        Column(texts["headline"], "text", ("headline",)),
        Column(texts["severity"], "titled:severities", ("severity",)),
        Column(texts["reason"], "titled:reasons", ("reason",)),
    ]
    return Table("changes", texts["changes"], columns, rows)


def _trigger_history(view: View) -> Table:
    """The nights on which a trigger changed its state, newest first."""
    texts = view.words["alerts"]
    changes = (
        view.marts.triggers.sort("trigger", "as_of")
        .with_columns(before=pl.col("state").shift().over("trigger"))
        .filter(pl.col("before").is_null() | (pl.col("before") != pl.col("state")))
        .sort("as_of", "trigger", descending=[True, False])
    )
    columns = [
        Column(texts["night"], "day", ("as_of",)),
        Column(texts["trigger"], "titled:triggers", ("trigger",)),
        Column(texts["state"], "titled:trigger_states", ("state",)),
        Column(texts["evidence"], "text", ("evidence",)),
    ]
    return Table("trigger_changes", texts["trigger_changes"], columns, changes.to_dicts())


def _outbox(view: View) -> Table:
    texts = view.words["alerts"]
    rows = (
        view.marts.outbox.with_columns(is_delivered=pl.col("state").is_in(DELIVERED))
        .sort("is_delivered", maintain_order=True)
        .to_dicts()
    )
    columns = [
        Column(texts["message"], "text", ("message_key",)),
        Column(texts["kind"], "titled:message_kinds", ("kind",)),
        Column(texts["route"], "titled:routes", ("route",)),
        Column(texts["written"], "text", ("created_at",)),
        Column(texts["state"], "titled:message_states", ("state",)),
        Column(texts["error"], "text", ("error",)),
    ]
    return Table("outbox", texts["outbox"], columns, rows)
