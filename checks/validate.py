"""Is the data sound? Great Expectations runs the suites on the night's clone.

A broken critical rule rejects the night, a broken warning is reported. A rule that could not be
evaluated at all is a defect of ours and says so, whatever its severity.
"""

import logging
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from textwrap import shorten
from typing import Any

import duckdb

from checks.suites import Rule, Severity, rules_hash, suites
from checks.unchecked import query_of
from warehouse.errors import DataRejected, fault
from warehouse.ledger.checked import unchecked_since

LONGEST_TOLD = 500


@dataclass(frozen=True)
class CheckResult:
    """How one rule fared; `observed` counts the rows that broke it, or names them, too."""

    suite: str
    rule: str
    severity: Severity
    is_success: bool
    observed: str


def validate(connection: duckdb.DuckDBPyConnection) -> list[CheckResult]:
    """Check every table that has a suite; by critical rules, where it may have changed.

    Args:
        connection: to the clone; what it has not committed is not seen.

    Raises:
        RuntimeError: a rule could not be evaluated.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx  # takes 2 s: nights without news do without it
    from great_expectations.expectations.metadata_types import FailureSeverity

    from checks.counted_rows import CountedRowsExpectation

    # It gives this logger a level of its own on import, and tells of its temporary folder.
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    source = context.data_sources.add_sql(
        "warehouse",
        connection_string="duckdb:///:memory:",
        # A second connection to a file that is written to fails; a cursor is the same one.
        kwargs={"creator": lambda: connection.cursor()},  # type: ignore[call-arg]
    )
    # Adding an asset takes long, so all suites look at one: the night; see `_with_batch`.
    asset = source.add_table_asset("night", table_name="build", schema_name="ledger")
    batch = asset.add_batch_definition_whole_table("all").get_batch()
    results = []
    since = unchecked_since(connection, rules_hash())
    for table, rules in suites().items():
        expectations = [
            CountedRowsExpectation(
                unexpected_rows_query=_with_batch(query_of(rule, table, since)),
                severity=FailureSeverity(rule.severity),
                meta=asdict(rule),
            )
            for rule in rules
        ]
        suite = gx.ExpectationSuite(name=table, expectations=expectations)
        outcomes = batch.validate(suite, result_format="BASIC").results
        results += [_result(table, outcome.to_json_dict()) for outcome in outcomes]
    ordered = {(table, rule.name): rule for table, rules in suites().items() for rule in rules}
    order = list(ordered)
    return [
        _told(connection, result, ordered[result.suite, result.rule])
        for result in sorted(results, key=lambda result: order.index((result.suite, result.rule)))
    ]


def _told(connection: duckdb.DuckDBPyConnection, result: CheckResult, rule: Rule) -> CheckResult:
    """The result, with what the rows that broke the rule are about, if it says so."""
    if result.is_success or not rule.is_told:
        return result
    query = f"select told from ({rule.unexpected_rows.format(batch=result.suite)})"
    said = "; ".join(told for (told,) in connection.execute(query).fetchall())
    observed = f"{result.observed}: {shorten(said, LONGEST_TOLD, placeholder=' ...')}"
    return replace(result, observed=observed)


def _with_batch(query: str) -> str:
    """The query about its table; GX wants its own batch, the night, to be in it, too."""
    return f"with night as (select * from {{batch}}) select * from ({query})"


def _result(table: str, outcome: dict[str, Any]) -> CheckResult:
    meta = outcome["expectation_config"]["meta"]
    observed = outcome["result"].get("observed_value")
    if observed is None:
        raise RuntimeError(
            f"{table}: the rule '{meta['name']}' cannot be evaluated:"
            f" {_why(outcome['exception_info'])}"
        )
    return CheckResult(
        table, meta["name"], meta["severity"], bool(outcome["success"]), f"{observed} rows"
    )


def _why(info: dict[str, Any]) -> str:
    """The message of the first exception; it is given alone, or one a query."""
    said = info if "exception_message" in info else next(iter(info.values()))
    return str(said["exception_message"])


def reject_if_critical(results: Iterable[CheckResult]) -> None:
    """Stop a night whose data cannot be trusted.

    Raises:
        DataRejected: one sentence for every critical rule that is broken.
    """
    broken = [r for r in results if r.severity == "critical" and not r.is_success]
    if broken:
        raise DataRejected(
            *(
                fault(
                    "{suite}: it does not hold that {rule} ({observed}); see what was loaded with:"
                    " qos show files",
                    suite=r.suite,
                    rule=r.rule,
                    observed=r.observed,
                )
                for r in broken
            )
        )
