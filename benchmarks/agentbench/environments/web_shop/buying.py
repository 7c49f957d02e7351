"""Gold play: the search, clicks and purchase that meet a goal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_smallbench.contracts import ToolCall

from .catalogue import Catalogue
from .pages import PAGE_SIZE
from .products import Goal, Product
from .reward import alike, reward


def gold_calls(catalogue: Catalogue, goal: Goal) -> list[ToolCall]:
    """Calls that find the goal's product by a query, choose its options and buy it; empty where
    no query of ours finds it, or where buying it would not be enough."""
    product = catalogue.by_asin.get(goal.asin.lower())
    if product is None:
        return []
    chosen = chosen_options(product, goal)
    if reward(product, chosen, goal).total < goal.threshold:
        return []
    for query in queries(product, goal):
        asins = [hit.asin for hit in catalogue.search(query)]
        if product.asin in asins:
            at = asins.index(product.asin)
            return list(_calls(query, at // PAGE_SIZE, product, chosen.values()))
    return []


def queries(product: Product, goal: Goal) -> list[str]:
    """What to search for: what the goal says of its product, then the product's own title."""
    said = " ".join((goal.query, *goal.attributes, *goal.options)).lower().strip()
    return [query for query in (said, product.title.lower()) if query]


def chosen_options(product: Product, goal: Goal) -> dict[str, str]:
    """By option name the value that the goal wants, the most alike first."""
    chosen: dict[str, str] = {}
    for wanted in goal.options:
        found = _option(product, wanted, chosen)
        if found is not None:
            chosen[found[0]] = found[1]
    return chosen


def _option(product: Product, wanted: str, taken: dict[str, str]) -> tuple[str, str] | None:
    values = [
        (name, value.lower())
        for name, values in product.choices.items()
        if name not in taken
        for value in values
    ]
    same = [pair for pair in values if pair[1] == wanted.lower()]
    return next(iter(same or [pair for pair in values if alike(pair[1], wanted)]), None)


def _calls(query: str, turns: int, product: Product, options: Iterable[str]) -> Iterator[ToolCall]:
    yield ToolCall("search_action", {"keywords": query})
    clicks = (*["next >"] * turns, product.asin.lower(), *options, "buy now")
    yield from (ToolCall("click_action", {"value": value}) for value in clicks)
