"""Gold play: the search, clicks and purchase that meet a goal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_smallbench.contracts import ToolCall

from .catalogue import Catalogue
from .pages import PAGE_SIZE
from .products import Goal, Product
from .reward import option_met, reward


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
    """By option name the value to choose for what the goal wants: that very value if there is
    one, else one that counts as it."""
    chosen: dict[str, str] = {}
    for wanted in goal.options:
        free = {n: values for n, values in product.choices.items() if n not in chosen}
        values = [(name, value.lower()) for name in free for value in free[name]]
        same = [pair for pair in values if pair[1] == wanted.lower()]
        fitting = same or [pair for pair in values if option_met(pair[1], wanted, goal)]
        chosen.update(fitting[:1])
    return chosen


def _calls(query: str, turns: int, product: Product, options: Iterable[str]) -> Iterator[ToolCall]:
    yield ToolCall("search_action", {"keywords": query})
    clicks = (*["next >"] * turns, product.asin.lower(), *options, "buy now")
    yield from (ToolCall("click_action", {"value": value}) for value in clicks)
