"""How long pages take: the whole site, and a filtered page over two million rows of metrics.

    python -m bench.pages

Makes up fifteen months of a site with 48 parts, writes its marts as a night does, builds the site,
then asks a real server on loopback for fifty different filtered pages, each for the first time.
Figures are medians; the reference of the same run is reading all columns of the metrics mart once.
"""

import statistics
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from itertools import islice, product
from pathlib import Path
from urllib.parse import quote

import polars as pl
import uvicorn

from dashboards.access import Access
from dashboards.mart_columns import COLUMNS
from dashboards.pages import quality, team
from dashboards.serve import Served, application
from dashboards.site import write_site
from flows.dashboard_settings import ROLES
from flows.marts import ROWS_A_GROUP

FIRST, AS_OF = date(1998, 11, 1), date(2000, 1, 31)
METRICS = (*quality.METRICS, *team.METRICS)
WATCHED = (*quality.METRICS[:4], "average_handle_time")
QUEUES = tuple(f"queue {number}" for number in range(12))
REASONS = tuple(f"reason {number}" for number in range(32))
SCOPES = (
    [("all", "all")]
    + [("queue", name) for name in QUEUES]
    + [("reason", name) for name in REASONS]
    + [("tenure_band", name) for name in ("0-89", "90-364", "365+")]
)
GRAIN_DAYS = {"day": 1, "rolling_7": 7, "rolling_28": 28, "rolling_91": 91, "rolling_365": 365}
ASKED = 50


def write_marts(folder: Path) -> int:
    """Marts with figures and norms; the number of rows of metrics."""
    folder.mkdir(parents=True)
    metrics = pl.concat(frames()).sort("scope_kind", "scope", "grain", "metric", "period_end")
    metrics.write_parquet(folder / "metrics.parquet", row_group_size=ROWS_A_GROUP)
    beside: dict[str, list[dict[str, object]]] = {
        "site": [
            {"name": "Bench", "time_zone": "Europe/Paris", "as_of": AS_OF}
            | {"first_data_on": FIRST, "last_data_on": AS_OF}
        ],
        "definitions": [
            dict[str, object](metric=metric, kind="proportion", unit="share", formula="a / b")
            | {"parameters": "", "version": "1"}
            for metric in METRICS
        ],
        "scopes": [dict[str, object](scope_kind=kind, scope=scope) for kind, scope in SCOPES],
        "verdicts": [verdict(metric) for metric in WATCHED],
    }
    for name, columns in COLUMNS.items():
        if name != "metrics":
            frame = pl.DataFrame(beside.get(name, []), schema=dict(columns))
            frame.write_parquet(folder / f"{name}.parquet")
    return metrics.height


def frames() -> Iterator[pl.DataFrame]:
    """For each metric and part of the service, every period of every grain."""
    periods = pl.concat([days(grain, length) for grain, length in GRAIN_DAYS.items()] + calendar())
    for number, (metric, (kind, scope)) in enumerate(product(METRICS, SCOPES)):
        value = 0.8 - 0.05 * (pl.col("period_end") > date(1999, 8, 1)).cast(pl.Float64)
        wobble = (pl.int_range(pl.len()) * 7919 + number * 104_729) % 997 / 997 * 0.06
        yield periods.select(
            pl.lit(metric).alias("metric"),
            "grain",
            "period_start",
            "period_end",
            pl.lit(kind).alias("scope_kind"),
            pl.lit(scope).alias("scope"),
            (900 * (value + wobble)).alias("numerator"),
            pl.lit(900.0).alias("denominator"),
            (value + wobble).alias("value"),
            (value + wobble - 0.03).alias("low"),
            (value + wobble + 0.03).alias("high"),
            *(
                pl.lit(None, dtype=pl.Float64).alias(name)
                for name in ("provisional", "provisional_low", "provisional_high")
            ),
            (pl.col("period_end") < AS_OF).alias("is_final"),
            pl.lit(False).alias("is_suppressed"),
        )


def days(grain: str, length: int) -> pl.DataFrame:
    """Every period of a rolling grain."""
    ends = pl.date_range(FIRST, AS_OF, eager=True).alias("period_end")
    return pl.DataFrame({"grain": grain, "period_end": ends}).with_columns(
        period_start=pl.col("period_end") - timedelta(days=length - 1)
    )


def calendar() -> list[pl.DataFrame]:
    """Weeks and months."""
    found = []
    for grain, every in (("week", "1w"), ("month", "1mo")):
        starts = pl.date_range(FIRST, AS_OF, every, eager=True).dt.truncate(every).unique().sort()
        frame = pl.DataFrame({"grain": grain, "period_start": starts})
        end = pl.col("period_start").dt.offset_by(every) - timedelta(days=1)
        found.append(frame.select("grain", end.alias("period_end"), "period_start"))
    return found


def verdict(metric: str) -> dict[str, object]:
    """A norm of the whole service, breached."""
    return {
        "as_of": AS_OF,
        "norm": f"{metric}:all:all",
        "metric": metric,
        "scope_kind": "all",
        "scope": "all",
        "state": "breached",
        "value": 0.75,
        "low": 0.72,
        "high": 0.78,
        "level": 0.95,
        "target": 0.8,
        "direction": "at_least",
        "window": "rolling_28",
        "period_start": AS_OF - timedelta(days=27),
        "period_end": AS_OF,
        "numerator": 675.0,
        "denominator": 900.0,
        "nights": 9,
        "since": AS_OF,
        "is_backfilled": False,
        "is_detected": False,
        "policy_version": "1",
    }


def addresses(address: str) -> list[str]:
    """Fifty views that differ in scope, grain or period."""
    scopes = [f"queue:{name}" for name in QUEUES] + [f"reason:{name}" for name in REASONS]
    views = product(("week", "month", "day"), scopes)
    return [
        f"{address}/quality.html?grain={grain}&scope={quote(scope)}"
        for grain, scope in islice(views, 0, None, 2)
    ][:ASKED]


@contextmanager
def served(marts: Path) -> Iterator[str]:
    """A server for whoever is on this machine, on a free port."""
    app = application(
        Served(marts, "en", {}), Access(ROLES, role_of_all="director"), ("127.0.0.1",)
    )
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def get(address: str) -> None:
    """Ask for a page and read all of it."""
    with urllib.request.urlopen(address) as answer:
        answer.read()


def seconds(doing: Callable[[], object]) -> float:
    """How long it takes."""
    begun = time.perf_counter()
    doing()
    return time.perf_counter() - begun


def tell(what: str, taken: float, reference: float) -> None:
    """Print a time, and its ratio to the reference."""
    print(f"{what}: {1000 * taken:.0f} ms, {taken / reference:.2f} of the reference")


def main() -> None:
    """Print how long each takes."""
    with tempfile.TemporaryDirectory(prefix="qos-pages-") as home:
        marts = Path(home) / "marts"
        rows = write_marts(marts)
        print(f"{rows:,} rows of metrics, {len(SCOPES)} parts of the service")
        reference = seconds(lambda: pl.read_parquet(marts / "metrics.parquet"))
        print(f"reference, reading all of them: {1000 * reference:.0f} ms")
        first = seconds(lambda: write_site(marts, Path(home) / "pages"))
        again = seconds(lambda: write_site(marts, Path(home) / "pages"))
        tell("all pages as files, libraries loaded for it", first, reference)
        tell("all pages as files, once more", again, reference)
        heaviest = max(path.stat().st_size for path in (Path(home) / "pages/current").iterdir())
        print(f"the heaviest page: {heaviest / 1000:.0f} kB")
        with served(marts) as address:
            taken = [seconds(partial(get, url)) for url in addresses(address)]
            repeated = [seconds(partial(get, url)) for url in addresses(address)]
        tell(f"{ASKED} filtered pages, median", statistics.median(taken), reference)
        tell(f"{ASKED} filtered pages, slowest", max(taken), reference)
        tell("the same ones again, median", statistics.median(repeated), reference)


if __name__ == "__main__":
    main()
