"""A night of a French site: what is written down of its triggers, and what is left as it was."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from nights import NightSite

from checks.policy import load_policy
from flows.judging import judge_night
from flows.settings import load_settings
from warehouse.build import metric_kinds
from warehouse.connect import reading
from warehouse.operations.database import operations

CALLS = "call_id,queued_at,queue,reason,customer_id,agent_id,wait_seconds,talk_seconds,outcome"


def test_evidence_is_kept_in_the_language_of_its_night(tmp_path: Path) -> None:
    site = NightSite(tmp_path)
    rows = [
        f"{day}-{n},2000-03-{day:02}T10:{n:02}:00+01:00,web,modem,,a{n},90,60,handled"
        for day in range(1, 31)
        for n in range(8)
    ]
    site.put("calls/march.csv", "\n".join([CALLS, *rows]) + "\n")
    site.night("2000-03-30")
    config = tmp_path / "qos.toml"
    config.write_text('[site]\nname = "Malakoff"\ntime_zone = "Europe/Paris"\nlanguage = "fr"\n')
    french = load_settings(config)
    policy = load_policy(french.policy, metric_kinds(french.parameters))
    told = []
    with reading(site.folders.warehouse) as warehouse, operations(tmp_path / "o.db") as con:
        for day, language in ((29, "fr"), (30, "en")):
            now = datetime(2000, 3, day + 1, 2, 15, tzinfo=UTC)
            settings = replace(french, language=language)
            judge_night(warehouse, con, settings, policy, date(2000, 3, day), now)
            rows_kept = con.execute("select as_of, trigger, evidence from trigger_state").fetchall()
            told.append({(night, trigger): str(said) for night, trigger, said in rows_kept})
    earlier, later = told
    assert earlier.items() <= later.items()
    assert "Niveau de service\u202f: 0,0\u202f% [" in earlier["2000-03-29", "quality"]
    assert "Service level was 0.0 % [" in later["2000-03-30", "quality"]
