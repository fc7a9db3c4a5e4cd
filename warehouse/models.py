"""The models: one `.sql` file is one table, and its path is its name.

Kinds, by their header:

* `-- view`: a view; with `-- since:`, too, if the checks need not read all of it each night;
* `-- for tonight`: a table that the night's other models read, and that is gone when all are made;
* `-- since: <models>`, or a file `<model>.since.sql` beside it: rewritten from a local day on, the
  earliest of those models' days, or the one that the file selects; the day is in the column `day`,
  or in the one that `-- by:` names;
* a file `<model>.due.sql` beside it: each metric from a day of its own on, which the file selects
  and the model finds in `raw.due`;
* a file `<model>.keys.sql` beside it, too: of those rows, the ones of the customers and subjects
  that it selects, which the model finds in `raw.keys`, if not everything is made anew;
* `-- since: first difference`: computed whole, rewritten from the first day whose rows differ;
* neither: replaced whole, being small.
"""

import graphlib
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
LAYERS = ("staging", "facts", "metrics")
PRELUDE = HERE / "prelude" / "duckdb.sql"
REFERENCE = re.compile(r"(?:\b(?:from|join)\s+|')((?:staging|facts|metrics)\.\w+)")
SINCE = re.compile(r"^-- since: (.+)$", re.MULTILINE)
BY = re.compile(r"^-- by: (.+)$", re.MULTILINE)
FIRST_DIFFERENCE = "first difference"
BESIDE = ("since", "due", "keys")


@dataclass(frozen=True)
class Model:
    """A table to be: `staging/calls.sql` is `staging.calls`."""

    name: str
    sql: str
    since_sql: str | None
    due_sql: str | None
    keys_sql: str | None

    @property
    def is_view(self) -> bool:
        return "\n-- view\n" in self.sql

    @property
    def is_for_tonight(self) -> bool:
        return "\n-- for tonight\n" in self.sql

    @property
    def follows(self) -> tuple[str, ...]:
        """The models whose days it follows, or ("first difference",), or nothing."""
        lines = SINCE.findall(self.sql)
        return tuple(name.strip() for line in lines for name in line.split(","))

    @property
    def day_column(self) -> str:
        """The column by which it is rewritten: `day`, unless `-- by:` names another."""
        found = BY.search(self.sql)
        return found[1] if found else "day"

    @property
    def reads(self) -> set[str]:
        """The models that must be there before it: what it selects from, whose days it follows."""
        beside = "".join(sql or "" for sql in (self.since_sql, self.due_sql, self.keys_sql))
        found = set(REFERENCE.findall(self.sql + beside)) | set(self.follows)
        return found - {self.name, FIRST_DIFFERENCE}


@cache
def models() -> tuple[Model, ...]:
    """All models, each after those it reads; layer by layer, then by name."""
    found = {}
    for layer in LAYERS:
        for path in sorted((HERE / layer).glob("*.sql")):
            if "." not in path.stem:
                beside = [_text(path.with_suffix(f".{kind}.sql")) for kind in BESIDE]
                found[f"{layer}.{path.stem}"] = Model(
                    f"{layer}.{path.stem}", path.read_text(), *beside
                )
    order = graphlib.TopologicalSorter({name: sorted(m.reads) for name, m in found.items()})
    return tuple(found[name] for name in order.static_order())


def needed_for(names: Iterable[str]) -> tuple[Model, ...]:
    """These models and all that they are made from, in the order of `models`."""
    by_name = {model.name: model for model in models()}
    needed, found = set(), list(names)
    while found:
        name = found.pop()
        needed.add(name)
        found += by_name[name].reads - needed
    return tuple(model for model in models() if model.name in needed)


def _text(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def models_hash() -> str:
    """Changes when any model, or what models are made with, changes."""
    text = [f"{m.name}\n{m.sql}\n{m.since_sql}\n{m.due_sql}\n{m.keys_sql}" for m in models()]
    text.append(PRELUDE.read_text())
    return hashlib.sha256("\n".join(text).encode()).hexdigest()[:16]
