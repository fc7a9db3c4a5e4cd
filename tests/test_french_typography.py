"""French as it is printed: apostrophes, blanks before signs, one word for one thing."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(
    path
    for package in ("checks", "dashboards", "flows")
    for pattern in ("fr.toml", "*.fr.toml")
    for path in (ROOT / package).rglob(pattern)
)
WRONG = {
    "a straight apostrophe": r"[^\W\d_]'[^\W\d_]",
    "a straight quotation mark": '"',
    "a sign without its narrow blank": r"(?<!\u202f)[;:!?%](?=[\s.,)]|$)",
    "a blank that may break inside quotation marks": r"«(?!\u00a0)|(?<!\u00a0)»",
    "a blank that may break before a unit": r"} (?:s|min|h|%|€)(?![\w’])",
    "another word for réinternalisation": r"(?i)seuils? de reprise|rapatriement",
    "another word for conseillers": r"(?i)(?<![\w.{])agents(?![\w}])|(?:[dl]’|un )agent\b",
    "another word for rejetées": r"données .*refusées",
}
# What a figure looks like, and what the machine's own signs are in French: no sentences.
NO_SENTENCES = {"singular", "csv.separator", "joint", "decimal", "thousands"}


def sentences(words: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(words, dict):
        for key, value in words.items():
            yield from sentences(value, f"{path}.{key}" if path else key)
    elif isinstance(words, list):
        for value in words:
            yield from sentences(value, path)
    elif isinstance(words, str) and path not in NO_SENTENCES:
        yield path, words


def test_all_french_is_found() -> None:
    names = [str(path.relative_to(ROOT)) for path in FILES]
    assert names == [
        "checks/policy.fr.toml",
        "checks/words/fr.toml",
        "dashboards/words/fr.toml",
        "dashboards/words/told/fr.toml",
        "flows/words/fr.toml",
    ]


@pytest.mark.parametrize("fault", WRONG)
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_french_is_printed_as_it_should_be(path: Path, fault: str) -> None:
    words = tomllib.loads(path.read_text(encoding="utf-8"))
    found = {key: text for key, text in sentences(words) if re.search(WRONG[fault], text)}
    assert found == {}
