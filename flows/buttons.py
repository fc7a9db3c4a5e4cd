"""The buttons of a message: "I have seen it", and "not until then".

A click says which incident it is about by the hash of its id: ids hold text from data and may be
longer than Slack lets a block's name be.
"""

import hashlib
from collections.abc import Iterable

from flows.block_kit import Block, plain
from flows.wording import Words

ACKNOWLEDGE, SNOOZE = "acknowledge", "snooze"
BUTTON_LIMIT = 75
PREFIX = "incident:"


def buttons_for(incident_id: str, words: Words) -> Block:
    """A button to acknowledge with, and a calendar to snooze with."""
    answers = words["answers"]
    return {
        "type": "actions",
        "block_id": block_id(incident_id),
        "elements": [
            {
                "type": "button",
                "action_id": ACKNOWLEDGE,
                "text": plain(answers["acknowledge"], BUTTON_LIMIT),
            },
            {
                "type": "datepicker",
                "action_id": SNOOZE,
                "placeholder": plain(answers["snooze"], BUTTON_LIMIT),
            },
        ],
    }


def block_id(incident_id: str) -> str:
    """What a click on the buttons of this incident names."""
    return PREFIX + hashlib.sha256(incident_id.encode()).hexdigest()[:16]


def without_buttons(blocks: Iterable[Block]) -> list[Block]:
    """The blocks of a message that there is nothing to answer to."""
    return [block for block in blocks if block["type"] != "actions"]
