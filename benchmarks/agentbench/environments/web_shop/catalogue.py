"""A catalogue with its search: the part of a shop that all its tasks share."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from .products import CATEGORY_MARK, Product
from .search_index import SearchIndex

MOST_HITS = 50


class Catalogue:
    """Products by asin (in lower case), and searches over them. Never changes."""

    def __init__(self, products: Sequence[Product]) -> None:
        self.products = products
        self.by_asin = {product.asin.lower(): product for product in products}
        self._index = SearchIndex(products)

    def search(self, keywords: str) -> list[Product]:
        """At most MOST_HITS products, best first. A leading ``<r>``, ``<a>``, ``<c>`` or
        ``<q>`` asks for any products, for those with an attribute, in a category (the
        whole path or a part of it) or filed under a query; without regard to case."""
        mode, _, rest = keywords.strip().lower().partition(" ")
        rest = rest.strip()
        if mode == "<r>":
            return self._any(rest)
        if mode == "<a>":
            return [p for p in self.products if rest in _lower(p.attributes)][:MOST_HITS]
        if mode == "<c>":
            return [p for p in self.products if rest in category_parts(p)][:MOST_HITS]
        if mode == "<q>":
            return [p for p in self.products if rest == p.query.lower()][:MOST_HITS]
        return [self.products[at] for at in self._index.find(keywords, MOST_HITS)]

    def _any(self, salt: str) -> list[Product]:
        """WebShop draws anew each time; here the draw is a hash, the same for the same words."""

        def drawn(product: Product) -> bytes:
            return hashlib.blake2b(f"{salt[:200]} {product.asin}".encode()).digest()

        return sorted(self.products, key=drawn)[:MOST_HITS]


def category_parts(product: Product) -> set[str]:
    """The whole category and each part of it, in lower case."""
    whole = product.category.lower()
    return {whole, *(part.strip() for part in whole.split(CATEGORY_MARK))}


def _lower(texts: Sequence[str]) -> set[str]:
    return {text.lower() for text in texts}
