"""Made-up JSON, as Hypothesis strategies: damaged records in the shapes of deliveries."""

import gzip
import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from bench.made_up_cells import NASTY
from bench.made_up_file import MadeUpFile

DEEP, NESTED = '"@deep"', "[" * 3000 + "]" * 3000  # too deep for whoever writes JSON
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12),
    st.sampled_from([*NASTY, "@deep", "\ud800", 10**400]),
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=5,
)  # fmt: skip


@st.composite
def damaged_tree(draw: st.DrawFn, sound: dict[str, Any]) -> dict[str, Any]:
    """A record of which some branches are cut off, grafted or new."""
    tree = deepcopy(sound)
    for _ in range(draw(st.integers(0, 3))):
        branch: Any = tree
        while branch:
            places = branch if isinstance(branch, dict) else range(len(branch))
            place = draw(st.sampled_from(list(places)))
            if not isinstance(branch[place], dict | list) or draw(st.booleans()):
                branch[place] = draw(TREES)
                break
            branch = branch[place]
    return tree | draw(st.dictionaries(st.text(max_size=6), TREES, max_size=1))


@st.composite
def json_file(
    draw: st.DrawFn, site: str, record: Callable[[int], dict[str, Any]], envelope: str | None
) -> MadeUpFile:
    """Records in one of the shapes that deliveries have; some are no records at all."""
    size = draw(st.integers(0, 6))
    numbers = draw(st.lists(st.integers(0, 99), min_size=size, max_size=size))
    records: list[Any] = [draw(damaged_tree(record(number))) for number in numbers]
    shape = draw(st.sampled_from(["lines", "glued", "array", "envelope" if envelope else "array"]))
    if shape in ("array", "envelope"):
        records += draw(st.lists(LEAVES, max_size=1))
    texts = [json.dumps(each).replace(DEEP, NESTED) for each in records]
    text = {"lines": "\n", "glued": "", "array": ", ", "envelope": ", "}[shape].join(texts)
    if shape == "array":
        text = f"[{text}]"
    if shape == "envelope":
        text = f'{{"{envelope}": [{text}], "totalHits": {size}}}'
    content = text.encode()
    packed = gzip.compress(content, mtime=0) if draw(st.integers(0, 9)) == 0 else content
    return MadeUpFile(site, "calls", packed, len(records))
