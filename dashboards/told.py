"""What the record says in its own words, in the language of the site (`words/told/*.toml`).

Names of rules, reasons of quarantine, what checks observed and why a night was rejected are kept
in English, the language of log and command line. Each has a form, `{rows} rows`, that the words are
found by; what has none is said as it was written.
"""

import re
from functools import cache

from dashboards.formats import Words

GAP = re.compile(r"{(\w*)}")
NUMBER = re.compile(r"\d{1,3}(,\d{3})+")


def told(text: str, words: Words) -> str:
    """The text as the manager reads it; whatever fills the gaps of its form is told, too."""
    forms = words["told"]
    if text in forms:
        return str(forms[text])
    for form, said in forms.items():
        if found := _pattern(form).fullmatch(text):
            parts = [told(part, words) for part in found.groups()]
            return str(said).format(*parts, **dict(zip(GAP.findall(form), parts, strict=True)))
    if "; " in text:
        return str(words["joint"]).join(told(part, words) for part in text.split("; "))
    return text.replace(",", words["thousands"]) if NUMBER.fullmatch(text) else text


@cache
def _pattern(form: str) -> re.Pattern[str]:
    """What the texts of a form look like: a gap without a name ends at a semicolon."""
    pieces = re.split(r"({\w*})", form)
    gaps = {"{}": "([^;]+)"}
    like = (gaps.get(p, "(.+)") if GAP.fullmatch(p) else re.escape(p) for p in pieces)
    return re.compile("".join(like), re.DOTALL)
