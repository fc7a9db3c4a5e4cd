"""A message as Slack's Block Kit, within Slack's limits, and the same message as plain lines.

Names of queues and reasons come from data and may say anything: they go into plain-text objects,
without emoji, and are escaped as well, so that `<!channel>` pings nobody and reads as written.
"""

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Slack refuses more than the first three (docs.slack.dev, reference, blocks); the fallback text
# is what a notification shows, of which a phone shows two lines.
HEADER_LIMIT = 150
SECTION_LIMIT = 3000
BLOCKS_LIMIT = 50
TEXT_LIMIT = 3000
LINK = re.compile(r"<([^|>]+)\|([^>]+)>")

Block = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """What Slack is given: fallback text (escaped) and blocks."""

    text: str
    blocks: tuple[Block, ...]

    def payload(self) -> str:
        """As the outbox keeps it: JSON of `text` and `blocks`."""
        return json.dumps({"text": self.text, "blocks": self.blocks}, ensure_ascii=False)


def message(
    headline: str, lines: Sequence[str], footer: Sequence[str], link: str | None, text: str
) -> Message:
    """A headline, one section a line (blank ones left out), a footer with the link."""
    sections = [section(line) for line in lines if line.strip()]
    return Message(
        fit(text.strip(), TEXT_LIMIT),
        (header(headline), *sections[: BLOCKS_LIMIT - 2], _footer(footer, link)),
    )


def header(text: str) -> Block:
    """The line in bold at the top."""
    return {"type": "header", "text": plain(text, HEADER_LIMIT)}


def section(text: str) -> Block:
    """A paragraph."""
    return {"type": "section", "text": plain(text, SECTION_LIMIT)}


def plain(text: str, limit: int) -> Block:
    """A text object in which nothing is markup."""
    return {"type": "plain_text", "text": fit(text, limit), "emoji": False}


def fit(text: str, limit: int) -> str:
    """Escaped text of at most `limit` characters, never cut inside an escape."""
    escaped = escape(text)
    if len(escaped) <= limit:
        return escaped
    kept = ""
    for character in map(escape, text):
        if len(kept) + len(character) >= limit:
            break
        kept += character
    return kept + "…"


def escape(text: str) -> str:
    """Without control characters (a terminal obeys them), and `& < >` as Slack wants them."""
    shown = "".join(c if c == "\n" or c.isprintable() else " " for c in text)
    return html.escape(shown, quote=False)


def lines_of(payload: Mapping[str, Any]) -> str:
    """A payload as the console shows it: one paragraph a block."""
    shown = "\n".join(_block_text(block) for block in payload["blocks"])
    return html.unescape(LINK.sub(r"\2: \1", shown))


def _footer(texts: Sequence[str], link: str | None) -> Block:
    elements = [plain(text, SECTION_LIMIT) for text in texts if text.strip()]
    if link and link.startswith(("https://", "http://")):
        address = escape(link).replace("|", "%7C")
        elements.append({"type": "mrkdwn", "text": f"<{address}|Open the page>"})
    elif link:
        elements.append(plain(f"Page: {link}", SECTION_LIMIT))
    return {"type": "context", "elements": elements}


def _block_text(block: Mapping[str, Any]) -> str:
    if block["type"] == "context":
        return "\n".join(str(element["text"]) for element in block["elements"])
    return str(block["text"]["text"])
