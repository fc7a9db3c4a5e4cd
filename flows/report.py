"""The last lines of a night: what was found, in plain words, and where to look."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from checks.attribution import Part
from checks.unreadable import unreadable_files
from checks.verdicts import State
from flows.causes import standing
from flows.costs import month_costs, unclear_months
from flows.evidence import Judged
from flows.settings import Settings
from flows.wording import (
    against_target,
    capitalised,
    day,
    load_words,
    name_of,
    quantity,
)
from warehouse.connect import reading

WORDS = {
    State.MET: "kept",
    State.AT_RISK: "at risk",
    State.BREACHED: "BREACHED",
    State.TOO_FEW: "too little to judge",
    State.NO_DATA: "no data",
    State.STALE: "data too old to judge",
}

# Whether customers call again is known of those who are known; how many are, says what it is worth.
IDENTIFIED = """
select definition.metric, grain, period_end, scope_kind, scope, value
from metrics.period as period
inner join metrics.definition as definition
    on definition.family in ('episodes', 'longer_windows')
where period.metric = 'identified_share'
    and period_end > (select max(period_end) - 60 from metrics.period)
"""


def tell(
    settings: Settings,
    judged: Judged,
    checks: Sequence[Mapping[str, object]],
    page: Path,
) -> None:
    """Print the state of the service on the night judged; `checks`: rows of check_result."""
    with reading(settings.folders.warehouse) as connection:
        known = {tuple(found): share for *found, share in connection.execute(IDENTIFIED).fetchall()}
        units = dict(connection.execute("select metric, unit from metrics.definition").fetchall())
        as_of, rows, files, rejected, mended = connection.execute(
            "select any_value(as_of), sum(rows_read), count(*), sum(rows_quarantined),"
            " (select count(*) from staging.quarantine where is_closed)"
            " from ledger.files, ledger.build"
        ).fetchall()[0]
        unclear = unclear_months(month_costs(connection))
        unreadable = unreadable_files(connection)
    words = load_words("en")  # the console speaks to who runs the site
    print(f"\n{settings.name}, night of {day(as_of, words)}" if as_of else f"\n{settings.name}")
    since = f", {mended:,} of them corrected since" if mended else ""
    print(f"  {files} files, {rows or 0:,} rows read, {rejected or 0:,} in quarantine{since}")
    for file in unreadable:
        print(
            f"  {file.path}: none of its {file.rows:,} rows can be read"
            f" (line {file.line}: {file.rule})"
        )
    for verdict in judged.verdicts:
        word = WORDS[verdict.state]
        figures = against_target(verdict, units.get(verdict.metric, ""), words)
        share = known.get(
            (verdict.metric, verdict.window, verdict.period_end, verdict.scope_kind, verdict.scope)
        )
        figures += (
            f", of the {quantity(share, 'share', words)} of customers who are known"
            if share
            else ""
        )
        print(f"  {word:>21}  {capitalised(name_of(verdict.norm, words))}: {figures}")
    for found in judged.attributions:
        if found.part is Part.STANDING_COST:
            print(f"  {'':>21}  {standing(found, words)}")
    for trigger in judged.triggers:
        print(f"  {trigger.state.value:>21}  repatriation trigger {trigger.trigger}")
    for sentence in unclear:
        print(f"  {'cost not known':>21}  {sentence}")
    for check in checks:
        if not check["is_success"]:
            observed = f"{check['suite']}: {check['observed']}"
            print(f"  {'check failed':>21}  {check['rule']} ({observed})")
    print(f"Look at {page}")
    print(f"or ask: qos show verdicts --warehouse {settings.folders.warehouse}\n")
