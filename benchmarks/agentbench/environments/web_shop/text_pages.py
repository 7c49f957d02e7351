"""Pages as the text that an agent with tools reads."""

from __future__ import annotations

import json

from .pages import Page

SEPARATOR = " [SEP] "


def as_text(page: Page) -> str:
    """The visible texts, and below them what can be done. Which options are selected does not
    show, as in the original (specification, section 4)."""
    actions = {"has_search_bar": page.search_bar, "clickables": list(page.clickables)}
    seen = SEPARATOR.join(element.text for element in page.elements)
    return f"{seen}\n\nAvailable actions: {json.dumps(actions, ensure_ascii=False)}"
