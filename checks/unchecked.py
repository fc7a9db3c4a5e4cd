"""Which rows a rule has to look at tonight: those that no night has checked.

Where each day keeps a rule by itself, older days do: they were checked after they were written, and
nothing has changed them since. So a night's checks follow the night's rows, not the history's.
"""

import re
from collections.abc import Mapping
from datetime import date

from checks.suites import Rule
from warehouse.model_tables import BEGINNING
from warehouse.models import models

TABLE = re.compile(r"\b(?:staging|facts|metrics)\.\w+")
# It is written whole, but cannot change without everything being made anew.
DEFINITION = "metrics.definition"


def query_of(rule: Rule, table: str, unchecked_since: Mapping[str, date]) -> str:
    """The rows that break the rule, of all days or of those that were not checked.

    Args:
        unchecked_since: the first of those days, by table; of others it is every day. A rule that
            compares tables looks from the earliest of theirs on: either of them may have changed.
    """
    asked = rule.unexpected_since
    if not asked:
        return rule.unexpected_rows.format(batch=table)
    read = {table, *TABLE.findall(asked)} - {DEFINITION}
    since = min((unchecked_since.get(name, BEGINNING) for name in read), default=BEGINNING)
    if since <= BEGINNING:
        return rule.unexpected_rows.format(batch=table)
    day = next(model.day_column for model in models() if model.name == table)
    # A row without a day would be in none.
    unchecked = f"(select * from {table} where {day} >= date '{since}' or {day} is null)"
    return asked.format(batch=table, unchecked=unchecked, since=f"date '{since}'")
