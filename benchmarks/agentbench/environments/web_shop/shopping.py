"""A shop with one customer: searches and clicks, from the tools or from the web pages."""

from __future__ import annotations

import threading

from .catalogue import Catalogue
from .pages import BACK, BUY, NEXT, PREVIOUS, SEARCH, Element, Page, page_of
from .products import Product
from .visit import Visit


class Refused(Exception):
    """Cannot be done on this page; the message says what is wrong. Nothing has changed."""


class Shopping:
    """One visit to a catalogue. Safe to use from several threads: a browser asks from many."""

    def __init__(self, catalogue: Catalogue, instruction: str) -> None:
        self._catalogue, self._instruction = catalogue, instruction
        self._lock = threading.RLock()
        self._visit = Visit()

    @property
    def page(self) -> Page:
        with self._lock:
            return page_of(self._visit, self._catalogue, self._instruction)

    @property
    def over(self) -> bool:
        return self._visit.place == "done"

    @property
    def bought(self) -> tuple[Product, dict[str, str]] | None:
        """The product and the chosen options, once there is a purchase."""
        with self._lock:
            visit = self._visit
            return (self._catalogue.by_asin[visit.asin], visit.options) if self.over else None

    def search(self, keywords: str) -> None:
        """Show the results for keywords. Raises Refused."""
        with self._lock:
            if not self.page.search_bar:
                raise Refused(f"there is no search bar on this page: click {BACK.lower()} first")
            keywords = keywords.lower().strip()
            if not keywords:
                raise Refused("there are no keywords to search for")
            self._visit = Visit("results", keywords)

    def click(self, value: str) -> None:
        """Click what is called ``value``, in any case. Raises Refused."""
        with self._lock:
            element = self.page.clickables.get(value.lower().strip())
            if element is None:
                raise Refused(f"there is nothing called {value[:80]!r} to click on this page")
            self._press(element)

    def follow(self, asin: str) -> None:
        """Click a product's link, and nothing else: links may not choose or buy. Raises Refused."""
        with self._lock:
            element = self.page.clickables.get(asin.lower().strip())
            if element is None or element.shape != "link":
                raise Refused(f"there is no link to {asin[:80]!r} on this page")
            self._press(element)

    def _press(self, element: Element) -> None:
        visit, value = self._visit, element.value
        if element.shape == "option":
            visit.options[element.group] = value
        elif element.shape == "link":
            self._visit = Visit("item", visit.keywords, visit.number, value)
        elif value == SEARCH.lower():
            raise Refused("the search needs keywords: search for them")
        elif value == BACK.lower():
            self._visit = Visit()
        elif value == BUY.lower():
            visit.place = "done"
        elif value in (NEXT.lower(), PREVIOUS.lower()):
            self._turn(1 if value == NEXT.lower() else -1)
        else:
            visit.place = value  # type: ignore[assignment]  # one of the sub pages' names

    def _turn(self, step: int) -> None:
        """Next or previous: among results, from an item to its results, from a sub page to its
        item. A page of results, once shown, has cleared what was chosen."""
        visit = self._visit
        if visit.place == "results":
            visit.number += step
        elif visit.place == "item":
            self._visit = Visit("results", visit.keywords, visit.number)
        else:
            visit.place = "item"

    def snapshot(self) -> str:
        with self._lock:
            return self._visit.dump()

    def restore(self, snapshot: str) -> None:
        with self._lock:
            self._visit = Visit.load(snapshot)
