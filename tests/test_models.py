"""Rules of the models: SQL that DuckDB and Spark understand alike, reading only what is before it.

The SQL is parsed by DuckDB itself. What only a run on both engines can show is in docs/spark.md.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb
import pytest

from warehouse.models import FIRST_DIFFERENCE, HERE, Model, models

Node = dict[str, Any]

PRELUDES = ("duckdb", "spark")
MAY_READ = {
    "staging": {"raw", "ledger", "staging"},
    "facts": {"staging", "facts"},
    "metrics": {"staging", "facts", "metrics"},
}
MADE_BY_THE_BUILDER = {
    "raw.calendar", "raw.due", "raw.keys", "raw.sinces",
    "raw.frozen_daily", "raw.frozen_fifth_agent", "raw.frozen_quantile", "raw.frozen_team_days", "raw.frozen_moves",
}  # fmt: skip
SAME_ON_BOTH = {
    "abs", "coalesce", "concat", "count", "count_star", "greatest", "lag", "lead", "least", "max",
    "min", "nullif", "quantile_cont", "rank", "row", "row_number", "substr", "sum", "+", "-", "*", "/", "%", "||",
}  # fmt: skip
TYPES = {"BIGINT", "BOOLEAN", "DATE", "DECIMAL", "DOUBLE", "INTEGER", "TIMESTAMP", "VARCHAR"}
WHOLE_NUMBERS = {"count", "count_star", "row_number", "sum", "CONSTANT", "lag_days"}
DATES = re.compile(r"(_on|_at|_day|_start|_end|^day|^month|^since|^as_of|^previous_as_of)$")
TEXT = {
    "a cast by ::": "::",
    "varchar, which Spark wants a length of (say string)": "varchar",
    "at time zone": "at time zone",
    "group by all": "group by all",
    "a select that begins with from": r"\A\s*from\b",
}
NEVER_NULL = {
    "arrival", "bunch", "call_id", "contact_id", "day", "denominator", "entries", "exit_turn",
    "group_agents", "happened_at",
    "hired_on", "line", "number", "placed_at", "queue", "queued_at", "scope", "seconds", "snapshot_on", "step",
    "stray_call_id", "stray_visit", "turn", "visit",
}  # fmt: skip

# What tells the rows of a window apart: columns by which it is parted and ordered must hold one.
DELIVERED = {"arrival", "line"}
IDENTITIES = {
    "staging.snapshots": [{"snapshot_on", "arrival"}],
    "staging.employment": [
        {"snapshot_on", "agent_id", "line"},  # one file a snapshot
        {"agent_id", "hired_on", "left_on", "snapshot_on"},
    ],
    "staging.queue_visits": [DELIVERED, {"call_id", "queue", "bunch", "entries"}],
    "staging.queue_legs": [
        {"call_id", "visit", "stray_call_id", "stray_visit"},
        {"call_id", "visit"},
    ],
    "facts.contacts_of_several_legs": [{"contact_id", "call_id"}],
    "facts.contacts_with_neighbours": [
        {"contact_id"},
        {"customer_id", "subject", "number"},
    ],
    "facts.employment": [{"agent_id", "hired_on"}],
    "facts.hires": [{"provider", "day", "agent_id"}, {"provider", "number"}],
    "facts.headcount": [{"day", "agent_id", "hired_on"}],
    "metrics.fifth_agent": [
        {"base", "scope_kind", "scope", "day"},
        {"base", "scope_kind", "scope", "agent_id", "day"},
    ],
    "metrics.period": [
        {"metric", "scope_kind", "scope", "day"},
        {"metric", "grain", "period_end", "scope_kind", "scope"},
    ],
    "metrics.tenure": [{"grain", "scope_kind", "scope"}],
    "metrics.quantile": [
        {"quantity", "scope_kind", "scope", "grain", "period_start", "bucket"},
        {"number", "seconds"},
    ],
}


@cache
def parsed(sql: str) -> Node:
    with duckdb.connect() as connection:
        row = connection.execute(
            "select json_serialize_sql($sql::varchar)", {"sql": sql}
        ).fetchone()
    assert row
    tree: Node = json.loads(row[0])
    assert not tree["error"], tree
    return tree


def nodes(tree: object) -> Iterator[Node]:
    """Every node of a tree, its root included."""
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for branch in tree:
            yield from nodes(branch)


def name_of(expression: Node) -> str:
    """A column's or function's name, or the kind of expression that it is."""
    if expression["class"] == "COLUMN_REF":
        return str(expression["column_names"][-1])
    return str(expression.get("function_name") or expression["class"])


@cache
def prelude(engine: str) -> frozenset[str]:
    text = (HERE / "prelude" / f"{engine}.sql").read_text()
    return frozenset(re.findall(r"^create or replace temp\w* (?:macro|function) (\w+)", text, re.M))


def faults(sql: str, name: str = "") -> list[str]:
    """What a model says that the two engines may understand differently."""
    bare = re.sub(r"--.*|'[^']*'", "", sql)
    found = [fault for fault, pattern in TEXT.items() if re.search(pattern, bare)]
    for node in nodes(parsed(sql)):
        kind = node.get("class", node.get("type"))
        if kind == "FUNCTION":
            found += _function_faults(node)
        elif kind == "CAST":
            found += _cast_faults(node)
        elif kind == "WINDOW":
            found += _window_faults(node, IDENTITIES.get(name, [DELIVERED]))
        elif kind == "STAR" and (node["exclude_list"] or node["replace_list"]):
            found += ["a star with exceptions"]
        elif kind == "OPERATOR" and node["type"] == "OPERATOR_COALESCE":
            found += [
                "concat() in coalesce: of a null, only Spark makes null (say ||)"
                for operand in node["children"]
                if name_of(operand) == "concat"
            ]
        elif kind == "EXPRESSION_LIST" and any(n.get("class") == "FUNCTION" for n in nodes(node)):
            found += ["a function in values, which Spark cannot evaluate"]
        elif kind == "SELECT_NODE":
            found += ["qualify"] if node["qualify"] else []
            found += _join_faults(node)
        elif kind == "DISTINCT_MODIFIER" and node["distinct_on_targets"]:
            found += ["distinct on"]
    return found


def _function_faults(node: Node) -> Iterator[str]:
    name, operands = node["function_name"], node["children"]
    if name not in SAME_ON_BOTH | prelude("duckdb"):
        yield f"{name}()"
    if name in ("+", "-") and any(DATES.search(name_of(operand)) for operand in operands):
        yield f"arithmetic with dates: {[name_of(operand) for operand in operands]}"
    if name == "/" and _may_be_zero(operands[1]):
        yield f"a division by {name_of(operands[1])} without nullif"
    if name in prelude("duckdb") and any(n.get("class") == "SUBQUERY" for n in nodes(operands)):
        yield f"a subquery within {name}(), which Spark cannot plan"


def _may_be_zero(divisor: Node) -> bool:
    value = divisor["child"] if divisor["class"] == "CAST" else divisor
    return name_of(value) not in ("CONSTANT", "nullif")


def _cast_faults(node: Node) -> Iterator[str]:
    kind, value = node["cast_type"]["id"], name_of(node["child"])
    if kind not in TYPES or node["try_cast"]:
        yield f"a cast to {kind}"
    if kind in ("INTEGER", "BIGINT") and value not in WHOLE_NUMBERS:
        yield f"a cast of {value} to a whole number"


def _window_faults(node: Node, identities: list[set[str]]) -> Iterator[str]:
    orders = node["orders"]
    columns = {name_of(n) for n in (*node["partitions"], *(o["expression"] for o in orders))}
    is_ordered = bool(orders) or node["function_name"] in ("row_number", "rank", "lag", "lead")
    if is_ordered and not any(identity <= columns for identity in identities):
        yield f"{node['function_name']}() over rows that nothing tells apart: {sorted(columns)}"
    if node["ignore_nulls"]:
        yield "ignore nulls"
    for order in orders:
        if order["null_order"] == "ORDER_DEFAULT" and not _is_never_null(order["expression"]):
            yield f"an order by {name_of(order['expression'])} that does not say where nulls are"


def _join_faults(select: Node) -> Iterator[str]:
    """Names that two tables share by `using`, and that a third may have too."""
    bare = {
        name_of(node)
        for part in select.values()
        for node in _own(part)
        if node.get("class") == "COLUMN_REF" and len(node["column_names"]) == 1
    }
    for column in sorted(bare & _shared(select["from_table"])):
        yield f"{column} without its table, beside a table joined by on, which may have it, too"


def _shared(table: Node) -> set[str]:
    """What is joined by `using` below a join by `on`, and not once more above it."""
    if table.get("type") != "JOIN":
        return set()
    shared = _shared(table["left"])
    if table["condition"]:
        shared |= {c for node in _own(table["left"]) for c in node.get("using_columns", [])}
    return shared - set(table["using_columns"])


def _own(tree: object) -> Iterator[Node]:
    """The nodes of a select but for those of the selects in it."""
    if isinstance(tree, dict):
        if tree.get("type") == "SELECT_NODE":
            return
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for branch in tree:
            yield from _own(branch)


def _is_never_null(expression: Node) -> bool:
    if expression["class"] == "CASE":
        cases = [case["then_expr"] for case in expression["case_checks"]]
        return all(_is_never_null(value) for value in (*cases, expression["else_expr"]))
    if expression["class"] == "CONSTANT":
        return not expression["value"]["is_null"]
    return name_of(expression) in NEVER_NULL | {"max"}


def tables_read(sql: str) -> set[str]:
    return {
        f"{node['schema_name']}.{node['table_name']}"
        for node in nodes(parsed(sql))
        if node.get("type") == "BASE_TABLE" and node["schema_name"]
    }


@pytest.mark.parametrize("model", models(), ids=lambda model: model.name)
def test_a_model_is_sql_that_both_engines_understand_alike(model: Model) -> None:
    assert faults(model.sql, model.name) == []
    assert faults(model.since_sql or "select 1", model.name) == []
    assert faults(model.due_sql or "select 1", model.name) == []
    assert faults(model.keys_sql or "select 1", model.name) == []


@pytest.mark.parametrize(
    "sql",
    [
        "select day from staging.calls qualify row_number() over (order by arrival, line) = 1",
        "select row_number() over (partition by day order by call_id) from staging.calls",
        "select row_number() over () from staging.calls",
        "select rank() over (order by updated_at, arrival, line) from staging.calls",
        "select lag(day ignore nulls) over (order by arrival, line) from staging.calls",
        "select date_diff('day', hired_on, left_on) from staging.employment",
        "select queued_at at time zone 'UTC' from staging.calls",
        "select extract(dow from day) from staging.calls",
        "select left_on - hired_on from staging.employment",
        "select hired_on + 1 from staging.employment",
        "select arg_max(queue, line) from staging.calls",
        "select first(queue) from staging.calls",
        "select list(queue) from staging.calls",
        "select avg(wait_seconds) from staging.calls",
        "select regexp_replace(queue, 'a', 'b') from staging.calls",
        "select 7 // 2",
        "select wait_seconds / talk_seconds from staging.calls",
        "select cast(wait_seconds as integer) from staging.calls",
        "select queue::date from staging.calls",
        "select try_cast(queue as date) from staging.calls",
        "select cast(queue as varchar) from staging.calls",
        "select day, count(*) from staging.calls group by all",
        "select distinct on (day) * from staging.calls",
        "select * exclude (file) from staging.calls",
        "from staging.calls",
        "select * from generate_series(1, 2)",
        "select * from range(2)",
        "select day_start((select min(day) from staging.calls))",
        "select coalesce(concat(queue, ' '), 'none') from staging.calls",
        "select * from (values (1, abs(2))) as pairs (a, b)",
        "select feed from a inner join b using (feed) inner join c on c.file = b.file",
    ],
)
def test_what_they_understand_differently_is_found(sql: str) -> None:
    assert faults(sql) != []


@pytest.mark.parametrize("model", models(), ids=lambda model: model.name)
def test_a_model_reads_only_what_is_before_it(model: Model) -> None:
    layer = model.name.partition(".")[0]
    beside = [model.since_sql, model.due_sql, model.keys_sql]
    texts = [model.sql, *(sql for sql in beside if sql)]
    read = {table for text in texts for table in tables_read(text)}
    read -= MADE_BY_THE_BUILDER
    assert {table for table in read if table.partition(".")[0] not in MAY_READ[layer]} == set()
    names = [model.name for model in models()]
    before = set(names[: names.index(model.name) + 1])
    assert {table for table in read & set(names) if table not in before} == set()


@pytest.mark.parametrize("model", models(), ids=lambda model: model.name)
def test_a_model_comes_after_those_whose_days_it_follows(model: Model) -> None:
    """If not, it would find no day to begin with, and be made anew from the beginning each night."""
    named = set(
        re.findall(
            r"'((?:staging|facts|metrics)\.\w+)'", (model.since_sql or "") + (model.due_sql or "")
        )
    )
    followed = (set(model.follows) | named) - {FIRST_DIFFERENCE}
    names = [model.name for model in models()]
    assert followed <= set(names[: names.index(model.name)])


def test_both_engines_have_the_same_functions() -> None:
    assert prelude("spark") == prelude("duckdb")
