"""The products of a generated shop, all from one seed."""

from __future__ import annotations

import random
from collections.abc import Sequence

from ..environments.web_shop.products import Product
from .web_taxonomy import BRANDS, OPTIONS, QUALITIES, STYLES, TYPES, Type

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_RANGE_SHARE = 0.2  # of products with a price range instead of a price


def products(seed: int, size: int) -> list[Product]:
    """``size`` products, the types by turns: with 1,000 there are six or seven of each."""
    rng = random.Random(f"web catalogue {seed}")
    return [_product(rng, number, TYPES[number % len(TYPES)]) for number in range(size)]


def _product(rng: random.Random, number: int, kind: Type) -> Product:
    brand, style = rng.choice(BRANDS), rng.choice(STYLES)
    qualities = rng.sample(QUALITIES[kind.department], rng.randint(3, 5))
    options = {name: _values(rng, OPTIONS[name]) for name in kind.options}
    return Product(
        asin=_asin(rng, number),
        title=f"{brand} {style} {kind.name}, {qualities[0]}",
        description=(
            f"This {style} {kind.name} by {brand} is made to last: {', '.join(qualities[:2])}. "
            f"One of the {kind.group} of our {kind.department} department."
        ),
        features=tuple(f"{quality} {kind.name}" for quality in qualities),
        attributes=tuple(qualities),
        options=options,
        pricing=_pricing(rng),
        category=kind.category,
        query=kind.name,
        nouns=(brand.lower(), *kind.name.split()),
    )


def _asin(rng: random.Random, number: int) -> str:
    """Ten characters as real ones have; the number at the end keeps them apart."""
    tail = ""
    for _ in range(4):
        number, digit = divmod(number, len(_ALPHABET))
        tail += _ALPHABET[digit]
    return "B0" + "".join(rng.choices(_ALPHABET, k=4)) + tail


def _values(rng: random.Random, values: Sequence[str]) -> tuple[str, ...]:
    """Some of an option's values, at least two, in the order in which shops list them."""
    taken = rng.randint(2, min(5, len(values)))
    kept = set(rng.sample(values, taken))
    return tuple(value for value in values if value in kept)


def _pricing(rng: random.Random) -> tuple[float, ...]:
    low = rng.randint(300, 12_000) / 100
    if rng.random() >= _RANGE_SHARE:
        return (low,)
    return (low, low + rng.randint(100, 3_000) / 100)
