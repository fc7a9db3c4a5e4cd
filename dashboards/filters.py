"""What part of the marts a page shows, as it stands in the page's address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from dashboards.formats import Words
from warehouse.errors import ConfigurationError

SCOPE_KINDS = ("queue", "reason", "provider", "tenure_band")
GRAINS = ("day", "week", "month")
# How far back a page looks if nobody says: as many days as can be told apart, or fifteen months.
DAYS_SHOWN = {"day": 56, "week": 456, "month": 731}
NAMES = ("from", "to", "grain", "scope")


@dataclass(frozen=True)
class Filters:
    """One scope, one grain and one period; None leaves the choice to the page.

    Two scopes at once are not offered: what suppression closed in each could be worked out from
    where they cross.
    """

    scope_kind: str = "all"
    scope: str = "all"
    grain: str | None = None
    first: date | None = None
    last: date | None = None

    def span(self, grain: str, as_of: date) -> tuple[date, date]:
        """First and last day shown, both included, for figures of a grain."""
        last = self.last or as_of
        return self.first or last - timedelta(days=DAYS_SHOWN[grain] - 1), last

    def query(self, **changed: str) -> str:
        """The part of an address behind the question mark; empty if nothing is filtered."""
        said = {
            "from": self.first.isoformat() if self.first else "",
            "to": self.last.isoformat() if self.last else "",
            "grain": self.grain or "",
            "scope": "" if self.scope_kind == "all" else f"{self.scope_kind}:{self.scope}",
        }
        return urlencode({name: text for name, text in (said | changed).items() if text})


def filters_from(query: Sequence[tuple[str, str]], words: Words) -> Filters:
    """The filters of an address; empty values say nothing.

    Raises ConfigurationError with one sentence for every fault, in the language of the words.
    """
    texts = words["filter_faults"]
    known = [(name, text) for name, text in query if name in NAMES and text]
    said = dict(known)
    faults = [
        texts["twice"].format(name) for name in said if sum(name == other for other, _ in known) > 1
    ]
    days = {name: _day(said[name], name, faults, texts) for name in ("from", "to") if name in said}
    first, last = days.get("from"), days.get("to")
    if first and last and first > last:
        faults.append(texts["order"].format(first, last))
    grain = said.get("grain")
    if grain is not None and grain not in GRAINS:
        faults.append(texts["grain"].format(grain, ", ".join(GRAINS)))
    kind, scope = _scope(said, faults, texts)
    if faults:
        raise ConfigurationError(*faults)
    return Filters(kind, scope, grain, first, last)


def _day(text: str, name: str, faults: list[str], texts: Mapping[str, str]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.append(texts["day"].format(name, text))
        return None


def _scope(said: Mapping[str, str], faults: list[str], texts: Mapping[str, str]) -> tuple[str, str]:
    text = said.get("scope", "all")
    if text == "all":
        return "all", "all"
    kind, colon, scope = text.partition(":")
    if kind not in SCOPE_KINDS or not colon:
        faults.append(texts["scope"].format(text, ", ".join(SCOPE_KINDS)))
    return kind, scope
