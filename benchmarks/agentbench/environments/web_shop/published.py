"""Published shops: ``web_products.jsonl`` and ``web_goals.jsonl`` in a folder of records.

Either may be a .gz. The fields are WebShop's own, cleaned up (specification, section 4).

A product: ``asin`` and ``title``; and where known ``description``, ``features`` (a list, the
bullet points), ``attributes`` (a list), ``options`` (an object, option name to list of values),
``pricing`` (a list of one price, or of the two ends of a range, in dollars; 100 where there
is none), ``product_category`` (a path joined by U+203A), ``query`` (what the catalogue files it
under), ``nouns`` (of its title, in lower case; stood in for by the title's longer words).

A goal: ``id``, ``instruction``, ``asin`` of the product meant; and where wanted ``attributes``,
``goal_options`` (a list of values; an object from option names also works, and keeps its values
from being reduced to base colours), ``price_upper``, ``threshold`` (the reward that resolves,
1.0), ``split`` (std where it has none), ``expected_output`` (``Added to cart``). What the goal
does not say of ``product_category``, ``query`` and ``nouns`` is taken from its product.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.record_sources import content, parsed_lines
from pytest_smallbench.selection import natural_key

from ...worlds import Record
from .catalogue import Catalogue
from .catalogues import PRODUCT_FILES, catalogue_for, products_file
from .products import Goal, goal_of

EXPECTED = "Added to cart"
GOAL_FILES = ("web_goals.jsonl", "web_goals.jsonl.gz")
_TEST_SPLITS = ("std", "standard")


def read(folder: Path) -> Iterable[Record]:
    """The goals of a folder as tasks, in natural order; none where the folder has no shop.

    Raises UsageMistake for a broken goal or product, and where one of the two files is missing.
    """
    goals = next((folder / name for name in GOAL_FILES if (folder / name).is_file()), None)
    if goals is None and products_file(folder) is None:
        return []
    if goals is None or products_file(folder) is None:
        raise UsageMistake(f"{folder}: a shop needs both {PRODUCT_FILES[0]} and {GOAL_FILES[0]}")
    catalogue = catalogue_for({"goal": None}, folder, str(folder))
    records = dict(_records(goals, catalogue))
    return sorted(records.values(), key=lambda record: natural_key(record.id))


def _records(path: Path, catalogue: Catalogue) -> Iterator[tuple[str, Record]]:
    seen: dict[str, str] = {}
    for where, raw in parsed_lines(str(path), content(path, str(path))):
        record = _record(raw, where, catalogue)
        if record.id in seen:
            raise UsageMistake(f"{where}: field 'id' is already that of {seen[record.id]}")
        seen[record.id] = where
        yield record.id, record


def _record(raw: object, where: str, catalogue: Catalogue) -> Record:
    goal = _completed(goal_of(raw, where), where, catalogue)
    assert isinstance(raw, dict)  # goal_of has seen that it is one
    split = raw.get("split", "std")
    texts = {"id": raw.get("id"), "instruction": raw.get("instruction"), "split": split}
    for name, value in texts.items():
        if not isinstance(value, str) or not value.strip():
            raise UsageMistake(f"{where}: field {name!r} must be a text")
    expected = raw.get("expected_output", EXPECTED)
    if not isinstance(expected, str):
        raise UsageMistake(f"{where}: field 'expected_output' must be a text")
    own_id = str(raw["id"]).removeprefix("web-").removeprefix(f"{split}-")
    return Record(
        id=f"web/{split}-{own_id}",
        environment="web",
        instruction=raw["instruction"],
        expected_output=expected,
        data={"goal": fields_of(goal)},
        split="test" if split in _TEST_SPLITS else split,
    )


def _completed(goal: Goal, where: str, catalogue: Catalogue) -> Goal:
    product = catalogue.by_asin.get(goal.asin.lower())
    if product is None:
        raise UsageMistake(f"{where}: field 'asin': there is no product {goal.asin[:60]!r}")
    return replace(
        goal,
        category=goal.category or product.category,
        query=goal.query or product.query,
        nouns=goal.nouns or product.nouns,
    )


def fields_of(goal: Goal) -> dict[str, Any]:
    """A goal as plain values, as ``products.goal_of`` reads it."""
    named = {f"option {number}": value for number, value in enumerate(goal.options, start=1)}
    return {
        "asin": goal.asin,
        "attributes": list(goal.attributes),
        "goal_options": list(goal.options) if goal.reduce_colours else named,
        "price_upper": goal.price_upper,
        "product_category": goal.category,
        "query": goal.query,
        "nouns": list(goal.nouns),
        "threshold": goal.threshold,
    }
