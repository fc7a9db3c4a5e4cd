"""Random histories of a site: what really happened, and the files that tell of it night by night.

A history is drawn small, as a few contacts, careers and deliveries, and written out as the files of
each night: late, twice, amended, corrected backwards. Plain traffic between them fills the days.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

AGENTS = 8
SPAN_DAYS = 60
LONGEST_STEP_DAYS = 31
CALLS = (
    "call_id,contact_id,queued_at,queue,reason,customer_id,agent_id,wait_seconds,talk_seconds"
    ",wrap_seconds,outcome,is_transferred,updated_at"
)
ROSTER = "agent_id,provider,role,hired_on,left_on,leave_reason"
DAY_SECONDS = 86_400
MIDNIGHTS = (time(0), time(0, 0, 1), time(2, 30), time(23, 30), time(23, 59, 59))


@dataclass(frozen=True)
class Leg:
    """`pause_seconds` lie between the end of the leg before it and its own queueing."""

    outcome: str
    agent: int
    wait_seconds: float
    talk_seconds: int
    pause_seconds: int


@dataclass(frozen=True)
class Version:
    """What a record says when it is delivered, `lag_days` after its day; the change it brings."""

    lag_days: int
    change: str


@dataclass(frozen=True)
class Contact:
    """A customer on the line, and again exactly so many seconds after the end (`returns`)."""

    day: int
    at: time
    customer: int | None
    reason: str
    queue: str
    legs: tuple[Leg, ...]
    versions: tuple[Version, ...]
    returns: tuple[int, ...]


@dataclass(frozen=True)
class Career:
    """What becomes of an agent on `turning_day`, and `gap_days` later."""

    kind: str
    hired_day: int
    turning_day: int
    gap_days: int


@dataclass(frozen=True)
class Snapshot:
    """A roster of a day, delivered later, with mistakes: what is wrong about which agent."""

    day: int
    lag_days: int
    mistakes: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Opinion:
    """A file of evaluations and one of answers, of some of the contacts."""

    day: int
    contact: int
    agent: int
    score: int


@dataclass(frozen=True)
class Invoice:
    """A file that bills the month of a day, `lag_days` after that day, with or without a credit."""

    day: int
    lag_days: int
    provider: int
    amount: int
    currency: str
    credit: int


@dataclass(frozen=True)
class History:
    """All of it. `nights` are as_of days, in the order in which they are run."""

    first_day: date
    zone: str
    window_days: int
    is_same_reason: bool
    contacts: tuple[Contact, ...]
    busy_agents: int
    quiet_days: frozenset[int]
    careers: tuple[Career, ...]
    snapshots: tuple[Snapshot, ...]
    opinions: tuple[Opinion, ...]
    subscribers: tuple[tuple[int, int], ...]
    invoices: tuple[Invoice, ...]
    trainings: tuple[tuple[int, int], ...]
    withdrawals: tuple[tuple[int, int], ...]
    nights: tuple[int, ...]

    def as_of(self, night: int) -> date:
        return self.first_day + timedelta(days=self.nights[night])


legs = st.builds(
    Leg,
    outcome=st.sampled_from(
        ["handled", "handled", "transferred", "abandoned", "voicemail", "callback", "ignored"]
    ),
    agent=st.integers(0, AGENTS - 1),
    wait_seconds=st.sampled_from([0, 5, 5.5, 20, 20.000001, 300]),
    talk_seconds=st.sampled_from([0, 60, 5400, 90_000]),
    pause_seconds=st.sampled_from([0, 10, 3600, 20 * 3600, 3 * DAY_SECONDS]),
)
versions = st.builds(
    Version,
    lag_days=st.sampled_from([0, 1, 3, 8, 20, 35, 45]),
    change=st.sampled_from(
        [
            "nothing", "longer", "longer, stamped", "longer, stale", "other agent",
            "other customer", "no customer", "other reason", "other outcome", "a day later",
            "four days earlier", "four days earlier, stamped",
        ]
    ),
)  # fmt: skip
contacts = st.builds(
    Contact,
    day=st.integers(0, SPAN_DAYS),
    at=st.sampled_from([time(9), time(14, 5), *MIDNIGHTS]),
    customer=st.sampled_from([None, 0, 1, 1, 2]),
    reason=st.sampled_from(["billing", "billing", "modem", ""]),
    queue=st.sampled_from(["web", "mail", ""]),
    legs=st.lists(legs, min_size=1, max_size=3).map(tuple),
    versions=st.tuples(
        st.builds(
            Version, lag_days=st.sampled_from([0, 0, 0, -3, 2, 12, 40]), change=st.just("nothing")
        ),
    ).flatmap(lambda first: st.lists(versions, max_size=3).map(lambda more: (*first, *more))),
    returns=st.lists(
        st.sampled_from(
            [
                -30, 0, 1, 3600, DAY_SECONDS, 7 * DAY_SECONDS, 7 * DAY_SECONDS + 1,
                14 * DAY_SECONDS, 29 * DAY_SECONDS, 30 * DAY_SECONDS, 30 * DAY_SECONDS + 1,
                31 * DAY_SECONDS,
            ]
        ),
        max_size=2,
    ).map(tuple),
)  # fmt: skip
careers = st.builds(
    Career,
    kind=st.sampled_from(
        ["stays", "stays", "leaves", "returns", "vanishes", "vanishes and returns", "moves"]
    ),
    hired_day=st.sampled_from([-400, -200, -89, -40, -10, 0, 5, 20]),
    turning_day=st.integers(0, SPAN_DAYS),
    gap_days=st.sampled_from([1, 5, 29, 30, 31, 45]),
)
snapshots = st.builds(
    Snapshot,
    day=st.integers(-5, SPAN_DAYS),
    lag_days=st.sampled_from([0, 0, 0, 2, 15]),
    mistakes=st.lists(
        st.tuples(
            st.integers(0, AGENTS - 1),
            st.sampled_from(
                ["absent", "hired before", "hired after", "left", "left long ago", "still here",
                 "other provider", "team leader", "unreadable"]
            ),
        ),
        max_size=3,
    ).map(tuple),
)  # fmt: skip
opinions = st.builds(
    Opinion,
    day=st.integers(0, SPAN_DAYS),
    contact=st.integers(0, 20),
    agent=st.integers(0, AGENTS - 1),
    score=st.integers(0, 5),
)


invoices = st.builds(
    Invoice,
    day=st.integers(-20, SPAN_DAYS),
    lag_days=st.sampled_from([0, 20, 35]),
    provider=st.integers(0, 2),
    amount=st.sampled_from([900, 1000]),
    currency=st.sampled_from(["EUR", "EUR", "FRF", "DEM"]),
    credit=st.sampled_from([0, 0, 50]),
)


def nights_of(first: int, steps: list[int]) -> tuple[int, ...]:
    """Days of nights: at least 40 from the first to the last, the last of them later than all."""
    days = [first]
    for step in steps:
        days.append(max(days[-1] + step, 0))
    if max(days) < first + 40:
        days += [first + 38, first + 40]
    return tuple(days)


nights = st.builds(
    nights_of,
    first=st.sampled_from([0, 0, 10, 25]),
    steps=st.lists(
        st.sampled_from([1, 1, 1, 1, 1, 2, 3, 7, 0, -1, -6, 13, LONGEST_STEP_DAYS]),
        min_size=5,
        max_size=11,
    ),
)
histories = st.builds(
    History,
    first_day=st.sampled_from([date(2000, 2, 17), date(1999, 12, 1), date(2000, 9, 25)]),
    zone=st.sampled_from(["Europe/Paris", "Europe/Paris", "America/Santiago"]),
    window_days=st.sampled_from([7, 7, 14, 40]),
    is_same_reason=st.booleans(),
    contacts=st.lists(contacts, min_size=1, max_size=16).map(tuple),
    busy_agents=st.sampled_from([0, 4, 7]),
    quiet_days=st.frozensets(st.integers(0, SPAN_DAYS), max_size=12),
    careers=st.lists(careers, min_size=AGENTS, max_size=AGENTS).map(tuple),
    snapshots=st.lists(snapshots, min_size=1, max_size=5).map(tuple),
    opinions=st.lists(opinions, max_size=5).map(tuple),
    subscribers=st.lists(
        st.tuples(st.integers(0, SPAN_DAYS), st.sampled_from([500, 1000, 1500])), max_size=3
    ).map(tuple),
    invoices=st.lists(invoices, max_size=5).map(tuple),
    trainings=st.lists(
        st.tuples(st.integers(-5, SPAN_DAYS), st.integers(0, AGENTS)), max_size=5
    ).map(tuple),
    withdrawals=st.lists(st.tuples(st.integers(1, 12), st.integers(0, 40)), max_size=3).map(tuple),
    nights=nights,
)


@dataclass(frozen=True)
class Row:
    """One leg as a file tells it, due to be delivered on a day."""

    due: int
    call_id: str
    contact_id: str
    queued_at: datetime
    queue: str
    reason: str
    customer: str
    agent: str
    wait_seconds: float
    talk_seconds: int
    outcome: str
    is_transferred: bool
    updated_at: datetime | None = None

    def text(self) -> str:
        fields = (
            self.call_id, self.contact_id, _iso(self.queued_at), self.queue, self.reason,
            self.customer, self.agent, f"{self.wait_seconds:.6f}", self.talk_seconds, 10,
            self.outcome, int(self.is_transferred),
            _iso(self.updated_at) if self.updated_at else "",
        )  # fmt: skip
        return ",".join(map(str, fields))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def call_rows(history: History) -> list[Row]:
    """Every version of every leg, in the order in which they are due."""
    rows = [*_plain_traffic(history)]
    for number, contact in enumerate(history.contacts):
        end = _moment(history, contact.day, contact.at)
        for again, pause in enumerate((0, *contact.returns)):
            start = end + timedelta(seconds=pause)
            told = _legs(history, contact, f"k{number}-{again}", start)
            end = max(_end(row) for row in told)
            for version, brought in enumerate(contact.versions):
                rows += [_amended(row, brought, version) for row in told]
    return sorted(rows, key=lambda row: row.due)


def _moment(history: History, day: int, at: time) -> datetime:
    local = datetime.combine(history.first_day + timedelta(days=day), at)
    return local.replace(tzinfo=ZoneInfo(history.zone)).astimezone(UTC)


def _legs(history: History, contact: Contact, contact_id: str, start: datetime) -> list[Row]:
    rows: list[Row] = []
    for number, leg in enumerate(contact.legs):
        if rows:
            start = _end(rows[-1]) + timedelta(seconds=leg.pause_seconds)
        is_handled = leg.outcome in ("handled", "transferred")
        rows.append(
            Row(
                due=(start.date() - history.first_day).days,
                call_id=f"{contact_id}-{number}",
                contact_id=contact_id,
                queued_at=start,
                queue=contact.queue,
                reason=contact.reason if number else "",
                customer="" if contact.customer is None else f"c{contact.customer}",
                agent=f"a{leg.agent}" if is_handled else "",
                wait_seconds=leg.wait_seconds,
                talk_seconds=leg.talk_seconds if is_handled else 0,
                outcome="handled" if is_handled else leg.outcome,
                is_transferred=leg.outcome == "transferred",
            )
        )
    return rows


def _end(row: Row) -> datetime:
    return row.queued_at + timedelta(seconds=row.wait_seconds + row.talk_seconds)


def _amended(row: Row, version: Version, number: int) -> Row:
    what, _, how = version.change.partition(", ")
    row = replace(row, due=row.due + version.lag_days)
    if how:
        years = 1 if how == "stamped" else -1
        row = replace(row, updated_at=datetime(2000 + years, 1, number + 1, tzinfo=UTC))
    changes: dict[str, dict[str, object]] = {
        "longer": {"talk_seconds": row.talk_seconds + 100 * number if row.agent else 0},
        "other agent": {"agent": "a0" if row.agent else ""},
        "other customer": {"customer": "c2"},
        "no customer": {"customer": ""},
        "other reason": {"reason": "modem"},
        "other outcome": {"outcome": "ignored"},
        "a day later": {"queued_at": row.queued_at + timedelta(days=1)},
        "four days earlier": {"queued_at": row.queued_at - timedelta(days=4)},
    }
    return replace(row, **changes.get(what, {}))  # type: ignore[arg-type]


def _plain_traffic(history: History) -> Iterator[Row]:
    """One call a day and agent, every third about something; nothing on quiet days."""
    for day in range(max(history.nights) + 1):
        if day not in history.quiet_days:
            for agent in range(history.busy_agents):
                customer = (7 * day + agent) % 37
                yield Row(
                    due=day,
                    call_id=f"p{day}-{agent}",
                    contact_id=f"p{day}-{agent}",
                    queued_at=_moment(history, day, time(10, agent)),
                    queue="web" if agent % 3 else "mail",
                    reason="billing",
                    customer=f"p{customer}" if customer % 3 else "",
                    agent=f"a{(agent + day) % AGENTS}" if (day + agent) % 9 else "",
                    wait_seconds=3 * agent,
                    talk_seconds=60 + day,
                    outcome="handled" if (day + agent) % 9 else "abandoned",
                    is_transferred=False,
                )


def roster_text(history: History, snapshot: Snapshot) -> str:
    """A whole roster as it is reported on its day."""
    mistakes = dict(snapshot.mistakes)
    rows = [
        row
        for agent, career in enumerate(history.careers)
        for row in _spells(history, agent, career, snapshot.day, mistakes.get(agent, ""))
    ]
    return "\n".join([ROSTER, *(rows or [f"nobody,p0,lead,{history.first_day},,"])]) + "\n"


def _spells(
    history: History, agent: int, career: Career, today: int, mistake: str
) -> Iterator[str]:
    """The spells of an agent that a roster of this day shows."""
    turn, back = career.turning_day, career.turning_day + career.gap_days + 1
    first_end = turn if career.kind in ("leaves", "returns") and turn <= today else None
    is_gone = career.kind.startswith("vanishes") and turn <= today
    if mistake == "absent" or (is_gone and not (career.kind != "vanishes" and back <= today)):
        return
    hired = career.hired_day
    hired += {"hired before": -20, "hired after": 3}.get(mistake, 0)
    end = {"left": today - 1, "left long ago": today - 40, "still here": None}.get(
        mistake, first_end
    )
    has_moved = career.kind == "moves" and turn <= today
    provider = "p1" if has_moved != (mistake == "other provider") else f"p{agent % 2}"
    role = "lead" if mistake == "team leader" else "agent"
    if hired <= today:
        yield _spell(
            history, agent, provider, role, hired, None if end is None else max(end, hired)
        )
    if career.kind == "returns" and max(back, hired + 1) <= today:
        yield _spell(history, agent, provider, role, max(back, hired + 1), None)
    if mistake == "unreadable":
        yield f"a{agent},{provider},{role},yesterday,,"


def _spell(
    history: History, agent: int, provider: str, role: str, hired: int, left: int | None
) -> str:
    def day(number: int) -> date:
        return history.first_day + timedelta(days=number)

    ending = f"{day(left)},voluntary" if left is not None else ","
    return f"a{agent},{provider},{role},{day(hired)},{ending}"


def invoice_text(history: History, invoice: Invoice) -> str:
    """A month's invoice, and its credit note."""
    month = f"{history.first_day + timedelta(days=invoice.day):%Y-%m}"
    lines = [f"{month},p{invoice.provider},{invoice.amount},{invoice.currency},100"]
    if invoice.credit:
        lines.append(f"{month},p{invoice.provider},{-invoice.credit},{invoice.currency},")
    return "\n".join(["month,provider,amount,currency,billed_hours", *lines]) + "\n"
