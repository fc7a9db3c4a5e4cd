"""An account without a home folder, as services have, can run nights."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# What a run does before its flow, and where Prefect then keeps its temporary server's data.
STARTED = """
import sys
from flows import cli
sys.argv = ["qos", "show", "files", "--warehouse", "none.duckdb"]
cli.main()
from prefect.settings import PREFECT_HOME
print(PREFECT_HOME.value(), PREFECT_HOME.value().is_dir())
"""


@pytest.mark.parametrize("has_home", [True, False])
def test_prefect_has_a_home_for_as_long_as_a_run(tmp_path: Path, has_home: bool) -> None:
    home = tmp_path if has_home else tmp_path / "gone"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    said = subprocess.run(
        [sys.executable, "-c", STARTED],
        env=environment | {"HOME": str(home), "TMPDIR": str(tmp_path)},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    folder, _, is_there = said.stdout.strip().rpartition(" ")
    assert (Path(folder) == home / ".prefect") is has_home
    if not has_home:
        assert is_there == "True"
        assert Path(folder).parent == tmp_path
        assert not Path(folder).exists()
        assert not home.exists()
