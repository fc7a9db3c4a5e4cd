"""Rules of the repository: what is installed, what is committed, who may import whom."""

import ast
import importlib
import importlib.metadata
import inspect
import itertools
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from warehouse.build import metric_kinds
from warehouse.parameters import Parameters

ROOT = Path(__file__).parents[1]
PACKAGES = ("flows", "checks", "warehouse", "dashboards")
MAY_IMPORT = {
    "flows": {"flows", "checks", "warehouse", "dashboards"},
    "checks": {"checks", "warehouse"},
    "warehouse": {"warehouse"},
    "dashboards": {"dashboards"},
}
ERRORS = "warehouse.errors"  # shared by all: the exit code belongs to the fault
LOCKS = ("requirements.lock", "requirements-dev.lock")
MODELS = ("staging", "facts", "metrics", "marts")
MOST_HEADER_LINES = 5  # grain, why, who reads it, how it is rewritten
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

FOREIGN_ADDRESS = re.compile(r"https?://[a-z.-]*(pypi|pythonhosted|npmjs)|-{2}(extra-)?index-url")
MACHINE_PATH = re.compile(r"(?<![\w.$~}/-])/(work|root|home|Users|farm)/")


def committed_files() -> Iterator[Path]:
    """What git has or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (ROOT / name.decode() for name in listed.stdout.split(b"\0") if name)
    return (path for path in paths if path.is_file())


def pins(lock: str) -> dict[str, tuple[Version, int]]:
    """Version and number of hashes by package; a line of any other form is a failure."""
    found: dict[str, tuple[Version, int]] = {}
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    for line in filter(None, (line.partition("#")[0].strip() for line in text.splitlines())):
        match = re.fullmatch(r"([a-z0-9.-]+)==(\S+)((?:\s+--hash=sha256:[0-9a-f]{64})+)", line)
        assert match, f"{lock}: not a pinned and hashed package: {line[:80]}"
        found[canonicalize_name(match[1])] = (Version(match[2]), match[3].count("--hash"))
    return found


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{path}: relative imports hide who imports whom"
            yield node.module


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in the wheel; built from a copy, for building writes into its source."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*build, "--no-build-isolation", "-w", built, source], check=True)
    return set(zipfile.ZipFile(next(built.glob("*.whl"))).namelist())


def test_the_wheel_holds_all_that_the_packages_are_made_of(wheel: set[str]) -> None:
    files = {
        path.relative_to(ROOT).as_posix()
        for path in committed_files()
        if path.relative_to(ROOT).parts[0] in PACKAGES
    }
    assert files
    assert files - wheel == set()


def test_the_wheel_holds_nothing_else(wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_and_hashes_each_package_and_names_no_address(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")
    assert pins(lock)


def test_the_locks_agree() -> None:
    runtime, development = map(pins, LOCKS)
    both = runtime.keys() & development.keys()
    assert {name: development[name] for name in both} == {name: runtime[name] for name in both}


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = PYPROJECT["project"]
    asked = [(LOCKS[0], line) for line in project["dependencies"]]
    asked += [(LOCKS[0], line) for line in PYPROJECT["build-system"]["requires"]]
    asked += [(LOCKS[1], line) for line in project["optional-dependencies"]["dev"]]
    for lock, line in asked:
        requirement = Requirement(line)
        version, _ = pins(lock)[canonicalize_name(requirement.name)]
        assert version in requirement.specifier, f"{lock} has {version}, asked for is {line}"


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in committed_files():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        for number, line in enumerate(text.splitlines(), 1):
            if FOREIGN_ADDRESS.search(line) or MACHINE_PATH.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_go_one_way(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in (ROOT / package).rglob("*.py")
        for module in imported_modules(path)
        if module.split(".")[0] in set(PACKAGES) - MAY_IMPORT[package] and module != ERRORS
    ]
    assert wrong == []


def test_what_is_imported_is_a_declared_dependency() -> None:
    declared = {
        canonicalize_name(Requirement(line).name) for line in PYPROJECT["project"]["dependencies"]
    }
    providers = importlib.metadata.packages_distributions()
    tops = {
        module.split(".")[0]
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for module in imported_modules(path)
    }
    known_to_type_checkers_only = {"_typeshed"}
    foreign = tops - set(PACKAGES) - sys.stdlib_module_names - known_to_type_checkers_only
    undeclared = {
        top
        for top in foreign
        if not {canonicalize_name(name) for name in providers.get(top, ())} & declared
    }
    assert undeclared == set()


def test_no_module_of_ours_is_called_like_a_package() -> None:
    # pytest puts tests/ first on the path, and Prefect does so with flows/ if told to run a file.
    # slack-sdk still ships its name of old, `slack`; nothing we use imports it.
    taken = set(importlib.metadata.packages_distributions()) | sys.stdlib_module_names
    ours = {path.stem for folder in ("tests", "flows") for path in (ROOT / folder).glob("*.py")}
    assert (ours & taken) - {"slack"} == set()


@pytest.mark.parametrize("layer", MODELS)
def test_a_model_begins_by_saying_its_grain_and_not_much_more(layer: str) -> None:
    wrong = []
    for path in (ROOT / "warehouse" / layer).glob("*.sql"):
        lines = path.read_text(encoding="utf-8").splitlines()
        header = list(itertools.takewhile(lambda line: line.startswith("--"), lines))
        is_model = not path.name.endswith((".since.sql", ".due.sql", ".keys.sql"))
        opening = "-- Grain: " if is_model else "-- "
        if len(header) > MOST_HEADER_LINES or not lines[0].startswith(opening):
            wrong.append(f"{layer}/{path.name}")
    assert wrong == []


def test_every_metric_is_in_the_glossary() -> None:
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    metrics = metric_kinds(Parameters(time_zone="Europe/Paris"))
    assert metrics
    assert [name for name in metrics if f"**{name}**" not in glossary] == []


def test_deployments_name_flows_by_module_with_parameters_that_they_have() -> None:
    from prefect import Flow
    from ruamel.yaml import YAML

    deployments = YAML(typ="safe").load(ROOT / "prefect.yaml")["deployments"]
    names = {deployment["name"] for deployment in deployments}
    assert names == {"nightly", "on_demand", "deliver"}
    for deployment in deployments:
        module, _, name = deployment["entrypoint"].partition(":")
        flow = getattr(importlib.import_module(module), name)
        assert isinstance(flow, Flow)
        assert deployment["parameters"].keys() <= inspect.signature(flow.fn).parameters.keys()
