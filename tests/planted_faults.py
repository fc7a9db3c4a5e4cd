"""For every rule of every suite, SQL that plants in a sound warehouse what the rule is there to find.

Statements are separated by semicolons; each fault starts from a warehouse in which all rules hold.
"""

NOBODY = "0123456789abcdef"


def set_first(table: str, change: str, where: str = "true") -> str:
    return (
        f"update {table} set {change} where rowid = (select min(rowid) from {table} where {where})"
    )


def twice(table: str) -> str:
    return f"insert into {table} from {table} where rowid = (select min(rowid) from {table})"


def legs_of_events(change: str = "") -> str:
    """A sound leg that was assembled, and its visit; and what is wrong with it."""
    return (
        "insert into staging.queue_visits by name (select day, call_id, 1 as visit, customer_id,"
        " agent_id, queued_at as began_at, queued_at as ended_at from staging.calls"
        " where outcome = 'handled' limit 1);"
        " insert into staging.queue_legs by name (select * exclude (ended_at) from staging.calls"
        f" where outcome = 'handled' limit 1); {change}"
    )


def of_loader(table: str, made: str = "") -> dict[str, str]:
    """A row of each kind that the loader should have refused."""
    seconds = ("wait", "talk", "hold", "wrap")
    faults = {
        "calls": {
            "call_id is given": "call_id = ''",
            "queued_at is between 1970 and 2100": "queued_at = '1970-01-01'",
            **{f"{s}_seconds is between 0 and a year": f"{s}_seconds = -1" for s in seconds},
            "outcome is known": "outcome = 'lost'",
        },
        "roster": {
            "agent_id is given": "agent_id = ''",
            "snapshot_on is between 1970 and 2100": "snapshot_on = '2100-01-01'",
            "hired_on is between 1930 and 2100": "hired_on = '1930-01-01'",
            "left_on is not before hired_on": "left_on = '1970-01-01'",
            "leave_reason is known": "leave_reason = 'tired'",
        },
        "evaluations": {
            "evaluated_on is between 1970 and 2100": "evaluated_on = '1970-01-01'",
            "score is between 0 and max_score": "score = 11",
            "max_score is at most a million": "max_score = 1000001",
        },
        "satisfaction": {
            "score is between 0 and max_score": "score = -1",
            "max_score is at most a million": "max_score = 1000001",
        },
        "customers": {
            "month is between 1970 and 2100": "month = '1970-01-01'",
            "subscribers is between 1 and a billion": "subscribers = 0",
        },
        "invoices": {
            "month is between 1970 and 2100": "month = '1970-01-01'",
            "currency is EUR or FRF": "currency = 'DEM'",
            "amount is less than a billion": "amount = 1e9",
            "billed_hours are between 0 and a million": "billed_hours = -1",
            "billed_seats are between 0 and 100000": "billed_seats = -1",
        },
        "training": {
            "day is between 1970 and 2100": "day = '1970-01-01'",
            "agent_id is given": "agent_id = ''",
            "hours are between 0 and 24": "hours = 25",
            "cost is between 0 and a million": "cost = -1",
        },
        "events": {
            "day is between 1970 and 2100": "day = '1970-01-01'",
            "label is given": "label = ''",
        },
    }[table]
    staging = {"roster": "employment", "customers": "subscribers"}.get(table, table)
    target = f"staging.{'queue_legs' if made else staging}"
    return {rule: made + set_first(target, change) for rule, change in faults.items()}


def of_daily_metrics(family: str, metric: str) -> dict[str, str]:
    """What may be wrong with any table of metrics by day."""
    table = f"metrics.{family}"
    groups = {"subscribers": "queue = 'web'", "hires": "provider = null"}
    groups |= {"workforce": "provider = null", "contacts": "queue = null"}
    share = {
        "evaluations": "procedure_compliance", "workforce": "early_attrition",
        "subscribers": "early_attrition",
    }.get(family, metric)  # fmt: skip
    return {
        "metric, day, provider, queue, reason, tenure_band, agent_id come once": twice(table),
        "the metric is defined as one of this table's": set_first(table, "metric = 'luck'"),
        "nothing is counted below zero, and something is": set_first(table, "denominator = 0"),
        "a share is at most the whole":
            set_first(table, f"metric = '{share}', numerator = denominator + 1"),
        "groups are given where they add up to the whole, and empty elsewhere":
            set_first(table, groups.get(family, "queue = null")),
        "the tenure band is known": set_first(table, "tenure_band = 'old'"),
        "agents are pseudonyms": set_first(table, "agent_id = 'Ann'"),
    }  # fmt: skip


def as_table(family: str, faults: dict[str, str]) -> dict[str, str]:
    """The same of a view, made a table that can be spoiled."""
    view = f"metrics.{family}"
    made = (
        f"create temp table those as from {view}; drop view {view};"
        f" create table {view} as from those; "
    )
    return {rule: made + fault for rule, fault in faults.items()}


HIRE = (
    "insert into metrics.hires by name (select 'early_attrition' as metric, day, provider,"
    " agent_id, 0 as numerator, 1 as denominator from facts.headcount limit 1);"
)
FROZEN = "insert into metrics.frozen by name (select * exclude (agent_id) from metrics.contacts limit 1);"
UNNAMED_FILE = "file = 'elsewhere'"
OF_THE_LAST_LOG = (
    "name = 'queued_at' and file = (select file from ledger.files where feed = 'calls'"
    " order by arrival desc limit 1)"
)
REFUSED = (
    "insert into staging.quarantine"
    " (select file, 2, 'it is odd', 'calls', null, false from ledger.files where arrival = 1);"
)
CALL_COUNTED_TWICE = (
    "insert into staging.calls (select * replace ('copy' as call_id, 'copy' as contact_id)"
    " from staging.calls where outcome = 'handled' limit 1)"
)
IDENTITIES = "identities are pseudonyms"
ADDS_UP = "the groups of a metric add up to the whole"
HANDLED = "outcome = 'handled'"
FAULTS: dict[str, dict[str, str]] = {
    "facts.calls": {
        "there are as many legs as in staging, without those ignored": twice("facts.headcount"),
        "provider and tenure band are given":
            set_first("facts.headcount", "provider = ''", "day = '2000-01-01'"),
        "handling is talk, hold and wrap":
            "create or replace view facts.calls as select c.*, 'x' as provider, '0-29' as"
            " tenure_band, talk_seconds as handle_seconds from staging.calls as c;"
            + set_first("staging.calls", "hold_seconds = 1"),
    },
    "facts.contacts": {
        "contact_id come once": twice("facts.contacts_of_several_legs"),
        "every leg is in one contact": set_first("facts.contacts_of_several_legs", "legs = 7"),
        "handling adds up over legs":
            set_first("facts.contacts_of_several_legs", "handle_seconds = 7000"),
        "a contact is handled or what became of it is known":
            set_first("facts.contacts_of_several_legs", "outcome = 'abandoned'", "is_handled"),
        "nobody waits less than nothing, and nothing ends before it begins":
            set_first("staging.calls", "ended_at = '1999-01-01'"),
    },
    "facts.contacts_of_several_legs": {
        "contact_id come once": twice("facts.contacts_of_several_legs"),
        "a contact has several legs": set_first("facts.contacts_of_several_legs", "legs = 1"),
        "the legs of a contact name one customer":
            set_first("facts.contacts_of_several_legs", "names_one_customer = false"),
    },
    "facts.contacts_with_neighbours": {
        "contact_id come once": twice("facts.contacts_with_neighbours"),
        "a contact is on its own day":
            set_first("facts.contacts_with_neighbours", "day = day + 1"),
        "customers are pseudonyms":
            set_first("facts.contacts_with_neighbours", "customer_id = '01 23'"),
        "an episode ends after it starts":
            set_first("facts.contacts_with_neighbours", "ended_at = '1999-01-01'"),
        "episodes of a customer do not overlap":
            set_first("facts.contacts_with_neighbours", "seconds_to_next = -1"),
        "an episode has as many contacts as it says":
            set_first("facts.contacts_with_neighbours", "episode_id = 'gone'"),
    },
    "facts.costs": {
        "month come once": twice("facts.costs"),
        "a month has a cost when it is invoiced, and only then":
            set_first("facts.costs", "cost = null", "state = 'invoiced'"),
        "credit notes are no more than what was billed": set_first("facts.costs", "cost = -1"),
    },
    "facts.day_ends": {
        "day come once": twice("facts.day_ends"),
        "nothing ends before its day": "update facts.day_ends set last_end = '1999-01-01'",
        "every episode is over when its day is said to be":
            "update facts.day_ends set last_end = cast(day as timestamp)",
    },
    "facts.days": {
        "day come once": twice("facts.days"),
        "days follow each other up to the night's":
            "delete from facts.days where day = '2000-01-20'",
        "a day has calls where its weekday has":
            "update facts.days set is_missing = true where day = '2000-03-01'",
        "a day has between half and twice the calls of its weekday":
            "update facts.days set is_unusual = true where day = '2000-03-01'",
    },
    "facts.departures": {
        "day, agent_id come once": twice("facts.departures"),
        "everybody who departed is here": "delete from facts.departures",
        "agents are pseudonyms": set_first("facts.departures", "agent_id = 'Ann'"),
        "who departs was hired before, and has a reason":
            set_first("facts.departures", "leave_reason = ''"),
    },
    "facts.hires": {
        "day, agent_id come once": twice("facts.hires"),
        "everybody who was hired is here": "delete from facts.hires",
        "agents are pseudonyms": set_first("facts.hires", "agent_id = 'Ann'"),
        "a hire fills a place or makes the team grow":
            set_first("facts.hires", "hire_kind = 'luck'"),
        "no more places are filled than departures left":
            "update facts.hires set hire_kind = 'replacement'",
    },
    "facts.employment": {
        "agent_id, hired_on come once": twice("facts.employment"),
        "there are as many spells as have begun": "delete from facts.employment",
        "agents are pseudonyms": set_first("facts.employment", "agent_id = 'Ann'"),
        "tenure counts from this spell or one before it":
            set_first("facts.employment", "tenure_from = '2000-03-01'"),
        "who departed has a last day": set_first("facts.employment", "is_departure = true", "left_on is null"),
    },
    "facts.episodes": {
        "episode_id come once": twice("facts.contacts_with_neighbours"),
        "every contact with a customer is in one episode":
            set_first("facts.contacts_with_neighbours", "contacts = 9"),
    },
    "facts.headcount": {
        "day, agent_id come once": twice("facts.headcount"),
        "agents are pseudonyms": set_first("facts.headcount", "agent_id = 'Ann'"),
        "the provider is given": set_first("facts.headcount", "provider = ''"),
        "the tenure band is that of the tenure": set_first("facts.headcount", "tenure_days = 400"),
        "only who departs has a reason to":
            set_first("facts.headcount", "leave_reason = 'other'"),
    },
    "metrics.contacts": {
        **as_table("contacts", of_daily_metrics("contacts", "service_level")),
        "every handled contact is counted":
            set_first("metrics.contact_sums", "handled = 99", "handled > 0"),
        "every abandon that was made to wait is counted":
            set_first("metrics.contact_sums", "abandoned = 0", "abandoned > 0"),
    },
    "metrics.contact_sums": {
        "day, queue, reason, agent_id come once": twice("metrics.contact_sums"),
        "agents are pseudonyms": set_first("metrics.contact_sums", "agent_id = 'Ann'"),
        "a part of the contacts is at most all of them":
            set_first("metrics.contact_sums", "identified = 99"),
    },
    "metrics.costs": {
        "metric, day come once": twice("metrics.costs"),
        "the metric is defined as one of this table's": set_first("metrics.costs", "metric = 'x'"),
        "something is counted, of the whole service":
            set_first("metrics.costs", "provider = 'in-house'"),
        "a month costs what its invoices say": set_first("metrics.costs", "numerator = 1"),
        "every handled contact of a month with a cost is counted": set_first(
            "metrics.costs", "denominator = 1", "metric = 'cost_per_handled_contact'"),
    },
    "metrics.daily": {
        "the metric is defined": set_first("metrics.evaluations", "metric = 'luck'"),
        "every row has a figure": set_first("metrics.evaluations", "numerator = null"),
        "every handled leg is in it": "delete from metrics.leg_sums",
    },
    "metrics.definition": {
        "metric come once": twice("metrics.definition"),
        "the kind is known": set_first("metrics.definition", "kind = 'guess'"),
        "formula and version are given": set_first("metrics.definition", "formula = ''"),
    },
    "metrics.durations": {
        "quantity, day, scope_kind, scope, seconds come once": twice("metrics.durations"),
        "lengths are not negative, and something took so long":
            set_first("metrics.durations", "seconds = -1"),
        "every handled leg is counted by queue":
            set_first("metrics.durations", "cases = 99", "quantity = 'handle_time'"
                      " and scope_kind = 'queue'"),
        "every handled leg is counted by tenure band":
            set_first("metrics.durations", "cases = 99", "quantity = 'handle_time'"
                      " and scope_kind = 'tenure_band'"),
        "every wait is counted by queue":
            set_first("metrics.durations", "cases = 99", "quantity = 'wait'"
                      " and scope_kind = 'queue'"),
        "every wait is counted by reason":
            set_first("metrics.durations", "cases = 99", "quantity = 'wait'"
                      " and scope_kind = 'reason'"),
    },
    "metrics.episodes": {
        **as_table("episodes", of_daily_metrics("episodes", "repeat_call_rate")),
        "openers are among the mature episodes, and these among the handled ones":
            "create or replace view metrics.episodes as select date '2000-03-01' as day,"
            " 'repeat_call_rate' as metric, 9999 as denominator",
    },
    "metrics.episode_sums": {
        "day, provider, queue, reason, tenure_band, agent_id, is_mature, is_opener,"
        " repeated_after_days come once": twice("metrics.episode_sums"),
        "agents are pseudonyms": set_first("metrics.episode_sums", "agent_id = 'Ann'"),
        "the tenure band is known": set_first("metrics.episode_sums", "tenure_band = 'old'"),
        "no episode is repeated before it was":
            set_first("metrics.episode_sums", "repeated_after_days = -1"),
        "every handled episode is counted": set_first("metrics.episode_sums", "episodes = 99"),
    },
    "metrics.longer_windows": {
        **of_daily_metrics("longer_windows", "repeat_call_rate_30_days"),
        "agents are added up": set_first("metrics.longer_windows", f"agent_id = '{NOBODY}'"),
        "what comes back within 14 days does within 30, of the same episodes": set_first(
            "metrics.longer_windows", "numerator = -1", "metric = 'repeat_call_rate_30_days'"),
        "openers are among the mature episodes": set_first(
            "metrics.longer_windows",
            "metric = 'first_call_resolution_30_days', denominator = 99",
            "metric = 'repeat_call_rate_14_days' and day in (select day"
            " from metrics.longer_windows where metric = 'repeat_call_rate_30_days')"),
    },
    "metrics.evaluations": {
        **of_daily_metrics("evaluations", "quality_score"),
        "the points of every evaluation are counted": set_first(
            "metrics.evaluations", "numerator = 9", "metric = 'quality_score'"),
    },
    "metrics.fifth_agent": {
        "base, scope_kind, scope, day come once": twice("metrics.fifth_agent"),
        "five were seen by the day, within a year":
            set_first("metrics.fifth_agent", "five_seen_since = '2001-01-01'"),
        "on its own day a group has the five agents that it is said to have":
            "delete from metrics.presence where day = '2000-03-02' and agent_id not in"
            " (select min(agent_id) from metrics.presence)",
    },
    "metrics.frozen": {
        "metric, day, provider, queue, reason, tenure_band come once":
            FROZEN + "insert into metrics.frozen from metrics.frozen",
        "the metric is defined": FROZEN + "update metrics.frozen set metric = 'luck'",
        "every row has a figure": FROZEN + "update metrics.frozen set denominator = 0",
        "the tenure band is known": FROZEN + "update metrics.frozen set tenure_band = 'old'",
    },
    "metrics.moves": {
        "somebody moved":
            "insert into metrics.frozen_moves values"
            " ('1999-01-01', 'all', 'all', 'promotion', 'other', 1)",
        "every hire and departure is counted once": (
            "insert into metrics.frozen_moves (select max(day), 'all', 'all', 'hire', 'growth', 1"
            " from facts.headcount)"
        ),
    },
    "metrics.frozen_moves": {
        "day, scope_kind, scope, movement, reason come once":
            2 * "insert into metrics.frozen_moves values"
            " ('1999-01-01', 'all', 'all', 'hire', 'growth', 1);",
        "somebody moved": "insert into metrics.frozen_moves values"
            " ('1999-01-01', 'all', 'all', 'hire', 'growth', 0)",
    },
    "metrics.frozen_team_days": {
        "day, scope_kind, scope come once":
            "insert into metrics.frozen_team_days from metrics.team_days limit 1;"
            "insert into metrics.frozen_team_days from metrics.frozen_team_days",
        "a team has somebody, and no more novices than people":
            "insert into metrics.frozen_team_days from metrics.team_days limit 1;"
            "update metrics.frozen_team_days set novices = agents + 1",
    },
    "metrics.handled_contacts": {
        **as_table(
            "handled_contacts", of_daily_metrics("handled_contacts", "identified_share")),
        "every handled contact is counted":
            set_first("metrics.contact_sums", "handled = 99", "handled > 0"),
    },
    "metrics.headcount": {
        "grain, period_end, scope_kind, scope come once": twice("metrics.headcount"),
        "nobody is there without a day":
            set_first("metrics.headcount", "agent_days = 0", "not is_suppressed"),
        "a closed group has no figure": set_first("metrics.headcount", "is_suppressed = true"),
        "everybody who left is counted":
            "update metrics.headcount set departures = 0 where grain = 'day'",
    },
    "metrics.movements": {
        "grain, period_end, scope_kind, scope, movement, reason come once":
            twice("metrics.movements"),
        "somebody moved": set_first("metrics.movements", "people = 0"),
        "everybody who left did so for one reason":
            "update metrics.movements set people = people + 1 where grain = 'month'",
    },
    "metrics.team_days": {
        "everybody employed is counted once": twice("facts.departures"),
    },
    "metrics.tenure_days": {
        "grain, scope_kind, scope, tenure_days come once": twice("metrics.tenure_days"),
        "only who is there leaves": set_first("metrics.tenure_days", "departures = agents + 1"),
        "everybody employed is counted once": "update metrics.tenure_days set agents = 1",
    },
    "metrics.tenure": {
        "grain, scope_kind, scope come once": twice("metrics.tenure"),
        "a closed group has no figure": set_first("metrics.tenure", "is_suppressed = true"),
        "bounds hold their figure": set_first(
            "metrics.tenure", "rate_novice_share = 0.1, rate_low = 0.2, rate_high = 0.3"),
    },
    "metrics.survival": {
        "grain, scope_kind, scope, tenure_days come once": twice("metrics.survival"),
        "five or more are at risk": set_first("metrics.survival", "at_risk = 4"),
        "a curve lies in its band":
            set_first("metrics.survival", "survival = 0.9, low = 0.1, high = 0.8"),
    },
    "metrics.training": {
        "grain, period_end, scope_kind, scope come once": twice("metrics.training"),
        "figures are no less than nothing": set_first("metrics.training", "hours = -1"),
        "what few took with them is closed":
            set_first("metrics.training", "departures = 1, sunk_cost = 5"),
        "every training is counted": "update metrics.training set cost = cost + 1",
    },
    "metrics.hires": {
        **{r: HIRE + f for r, f in of_daily_metrics("hires", "early_attrition").items()},
        "every hire of at least 90 days ago is counted once": HIRE,
    },
    "metrics.history": {
        "metric come once": twice("metrics.history"),
        "the metric is defined": set_first("metrics.history", "metric = 'luck'"),
        "nothing is final that is yet to come":
            set_first("metrics.history", "final_through = '2000-03-04'"),
    },
    "metrics.legs": {
        **as_table("legs", of_daily_metrics("legs", "transfer_rate")),
        "every handled leg is counted": set_first("metrics.leg_sums", "legs = 99"),
        "handling adds up over legs": set_first("metrics.leg_sums", "handle_seconds = 9999"),
    },
    "metrics.leg_sums": {
        "day, provider, queue, reason, tenure_band, agent_id come once": twice("metrics.leg_sums"),
        "agents are pseudonyms": set_first("metrics.leg_sums", "agent_id = 'Ann'"),
        "the tenure band is known": set_first("metrics.leg_sums", "tenure_band = 'old'"),
        "handling is talk, hold and wrap": set_first("metrics.leg_sums", "hold_seconds = 9999"),
        "a part of the legs is at most all of them":
            set_first("metrics.leg_sums", "transferred = 99"),
    },
    "metrics.period": {
        "metric, grain, period_end, scope_kind, scope come once": twice("metrics.period"),
        "a figure is its numerator over its denominator":
            set_first("metrics.period", "value = 7", "denominator > 0"),
        "a closed group has no figure":
            set_first("metrics.period", "is_suppressed = true, value = 1"),
        "a period ends after it begins": set_first("metrics.period", "period_start = '2001-01-01'"),
        "an interval holds its figure":
            set_first("metrics.period", "low = value + 1, high = value + 2", "value is not null"),
        "the definition is tonight's":
            set_first("metrics.period", "definition_version = '000000000000'"),
        ADDS_UP: set_first(
            "metrics.period", "numerator = numerator + 1, value = (numerator + 1) / denominator",
            "scope_kind = 'queue' and grain = 'week' and metric = 'service_level'"),
        "a day's figure adds up over its rows": set_first(
            "metrics.period", "numerator = numerator + 1",
            "scope_kind = 'all' and grain = 'day' and metric = 'service_level'"),
        "the share of identified customers is within 10 points of the 91 days before":
            "update metrics.period set numerator = 0.8 * denominator"
            " where metric = 'identified_share' and grain = 'day' and scope_kind = 'all'"
            " and period_end > '2000-03-03'::date - 28",
    },
    "metrics.presence": {
        "base, day, scope_kind, scope, agent_id come once": twice("metrics.presence"),
        "agents are pseudonyms": set_first("metrics.presence", "agent_id = 'Ann'"),
        "base and scope are given": set_first("metrics.presence", "scope = ''"),
        "everybody on the roster is in it": "delete from metrics.presence where base = 'workforce'",
        "every agent who handled a leg is in it":
            "delete from metrics.presence where base = 'calls'",
    },
    "metrics.quantile": {
        "quantity, grain, period_end, scope_kind, scope come once": twice("metrics.quantile"),
        "a median is at most the 90th percentile, and neither below zero":
            set_first("metrics.quantile", "median_seconds = 9999", "not is_suppressed"),
        "a closed group has no figure":
            set_first("metrics.quantile", "is_suppressed = true, cases = 3"),
        "a period ends after it begins":
            set_first("metrics.quantile", "period_start = '2001-01-01'"),
    },
    "metrics.scoped": {
        "metric, day, scope_kind, scope come once": twice("metrics.scoped"),
        "scopes are known and named": set_first("metrics.scoped", "scope = ''"),
        f"{ADDS_UP}, day by day": set_first(
            "metrics.scoped", "numerator = -1", "day = '2000-03-01' and scope_kind = 'queue'"),
        "every row of metrics.daily is in it": "delete from metrics.scoped",
    },
    "metrics.subscribers": {
        **of_daily_metrics("subscribers", "contacts_per_thousand_subscribers"),
        "every contact of a month with subscribers is counted":
            set_first("metrics.subscribers", "numerator = 0", "numerator > 0"),
    },
    "metrics.tenure_cells": {
        "metric, block_start, agent_id, reason, tenure_band come once":
            twice("metrics.tenure_cells"),
        "agents are pseudonyms": set_first("metrics.tenure_cells", "agent_id = 'Ann'"),
        "the tenure band is known": set_first("metrics.tenure_cells", "tenure_band = 'old'"),
        "calls are counted, and their spread is none below zero":
            set_first("metrics.tenure_cells", "squares = 0", "numerator > 0"),
        "every handled leg of an agent on the roster is counted": set_first(
            "metrics.tenure_cells", "denominator = 9999", "metric = 'average_handle_time'"),
        "every mature opener of an agent on the roster is counted":
            set_first("metrics.tenure_cells", "metric = 'first_call_resolution'"),
    },
    "metrics.tenure_mix": {
        "metric, day, reason, tenure_band, hire_label come once": twice("metrics.tenure_mix"),
        "the tenure band is known": set_first("metrics.tenure_mix", "tenure_band = 'old'"),
        "agents of less than 365 days have the label of their hire, and only they":
            set_first("metrics.tenure_mix", "hire_label = null", "hire_label is not null"),
        "every handled leg is counted": set_first(
            "metrics.tenure_mix", "denominator = 9999", "metric = 'average_handle_time'"),
        "every mature opener is counted":
            set_first("metrics.tenure_mix", "metric = 'first_call_resolution'"),
    },
    "metrics.workforce": {
        **of_daily_metrics("workforce", "agent_turnover"),
        "every agent-day is counted":
            set_first("metrics.workforce", "denominator = 1", "metric = 'agent_turnover'"),
        "every voluntary departure is counted":
            set_first("metrics.workforce", "numerator = 1", "metric = 'voluntary_turnover'"),
    },
    "staging.call_repeats": {
        "day, file come once": twice("staging.call_repeats"),
        "something is counted, and once": set_first("staging.call_repeats", "rows_repeated = 0"),
        "the file is in": set_first("staging.call_repeats", UNNAMED_FILE),
        "no more is gone than the file had": set_first("staging.call_repeats", "legs_gone = 9999"),
    },
    "staging.calls": {
        **of_loader("calls"),
        "call_id come once": twice("staging.calls"),
        "day, contact_id, queue and reason are given": set_first("staging.calls", "reason = ''"),
        IDENTITIES: set_first("staging.calls", "customer_id = '0142'"),
        "nobody talks on a leg that was not handled":
            set_first("staging.calls", "talk_seconds = 9", "outcome = 'abandoned'"),
        "a handled leg names its agent": set_first("staging.calls", "agent_id = null", HANDLED),
        "a leg ends within a day": set_first("staging.calls", "talk_seconds = 90000", HANDLED),
        "agents in the log are on the roster":
            set_first("staging.calls", f"agent_id = '{NOBODY}'", HANDLED),
    },
    "staging.employment": {
        **of_loader("roster"),
        "agent_id, hired_on come once": twice("staging.employment"),
        IDENTITIES: set_first("staging.employment", "agent_id = 'Ann'"),
        "the provider is known": set_first("staging.employment", "provider = 'unknown'"),
        "nobody vanished without a date of leaving":
            set_first("staging.employment", "is_departure_inferred = true"),
        "spells of an agent do not overlap":
            "insert into staging.employment (select * replace (hired_on + 1 as hired_on)"
            " from staging.employment limit 1)",
    },
    "staging.evaluations": {
        **of_loader("evaluations"),
        "agents are pseudonyms": set_first("staging.evaluations", "agent_id = 'Ann'"),
        "evaluated agents are on the roster or in the log":
            set_first("staging.evaluations", f"agent_id = '{NOBODY}'"),
        "evaluated calls are in the log": set_first("staging.evaluations", "call_id = 'nowhere'"),
    },
    "staging.events": {**of_loader("events"), "day, label come once": twice("staging.events")},
    "staging.invoices": {
        **of_loader("invoices"),
        "no month is billed by one provider in two files":
            "insert into staging.invoices (select * replace ('elsewhere' as file)"
            " from staging.invoices limit 1)",
    },
    "staging.office_repeats": {
        "file come once": twice("staging.office_repeats"),
        "a repeat is counted": set_first("staging.office_repeats", "rows_repeated = 0"),
        "the file is in": set_first("staging.office_repeats", UNNAMED_FILE),
    },
    "staging.training": {
        **of_loader("training"),
        IDENTITIES: set_first("staging.training", "agent_id = 'Ann'"),
        "trained agents are on the roster":
            set_first("staging.training", f"agent_id = '{NOBODY}'"),
    },
    "staging.quarantine": {
        "file, line come once": 2 * REFUSED,
        "a row has broken a rule":
            f"{REFUSED} update staging.quarantine set rule = ''",
        "the file is in": f"{REFUSED} update staging.quarantine set {UNNAMED_FILE}",
        "every row that was refused is there": REFUSED,
    },
    "staging.queue_intake": {
        "day, file, event_use come once":
            2 * "insert into staging.queue_intake values ('2000-01-01', 'f', 'leg', 1);",
        "an event is of a use that we know, and counted":
            "insert into staging.queue_intake values ('2000-01-01', 'f', 'fun', 1)",
        "the file is in": "insert into staging.queue_intake values ('2000-01-01', 'f', 'leg', 1)",
        "every event is of a known kind":
            "insert into staging.queue_intake values ('2000-01-01', 'f', 'unknown', 1)",
        "every row of an event log is accounted for":
            "insert into staging.queue_intake"
            " (select '2000-01-01', file, 'leg', 1 from ledger.files limit 1)",
    },
    "staging.queue_legs": {
        **of_loader("calls", made=legs_of_events()),
        "call_id come once": legs_of_events(twice("staging.queue_legs")),
        IDENTITIES: legs_of_events("update staging.queue_legs set agent_id = 'Ann'"),
        "every leg comes from a visit": legs_of_events("delete from staging.queue_visits"),
    },
    "staging.queue_visits": {
        "call_id, visit come once": legs_of_events(twice("staging.queue_visits")),
        "a visit has a day and a number from 1 on":
            legs_of_events("update staging.queue_visits set visit = 0"),
        IDENTITIES: legs_of_events("update staging.queue_visits set customer_id = '0142'"),
        "a visit ends after it began, but for the seconds logs differ by":
            legs_of_events("update staging.queue_visits set ended_at = '1999-01-01'"),
    },
    "ledger.files": {
        "of every file some rows can be read":
            REFUSED + "update ledger.files set rows_raw = 0 where arrival = 1",
    },
    "ledger.columns": {
        "file, name come once": twice("ledger.columns"),
        "the file is in": set_first("ledger.columns", UNNAMED_FILE),
        "an export has no new column, field or event":
            "insert into ledger.columns select file, 11, 'rank', null, 'a number', true"
            " from ledger.files where name = 'calls.csv'",
        "an export misses no column or field":
            set_first("ledger.columns", "name = 'rank'", OF_THE_LAST_LOG),
        "an export writes its columns and fields as before":
            set_first("ledger.columns", "kind = 'a date'", OF_THE_LAST_LOG),
    },
    "staging.roster_repeats": {
        "file come once": twice("staging.roster_repeats"),
        "a repeat is counted": set_first("staging.roster_repeats", "rows_repeated = 0"),
        "the file is in": set_first("staging.roster_repeats", UNNAMED_FILE),
    },
    "staging.satisfaction": {
        **of_loader("satisfaction"),
        "call_id come once": twice("staging.satisfaction"),
        "rated calls are in the log": set_first("staging.satisfaction", "call_id = 'nowhere'"),
    },
    "staging.snapshots": {
        "snapshot_on come once": twice("staging.snapshots"),
        "the file is in": set_first("staging.snapshots", UNNAMED_FILE),
        "a roster is whole, no row of it in quarantine":
            set_first("staging.snapshots", "is_complete = false"),
    },
    "staging.subscribers": {
        **of_loader("customers"),
        "month come once": twice("staging.subscribers"),
        "a month is its first day": set_first("staging.subscribers", "month = '2000-01-02'"),
        "subscribers move by less than a fifth in a month":
            set_first("staging.subscribers", "subscribers = 2000"),
        "no month has more customers calling than subscribers":
            set_first("staging.subscribers", "subscribers = 2"),
    },
}  # fmt: skip
