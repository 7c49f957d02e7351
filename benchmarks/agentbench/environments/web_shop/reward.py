"""The reward of a purchase, 0 to 1, as WebShop computes it (specification, section 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .colours import reduced
from .products import CATEGORY_MARK, Goal, Product

ALIKE = 85  # token_set_ratio above which two texts count as the same


@dataclass(frozen=True)
class Reward:
    """How far a purchase meets its goal: met counts beside how many there were to meet, whether
    the price is kept, and the factor for the kind of product."""

    kind: float
    attributes: int
    attributes_wanted: int
    options: int
    options_wanted: int
    price: bool

    @property
    def total(self) -> float:
        met = self.attributes + self.options + self.price
        return self.kind * met / (self.attributes_wanted + self.options_wanted + 1)


def reward(product: Product, chosen: Mapping[str, str], goal: Goal) -> Reward:
    """What buying ``product`` with the chosen option values (by option name) is worth."""
    return Reward(
        kind=_kind(product, goal),
        attributes=sum(_has_attribute(product, wanted) for wanted in goal.attributes),
        attributes_wanted=len(goal.attributes),
        options=_options_met(chosen.values(), goal),
        options_wanted=len(goal.options),
        price=goal.price_upper is None or product.price <= goal.price_upper,
    )


def alike(one: str, other: str) -> bool:
    """Whether two texts are the same but for the order of words, extra words and slips."""
    # Compiled code that only a purchase needs: not at import.
    from rapidfuzz import fuzz, utils

    ratio = fuzz.token_set_ratio(one, other, processor=utils.default_process)
    return round(ratio) > ALIKE  # the original's library rounds before it compares


def option_met(value: str, wanted: str, goal: Goal) -> bool:
    """Whether a chosen value is what the goal wants of an option."""
    return alike(reduced(value), reduced(wanted) if goal.reduce_colours else wanted)


def _has_attribute(product: Product, wanted: str) -> bool:
    if any(alike(attribute, wanted) for attribute in product.attributes):
        return True
    texts = (product.title, " ".join(product.features), product.description)
    return any(wanted in text.lower() for text in texts)


def _options_met(chosen: Iterable[str], goal: Goal) -> int:
    values = list(chosen)
    return sum(any(option_met(value, one, goal) for value in values) for one in goal.options)


def _kind(product: Product, goal: Goal) -> float:
    """1 for the same kind of product, 0.5 for a doubtful one, 0.1 or 0 for another."""
    shared = _shared_nouns(product, goal)
    if shared == 0:
        return 0.0
    if shared < 0.1:
        return 0.1
    same_query = product.query == goal.query
    same_category = len(_parts(product.category) & _parts(goal.category)) >= 2
    return 1.0 if same_query or same_category or shared > 0.2 else 0.5


def _shared_nouns(product: Product, goal: Goal) -> float:
    if not goal.nouns:
        return 0.2
    return len(set(product.nouns) & set(goal.nouns)) / len(goal.nouns)


def _parts(category: str) -> set[str]:
    return {part.strip() for part in category.split(CATEGORY_MARK)}
