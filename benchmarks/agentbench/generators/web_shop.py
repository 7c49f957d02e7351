"""Shopping tasks of any number: a product of the seed's catalogue, and what is said of it.

A task is one that can be done: searching for what the instruction says finds the product among
the hits, and buying it with the options named is worth 1.0. At least one option is always
asked for, so that buying a product as it stands never is.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from ..environments.web_shop.buying import chosen_options, queries
from ..environments.web_shop.catalogue import Catalogue
from ..environments.web_shop.catalogues import GENERATED_SIZE, generated
from ..environments.web_shop.products import Goal, Product
from ..environments.web_shop.published import EXPECTED, fields_of
from ..environments.web_shop.reward import reward
from ..worlds import Record

_ASKED = {"easy": (1, 1), "medium": (2, 2), "hard": (3, 3)}
"""Qualities and options that a goal names, by difficulty (options as far as there are)."""
_PHRASES = (
    "I am looking for {type} by any brand: {qualities}. Of the options I want {options}. "
    "It may cost {price} dollars at most.",
    "Buy {type} for me that is {qualities}, with {options}, for no more than {price} dollars.",
    "I need {type}. It should be {qualities}, and come with {options}. "
    "I can spend up to {price} dollars.",
    "Please find {type} with these qualities: {qualities}. Choose {options}. "
    "The price must not be above {price} dollars.",
)


def generate(seed: int, number: int, difficulty: str) -> Record:
    """Task ``web/g<seed>-<number>``, alone. All tasks of a seed shop in one catalogue."""
    name = f"g{seed}-{number:05d}"
    rng = random.Random(f"web {name} {difficulty}")
    catalogue = generated(seed, GENERATED_SIZE)
    product, goal = _drawn(rng, catalogue, difficulty)
    while not _reachable(catalogue, product, goal):
        product, goal = _drawn(rng, catalogue, difficulty)
    return Record(
        id=f"web/{name}",
        environment="web",
        instruction=_instruction(rng, product, goal),
        expected_output=EXPECTED,
        data={"catalogue": {"seed": seed, "size": GENERATED_SIZE}, "goal": fields_of(goal)},
        difficulty=difficulty,
    )


def _drawn(rng: random.Random, catalogue: Catalogue, difficulty: str) -> tuple[Product, Goal]:
    product = rng.choice(catalogue.products)
    qualities, options = _ASKED[difficulty]
    names = rng.sample(list(product.choices), min(options, len(product.choices)))
    return product, Goal(
        asin=product.asin,
        attributes=tuple(rng.sample(product.attributes, qualities)),
        options=tuple(rng.choice(product.choices[name]) for name in names),
        price_upper=_cap(rng, product.price),
        category=product.category,
        query=product.query,
        nouns=product.nouns,
    )


def _cap(rng: random.Random, price: float) -> float:
    """The larger of two of the first four multiples of ten above the price."""
    above = (int(price // 10) + 1) * 10
    return float(max(rng.sample(range(above, above + 40, 10), 2)))


def _reachable(catalogue: Catalogue, product: Product, goal: Goal) -> bool:
    said = queries(product, goal)[0]
    worth = reward(product, chosen_options(product, goal), goal)
    return worth.total >= goal.threshold and product in catalogue.search(said)


def _instruction(rng: random.Random, product: Product, goal: Goal) -> str:
    names = {v: name for name, values in product.choices.items() for v in values}
    options = [f"{names[value]} {value}" for value in goal.options]
    return rng.choice(_PHRASES).format(
        type=_with_article(product.query),
        qualities=_listed(goal.attributes),
        options=_listed(options),
        price=f"{goal.price_upper:.2f}",
    )


def _with_article(name: str) -> str:
    if name.endswith("s") and not name.endswith("ss"):
        return name
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _listed(texts: Sequence[str]) -> str:
    return " and ".join((", ".join(texts[:-1]), texts[-1])) if len(texts) > 1 else texts[0]
