"""Full-text search over a catalogue: BM25 with Porter stemming, in SQLite's FTS5."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable, Sequence

from pytest_smallbench.errors import InfrastructureError

from .products import Product

MOST_WORDS = 64  # of a query; later ones are ignored, as are the ends of very long ones
MOST_LETTERS = 64
MOST_CHARACTERS = 10_000  # of a query that are looked at


class SearchIndex:
    """Finds products by words. Any thread may ask: the web pages are served by several.

    Ranks with bm25 over lower-cased title, description, first feature and option values; a
    product matches when it has any of the words (specification, section 4).
    """

    def __init__(self, products: Sequence[Product]) -> None:
        self._lock = threading.Lock()
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        try:
            self._database.execute(
                "CREATE VIRTUAL TABLE products "
                "USING fts5(text, content='', tokenize='porter unicode61')"
            )
        except sqlite3.OperationalError as error:
            raise InfrastructureError(f"this Python's SQLite has no FTS5: {error}") from None
        rows = enumerate(map(_indexed, products))
        self._database.executemany("INSERT INTO products(rowid, text) VALUES (?, ?)", rows)

    def find(self, keywords: str, limit: int) -> list[int]:
        """Indices of the products that match, best first; equals in catalogue order."""
        words = _words(keywords)
        if not words:
            return []
        # Quoted, a word is a word: nothing that a query may hold is FTS5 syntax any more.
        query = " OR ".join(f'"{word}"' for word in words)
        with self._lock:
            rows = self._database.execute(
                "SELECT rowid FROM products WHERE products MATCH ? "
                "ORDER BY bm25(products), rowid LIMIT ?",
                (query, limit),
            ).fetchall()
        return [row[0] for row in rows]


def _indexed(product: Product) -> str:
    options = (value for values in product.choices.values() for value in values)
    parts: Iterable[str] = (product.title, product.description, *product.features[:1], *options)
    return " ".join(parts).lower()


def _words(keywords: str) -> list[str]:
    words = re.findall(r"\w+", keywords[:MOST_CHARACTERS].lower())
    return list(dict.fromkeys(word[:MOST_LETTERS] for word in words))[:MOST_WORDS]
