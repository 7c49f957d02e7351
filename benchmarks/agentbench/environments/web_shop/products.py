"""What the shop sells and what a task wants of it: the fields, checked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from pytest_smallbench.errors import UsageMistake

Fields: TypeAlias = Mapping[str, Any]

CATEGORY_MARK = "\u203a"  # between the parts of a category: a single angle quotation mark
NO_PRICE = 100.0  # what WebShop takes where a product has none
_SMALL_WORDS = "and are for from its off over per the this with without you your all not new set"


@dataclass(frozen=True)
class Product:
    """One product. ``pricing`` is one price, or the ends of a range, in dollars; ``options``
    are the values to choose from by option name; ``category`` is a path of parts joined by
    CATEGORY_MARK; ``query`` is the search that the catalogue files it under; ``nouns`` are those of
    the title, in lower case."""

    asin: str
    title: str
    description: str = ""
    features: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] | None = None
    pricing: tuple[float, ...] = (NO_PRICE,)
    category: str = ""
    query: str = ""
    nouns: tuple[str, ...] = ()

    @property
    def choices(self) -> Mapping[str, tuple[str, ...]]:
        return self.options or {}

    @property
    def price_text(self) -> str:
        return " to ".join(f"${price:.2f}" for price in self.pricing)

    @property
    def price(self) -> float:
        """What it costs when bought. WebShop draws it from the range as it loads; here the draw
        is a hash of the asin, so that it is the same everywhere."""
        low, high = self.pricing[0], self.pricing[-1]
        digest = hashlib.blake2b(self.asin.encode(), digest_size=8).digest()
        return round(low + (high - low) * int.from_bytes(digest, "big") / (1 << 64), 2)


@dataclass(frozen=True)
class Goal:
    """What is to be bought. ``options`` are wanted values; ``price_upper`` is None where any
    price will do; ``category``, ``query`` and ``nouns`` are those of the product meant.
    ``reduce_colours`` is False where the values came with their option names: the original
    does not reduce these. ``threshold`` is the reward that resolves the task."""

    asin: str
    attributes: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    price_upper: float | None = None
    category: str = ""
    query: str = ""
    nouns: tuple[str, ...] = ()
    reduce_colours: bool = True
    threshold: float = 1.0


def title_nouns(title: str) -> tuple[str, ...]:
    """A stand-in for a product without ``nouns``: the title's words of three letters and more,
    but for small words. A real tagger's list in the data is better."""
    words = re.findall(r"[^\W\d_]{3,}", title.lower())
    return tuple(word for word in words if word not in _SMALL_WORDS.split())


def product_of(raw: object, where: str) -> Product:
    """A line of ``web_products.jsonl``, see ``published.py``. Raises UsageMistake."""
    fields = _object(raw, where)
    title = _text(fields, "title", where)
    return Product(
        asin=_text(fields, "asin", where),
        title=title,
        description=_text(fields, "description", where, ""),
        features=_texts(fields, "features", where),
        attributes=_texts(fields, "attributes", where),
        options=_options(fields, where),
        pricing=_pricing(fields, where),
        category=_text(fields, "product_category", where, ""),
        query=_text(fields, "query", where, ""),
        nouns=_texts(fields, "nouns", where) if "nouns" in fields else title_nouns(title),
    )


def goal_of(raw: object, where: str) -> Goal:
    """A task's goal, see ``published.py``. Raises UsageMistake."""
    fields = _object(raw, where)
    wanted = fields.get("goal_options", [])
    named = isinstance(wanted, Mapping)
    values = {"goal_options": list(wanted.values()) if named else wanted}
    upper = fields.get("price_upper")
    return Goal(
        asin=_text(fields, "asin", where),
        attributes=_texts(fields, "attributes", where),
        options=_texts(values, "goal_options", where),
        price_upper=None if upper is None else _number(fields, "price_upper", where),
        category=_text(fields, "product_category", where, ""),
        query=_text(fields, "query", where, ""),
        nouns=_texts(fields, "nouns", where),
        reduce_colours=not named,
        threshold=_number(fields, "threshold", where) if "threshold" in fields else 1.0,
    )


# -- single fields ------------------------------------------------------------------


def _object(raw: object, where: str) -> Fields:
    if not isinstance(raw, Mapping):
        raise UsageMistake(f"{where}: a record must be a JSON object")
    return raw


def _text(fields: Fields, name: str, where: str, otherwise: str | None = None) -> str:
    value = fields.get(name, otherwise)
    if not _is_text(value) or (otherwise is None and not str(value).strip()):
        raise UsageMistake(f"{where}: field {name!r} must be a text")
    return str(value)


def _texts(fields: Fields, name: str, where: str) -> tuple[str, ...]:
    value = fields.get(name, ())
    if not _is_texts(value):
        raise UsageMistake(f"{where}: field {name!r} must be a list of texts")
    return tuple(value)


def _is_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(map(_is_text, value))


def _is_text(value: object) -> bool:
    """Whether it is a text that can be written: half a surrogate pair, which JSON allows,
    cannot."""
    try:
        return isinstance(value, str) and value.encode() is not None
    except UnicodeEncodeError:
        return False


def _options(fields: Fields, where: str) -> Mapping[str, tuple[str, ...]]:
    value = fields.get("options", {})
    if not isinstance(value, Mapping) or not all(_is_texts(values) for values in value.values()):
        raise UsageMistake(f"{where}: field 'options' must be an object of lists of texts")
    return {str(name): tuple(values) for name, values in value.items()}


def _pricing(fields: Fields, where: str) -> tuple[float, ...]:
    value: Sequence[Any] = fields.get("pricing") or [NO_PRICE]
    if not isinstance(value, list | tuple) or len(value) > 2 or not all(map(_is_price, value)):
        raise UsageMistake(f"{where}: field 'pricing' must be a list of one or two prices")
    return tuple(sorted(map(float, value)))


def _number(fields: Fields, name: str, where: str) -> float:
    value = fields.get(name)
    if not _is_price(value):
        raise UsageMistake(f"{where}: field {name!r} must be a number from 0")
    return float(value)  # type: ignore[arg-type]  # _is_price has seen that it is one


def _is_price(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 <= value < 1e9  # type: ignore[operator]  # a number, by then
