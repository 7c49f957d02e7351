"""Start and step times of AgentBench's seven environments, and the memory of all of them.

python tests/performance/agentbench.py [--tasks 30]

Each environment's tasks are generated, opened, and solved by their gold calls, all in this one
process; the sandbox of the os environment is a broker beside it, as in any run.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import shop_start
from pytest_smallbench.benchmarks.agentbench import parts
from pytest_smallbench.benchmarks.agentbench.generated import make
from pytest_smallbench.benchmarks.agentbench.kinds import KINDS
from pytest_smallbench.benchmarks.agentbench.own_settings import checked
from pytest_smallbench.benchmarks.agentbench.worlds import Host, Kind, Record, World

from pytest_smallbench.contracts import Sandbox, SandboxLimits, SandboxSetup
from pytest_smallbench.sandboxes.process import ProcessSandboxes

MEMORY_BUDGET = 300 << 20  # bytes: the whole benchmark in one process


@dataclass
class Times:
    """Seconds: to make a record, to open its world and look, a tool call, the verdict."""

    make: list[float] = field(default_factory=list)
    start: list[float] = field(default_factory=list)
    step: list[float] = field(default_factory=list)
    judge: list[float] = field(default_factory=list)
    unresolved: int = 0

    def __str__(self) -> str:
        return "  ".join(
            f"{name} {1000 * statistics.median(values):8.2f} ms (max {1000 * max(values):7.1f})"
            for name, values in vars(self).items()
            if isinstance(values, list) and values
        )


def timed(into: list[float], what: Callable[[], object]) -> object:
    began = time.perf_counter()
    done = what()
    into.append(time.perf_counter() - began)
    return done


def measure(kind: Kind, tasks: int, host: Host) -> Times:
    """Plays the gold calls of so many generated tasks."""
    times = Times()
    parts.maker(kind)  # its import is no task's
    for number in range(tasks):
        task_id = f"{kind.key}/g0-{number:05d}"
        record = timed(times.make, lambda id=task_id: make(id, host.values))
        assert isinstance(record, Record)
        play(kind, record, host, times)
    return times


def play(kind: Kind, record: Record, host: Host, times: Times) -> None:
    opened: list[World] = []

    def open_and_look() -> None:
        opened.append(parts.maker(kind)(record, host))
        opened[0].observe()

    timed(times.start, open_and_look)
    world = opened[0]
    for call in world.reference():
        observation = timed(times.step, lambda call=call: world.call(call.name, call.arguments))
        if observation.done:
            break
    verdict = timed(times.judge, lambda: world.judge(None))
    times.unresolved += not verdict.resolved
    world.close()


@contextmanager
def a_host(cache: Path) -> Iterator[Host]:
    """The machine as a worker sees it, with the process sandboxes started."""
    back = ProcessSandboxes()
    address = back.start(SandboxSetup(python=sys.executable))

    def open_sandbox(limits: SandboxLimits) -> Sandbox:
        return back.open(address, limits)

    try:
        yield Host(cache, open_sandbox, checked({}))
    finally:
        back.stop()


def peak_memory() -> int:
    """Bytes of this process at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def python_start_s() -> float:
    """Seconds that an interpreter takes to start and end: what nothing at all costs."""
    return min(timeit.repeat(lambda: subprocess.run([sys.executable, "-c", ""]), number=1))


def main(tasks: int) -> dict[str, float]:
    """Prints the figures; returns those that the budgets hold."""
    figures: dict[str, float] = {"python_start_s": python_start_s()}
    with tempfile.TemporaryDirectory(prefix="smallbench-") as cache, a_host(Path(cache)) as host:
        for kind in KINDS.values():
            times = measure(kind, tasks, host)
            print(f"{kind.key:<8} {times}  unresolved {times.unresolved}/{tasks}")
            figures[f"{kind.key}_start_s"] = statistics.median(times.start)
            figures[f"{kind.key}_unresolved"] = times.unresolved
    print(f"web with {shop_start.measure()}")
    figures["peak_memory"] = peak_memory()
    print(f"peak memory of this process: {peak_memory() / 2**20:.0f} MiB")
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=30)
    print(json.dumps(main(parser.parse_args().tasks)))
