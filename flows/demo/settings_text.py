"""The settings file of the made-up site."""

from flows.demo import assumptions as a
from flows.demo.exports import (
    CALL_HEADERS,
    DATE_FORMAT,
    ENCODING,
    ROSTER_HEADERS,
    SEPARATOR,
    TIME_FORMAT,
)

SITE = f"""\
# A made-up site, written by `qos demo`; the next `qos demo` writes it again.

[site]
name = "{a.SITE_NAME}"
time_zone = "{a.TIME_ZONE}"

[paths]
landing = "landing"
warehouse = "site/warehouse.duckdb"
policy = "policy.toml"
key = "key"
"""


def settings_text() -> str:
    """All of `qos.toml`."""
    calls = _feed("calls", TIME_FORMAT, CALL_HEADERS)
    return "\n".join([SITE, calls, _feed("roster", DATE_FORMAT, ROSTER_HEADERS)])


def _feed(feed: str, date_format: str, headers: dict[str, str]) -> str:
    columns = [f'{column} = "{header}"' for column, header in headers.items()]
    lines = [
        f"[feeds.{feed}]",
        'adapter = "canonical"',
        f'encoding = "{ENCODING}"',
        f'separator = "{SEPARATOR}"',
        "decimal_comma = true",
        f'time_zone = "{a.TIME_ZONE}"',
        f'date_format = "{date_format}"',
        "",
        f"[feeds.{feed}.columns]",
        *columns,
    ]
    return "\n".join(lines) + "\n"
