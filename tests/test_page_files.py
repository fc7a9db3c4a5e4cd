"""The pages as files: closed, light, the same bytes every time, put in place by one link."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import marts_fixture as made
import polars as pl
import pytest

import bench.pages
from dashboards.marts import read_marts
from dashboards.page_names import PAGES
from dashboards.site import write_site
from warehouse.errors import ConfigurationError


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pages of a site with everything, its marts beside it."""
    home = tmp_path_factory.mktemp("site")
    marts = made.write_marts(home / "marts", **made.full_site())
    return write_site(marts, home / "pages").parent


def test_text_from_data_is_never_markup(tmp_path: Path) -> None:
    attack = "</p><script>alert(1)</script>"
    marts = made.write_marts(
        tmp_path / "marts",
        site=[made.site()[0] | {"name": attack}],
        definitions=made.definitions(),
        verdicts=[made.verdict("service_level", scope_kind="queue", scope=attack)],
        triggers=[made.trigger("quality", "watch", attack)],
        incidents=[made.incident("norm:service_level:queue:x", "breached", attack)],
        quarantine=[
            {"feed": "calls", "name": "x.csv", "rule": attack, "rows": 1}
            | {"rows_open": 1, "rows_closed": 0}
        ],
        metrics=[
            made.metric_row("service_level", *days, 0.5, 10, 0.1, (kind, scope)) | {"grain": grain}
            for days in list(made.weeks())[-2:]
            for kind, scope, grain in (("all", "all", "week"), ("queue", attack, "rolling_28"))
        ],
        events=[{"day": date(2026, 3, 24), "label": attack, "is_rebase": True}],
    )
    first = write_site(marts, tmp_path / "pages")
    pages = [path.read_text() for path in first.parent.iterdir()]
    assert len(pages) == len(PAGES)
    assert "<script" not in "".join(pages)
    assert "".join(pages).count("&lt;script&gt;") >= 16


def test_the_same_marts_give_the_same_bytes_in_any_process(full: Path) -> None:
    marts = full.parents[1] / "marts"
    program = (
        "import sys; from pathlib import Path; from dashboards.marts import read_marts\n"
        "from dashboards.render import PAGES, Filters, render\n"
        f"marts = read_marts(Path({str(marts)!r}))\n"
        "sys.stdout.write(''.join(render(page, Filters(), marts) for page in PAGES))"
    )
    again = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(Path(__file__).parents[1]), "TZ": "Pacific/Auckland"},
        capture_output=True,
        check=True,
    )
    assert again.stdout == b"".join((full / f"{page}.html").read_bytes() for page in PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_light(full: Path, page: str) -> None:
    assert (full / f"{page}.html").stat().st_size < 200_000


def test_pages_of_a_service_in_48_parts_are_light_too(tmp_path: Path) -> None:
    bench.pages.write_marts(tmp_path / "marts")
    pages = write_site(tmp_path / "marts", tmp_path / "pages").parent
    assert {path.name for path in pages.iterdir() if path.stat().st_size >= 200_000} == set()


def test_pages_are_swapped_by_a_link_and_the_last_two_are_kept(tmp_path: Path) -> None:
    marts = made.write_marts(tmp_path / "1", site=made.site())
    link = tmp_path / "current"
    link.symlink_to(marts)
    pages = tmp_path / "pages"
    (pages / "000009.unfinished").mkdir(parents=True)
    for night in range(9):
        newest = write_site(link, pages)
        assert newest == pages / "current" / "index.html"
        assert newest.resolve() == (pages / f"{night + 1:06d}" / "index.html").resolve()
    assert sorted(path.name for path in pages.iterdir()) == ["000008", "000009", "current"]
    assert (pages / "current").is_symlink()


def test_all_faults_of_the_marts_are_named_at_once(tmp_path: Path) -> None:
    made.write_marts(tmp_path, site=made.site())
    (tmp_path / "files.parquet").unlink()
    pl.DataFrame({"suite": ["x"]}).write_parquet(tmp_path / "checks.parquet")
    made_twice = pl.DataFrame(made.site() * 2, schema=made.SCHEMAS["site"])
    made_twice.write_parquet(tmp_path / "site.parquet")
    with pytest.raises(ConfigurationError) as caught:
        write_site(tmp_path, tmp_path / "pages")
    assert len(caught.value.faults) == 3
    assert "checks.parquet: no column is_success, observed, rule, severity" in str(caught.value)
    assert not (tmp_path / "pages").exists()


def test_dates_and_flags_may_come_as_a_small_database_keeps_them(tmp_path: Path) -> None:
    made.write_marts(tmp_path, site=made.site())
    row = made.verdict("service_level")
    row |= {name: str(day) for name, day in row.items() if isinstance(day, date)}
    pl.DataFrame([row | {"is_backfilled": 1}]).write_parquet(tmp_path / "verdicts.parquet")
    read = read_marts(tmp_path).verdicts.row(0, named=True)
    assert (read["since"], read["is_backfilled"]) == (date(2026, 2, 3), True)
