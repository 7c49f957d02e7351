"""How long a sandbox in a container takes to be ready, warm from the pool and cold.

    python tests/performance/docker_start.py [IMAGE] [PYTHON] [MODULE,MODULE]

A warm one is taken when the pool has had time to make it, as while an agent thinks.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from dataclasses import dataclass

from pytest_smallbench.contracts import SandboxLimits, SandboxSetup
from pytest_smallbench.sandboxes.docker import DockerSandboxes, container, engine
from pytest_smallbench.sandboxes.docker.labels import labels
from pytest_smallbench.sandboxes.docker.leftovers import sweep_run

IMAGE = os.environ.get("SMALLBENCH_TEST_DOCKER_BASE", "python:3.11-slim-bookworm")
TIMES = 11


@dataclass(frozen=True)
class Starts:
    """Medians, in seconds."""

    warm: float
    cold: float

    def __str__(self) -> str:
        return f"a sandbox is ready after {self.warm * 1000:.1f} ms warm, {self.cold:.2f} s cold"


def measure(setup: SandboxSetup, times: int = TIMES) -> Starts:
    return Starts(statistics.median(_warm(setup, times)), statistics.median(_cold(setup, times)))


def _warm(setup: SandboxSetup, times: int) -> list[float]:
    back = DockerSandboxes()
    address = back.start(setup)
    found = []
    try:
        back.open(address, SandboxLimits()).close()
        for _ in range(times):
            back.await_warm()
            started = time.perf_counter()
            sandbox = back.open(address, SandboxLimits())
            found.append(time.perf_counter() - started)
            sandbox.close()
    finally:
        back.stop()
    return found


def _cold(setup: SandboxSetup, times: int) -> list[float]:
    client, found = engine.connect(), []
    kind = container.Kind(setup.image, setup, labels("cold"), 1)
    try:
        for _ in range(times):
            started = time.perf_counter()
            one = container.start(client, kind, set(), SandboxLimits())
            found.append(time.perf_counter() - started)
            one.discard()
    finally:
        sweep_run(client, "cold")
        client.close()
    return found


if __name__ == "__main__":
    image, python, modules = [*sys.argv[1:], *(IMAGE, "python3", "")[len(sys.argv) - 1 :]]
    preload = tuple(modules.split(",")) if modules else ()
    print(measure(SandboxSetup(python=python, image=image, preload=preload)))
