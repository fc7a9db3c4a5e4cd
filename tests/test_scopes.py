"""Scopes, small groups, and the metrics beyond the first seven."""

from datetime import date
from pathlib import Path

import pytest
from nights import NightSite, csv_of

from checks.policy import Norm, Policy
from checks.policy_grammar import Direction, NormKind
from flows.evidence import judge_nights, read_evidence
from warehouse.connect import reading

CALLS = "call_id,queued_at,queue,reason,customer_id,agent_id,wait_seconds,talk_seconds,outcome"


@pytest.fixture
def site(tmp_path: Path) -> NightSite:
    return NightSite(tmp_path)


def put_calls(site: NightSite, queues: dict[str, int]) -> None:
    """One call a day and agent on 1 to 28 March, by so many agents in each queue."""
    rows = [
        f"{queue}{day}-{n},2000-03-{day:02}T10:{n:02}:00+01:00,{queue},modem,,{queue}{n},5,60,handled"
        for queue, agents in queues.items()
        for day in range(1, 29)
        for n in range(agents)
    ]
    site.put("calls/march.csv", "\n".join([CALLS, *rows]) + "\n")


def groups(site: NightSite, metric: str, grain: str, scope_kind: str) -> dict[str, object]:
    """Denominator of each group in its last period; None where it is closed."""
    found = site.ask(
        "select scope, denominator from metrics.period where metric = $metric"
        " and grain = $grain and scope_kind = $scope_kind and period_end ="
        " (select max(period_end) from metrics.period where grain = $grain) order by scope",
        metric=metric,
        grain=grain,
        scope_kind=scope_kind,
    )
    return {str(scope): denominator for scope, denominator in found}


def versions(site: NightSite) -> dict[str, object]:
    found = site.ask("select metric, version from metrics.definition")
    return {str(metric): version for metric, version in found}


def test_a_group_of_fewer_than_five_has_no_figures(site: NightSite) -> None:
    """And since the rest would tell it by subtraction, neither has the next smallest."""
    put_calls(site, {"web": 4, "modem": 5, "mail": 7})
    site.night("2000-03-28")
    assert groups(site, "average_handle_time", "rolling_28", "queue") == {
        "mail": 196, "modem": None, "web": None,
    }  # fmt: skip
    closed = site.ask(
        "select count(*) from metrics.period where is_suppressed"
        " and (numerator is not null or denominator is not null or value is not null)"
    )
    assert closed == [(0,)]


def test_a_closed_group_is_not_judged(site: NightSite) -> None:
    put_calls(site, {"web": 4, "modem": 5, "mail": 7})
    site.night("2000-03-28")
    norms = tuple(
        Norm(
            metric="service_level",
            metric_kind="proportion",
            scope_kind="queue",
            scope=queue,
            direction=Direction.AT_LEAST,
            target=0.8,
            window="rolling_28",
            kind=NormKind.QUALITY,
            min_denominator=1,
            why="as in-house",
            level=0.99,
        )
        for queue in ("web", "modem", "mail")
    )
    policy, night = Policy(norms, (), "1"), date(2000, 3, 28)
    with reading(site.folders.warehouse) as connection:
        verdicts = judge_nights(read_evidence(connection, policy), policy, [night], [], []).verdicts
    assert {verdict.scope: verdict.value for verdict in verdicts} == {
        "mail": 1.0, "modem": None, "web": None,
    }  # fmt: skip
    assert [verdict.state.value for verdict in verdicts if verdict.scope != "mail"] == [
        "too_few", "too_few",
    ]  # fmt: skip


def test_two_small_groups_hide_each_other(site: NightSite) -> None:
    put_calls(site, {"web": 4, "modem": 3, "mail": 7})
    site.night("2000-03-28")
    found = groups(site, "average_handle_time", "rolling_28", "queue")
    assert found == {"mail": 196, "modem": None, "web": None}


def test_what_customers_meet_is_closed_with_the_agents_who_answer(site: NightSite) -> None:
    """Service level has no agents of its own: a queue rests on those who take its calls."""
    put_calls(site, {"web": 4, "modem": 3, "mail": 7})
    site.night("2000-03-28")
    found = groups(site, "service_level", "day", "queue")
    assert found == {"mail": 7, "modem": None, "web": None}


def test_whether_a_group_is_small_is_a_question_of_the_period(site: NightSite) -> None:
    """Five agents in four weeks, but never more than one on a day."""
    rows = [
        f"a{day},2000-03-{day:02}T10:00:00+01:00,web,modem,,agent{day % 5},5,60,handled"
        for day in range(1, 29)
    ]
    site.put("calls/march.csv", "\n".join([CALLS, *rows]) + "\n")
    site.night("2000-03-28")
    assert groups(site, "average_handle_time", "rolling_28", "queue") == {"web": 28}
    assert groups(site, "average_handle_time", "rolling_7", "queue") == {"web": 7}
    assert groups(site, "average_handle_time", "day", "queue") == {"web": None}


def test_tenure_bands_are_published_wide_and_by_month(site: NightSite) -> None:
    put_calls(site, {"web": 12})
    hired = ["2000-02-28"] * 3 + ["1999-12-31"] * 3 + ["1999-06-01"] * 6
    rows = [f"web{n},prestataire,{day}" for n, day in enumerate(hired)]
    site.put(
        "roster/roster_2000-03-01.csv", "\n".join(["agent_id,provider,hired_on", *rows]) + "\n"
    )
    site.night("2000-03-31")
    # 28 February + 0-31 days and 31 December + 61-91 days: under 90 days until 29 March.
    assert groups(site, "average_handle_time", "month", "tenure_band") == {
        "0-89": 168, "90-364": 168,
    }  # fmt: skip
    assert groups(site, "average_handle_time", "month", "provider") == {"prestataire": 336}
    grains = site.ask("select distinct grain from metrics.period where scope_kind = 'provider'")
    assert sorted(grains) == [("month",), ("rolling_28",)]


def test_handle_time_in_parts_transfers_and_novices(site: NightSite) -> None:
    site.put("calls/day.csv", csv_of("""
        call_id | contact_id | queued_at            | agent_id | customer_id | wait_seconds | talk_seconds | hold_seconds | wrap_seconds | is_transferred
        1       | c          | 2000-03-01T09:00:00Z | new      | 7           | 5            | 60           | 0            | 10           | 1
        2       | c          | 2000-03-01T09:01:10Z | old      | 7           | 3            | 200          | 30           | 20           | 0
        3       | d          | 2000-03-01T09:02:00Z | unlisted |             | 3            | 40           | 0            | 0            | 0
        """))  # fmt: skip
    site.put("roster/roster_2000-03-01.csv", csv_of("""
        agent_id | hired_on
        new      | 2000-02-01
        old      | 1999-02-01
        """))  # fmt: skip
    site.night("2000-03-01")
    expected = {
        "average_talk_time": (300, 3),
        "average_hold_time": (30, 3),
        "average_wrap_time": (30, 3),
        "transfer_rate": (1, 3),
        "novice_share": (1, 2),
        "handle_time_per_contact": (360, 2),
        "identified_share": (1, 2),
    }
    assert {m: site.figure(m, "day", "2000-03-01") for m in expected} == expected


def test_points_procedures_and_answers(site: NightSite) -> None:
    """An evaluation counts on its day, an answer on its call's, and the last one delivered."""
    site.put("calls/day.csv", csv_of("""
        call_id | queued_at            | queue | agent_id | wait_seconds
        a       | 2000-03-01T09:00:00Z | web   | ann      | 5
        b       | 2000-03-01T10:00:00Z | web   | ann      | 5
        """))  # fmt: skip
    site.put("evaluations/march.csv", csv_of("""
        evaluated_on | agent_id | call_id | score | max_score | is_procedure_ok
        2000-03-02   | ann      | a       | 15    | 20        | yes
        2000-03-02   | ann      |         | 3.5   | 5         | no
        2000-03-02   | ann      |         | 5     | 5         |
        2000-03-02   | ann      | b       | 21    | 20        | yes
        """))  # fmt: skip
    site.put("satisfaction/1.csv", "call_id,score,max_score\na,1,5\nunknown,5,5\n")
    site.put("satisfaction/2.csv", "call_id,score,max_score\na,4,5\n")
    site.night("2000-03-03")
    assert site.figure("quality_score", "day", "2000-03-02") == (23.5, 30)
    assert site.figure("procedure_compliance", "day", "2000-03-02") == (1, 2)
    assert site.figure("satisfaction", "day", "2000-03-01") == (4, 5)


def test_contacts_per_thousand_subscribers_and_month(site: NightSite) -> None:
    """The days of a month without calls count too; a month nobody counted does not."""
    put_calls(site, {"web": 5})
    site.put("customers/march.csv", "month,subscribers\n2000-03,2000\n")
    site.night("2000-04-10")
    contacts, exposure = site.figure("contacts_per_thousand_subscribers", "month", "2000-03-31")
    assert contacts == 140_000
    assert exposure == pytest.approx(2000 * 31 * 12 / 365.25, rel=1e-12)
    april = site.ask(
        "select 1 from metrics.period where metric = 'contacts_per_thousand_subscribers'"
        " and period_start >= date '2000-04-01'"
    )
    assert april == []


def test_every_metric_is_judged_through_its_youngest_day(site: NightSite) -> None:
    """A window that ended later would hold days of which nothing is known yet."""
    put_calls(site, {"web": 6})
    hires = "\n".join(f"a{n},2000-03-{n:02}" for n in range(1, 29))
    site.put("roster/roster_2000-03-28.csv", f"agent_id,hired_on\n{hires}\n")
    site.night("2000-06-20")
    youngest = site.ask(
        "select metric, date '2000-06-20' - max(day) = any_value(lag_days)"
        " from metrics.daily inner join metrics.definition using (metric)"
        " where metric in ('early_attrition', 'agent_turnover') group by metric order by metric"
    )
    assert youngest == [("agent_turnover", True), ("early_attrition", True)]


def test_early_attrition_waits_90_days(site: NightSite) -> None:
    site.put("roster/roster_2000-06-30.csv", csv_of("""
        agent_id | hired_on   | left_on    | leave_reason
        a        | 2000-03-01 | 2000-05-29 | voluntary
        b        | 2000-03-01 | 2000-05-30 | voluntary
        c        | 2000-03-01 |            |
        d        | 2000-04-10 | 2000-04-12 | training_washout
        """))  # fmt: skip
    site.night("2000-06-30")
    assert site.figure("early_attrition", "month", "2000-03-31") == (1, 3)  # a: 89 days, b: 90
    months = "metric = 'early_attrition' and grain = 'month' and scope_kind = 'all'"
    assert site.ask(f"select max(period_end)::varchar from metrics.period where {months}") == [
        ("2000-03-31",)
    ]
    site.night("2000-07-09")
    assert site.figure("early_attrition", "month", "2000-04-30") == (1, 1)
    assert site.figure("voluntary_turnover", "month", "2000-05-31")[0] == 2


def test_median_and_90th_percentile(site: NightSite) -> None:
    rows = [
        f"{n},2000-03-01T10:{n:02}:00+01:00,web,modem,,agent{n % 5},{n},{10 * n},handled"
        for n in range(1, 11)
    ]
    site.put("calls/march.csv", "\n".join([CALLS, *rows]) + "\n")
    site.night("2000-03-02")
    found = site.ask(
        "select quantity, median_seconds, percentile_90_seconds, is_final from metrics.quantile"
        " where grain = 'month' and scope_kind = 'queue' order by quantity"
    )
    assert found == [("handle_time", 55, 91, False), ("wait", 5.5, 9.1, False)]


def test_another_parameter_is_another_definition(site: NightSite) -> None:
    """Everything that depends on it is made anew, and the night says what."""
    put_calls(site, {"web": 5})
    site.night("2000-03-28")
    assert not site.redefined
    before = versions(site)
    site.parameters = {"service_level_seconds": 4}
    site.night("2000-03-28")
    changed = {metric for metric, version in versions(site).items() if version != before[metric]}
    assert changed == {"abandonment_rate", "service_level"}
    assert set(site.redefined) == changed
    assert site.figure("service_level", "day", "2000-03-01") == (0, 5)
    shown = site.ask(
        "select distinct definition_version from metrics.period where metric = 'service_level'"
    )
    assert shown == [(versions(site)["service_level"],)]
