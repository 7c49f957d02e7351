"""What starting a web shop and its steps cost: ``python shop_start.py [PRODUCTS]``."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pytest_smallbench.benchmarks.agentbench.environments.web_shop.catalogues import generated
from pytest_smallbench.benchmarks.agentbench.environments.web_shop.world import (
    WebWorld,
    open_world,
)
from pytest_smallbench.benchmarks.agentbench.worlds import Host, Record

from pytest_smallbench.contracts import Sandbox, SandboxLimits


def _no_sandbox(limits: SandboxLimits) -> Sandbox:
    raise AssertionError("a shop needs no sandbox")


@dataclass(frozen=True)
class Costs:
    """CPU milliseconds of the first world of a catalogue, of the next one and of a step;
    ``memory_mb`` is what the catalogue added to the process."""

    products: int
    first_ms: float
    next_ms: float
    step_ms: float
    memory_mb: float

    def __str__(self) -> str:
        return (
            f"{self.products} products: first world {self.first_ms:.1f} ms, "
            f"next {self.next_ms:.2f} ms, a step {self.step_ms:.2f} ms, {self.memory_mb:.1f} MB"
        )


def measure(products: int = 1000) -> Costs:
    generated.cache_clear()
    before = _peak_mb()
    first = _cpu_ms(lambda: _world(products))
    memory = _peak_mb() - before
    following = _cpu_ms(lambda: _world(products), times=50)
    worlds = [_world(products) for _ in range(50)]
    searches = _cpu_ms(lambda: _search(worlds.pop()), times=50)
    return Costs(products, first, following, searches, memory)


def _world(products: int) -> WebWorld:
    data = {"catalogue": {"seed": 0, "size": products}}
    world = open_world(
        Record("web/x", "web", "Buy.", None, data), Host(Path("unused"), _no_sandbox)
    )
    world.observe()
    return world


def _search(world: WebWorld) -> None:
    world.call("search_action", {"keywords": "wool overcoat fleece lined black small"})


def _cpu_ms(what: Callable[[], object], times: int = 1) -> float:
    start = time.process_time()
    for _ in range(times):
        what()
    return 1000 * (time.process_time() - start) / times


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
