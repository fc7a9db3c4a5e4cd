"""What the service cost: invoices in two currencies, credit notes, training, and what is unclear."""

from pathlib import Path

import duckdb
import pytest
from nights import NightSite, csv_of

from checks.validate import validate
from flows.costs import month_costs, unclear_months
from warehouse.connect import reading
from warehouse.mart_models import mart_sql

CALLS = "call_id,queued_at,reason,customer_id,agent_id,wait_seconds,talk_seconds\n"
FRANCS = {"site_currency": "FRF", "own_management": 50_000.0}


@pytest.fixture
def site(tmp_path: Path) -> NightSite:
    """Calls of February to April 2000: ten a day, each customer once."""
    site = NightSite(tmp_path, parameters=dict(FRANCS))
    rows = [
        f"{month}-{day}-{n},2000-{month:02}-{day:02}T10:{n:02}:00Z,modem"
        f",c{month}-{day}-{n},a{n % 5},5,60"
        for month, days in ((2, 29), (3, 31), (4, 30))
        for day in range(1, days + 1)
        for n in range(10)
    ]
    site.put("calls/spring.csv", CALLS + "\n".join(rows) + "\n")
    roster = [f"a{n},p,1999-01-04" for n in range(5)]
    site.put(
        "roster/roster_2000-02-01.csv", "agent_id,provider,hired_on\n" + "\n".join(roster) + "\n"
    )
    return site


def put_invoice(site: NightSite, name: str, table: str) -> None:
    site.put(f"invoices/{name}.csv", csv_of(table))


def states(site: NightSite) -> dict[str, tuple[object, object]]:
    return {
        str(month): (state, cost)
        for month, state, cost in site.ask(
            "select strftime(month, '%Y-%m'), state, cost::double from facts.costs order by month"
        )
    }


def rejected(site: NightSite) -> list[tuple[object, ...]]:
    return site.ask("select rule, count(*) from staging.quarantine group by rule order by rule")


def test_a_month_costs_its_invoices_training_and_own_management(site: NightSite) -> None:
    """900,000 F - 20,000 F credit + 1,000 EUR = 886,559.57 F; training 1,500 F, management 50,000 F."""
    put_invoice(site, "march", """
        month   | provider | amount | currency | billed_hours | billed_seats
        2000-03 | p        | 900000 | FRF      | 2900         | 20
        2000-03 | p        | -20000 | FRF      |              |
        2000-03 | p        | 1000   | EUR      |              |
        """)  # fmt: skip
    site.put("training/march.csv", csv_of("""
        day        | agent_id | hours | cost
        2000-03-06 | a1       | 7     | 750
        2000-03-07 | a1       | 7     | 750
        """))  # fmt: skip
    site.night("2000-04-30")
    assert states(site)["2000-03"] == ("invoiced", pytest.approx(938_059.57, abs=1e-6))
    cost, contacts = site.figure("cost_per_handled_contact", "month", "2000-03-31")
    assert (cost, contacts) == (pytest.approx(938_059.57, abs=1e-6), 310)
    assert site.figure("cost_per_resolved_contact", "month", "2000-03-31")[1] == 310
    assert site.ask("select distinct grain from metrics.period where metric like 'cost%'") == [
        ("month",)
    ]
    assert site.ask("select unit from metrics.definition where kind = 'month' limit 1") == [
        ("FRF",)
    ]


def test_a_site_that_counts_in_euros_converts_francs(site: NightSite) -> None:
    site.parameters = {"site_currency": "EUR"}
    put_invoice(site, "march", """
        month   | amount | currency
        2000-03 | 655957 | F
        """)  # fmt: skip
    site.night("2000-04-30")
    assert states(site)["2000-03"] == ("invoiced", pytest.approx(100_000, abs=1e-6))


def test_months_that_are_not_over_not_billed_or_not_mature_have_no_figure(site: NightSite) -> None:
    """February is billed, March is not, April is billed before its end; then March comes."""
    put_invoice(site, "february", "month | amount | currency \n 2000-02 | 800000 | FRF")
    put_invoice(site, "april", "month | amount | currency \n 2000-04 | 10000 | FRF")
    site.night("2000-04-15")
    assert [state for state, _ in states(site).values()] == ["invoiced", "waiting", "open"]
    months = "select metric, period_end::varchar, is_final from metrics.period"
    months += " where metric like 'cost%' order by all"
    # February is the first month: its openers of the first week could be repeats.
    assert site.ask(months) == [("cost_per_handled_contact", "2000-02-29", True)]
    put_invoice(site, "march", "month | amount | currency \n 2000-03 | 900000 | FRF")
    site.night("2000-04-06")
    assert site.ask(months) == [
        ("cost_per_handled_contact", "2000-02-29", True),
        ("cost_per_handled_contact", "2000-03-31", True),
    ]
    site.night("2000-04-07")
    assert ("cost_per_resolved_contact", "2000-03-31", True) in site.ask(months)


def test_a_month_that_one_of_two_providers_has_not_billed_waits(site: NightSite) -> None:
    """Half of the invoices is no cheap month. A provider without agents has left."""
    put_invoice(site, "february", """
        month   | provider | amount | currency
        2000-02 | p        | 500000 | FRF
        2000-02 | gone     | 100000 | FRF
        """)  # fmt: skip
    put_invoice(site, "march", "month | provider | amount | currency \n 2000-03 | p | 500000 | FRF")
    site.night("2000-04-30")
    assert states(site)["2000-03"][0] == "waiting"
    site.put("roster/roster_2000-05-30.csv", csv_of("""
        agent_id | provider | hired_on   | left_on
        a1       | p        | 1999-01-04 |
        z1       | gone     | 1999-01-04 | 2000-02-20
        """))  # fmt: skip
    site.night("2000-05-30")
    assert states(site)["2000-03"][0] == "invoiced"


def test_a_month_billed_twice_has_no_cost_until_somebody_says_what_counts(site: NightSite) -> None:
    """Two files ask for March; the same line again and a credit note ask for nothing more."""
    march = "month | provider | amount | currency \n 2000-03 | p | 900000 | FRF"
    put_invoice(site, "march", march)
    put_invoice(site, "march_again", march + "\n 2000-03 | p | -5000 | FRF")
    site.night("2000-04-30")
    assert states(site)["2000-03"] == ("invoiced", 945_000)
    put_invoice(site, "march_new", "month|provider|amount|currency \n 2000-03 | p | 880000 | FRF")
    site.night("2000-04-30")
    assert states(site)["2000-03"] == ("billed_twice", None)
    assert site.ask("select 1 from metrics.period where metric like 'cost%'") == []
    found = site.ask("select invoiced::double from facts.costs order by month")
    assert found == [(1_775_000,), (None,)]


def test_what_no_invoice_can_say_is_quarantined(site: NightSite) -> None:
    put_invoice(site, "march", """
        month   | provider | amount | currency | billed_hours
        2000-03 | p        | 900000 | FRF      | 2900
        2000-03 | p        | 100    | USD      | 10
        2000-03 | p        | 100    | FRF      | -3
        2000-03 | p        | x      | FRF      | 3
        """)  # fmt: skip
    site.put("training/march.csv", csv_of("""
        day        | agent_id | hours | cost
        2000-03-06 | a1       | -7    | 750
        2000-03-06 |          | 7     | 750
        """))  # fmt: skip
    site.night("2000-04-30")
    assert rejected(site) == [
        ("agent_id is empty", 1),
        ("amount is not a number", 1),
        ("billed_hours are between 0 and a million", 1),
        ("currency is EUR or FRF", 1),
        ("hours are between 0 and 24", 1),
    ]
    assert states(site)["2000-03"] == ("incomplete", None)


def test_a_month_is_incomplete_until_its_refused_line_comes_corrected(site: NightSite) -> None:
    """What was refused asked for money too: without it the month would be too cheap."""
    put_invoice(site, "march", """
        month   | provider | amount | currency
        2000-03 | p        | x      | FRF
        2000-03 | p        | 900000 | FRF
        """)  # fmt: skip
    put_invoice(site, "april", """
        month   | provider | amount | currency
        2000-04 | p        | 900000 | FRF
        soon    | p        | 100    | FRF
        """)  # fmt: skip
    site.night("2000-05-31")
    found = states(site)
    assert (found["2000-03"], found["2000-04"]) == (("incomplete", None), ("incomplete", None))
    with reading(site.folders.warehouse) as connection:
        assert "2000-03, 2000-04 has lines" in " ".join(unclear_months(month_costs(connection)))
    put_invoice(site, "march_credit", "month|provider|amount|currency \n 2000-03 | p | -5000 | FRF")
    site.night("2000-05-31")
    found = states(site)
    assert (found["2000-03"], found["2000-04"]) == (("invoiced", 945_000), ("incomplete", None))


def test_every_row_of_invoices_and_trainings_is_accounted_for(site: NightSite) -> None:
    put_invoice(
        site, "1", "month|amount|currency \n 2000-03|5|FRF \n 2000-03|5|FRF \n 2000-03|6|USD"
    )
    site.put("training/1.csv", "day,agent_id,hours,cost\n2000-03-06,a1,7,750\n")
    site.put("training/2.csv", "day,agent_id,hours,cost\n2000-03-06,A1 ,7.0,750\n")
    site.night("2000-04-30")
    found = site.ask(
        "select name, rows_read, rows_loaded, rows_quarantined, rows_repeated"
        f" from ({mart_sql('files')}) where feed in ('invoices', 'training')"
    )
    assert found == [("1.csv", 3, 1, 1, 1), ("1.csv", 1, 1, 0, 0), ("2.csv", 1, 0, 0, 1)]


def test_without_invoices_there_is_no_cost(site: NightSite) -> None:
    site.night("2000-04-30")
    assert site.ask("from facts.costs") == []
    assert site.ask("select 1 from metrics.period where metric like 'cost%'") == []


def test_what_nobody_can_be_sure_of_is_a_warning(site: NightSite) -> None:
    """A month billed in two files, training of somebody on no roster."""
    put_invoice(site, "1", "month | amount | currency \n 2000-03 | 900000 | FRF")
    put_invoice(site, "2", "month | amount | currency \n 2000-03 | 880000 | FRF")
    site.put("training/1.csv", "day,agent_id,hours,cost\n2000-03-06,nobody,7,750\n")
    site.night("2000-04-30")
    with duckdb.connect(site.folders.warehouse, read_only=True) as connection:
        broken = {r.rule: r.severity for r in validate(connection) if not r.is_success}
    assert broken == {
        "no month is billed by one provider in two files": "warning",
        "trained agents are on the roster": "warning",
    }


def test_the_night_says_which_months_cost_nobody_knows_what(site: NightSite) -> None:
    """March is billed twice, April is over and not billed; May is not over."""
    put_invoice(site, "1", "month | amount | currency \n 2000-03 | 900000 | FRF")
    put_invoice(site, "2", "month | amount | currency \n 2000-03 | 880000 | FRF")
    site.night("2000-05-10")
    with reading(site.folders.warehouse) as connection:
        said = unclear_months(month_costs(connection))
    assert [sentence.partition(":")[0] for sentence in said] == [
        "2000-03 billed in two files of one provider",
        "2000-04 not billed by everybody yet",
    ]
    assert "qos withdraw" in said[0]
