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

from flows.wording import Words

# Slack refuses more than the first three (docs.slack.dev, reference, blocks); the fallback text
# is what a notification shows, of which a phone shows two lines.
HEADER_LIMIT = 150
SECTION_LIMIT = 3000
BLOCKS_LIMIT = 50
TEXT_LIMIT = 3000
TITLE_LIMIT = 2000  # also of the text for who cannot see a picture
LINK = re.compile(r"<([^|>]+)\|([^>]+)>")
PERSON = re.compile(r"&lt;@([UW][A-Z0-9]{2,})&gt;")
NOT_UPLOADED = "F0"
TEXT_BLOCKS = ("section", "context")
KEPT_SPACES = "\n\u00a0\u202f"  # French figures and units are held together by the latter two

Block = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """What Slack is given: fallback text (escaped) and blocks; `picture` is the PNG of an image."""

    text: str
    blocks: tuple[Block, ...]
    picture: bytes | None = None

    def payload(self) -> str:
        """As the outbox keeps it: JSON of `text` and `blocks`."""
        return json.dumps({"text": self.text, "blocks": self.blocks}, ensure_ascii=False)


def message(
    headline: str, blocks: Sequence[Block], text: str, picture: bytes | None = None
) -> Message:
    """A headline and blocks, the last of which (the footer) is kept however many there are."""
    *body, last = blocks
    kept = (header(headline), *body[: BLOCKS_LIMIT - 2], last)
    return Message(fit(text.strip(), TEXT_LIMIT), kept, picture)


def header(text: str) -> Block:
    """The line in bold at the top."""
    return {"type": "header", "text": plain(text, HEADER_LIMIT)}


def section(text: str, *, names_a_person: bool = False) -> Block:
    """A paragraph. Only who pressed a button is named by markup: `<@U0123ABCD>`."""
    shown = plain(text, SECTION_LIMIT)
    named, persons = PERSON.subn(r"<@\1>", shown["text"])
    if names_a_person and persons:
        shown = {"type": "mrkdwn", "text": named}
    return {"type": "section", "text": shown}


def image(title: str, alt: str) -> Block:
    """The message's picture: a file in Slack, whose name is known once it was uploaded."""
    return {
        "type": "image",
        "title": plain(title, TITLE_LIMIT),
        "alt_text": fit(alt, TITLE_LIMIT),
        "slack_file": {"id": NOT_UPLOADED},
    }


def footer(texts: Sequence[str], link: str | None, words: Words) -> Block:
    """Small print, and the way to the page."""
    elements = [plain(text, SECTION_LIMIT) for text in texts if text.strip()]
    if link and link.startswith(("https://", "http://")):
        address = escape(link).replace("|", "%7C")
        elements.append({"type": "mrkdwn", "text": f"<{address}|{words['message']['link']}>"})
    elif link:
        elements.append(plain(str(words["message"]["page"]).format(link), SECTION_LIMIT))
    return {"type": "context", "elements": elements}


def with_picture(payload: Mapping[str, Any], file_id: str | None) -> dict[str, Any]:
    """A payload to be sent: its image shows this file, or there is no image."""
    blocks = [
        block | {"slack_file": {"id": file_id}} if block["type"] == "image" else block
        for block in payload["blocks"]
        if file_id or block["type"] != "image"
    ]
    return {"text": payload["text"], "blocks": blocks}


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
    shown = "".join(c if c in KEPT_SPACES or c.isprintable() else " " for c in text)
    return html.escape(shown, quote=False)


def lines_of(payload: Mapping[str, Any]) -> str:
    """A payload as the console shows it: one paragraph a block."""
    texts = [block for block in payload["blocks"] if block["type"] in ("header", *TEXT_BLOCKS)]
    shown = "\n".join(_block_text(block) for block in texts)
    return html.unescape(LINK.sub(r"\2: \1", shown))


def _block_text(block: Mapping[str, Any]) -> str:
    if block["type"] == "context":
        return "\n".join(str(element["text"]) for element in block["elements"])
    return str(block["text"]["text"])
