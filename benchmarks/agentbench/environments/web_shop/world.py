"""The web shop as a world: two tools over a visit to a catalogue, and pages for browsers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pytest_smallbench.contracts import Observation, Tool, ToolCall
from pytest_smallbench.errors import UsageMistake

from ...worlds import Host, Judgement, Record
from .buying import gold_calls
from .catalogue import Catalogue
from .catalogues import catalogue_for
from .products import Goal, goal_of
from .reward import Reward, reward
from .shopping import Refused, Shopping
from .site import Site
from .text_pages import as_text
from .tools import TOOLS

SETTING = "web_pages"
RULES = (
    "You are in a web shop. Find and buy the product that the instruction asks for: search, look "
    "at products, choose the options that are asked for, then buy. The first purchase ends the "
    "task. A page shows as its texts joined by [SEP]; below it is what can be done on it."
)


class WebWorld:
    """One visit. ``goal`` is None where the record has none: there is a shop to buy in, but
    no purchase is what the record asks."""

    def __init__(
        self, catalogue: Catalogue, goal: Goal | None, instruction: str, *, pages: bool
    ) -> None:
        self._catalogue, self._goal = catalogue, goal
        self._shopping = Shopping(catalogue, instruction)
        self._site = Site(self._shopping) if pages else None

    @property
    def tools(self) -> Sequence[Tool]:
        return TOOLS

    @property
    def address(self) -> str | None:
        """Where a browser finds the shop, if web pages were asked for."""
        return self._site.address if self._site else None

    def observe(self) -> str:
        served = f" A browser finds the same shop at {self.address}" if self._site else ""
        return f"{RULES}{served}\n\n{as_text(self._shopping.page)}"

    def call(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        shopping = self._shopping
        if shopping.over:
            return Observation(as_text(shopping.page), done=True, valid=False)
        try:
            if name == "search_action":
                shopping.search(arguments["keywords"])
            else:
                shopping.click(arguments["value"])
        except Refused as refused:
            text = f"Error: {refused}.\n\n{as_text(shopping.page)}"
            return Observation(text, valid=False)
        return Observation(as_text(shopping.page), done=shopping.over)

    def judge(self, answer: str | None) -> Judgement:
        bought = self._shopping.bought
        if self._goal is None:
            why = "the record has no goal of its own; its expected output decides"
            return Judgement(False, 0.0, _unresolved_line(bought and bought[0].asin), why)
        if bought is None:
            return Judgement(False, 0.0, _unresolved_line(None), "nothing was bought")
        product, chosen = bought
        return _judged(product.asin, reward(product, chosen, self._goal), self._goal.threshold)

    def snapshot(self) -> str:
        return self._shopping.snapshot()

    def restore(self, snapshot: str) -> None:
        self._shopping.restore(snapshot)

    def reference(self) -> Sequence[ToolCall]:
        return gold_calls(self._catalogue, self._goal) if self._goal else []

    def close(self) -> None:
        if self._site is not None:
            self._site.close()
            self._site = None


def _judged(asin: str, worth: Reward, threshold: float) -> Judgement:
    total = round(worth.total, 4)
    resolved = worth.total >= threshold
    line = f"Added to cart: {asin} reward={total}" if resolved else _unresolved_line(asin)
    why = f"bought {asin}, reward {total}: {_told(worth)}"
    metrics = {"reward": worth.total, "success": float(worth.total >= 1.0)}
    return Judgement(resolved, worth.total, line, why, metrics)


def _told(worth: Reward) -> str:
    return (
        f"attributes {worth.attributes}/{worth.attributes_wanted}, "
        f"options {worth.options}/{worth.options_wanted}, "
        f"price {'kept' if worth.price else 'over'}, kind of product {worth.kind:g}"
    )


def _unresolved_line(asin: str | None) -> str:
    return f"Bought: {asin or 'nothing'}"


def open_world(record: Record, host: Host) -> WebWorld:
    """The shop of a record. Raises UsageMistake for a broken record or setting.

    With --smallbench-set=web_pages=on it is also served on loopback, at an address that the
    first observation ends its rules with.
    """
    where = f"task {record.id}"
    pages = host.values.get(SETTING, "off")
    if pages not in ("on", "off"):
        raise UsageMistake(f"--smallbench-set={SETTING}={pages}: take on or off")
    catalogue = catalogue_for(record.data, host.folder, where)
    goal = goal_of(record.data["goal"], f"{where}: field 'goal'") if "goal" in record.data else None
    return WebWorld(catalogue, goal, record.instruction, pages=pages == "on")
