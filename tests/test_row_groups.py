"""What nights leave in the warehouse's file is put together once a week."""

from datetime import date, timedelta
from pathlib import Path

from nights import NightSite


def row_groups(site: NightSite) -> int:
    ((found,),) = site.ask(
        "select count(distinct row_group_id) from pragma_storage_info('staging.calls')"
    )
    assert isinstance(found, int)
    return found


def test_the_first_night_of_a_week_puts_row_groups_together(tmp_path: Path) -> None:
    """To do it every night would write most of a large table anew each time."""
    site = NightSite(tmp_path)
    found = {}
    for number in range(4):
        day = date(2000, 3, 10) + timedelta(days=number)
        site.put(
            f"calls/{day}.csv", f"call_id,queued_at,wait_seconds\n{number},{day}T09:00:00Z,1\n"
        )
        site.night(day)
        found[f"{day:%A}"] = row_groups(site)
    assert found == {"Friday": 1, "Saturday": 2, "Sunday": 3, "Monday": 1}
