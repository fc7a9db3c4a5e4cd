"""What Slack would refuse in a message: its documented limits (docs.slack.dev, reference, blocks)."""

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def problems(asked: Json) -> list[str]:
    """What Slack would refuse in a message: its documented limits."""
    found = []
    blocks = asked.get("blocks") or []
    if not asked.get("text"):
        found.append("no text for notifications")
    if len(blocks) > 50:
        found.append(f"{len(blocks)} blocks")
    for block in blocks:
        found += [f"{block['type']}: {problem}" for problem in block_problems(block)]
    event = asked.get("metadata", {})
    if asked.get("metadata") and not (event.get("event_type") and event.get("event_payload")):
        found.append("metadata without type or payload")
    return found


TEXT_LIMITS = {"header": 150, "section": 3000, "context": 3000, "image": 2000, "actions": 75}


def block_problems(block: Json) -> Iterator[str]:
    limit = TEXT_LIMITS[block["type"]]
    elements = block.get("elements", [])
    texts = [block[part] for part in ("text", "title") if part in block]
    if block["type"] == "context":
        texts += elements
    texts += [
        e[part]
        for e in elements
        for part in ("text", "placeholder")
        if "action_id" in e and part in e
    ]
    for text in texts:
        if not 1 <= len(text["text"]) <= limit:
            yield f"a text of {len(text['text'])} characters"
        if text["type"] != "plain_text" and block["type"] not in ("section", "context"):
            yield "markup where there may be none"
    if block["type"] == "context" and not 1 <= len(elements) <= 10:
        yield f"{len(elements)} elements"
    if block["type"] == "image" and not 1 <= len(block["alt_text"]) <= 2000:
        yield "no or too long alt_text"
    if block["type"] == "image" and not re.fullmatch(r"F[A-Z0-9]{8,}", block["slack_file"]["id"]):
        yield f"no such file {block['slack_file']['id']}"
    if len(block.get("block_id", "")) > 255:
        yield "too long block_id"
