"""The server: who gets in and sees what, filters, CSV, and last night's figures while one runs."""

import base64
import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import marts_fixture as made
import pytest
from page_text import text_of
from starlette.testclient import TestClient

from dashboards.access import Access, Proxy, User, hash_of
from dashboards.page_names import PAGES
from dashboards.serve import Served, application
from flows.dashboard_settings import ROLES

PASSWORD = "correct horse battery"
HASH = hash_of(PASSWORD)
USERS = {name: User(name, HASH) for name in ROLES} | {"zoé": User("manager", HASH)}
OPEN_TO_ALL = Access(ROLES, role_of_all="director")
ADDRESS = "http://127.0.0.1"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site: marts behind a link, a folder of dossiers, and a key that is nobody's business."""
    home = tmp_path_factory.mktemp("home")
    made.write_marts(home / "marts" / "000001", **made.full_site())
    (home / "marts" / "current").symlink_to("000001")
    (home / "dossiers").mkdir()
    (home / "dossiers" / "dossier_2026-03-31.html").write_text("<p>All that is known.</p>")
    (home / "dossiers" / ".draft.html").write_text("not yet")
    (home / "key").write_text("SECRETKEY")
    (home / "dossiers" / "way_out").symlink_to(home / "key")
    return home


def client(home: Path, access: Access = OPEN_TO_ALL, language: str = "en") -> TestClient:
    served = Served(home / "marts" / "current", language, {"dossier": home / "dossiers"})
    return TestClient(application(served, access, ("127.0.0.1",)), base_url=ADDRESS)


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[TestClient]:
    with client(home) as opened:
        yield opened


def basic(name: str, password: str = PASSWORD) -> dict[str, str]:
    pair = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


# Pages and filters


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_answered_closed(site: TestClient, page: str) -> None:
    answer = site.get(f"/{page}.html")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "<script" not in answer.text


def test_the_address_is_the_view(site: TestClient) -> None:
    everything = text_of(site.get("/quality.html").text)
    assert "Service level, by week" in everything
    part = site.get("/quality.html?scope=queue:billing").text
    assert 'value="queue:billing" selected' in part
    assert "No figures with these filters" in text_of(part), "the fixture has 28 days by queue only"
    short = text_of(site.get("/quality.html?from=2026-01-01&to=2026-02-28&grain=week").text)
    assert "23 Feb 2026" not in short, "a week that ends after the period"
    assert "16 Feb 2026" in short
    assert "22 Dec 2025" not in short


def test_limits_come_from_the_whole_history_whatever_period_is_shown(site: TestClient) -> None:
    address = "/quality.html?from=2026-02-01"
    assert "Below the limits of usual variation around 84." in text_of(site.get(address).text)


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("scope=queue:a&scope=reason:b", "scope is given more than once; one at a time."),
        ("scope=agent:7", "scope is “agent:7”; write all, or one of queue, reason, provider,"),
        ("grain=rolling_28", "grain is “rolling_28”; there are day, week, month."),
        ("from=31/01/2000", "from is “31/01/2000”; write a day as 2000-01-31."),
        ("from=2000-02-01&to=2000-01-01", "from 2000-02-01 is after to 2000-01-01."),
    ],
)
def test_an_address_that_asks_for_the_impossible_is_told_why(
    site: TestClient, query: str, fault: str
) -> None:
    answer = site.get(f"/quality.html?{query}")
    assert answer.status_code == 400
    assert fault in text_of(answer.text)


def test_faults_are_said_in_the_language_of_the_site(home: Path) -> None:
    answer = client(home, language="fr").get("/quality.html?grain=hour&from=x")
    said = text_of(answer.text)
    assert "grain vaut « hour »" in said
    assert "une date s’écrit 2000-01-31" in said


def test_what_an_address_says_is_never_markup(site: TestClient) -> None:
    for address in ("/quality.html?scope=queue:<script>", "/quality.html?grain=<script>"):
        assert "<script>" not in site.get(address).text


# Tables as CSV


def rows_of(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=delimiter))


def test_a_table_comes_as_csv_with_all_its_digits(site: TestClient) -> None:
    answer = site.get("/quality.csv?table=service_level&from=2026-03-01")
    assert answer.headers["content-disposition"] == (
        'attachment; filename="quality-service_level-2026-03-31.csv"'
    )
    rows = rows_of(answer.text)
    assert [row["period_start"] for row in rows] == [
        "2026-03-23",
        "2026-03-16",
        "2026-03-09",
        "2026-03-02",
        "2026-02-23",
    ]
    assert len(rows[0]["value"]) > 10
    assert float(rows[0]["value"]) * float(rows[0]["denominator"]) == pytest.approx(
        float(rows[0]["numerator"])
    )


def test_french_csv_opens_in_a_french_spreadsheet(home: Path) -> None:
    answer = client(home, language="fr").get("/quality.csv?table=service_level")
    assert rows_of(answer.text, ";")[0]["value"].startswith("0,")


def test_a_withheld_group_is_withheld_in_the_csv_too(site: TestClient) -> None:
    rows = rows_of(site.get("/quality.csv?table=service_level_tenure_band").text)
    closed = [row for row in rows if row["is_suppressed"] == "1"]
    assert [row["group"] for row in closed] == ["under 90 days"]
    assert {closed[0][name] for name in ("value", "low", "high", "numerator", "denominator")} == {
        ""
    }


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_no_cell_is_a_formula(tmp_path: Path, sign: str) -> None:
    marts = made.full_site() | {
        "quarantine": [
            {"feed": "calls", "name": "x.csv", "rule": sign, "rows": 1}
            | {"rows_open": 1, "rows_closed": 0}
        ]
    }
    made.write_marts(tmp_path / "marts" / "current", **marts)
    text = client(tmp_path).get("/data.csv?table=quarantine").text
    assert rows_of(text)[0]["rule"] == f"'{sign}"


def test_a_table_that_is_not_on_the_page_is_not_found(site: TestClient) -> None:
    assert site.get("/quality.csv?table=outbox").status_code == 404
    assert site.get("/quality.csv").status_code == 404


# Who gets in


def test_nobody_gets_in_without_the_right_name_and_password(home: Path) -> None:
    locked = client(home, Access(ROLES, USERS))
    for headers in (
        {},
        basic("manager", "wrong"),
        basic("nobody"),
        basic("manager", ""),
        {"Authorization": "Basic %%%"},
        {"Authorization": "Bearer x"},
        {"X-Remote-User": "manager"},
    ):
        for address in ("/", "/quality.csv?table=x", "/dossier/a"):
            answer = locked.get(address, headers=headers)
            assert answer.status_code == 401, (headers, address)
            assert answer.headers["www-authenticate"].startswith("Basic ")
            assert "Service level" not in answer.text
    assert locked.get("/", headers=basic("manager")).status_code == 200
    assert locked.get("/", headers=basic("zoé")).status_code == 200
    assert locked.get("/", headers=basic("manager", "wrong")).status_code == 401, "still"


SEEN = {
    "director": {*PAGES, "dossier"},
    "manager": set(PAGES),
    "analyst": {"index", "quality", "team", "turnover", "data"},
}


@pytest.mark.parametrize("role", SEEN)
def test_a_role_sees_its_pages_and_folders_and_no_links_to_others(home: Path, role: str) -> None:
    locked = client(home, Access(ROLES, USERS))
    addresses = {name: f"/{name}.html" for name in PAGES} | {"dossier": "/dossier/"}
    for name, address in addresses.items():
        answer = locked.get(address, headers=basic(role))
        assert answer.status_code == (200 if name in SEEN[role] else 403), name
    first = locked.get("/", headers=basic(role)).text
    for name in PAGES:
        assert (f'href="{name}.html"' in first) == (name in SEEN[role])
    assert ('href="dossier/"' in first) == (role == "director")
    csv_answer = locked.get("/cost.csv?table=x", headers=basic(role))
    assert csv_answer.status_code == (404 if "cost" in SEEN[role] else 403)


def test_a_proxy_is_believed_from_its_own_address_only(home: Path) -> None:
    users = {"claire": User("manager")}
    header = {"X-Remote-User": "claire"}
    for address, status in (("testclient", 200), ("10.0.0.1", 401)):
        access = Access(ROLES, users, Proxy("X-Remote-User", (address,)))
        locked = client(home, access)
        assert locked.get("/", headers=header).status_code == status
        assert locked.get("/", headers={"X-Remote-User": "other"}).status_code == 401
        assert locked.get("/", headers=basic("claire", "")).status_code == 401


def test_other_names_and_methods_are_refused(home: Path, site: TestClient) -> None:
    assert site.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert site.post("/").status_code == 405
    assert site.get("/unknown.html").status_code == 404


# Folders


def test_a_folder_lists_and_hands_out_its_files(site: TestClient) -> None:
    listing = site.get("/dossier/").text
    assert 'href="dossier_2026-03-31.html"' in listing
    assert ".draft.html" not in listing
    answer = site.get("/dossier/dossier_2026-03-31.html")
    assert answer.text == "<p>All that is known.</p>"
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "../key",
        "%2e%2e/key",
        "..%2fkey",
        "..%5ckey",
        "./../key",
        "x/../../key",
        "way_out",
        ".draft.html",
        "%00",
        "a" * 5000,
        "",
        "/etc/passwd",
        "%2fetc%2fpasswd",
    ],
)
def test_no_path_leads_out_of_a_folder(site: TestClient, path: str) -> None:
    answer = site.get(f"{ADDRESS}/dossier/{path}")
    assert "SECRETKEY" not in answer.text
    assert "root:" not in answer.text
    assert path == "" or answer.status_code in (404, 400)


# While a night runs


def test_a_page_opened_while_the_night_runs_shows_last_night_complete(tmp_path: Path) -> None:
    """Half of the new marts lie in their folder, and the link still points to the old ones."""
    marts = tmp_path / "marts"
    made.write_marts(marts / "000001", **made.full_site())
    (marts / "current").symlink_to("000001")
    opened = client(tmp_path)
    tomorrow = made.AS_OF + timedelta(1)
    made.write_marts(marts / "000002", site=made.site(as_of=tomorrow))
    (marts / "000002" / "metrics.parquet").unlink()
    assert "Figures up to 31 March 2026" in opened.get("/quality.html").text.replace("\xa0", " ")
    made.write_marts(marts / "000002", **made.full_site() | {"site": made.site(as_of=tomorrow)})
    (marts / "new").symlink_to("000002")
    (marts / "new").replace(marts / "current")
    assert "Figures up to 1 April 2026" in opened.get("/quality.html").text.replace("\xa0", " ")


def test_marts_that_go_away_under_a_reader_are_read_again_from_the_new_link(
    tmp_path: Path,
) -> None:
    marts = tmp_path / "marts"
    for number in (1, 2):
        made.write_marts(marts / f"00000{number}", **made.full_site())
    (marts / "current").symlink_to("000001")
    opened = client(tmp_path)
    assert opened.get("/quality.html").status_code == 200
    (marts / "000001" / "metrics.parquet").unlink()
    (marts / "new").symlink_to("000002")
    (marts / "new").replace(marts / "current")
    assert opened.get("/quality.html?grain=week").status_code == 200


def test_without_a_night_there_is_a_sentence(tmp_path: Path) -> None:
    answer = client(tmp_path).get("/")
    assert answer.status_code == 503
    assert "There is nothing to show yet: run a night (qos run) first." in text_of(answer.text)
