"""A few of the random schedules of faults that `bench/fault_schedules.py` runs by the thousand."""

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from fault_schedules import PROCESSES, run_schedule

SCHEDULES = 20


def test_killed_at_random_moments_every_message_arrives_exactly_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    folders = [tmp_path / str(seed) for seed in range(SCHEDULES)]
    for folder in folders:
        folder.mkdir()
    with ProcessPoolExecutor(SCHEDULES, PROCESSES) as pool:  # they mostly wait
        outcomes = list(pool.map(run_schedule, range(SCHEDULES), folders))
    assert [problem for outcome in outcomes for problem in outcome.problems] == []
    killed = sum(outcome.counts["killed"] for outcome in outcomes)
    assert killed >= SCHEDULES
