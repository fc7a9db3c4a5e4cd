"""What has been kept long enough goes, to the last byte; aggregates and figures stay as they were."""

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from nights import KEY, NOW, NightSite

from warehouse import connect, kept
from warehouse.identity import agent_of, forget
from warehouse.ledger import made_from
from warehouse.manifest import read_manifest
from warehouse.models import models_hash
from warehouse.night import renew
from warehouse.pseudonyms import pseudonym
from warehouse.retention import Purge, Retention, purge_if_due
from warehouse.sweep import sweep

FIRST, AS_OF = date(2000, 1, 3), date(2000, 9, 30)
MONTHS = Retention(calls_months=3, roster_years=1)
RETAINED_FROM = date(2000, 6, 30)
OLD, STRADDLING, YOUNG = date(2000, 2, 1), date(2000, 6, 15), date(2000, 9, 20)
NEEDLE = "NEEDLE-CUSTOMER-0001"


def calls(first: date, last: date, seed: int = 1) -> str:
    """Traffic of eight agents; customers come back; some contacts have legs on two days."""
    luck = random.Random(seed)
    lines = ["call_id,contact_id,queued_at,queue,reason,customer_id,agent_id,wait_seconds"
             ",talk_seconds,outcome"]  # fmt: skip
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        for leg in range(10):
            who, agent = f"customer {luck.randrange(60)}", f"agent {luck.randrange(8)}"
            at = f"{day}T{9 + leg}:00:00Z" if leg else f"{day}T09:00:00Z"
            queue = ("web", "mail")[leg % 2]
            lines.append(f"{day}-{leg},{day}-{leg},{at},{queue},modem,{who},{agent},{leg * 5}"
                         f",{luck.randrange(60, 900)},handled")  # fmt: skip
        lines.append(
            f"{day}-late,{day}-late,{day}T23:59:50Z,web,modem,{NEEDLE},agent 1,5,60,handled"
        )
        lines.append(f"{day}-late2,{day}-late,{day + timedelta(days=1)}T00:00:50Z,web,modem,{NEEDLE}"
                     ",agent 2,5,60,handled")  # fmt: skip
    lines.append(f"{first}-bad,,no time,web,modem,{NEEDLE},agent 1,5,60,handled")
    return "\n".join(lines) + "\n"


def roster() -> str:
    rows = "".join(f"agent {n},in-house,1999-01-04,,\n" for n in range(8))
    gone = "LONG-GONE-AGENT-0001,in-house,1998-01-04,1999-02-01,voluntary\n"
    return "agent_id,provider,hired_on,left_on,leave_reason\n" + rows + gone


class RetainingSite(NightSite):
    """Nights as the flow runs them: what is defined anew begins with an empty file."""

    def renewed(self, as_of: date) -> None:
        site, manifest = self.site(), read_manifest(self.folders.manifest)
        sweep(self.folders, manifest)
        last = kept.build_of(self.folders.warehouse)
        planned = made_from.planned_build(site, manifest, as_of, models_hash())
        is_new = last is None or last.definition_hash != planned.definition_hash
        with connect.writing(self.folders), connect.writing_clone(self.folders, is_new=is_new) as c:
            renew(c, site, manifest, planned)
        kept.publish(self.folders, 0 if is_new else 2)

    def purge(self) -> Purge | None:
        return purge_if_due(self.site(), MONTHS, AS_OF, NOW)


Purged = tuple[dict[str, list[tuple[object, ...]]], RetainingSite]


@pytest.fixture(scope="module")
def purged(tmp_path_factory: pytest.TempPathFactory) -> Purged:
    """The tables before, and the site after a purge of all but three months."""
    site = RetainingSite(tmp_path_factory.mktemp("site"), zone="UTC")
    site.put("calls/old.csv", calls(FIRST, date(2000, 5, 31)))
    site.put("calls/straddling.csv", calls(date(2000, 6, 1), date(2000, 7, 31), seed=2))
    site.put("calls/young.csv", calls(date(2000, 8, 1), AS_OF, seed=3))
    site.put("roster/roster_1999-12-31.csv", roster())
    site.load()
    site.renewed(AS_OF)
    before = site.tables() | views(site)
    assert site.purge() is not None
    site.renewed(AS_OF)
    return before, site


def views(site: NightSite) -> dict[str, list[tuple[object, ...]]]:
    """What is no table of the site's."""
    names = ("facts.contacts", "facts.episodes")
    return {name: site.ask(f"select * from {name} order by all") for name in names}


def since(rows: list[tuple[object, ...]], day: date, place: int = 0) -> list[tuple[object, ...]]:
    return [row for row in rows if row[place] >= day]  # type: ignore[operator]


def test_figures_stay_as_they_were(purged: Purged) -> None:
    """Every period of every metric, medians and how many agents a group had, old and young."""
    before, site = purged
    after = site.tables()
    for name in ("metrics.period", "metrics.quantile"):
        assert after[name] == before[name], name
    sums = "select metric, day, sum(numerator), sum(denominator) from metrics.daily group by all"
    assert len(site.ask(sums)) > 1000


def test_calls_from_the_first_day_that_stays_are_as_they_were(
    purged: Purged,
) -> None:
    before, site = purged
    after = site.tables() | views(site)
    for name in ("staging.calls", "facts.contacts", "facts.episodes", "facts.headcount"):
        assert since(after[name], RETAINED_FROM + timedelta(days=31)) == since(
            before[name], RETAINED_FROM + timedelta(days=31)
        ), name
    assert since(after["staging.calls"], RETAINED_FROM) == since(
        before["staging.calls"], RETAINED_FROM
    )
    ((first,),) = site.ask("select min(day) from staging.calls")
    assert first == RETAINED_FROM - timedelta(days=1)  # a contact that ended on the day after


def test_the_bytes_are_gone(purged: Purged) -> None:
    """No file of the site says anything of an old call or of somebody who left long ago."""
    _, site = purged
    hidden = pseudonym("long-gone-agent-0001", KEY).encode()
    for path in site.folders.home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for gone in (b"2000-02-01-3", b"LONG-GONE-AGENT-0001", hidden):
                assert gone not in content, path
    (young,) = (site.folders.archive / "calls").glob("*[!s]")
    assert b"2000-09-20-3" in young.read_bytes()


def test_every_row_that_is_left_is_accounted_for(
    purged: Purged,
) -> None:
    _, site = purged
    rows = site.ask(
        "select name, rows_read, rows_raw, rows_quarantined from ledger.files order by 1"
    )
    counted = {name: (read, raw + bad) for name, read, raw, bad in rows}  # type: ignore[operator]
    assert counted.keys() == {"roster_1999-12-31.csv", "straddling.csv", "young.csv"}
    assert all(read == whole for read, whole in counted.values())


def test_made_anew_from_the_archive_it_is_the_same(
    purged: Purged,
) -> None:
    _, site = purged
    before = site.tables()
    site.folders.warehouse.unlink()
    site.renewed(AS_OF)
    assert site.tables() == before


def test_it_is_not_due_again_before_a_week_is_over(
    purged: Purged,
) -> None:
    _, site = purged
    assert site.purge() is None
    assert read_manifest(site.folders.manifest).retained_from == RETAINED_FROM


def test_what_was_purged_does_not_come_in_again(
    purged: Purged,
) -> None:
    _, site = purged
    site.put("calls/again.csv", calls(FIRST, date(2000, 5, 31)))
    site.load()
    assert len(read_manifest(site.folders.manifest).came) == 4


def test_a_forgotten_customer_leaves_calls_without_a_name(tmp_path: Path) -> None:
    site = RetainingSite(tmp_path, zone="UTC")
    site.put("calls/1.csv", calls(date(2000, 9, 1), AS_OF))
    site.load()
    site.renewed(AS_OF)
    legs = site.ask("select count(*) from staging.calls")
    assert forget(site.site(), f" {NEEDLE.lower()} ", NOW) == 1
    site.renewed(AS_OF)
    assert site.ask("select count(*) from staging.calls") == legs
    assert site.ask("select count(*) from staging.calls where customer_id is null") == [(59,)]
    hidden = pseudonym(NEEDLE, KEY).encode()
    for path in site.folders.home.rglob("*"):
        if path.is_file():
            content = path.read_bytes().upper()
            assert NEEDLE.encode() not in content, path
            assert hidden.upper() not in content, path
    assert forget(site.site(), NEEDLE, NOW) == 0


def test_who_a_pseudonym_is(tmp_path: Path) -> None:
    site = RetainingSite(tmp_path, zone="UTC")
    site.put("calls/1.csv", calls(AS_OF, AS_OF))
    site.put("roster/roster_2000-01-01.csv", roster())
    site.load()
    assert agent_of(site.site(), pseudonym("Agent 3", KEY)) == "agent 3"
    assert agent_of(site.site(), "0" * 16) is None


@pytest.mark.parametrize(
    ("as_of", "months", "expected"),
    [
        (date(2002, 3, 31), 25, date(2000, 2, 29)),
        (date(2001, 1, 15), 24, date(1999, 1, 15)),
        (date(2000, 12, 31), 12, date(1999, 12, 31)),
    ],
)
def test_months_back(as_of: date, months: int, expected: date) -> None:
    assert Retention(calls_months=months).calls_from(as_of) == expected
