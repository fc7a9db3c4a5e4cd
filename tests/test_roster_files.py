"""Which roster files are the same: the date in the name counts as well as the bytes."""

import shutil
from pathlib import Path

import pytest
from nights import NOW, NightSite, hidden

from warehouse.manifest import add_withdrawal, read_manifest

ANN_AND_BOB = "agent_id,hired_on\nann,1999-01-04\nbob,1999-01-04\n"
ANN_ALONE = "agent_id,hired_on\nann,1999-01-04\n"


@pytest.fixture
def site(tmp_path: Path) -> NightSite:
    return NightSite(tmp_path)


def names(site: NightSite) -> list[str]:
    return [arrival.name for arrival in read_manifest(site.folders.manifest).arrivals]


def rosters(site: NightSite) -> list[tuple[object, ...]]:
    return site.ask("select snapshot_on::varchar, is_complete from staging.snapshots order by all")


def test_the_date_in_its_name_is_part_of_a_roster(site: NightSite) -> None:
    """Bob is away in one of three rosters; the third has the very bytes of the first."""
    for day, content in (("01", ANN_AND_BOB), ("02", ANN_ALONE), ("03", ANN_AND_BOB)):
        site.put(f"roster/roster_2000-03-{day}.csv", content)
        site.night(f"2000-03-{day}")
    site.put("roster/copy_of_2000-03-03.csv", ANN_AND_BOB)
    site.put("roster/20000301.csv", ANN_AND_BOB)
    site.night("2000-03-05")
    assert names(site) == [f"roster_2000-03-{day}.csv" for day in ("01", "02", "03")]
    assert [day for day, _ in rosters(site)] == ["2000-03-01", "2000-03-02", "2000-03-03"]
    bob = site.ask("select left_on from staging.employment where agent_id = $a", a=hidden("bob"))
    assert bob == [(None,)]


def test_the_same_roster_of_two_dates_is_withdrawn_one_by_one(site: NightSite) -> None:
    """Neither comes back, the other stays, and all is made again from the archive."""
    for day in ("01", "02"):
        site.put(f"roster/roster_2000-03-{day}.csv", ANN_AND_BOB)
    site.night("2000-03-05")
    first, second = read_manifest(site.folders.manifest).arrivals
    assert first.file[:12] != second.file[:12]
    add_withdrawal(site.folders.manifest, second.file[:12], NOW)
    site.put("roster/again_2000-03-02.csv", ANN_AND_BOB)
    site.night("2000-03-05")
    assert rosters(site) == [("2000-03-01", True)]
    add_withdrawal(site.folders.manifest, first.file, NOW)
    site.put("roster/again_2000-03-03.csv", ANN_AND_BOB)
    shutil.rmtree(site.folders.raw)
    site.folders.warehouse.unlink()
    site.night("2000-03-05")
    assert rosters(site) == [("2000-03-03", True)]


def test_a_roster_that_says_its_date_itself_is_the_same_under_any_name(site: NightSite) -> None:
    content = "agent_id,hired_on,snapshot_on\nann,1999-01-04,2000-02-01\n"
    site.put("roster/export.csv", content)
    site.put("roster/roster_2000-03-02.csv", content)
    site.load()
    assert names(site) == ["export.csv"]
