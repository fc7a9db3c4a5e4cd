"""Accidents leave no trace: the night after one ends as if it had not happened.

bench/kill_harness.py does this hundreds of times, with the command itself.
"""

import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest
from interrupted import InterruptedSite, preload

from warehouse import kept
from warehouse.folders import Folders

FIRST_DAYS = [date(2000, 2, day) for day in range(4, 29)]
LAST_NIGHT, TONIGHT = date(2000, 2, 28), date(2000, 3, 2)
KILLS = 20
READ_ONLY, UNREADABLE, OWNERS = 0o500, 0o000, 0o700


@dataclass(frozen=True)
class Twins:
    """A site before tonight, what it must hold after it, and how long tonight takes."""

    before: InterruptedSite
    after: dict[str, list[tuple[object, ...]]]
    seconds: float

    def copy(self, home: Path) -> InterruptedSite:
        shutil.copytree(self.before.home, home, symlinks=True, dirs_exist_ok=True)
        return InterruptedSite(home)


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Twins:
    preload()
    before = InterruptedSite(tmp_path_factory.mktemp("before"))
    for day in FIRST_DAYS:
        before.deliver(day)
    assert before.night(LAST_NIGHT) == 0
    for day in (date(2000, 2, 29), date(2000, 3, 1), TONIGHT):
        before.deliver(day)
    undisturbed = Twins(before, {}, 0).copy(tmp_path_factory.mktemp("undisturbed"))
    begun = time.monotonic()
    assert undisturbed.night(TONIGHT) == 0
    return Twins(before, undisturbed.account(), time.monotonic() - begun)


def test_nights_killed_at_random_moments(tmp_path: Path, twins: Twins) -> None:
    site, moments = twins.copy(tmp_path), random.Random(1)
    ends = [
        site.night(TONIGHT, killed_after=moments.uniform(0, twins.seconds)) for _ in range(KILLS)
    ]
    assert set(ends) <= {0, -9}
    assert -9 in ends
    assert site.night(TONIGHT) == 0
    assert site.account() == twins.after
    assert site.unaccounted() == []


def test_a_disk_that_fills_up(tmp_path: Path, twins: Twins) -> None:
    """Whatever file does not fit any more: a sentence, exit 2, and the night can be run again."""
    site = twins.copy(tmp_path)
    for most_bytes in (0, 1_000, 20_000, 150_000, 1_000_000, 4_000_000):
        assert site.night(TONIGHT, most_bytes=most_bytes) == 2, most_bytes
        assert kept.night_of(site.warehouse) == LAST_NIGHT
    assert "Traceback" not in (site.home / "said.txt").read_text()
    assert site.night(TONIGHT) == 0
    assert site.account() == twins.after


@pytest.mark.parametrize(
    "place", ["var", "var/archive", "var/raw", "var/quarantine", "var/marts", "var/pages"]
)
def test_a_folder_that_may_not_be_written_to(tmp_path: Path, twins: Twins, place: str) -> None:
    """A sentence that names it, and exit 2; with the right to write, the night ends as ever."""
    site = twins.copy(tmp_path)
    with permitted(site.home / place, READ_ONLY):
        assert site.night(TONIGHT, is_nobody_special=True) == 2
    said = (site.home / "said.txt").read_text()
    assert str(site.home / place) in said.splitlines()[-1]
    assert "Traceback" not in said
    assert site.night(TONIGHT) == 0
    assert site.account() == twins.after


def test_landing_is_read_only_read_and_the_site_need_not_be_written_to(
    tmp_path: Path, twins: Twins
) -> None:
    site = twins.copy(tmp_path)
    with permitted(site.home / "landing", UNREADABLE):
        assert site.night(TONIGHT, is_nobody_special=True) == 2
    said = (site.home / "said.txt").read_text()
    assert said.splitlines()[-1].startswith(str(site.home / "landing"))
    assert kept.night_of(site.warehouse) == LAST_NIGHT
    with permitted(site.home / "landing", READ_ONLY):
        site.home.chmod(READ_ONLY)
        assert site.night(TONIGHT, is_nobody_special=True) == 0
        site.home.chmod(OWNERS)
    assert site.account() == twins.after


@contextmanager
def permitted(folder: Path, mode: int) -> Iterator[None]:
    """The folder and all below it with other permissions, for a while."""
    folders = [folder, *(path for path in folder.rglob("*/") if not path.is_symlink())]
    for path in folders:
        path.chmod(mode)
    yield
    for path in folders:
        path.chmod(OWNERS)


def test_everything_is_made_anew_from_the_archive_alone(tmp_path: Path, twins: Twins) -> None:
    site = twins.copy(tmp_path)
    before = site.account()
    shutil.rmtree(site.home / "landing")
    for derived in ("raw", "quarantine", "marts", "pages"):
        shutil.rmtree(site.home / "var" / derived)
    site.warehouse.unlink()
    assert site.night(LAST_NIGHT, is_full=True) == 0
    assert site.account() == before


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def zero_the_header(path: Path) -> None:
    path.write_bytes(bytes(12_288) + path.read_bytes()[12_288:])


def write_something_else(path: Path) -> None:
    path.write_bytes(b"not a database " * 10_000)


DAMAGES = (truncate, empty, zero_the_header, write_something_else)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_warehouse_gives_way_to_the_last_good_one(
    tmp_path: Path, twins: Twins, damage: Callable[[Path], None]
) -> None:
    site = twins.copy(tmp_path)
    folders = Folders(site.warehouse)
    good = folders.kept / "2000-02-28-good.duckdb"
    good.parent.mkdir(exist_ok=True)
    shutil.copy(folders.warehouse, good)
    for path in (folders.warehouse, folders.kept / "2000-02-29-newer.duckdb"):
        if not path.exists():
            shutil.copy(folders.warehouse, path)
        path.chmod(0o600)
        damage(path)
    said = kept.replace_damaged(folders)
    assert "does not open any more" in said
    assert "2000-02-28-good.duckdb takes its place" in said
    assert kept.night_of(folders.warehouse) == LAST_NIGHT
    assert folders.damaged.exists()
    assert [path.name for path in folders.kept.iterdir()] == [good.name]


def test_a_night_goes_on_without_the_damaged_warehouse(tmp_path: Path, twins: Twins) -> None:
    """Blocks in the middle are gone, which only shows on the way; there is no other to fall back on."""
    site = twins.copy(tmp_path)
    shutil.rmtree(site.home / "var/kept", ignore_errors=True)
    site.warehouse.chmod(0o600)
    with site.warehouse.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * (site.warehouse.stat().st_size - 3 * 4096))
    assert site.night(TONIGHT) == 0
    assert "everything is made anew from the archive" in (site.home / "said.txt").read_text()
    assert site.account() == twins.after


def test_two_nights_at_once_before_an_open_session(tmp_path: Path, twins: Twins) -> None:
    """One works, the other leaves with exit 5, or comes when all is done. Who reads goes on reading
    what he read before."""
    site = twins.copy(tmp_path)
    with duckdb.connect(site.warehouse, read_only=True) as session:
        session.execute("begin")
        before = session.execute("select count(*) from staging.calls").fetchone()
        both = [site.start(TONIGHT) for _ in range(2)]
        for process in both:
            process.join()
        assert session.execute("select count(*) from staging.calls").fetchone() == before
    assert sorted(process.exitcode or 0 for process in both) in ([0, 0], [0, 5])
    assert site.account() == twins.after
