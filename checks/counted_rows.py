"""An expectation of Great Expectations that asks its query once: for how many rows break a rule.

The one that it comes with fetches those rows, too, of which nobody hears: each night took twice as
long. It is in a module of its own because importing Great Expectations takes 2 s.
"""

from typing import Any, ClassVar

from great_expectations.expectations.core.unexpected_rows_expectation import (
    UnexpectedRowsExpectation,
)

COUNT = "unexpected_rows_query.row_count"


class CountedRowsExpectation(UnexpectedRowsExpectation):
    """The rule holds if the query finds no row; the value observed is how many it finds."""

    metric_dependencies: ClassVar[tuple[str, ...]] = (COUNT,)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        return {"success": metrics[COUNT] == 0, "result": {"observed_value": metrics[COUNT]}}
