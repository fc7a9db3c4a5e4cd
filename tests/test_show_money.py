"""`qos show` of costs, people and the contract: tables, filters, and why there is nothing."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from contract_fixture import POLICY, month_cost
from nights import NightSite

from checks.policy import Policy
from flows.contract_marts import contract_marts
from flows.show import show
from warehouse.errors import ConfigurationError
from warehouse.operations.database import operations

Shown = Callable[..., str]


@pytest.fixture
def site(tmp_path: Path) -> NightSite:
    """Two months of a team of twelve at two providers, billed and trained."""
    site = NightSite(tmp_path, parameters={"site_currency": "FRF"})
    site.put(
        "calls/c.csv",
        "call_id,queued_at,customer_id,agent_id,wait_seconds\n"
        + "".join(f"{d},2000-03-{d:02}T10:00:00Z,c{d},a1,5\n" for d in range(1, 32)),
    )
    roster = [f"a{n},{'near' if n < 6 else 'far'},1999-0{1 + n % 9}-04" for n in range(12)]
    site.put("roster/roster_2000-03-01.csv", "agent_id,provider,hired_on\n" + "\n".join(roster))
    bills = [f"2000-03,{provider},1000,FRF" for provider in ("near", "far")]
    site.put("invoices/i.csv", "month,provider,amount,currency\n" + "\n".join(bills) + "\n")
    site.put("training/t.csv", "day,agent_id,hours,cost\n2000-03-06,a1,7,500\n")
    site.night("2000-04-20")
    return site


@pytest.fixture
def shown(site: NightSite, capsys: pytest.CaptureFixture[str]) -> Shown:
    def say(what: str, form: str = "csv", grain: str | None = None, scope: str = "all") -> str:
        show(
            what, site.folders.warehouse, form=form, grain=grain, scope=scope, first=None, last=None
        )
        return capsys.readouterr().out

    return say


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def put_marts(site: NightSite, policy: Policy) -> None:
    current = site.folders.marts / "current"
    current.mkdir(parents=True)
    months = [month_cost(n, 1e6) for n in range(4)]
    for name, frame in contract_marts(policy, months, [], date(1999, 5, 31)).items():
        frame.write_parquet(current / f"{name}.parquet")


def test_costs_by_month(shown: Shown) -> None:
    march, april = rows(shown("costs"))
    assert (march["state"], march["cost"], march["handled_contacts"]) == (
        "invoiced", "2500.0", "31.0",
    )  # fmt: skip
    assert (april["state"], april["cost"]) == ("open", "")


def test_people_by_period_and_scope(shown: Shown) -> None:
    found = rows(shown("headcount", grain="month", scope="provider"))
    assert {(r["period_end"], r["scope"], r["headcount"]) for r in found} == {
        ("2000-03-31", "far", "6"), ("2000-03-31", "near", "6"),
        ("2000-04-20", "far", "6"), ("2000-04-20", "near", "6"),
    }  # fmt: skip
    (whole,) = json.loads(shown("tenure", form="json"))
    assert (whole["grain"], whole["agents"], whole["departures"]) == ("history", 12, 0)
    assert rows(shown("training"))[0]["cost"] == "500.0"
    assert shown("survival").startswith(
        "grain,period_start,period_end,scope_kind,scope,tenure_days"
    )
    assert "Nothing to show." in shown("movements", form="table")


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (
            {"scope": "queues"},
            "--scope queues: no kind of part is called queues; there are: all, provider, queue,",
        ),
        ({"scope": "queue:web"}, "--scope queue:web: no queue is called web; there are: unknown$"),
        (
            {"first": date(2000, 3, 2), "last": date(2000, 3, 1)},
            "--from 2000-03-02: after --to 2000-03-01; give them in order",
        ),
    ],
)
@pytest.mark.parametrize("what", ["metrics", "headcount"])
def test_what_cannot_be_shown_says_why(
    site: NightSite, what: str, asked: dict[str, Any], fault: str
) -> None:
    known = {"grain": None, "scope": "all", "first": None, "last": None}
    with pytest.raises(ConfigurationError, match=fault):
        show(what, site.folders.warehouse, form="table", **{**known, **asked})


@pytest.mark.parametrize("what", ["verdicts", "attribution", "incidents", "checks", "outbox"])
def test_an_empty_table_has_its_header_as_csv(site: NightSite, shown: Shown, what: str) -> None:
    with operations(site.folders.operations):
        pass
    (header,) = shown(what).splitlines()
    assert header.split(",")[0] in ("as_of", "incident_id", "outbox_id")
    assert shown(what, form="table") == "Nothing to show.\n"


@pytest.mark.parametrize("what", ["contract", "in_house", "in_house_inputs", "bonus_malus"])
def test_what_the_policy_does_not_state_is_said(site: NightSite, shown: Shown, what: str) -> None:
    with pytest.raises(ConfigurationError, match="no night was run yet"):
        shown(what)
    put_marts(site, Policy((), (), ""))
    assert shown(what, form="table").startswith("Nothing to show: the policy states no [")
    assert shown(what, form="json") == "[]\n"


def test_the_contract_and_its_rival(site: NightSite, shown: Shown) -> None:
    put_marts(site, POLICY)
    (contract,) = json.loads(shown("contract", form="json"))
    assert (contract["spent"], contract["projected"]) == (4e6, 12e6)
    assert [row["quantity"] for row in rows(shown("in_house"))] == [
        "cost_per_resolved_contact", "monthly_cost", "break_even_months",
    ]  # fmt: skip
    assert len(rows(shown("in_house_inputs"))) == 10
