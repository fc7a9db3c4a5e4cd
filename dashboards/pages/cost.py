"""cost."""

from typing import Any

from dashboards.view import View


def content(view: View) -> dict[str, Any]:
    """The parts of the page."""
    return {"figures": []}
