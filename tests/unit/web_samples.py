"""A small shop for the tests of the web environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pytest_smallbench.benchmarks.agentbench.environments.web_shop.catalogue import Catalogue
from pytest_smallbench.benchmarks.agentbench.environments.web_shop.products import Goal, Product
from pytest_smallbench.benchmarks.agentbench.environments.web_shop.world import (
    WebWorld,
    open_world,
)
from pytest_smallbench.benchmarks.agentbench.worlds import Host, Record

from pytest_smallbench.contracts import Observation, Sandbox, SandboxLimits

LAMP = Product(
    asin="B0LAMP",
    title="Norvane desk lamp",
    description="A warm light for long evenings.",
    features=("dimmable with a touch", "folds flat"),
    attributes=("energy saving", "dimmable"),
    options={"color": ("dark blue", "white", "Red <b>"), "plug": ("european", "british")},
    pricing=(20.0, 30.0),
    category="home \u203a lighting \u203a desk lamp",
    query="desk lamp",
    nouns=("norvane", "desk", "lamp"),
)
CHAIR = Product(
    asin="B0CHAIR",
    title='Wooden chair "Ada" & friends <script>alert(1)</script>',
    pricing=(55.5,),
    category="home \u203a furniture \u203a chair",
    query="chair",
    nouns=("chair",),
)
GOAL = Goal(
    asin="B0LAMP",
    attributes=("energy saving", "warm light"),
    options=("navy blue",),
    price_upper=40.0,
    category=LAMP.category,
    query="desk lamp",
    nouns=("norvane", "desk", "lamp"),
)
INSTRUCTION = "Buy a desk lamp in blue."


def many(number: int) -> list[Product]:
    """Products that all match the word "mug", in the order of their asins."""
    return [
        Product(f"B0MUG{n:03d}", "A mug", nouns=("mug",), options={"size": ("small", "large")})
        for n in range(number)
    ]


def shop(*more: Product, goal: Goal | None = GOAL, pages: bool = False) -> WebWorld:
    return WebWorld(Catalogue([LAMP, CHAIR, *more]), goal, INSTRUCTION, pages=pages)


def search(world: WebWorld, keywords: str) -> Observation:
    return world.call("search_action", {"keywords": keywords})


def click(world: WebWorld, *values: str) -> Observation:
    """Click one thing after the other; the last answer."""
    observations = [world.call("click_action", {"value": value}) for value in values]
    return observations[-1]


def no_sandbox(limits: SandboxLimits) -> Sandbox:
    raise AssertionError("this environment needs no sandbox")


def host(folder: Path | None = None, **values: str) -> Host:
    return Host(Path("unused"), no_sandbox, values, folder)


def opened(data: Mapping[str, Any], folder: Path | None = None, **values: str) -> WebWorld:
    record = Record("web/x", "web", INSTRUCTION, "Added to cart", data)
    return open_world(record, host(folder, **values))
