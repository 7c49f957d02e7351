"""The two tools of the web shop."""

from __future__ import annotations

from pytest_smallbench.contracts import Tool


def _tool(name: str, text: str, argument: str, what: str) -> Tool:
    schema = {
        "type": "object",
        "properties": {argument: {"type": "string", "description": what}},
        "required": [argument],
        "additionalProperties": False,
    }
    return Tool(name, text, schema)


TOOLS = (
    _tool(
        "search_action",
        "Enter keywords into the search bar and search. Works where has_search_bar is true.",
        "keywords",
        "What to search for. The best 50 products are found, 10 a page.",
    ),
    _tool(
        "click_action",
        "Click something on the page: a button, a product or an option. 'buy now' buys the "
        "product with the chosen options and ends the task.",
        "value",
        "One of the clickables of the page.",
    ),
)
