"""A night's work on the clone: enter what came, build every model, say what the result is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from warehouse import build
from warehouse.ledger import made_from, projection
from warehouse.ledger.site import Site
from warehouse.manifest import Manifest


@dataclass(frozen=True)
class Renewal:
    """What a night changed.

    Attributes:
        has_news: whether any file came or went, or everything was made anew.
        redefined: metrics whose formula or parameters are others than last time.
        rows_written: by table.
    """

    has_news: bool
    redefined: tuple[str, ...]
    rows_written: dict[str, int]


def renew(
    connection: duckdb.DuckDBPyConnection,
    site: Site,
    manifest: Manifest,
    planned: made_from.Build,
    *,
    is_full: bool = False,
    before: Mapping[str, str] | None = None,
) -> Renewal:
    """Bring the clone from the night it was made for to the one that is planned.

    Everything is made anew if `is_full`, on the first night, and when a model, a parameter or the
    way a feed is read is another than last time. On the first night of a week DuckDB tidies up.

    Args:
        before: versions of the metrics in the warehouse in use, if the clone is an empty one.

    Raises:
        ConfigurationError: the clone was made with another key.
    """
    last = made_from.last_build(connection)
    made_from.require_same_key(last, planned, site.folders.key)
    is_full = is_full or last is None or last.definition_hash != planned.definition_hash
    previous_as_of = last.as_of if last else planned.as_of
    night = build.Night(planned.as_of, previous_as_of, site.parameters, is_full)
    if last and not is_full and _is_same_week(last.as_of, planned.as_of):
        # Else DuckDB writes most of a large table anew to close the gaps that a night leaves in it.
        connection.execute("set max_vacuum_tasks = 0")
    build.set_prelude(connection, night)
    if is_full:
        projection.start_anew(connection)
    has_news = projection.bring_up_to_date(connection, site, manifest)
    before = _definitions(connection) if last else before or {}
    rows_written = build.build(connection, night)
    projection.settle(connection, planned)
    after = _definitions(connection)
    redefined = tuple(m for m in sorted(after) if before.get(m, after[m]) != after[m])
    return Renewal(has_news or is_full, redefined, rows_written)


def _is_same_week(one: date, other: date) -> bool:
    return one.isocalendar()[:2] == other.isocalendar()[:2]


def _definitions(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(connection.execute("select metric, version from metrics.definition").fetchall())
