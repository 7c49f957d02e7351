"""What is on a page of the shop, before it becomes text or HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .catalogue import Catalogue
from .products import Product
from .visit import Visit

Shape: TypeAlias = Literal["text", "button", "link", "option"]

PAGE_SIZE = 10
BACK, PREVIOUS, NEXT, BUY, SEARCH = "Back to Search", "< Prev", "Next >", "Buy Now", "Search"
SUB_PAGES = ("Description", "Features", "Reviews")


@dataclass(frozen=True)
class Element:
    """A visible text. What is no plain text can be clicked, by its text in lower case; an
    option's ``group`` is its option name."""

    text: str
    shape: Shape = "text"
    group: str = ""
    selected: bool = False

    @property
    def value(self) -> str:
        """What to click it by."""
        return self.text.lower()


@dataclass(frozen=True)
class Page:
    """Elements in reading order. ``search_bar``: keywords can be entered here."""

    elements: Sequence[Element]
    search_bar: bool = False

    @property
    def clickables(self) -> dict[str, Element]:
        """By value, in reading order; of two with one value the later one counts."""
        return {e.value: e for e in self.elements if e.shape != "text"}


def page_of(visit: Visit, catalogue: Catalogue, instruction: str) -> Page:
    """The page at which a visit stands."""
    head = [Element("Instruction:"), Element(instruction)]
    if visit.place == "search":
        return Page([Element("WebShop"), *head, Element(SEARCH, "button")], search_bar=True)
    if visit.place == "results":
        return Page([*head, *_results(visit, catalogue)])
    product = catalogue.by_asin[visit.asin]
    if visit.place == "done":
        return Page(list(_thanks(visit, product)))
    body = _item(visit, product) if visit.place == "item" else _sub_page(visit, product)
    return Page([*head, Element(BACK, "button"), Element(PREVIOUS, "button"), *body])


def _results(visit: Visit, catalogue: Catalogue) -> Iterator[Element]:
    hits = catalogue.search(visit.keywords)
    yield Element(BACK, "button")
    yield Element(f"Page {visit.number} (Total results: {len(hits)})")
    if visit.number > 1:
        yield Element(PREVIOUS, "button")
    yield Element(NEXT, "button")
    for product in hits[(visit.number - 1) * PAGE_SIZE : visit.number * PAGE_SIZE]:
        yield Element(product.asin, "link")
        yield Element(product.title)
        yield Element(product.price_text)


def _item(visit: Visit, product: Product) -> Iterator[Element]:
    for name, values in product.choices.items():
        yield Element(name)
        for value in values:
            yield Element(value, "option", name, visit.options.get(name) == value.lower())
    yield Element(product.title)
    yield Element(f"Price: {product.price_text}")
    yield Element("Rating: N.A.")
    for name in (*SUB_PAGES, BUY):
        yield Element(name, "button")


def _sub_page(visit: Visit, product: Product) -> Iterator[Element]:
    texts = {
        "description": [product.description],
        "features": list(product.features),
        "reviews": ["There are no reviews yet."],
    }[visit.place]
    yield from (Element(text) for text in texts)


def _thanks(visit: Visit, product: Product) -> Iterator[Element]:
    yield Element("Thank you for shopping with us!")
    yield Element(f"You bought {product.asin}")
    yield Element(product.title)
    for name, value in visit.options.items():
        yield Element(f"{name}: {value}")
