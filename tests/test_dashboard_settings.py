"""What a site says of its pages: closed unless told otherwise, every fault in a sentence."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from dashboards.access import fits, hash_of, is_hash
from dashboards.page_names import PAGES
from flows.settings import Settings, load_settings
from warehouse.errors import ConfigurationError

HASH = hash_of("correct horse battery")
SITE = '[site]\nname = "Ours"\ntime_zone = "Europe/Paris"\n'
USER = f'[dashboard.users.claire]\nrole = "manager"\npassword = "{HASH}"\n'


def load(tmp_path: Path, text: str) -> Settings:
    config = tmp_path / "qos.toml"
    config.write_text(SITE + text)
    return load_settings(config)


def test_without_users_whoever_is_on_the_machine_may_look(tmp_path: Path) -> None:
    said = load(tmp_path, "").dashboard
    assert said.access.role_of_all == "director"
    assert said.host == "127.0.0.1"
    assert said.hosts == ("127.0.0.1", "localhost", "::1")


def test_with_users_nobody_else_gets_in(tmp_path: Path) -> None:
    said = load(
        tmp_path,
        '[dashboard]\nhost = "0.0.0.0"\nurl = "https://qos.example/pages"\n'
        "rebase_on = [1999-04-12, 1999-04-12, 1999-01-01]\n"
        f"{USER}"
        '[dashboard.roles]\nanalyst = ["index"]\n'
        '[dashboard.folders]\nreports = "papers"\n',
    ).dashboard
    assert said.access.role_of_all is None
    assert said.access.users["claire"].role == "manager"
    assert said.access.roles["analyst"] == ("index",)
    assert said.access.roles["director"] == (*PAGES, "dossier")
    assert "qos.example" in said.hosts
    assert said.folders == {"reports": tmp_path / "papers"}
    assert said.rebase_on == (date(1999, 1, 1), date(1999, 4, 12))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[dashboard]\nhost = "0.0.0.0"\n', "is open to others: name users first"),
        (f'[dashboard]\nhost = "0.0.0.0"\n{USER}', "is open to others: give the url"),
        ('[dashboard.users.x]\nrole = "boss"\n', "'director', 'manager' or 'analyst'"),
        ('[dashboard.users.x]\nrole = "manager"\npassword = "secret"\n', "is no hash"),
        ('[dashboard.users.x]\nrole = "manager"\n', "without a proxy, a password is needed"),
        ('[dashboard.roles]\nanalyst = ["salaries"]\n', "there is no page salaries"),
        ('[dashboard.proxy]\nheader = "X-User"\naddresses = ["10.0.0.1"]\n', "give users"),
        ('[dashboard.proxy]\nheader = "X-User"\naddresses = ["proxy"]\n', "is no IP address"),
        ('[dashboard.folders]\nindex = "x"\n', "cannot name a folder"),
        ('[dashboard.folders]\n"../x" = "x"\n', "cannot name a folder"),
        ("[dashboard]\nport = 0\n", "port"),
        ('[dashboard]\nurl = "qos.example"\n', "url"),
    ],
)
def test_a_dashboard_that_would_be_open_by_oversight_is_refused(
    tmp_path: Path, text: str, fault: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, text)
    assert fault in str(caught.value)
    assert "secret" not in str(caught.value).replace("password", ""), "nor shown"


def test_a_hash_knows_its_password_and_no_two_are_alike() -> None:
    assert fits("correct horse battery", HASH)
    assert not fits("correct horse batter", HASH)
    assert hash_of("correct horse battery") != HASH


@pytest.mark.parametrize(
    "text",
    [
        "",
        "secret",
        "scrypt$1$2$3",
        HASH.replace("scrypt", "bcrypt"),
        HASH.replace("32768", "2"),
        HASH.replace("32768", str(2**30)),
        HASH.replace("32768", "32767"),
        HASH[:-8],
    ],
    # A salt is random: named by it, tests would have another name in every process.
    ids=["nothing", "a word", "too few parts", "scheme", "cheap", "dear", "no power", "cut off"],
)
def test_what_is_no_hash_or_costs_too_little_or_too_much_is_refused(text: str) -> None:
    assert is_hash(HASH)
    assert not is_hash(text)


def password(typed: str) -> subprocess.CompletedProcess[str]:
    program = "import sys; from flows.cli import main; sys.argv = ['qos', 'dashboard', 'password']"
    return subprocess.run(
        [sys.executable, "-c", f"{program}; sys.exit(main())"],
        input=typed,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
        check=False,
    )


def test_the_command_hashes_a_password_and_refuses_a_short_one() -> None:
    made = password("correct horse battery\n")
    assert made.returncode == 0
    assert fits("correct horse battery", made.stdout.strip())
    short = password("horse\n")
    assert (short.returncode, short.stdout) == (2, "")
    assert short.stderr == "qos: A password has at least 10 characters.\n"
