"""What runs once a run: select the tasks, get benchmarks ready, collect the results.

With xdist this lives in the controller only; with -n 0 beside the worker in one process.
"""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_smallbench.cache import cache_folder
from pytest_smallbench.contracts import Bench, Benchmark, ReferenceCheck, SandboxBack
from pytest_smallbench.errors import SandboxUnavailable, UsageMistake
from pytest_smallbench.plan import BenchPlan, Plan
from pytest_smallbench.registry import Registry
from pytest_smallbench.settings import Settings
from pytest_smallbench.worker import limits_for


class Controller:
    """Makes the plan of a run, starts what it needs, and ends it all again."""

    def __init__(self, config: pytest.Config, settings: Settings, registry: Registry) -> None:
        self.config = config
        self.settings = settings
        self.registry = registry
        self.cache = cache_folder()
        self.plan = Plan(run_id=uuid.uuid4().hex[:8])
        self.started = time.time()
        self._backs: list[SandboxBack] = []

    def select(self, pasted: dict[str, set[str]]) -> None:
        """Decide which tasks run; ``pasted`` are item names given as arguments, by benchmark."""
        self._check_own_settings()
        benches = {}
        for name in self.settings.benchmarks:
            benchmark = self.registry.get_benchmark(name)
            bench = BenchPlan(benchmark.index(self.settings, self.cache, say))
            benches[name] = _narrowed(name, bench, pasted[name]) if name in pasted else bench
        self.plan = replace(self.plan, benches=benches)

    def _check_own_settings(self) -> None:
        names = self.settings.benchmarks
        known = {key for name in names for key in self.benchmark(name).own_settings}
        for key in self.settings.values:
            if key not in known:
                allowed = ", ".join(sorted(known)) or "there are none"
                raise UsageMistake(
                    f"--smallbench-set={key}: no such setting of {' or '.join(names)}; "
                    f"allowed: {allowed}"
                )

    def prepare(self) -> None:
        """Make the output folder, build grading environments, start the sandboxes."""
        output = _made(self.settings.output or _default_output(self.config, self.plan.run_id))
        self.plan = replace(self.plan, output=str(output))
        benches = {name: self._prepared(name, plan) for name, plan in self.plan.benches.items()}
        self.plan = replace(self.plan, benches=benches)

    def _prepared(self, name: str, plan: BenchPlan) -> BenchPlan:
        benchmark = self.registry.get_benchmark(name)
        back = self.registry.get_sandbox(self.settings.sandbox)
        needed = plan.index.sandboxed
        reason = back.unavailable() if needed else ""
        if reason:
            raise UsageMistake(f"--smallbench-sandbox={self.settings.sandbox}: {reason}")
        preparation = benchmark.prepare(self.settings, plan.index, self.cache, say)
        if not needed:
            return replace(plan, preparation=preparation)
        self._backs.append(back)
        try:
            address = back.start(preparation.setup)
        except SandboxUnavailable as unavailable:
            raise UsageMistake(str(unavailable)) from None
        return replace(plan, preparation=preparation, address=address)

    def remember(self, checks: dict[str, dict[str, ReferenceCheck]]) -> list[str]:
        """Hand the reference checks of --smallbench-validate to their benchmarks."""
        return [
            self.registry.get_benchmark(name).remember(self.bench(name), found, self.cache)
            for name, found in checks.items()
        ]

    def bench(self, name: str) -> Bench:
        plan = self.plan.benches[name]
        limits = limits_for(self.benchmark(name), self.settings)

        def no_sandbox(*_: object) -> Any:
            raise AssertionError("the controller opens no sandbox")

        return Bench(self.settings, plan.index, plan.preparation, self.cache, limits, no_sandbox)

    def benchmark(self, name: str) -> Benchmark:
        return self.registry.get_benchmark(name)

    def stop(self) -> None:
        """End every sandbox, and what they shared."""
        while self._backs:
            self._backs.pop().stop()


def say(line: str) -> None:
    """A line about long work, before pytest's own report begins."""
    print(f"smallbench: {line}", file=sys.stderr, flush=True)


def take_pasted(args: list[str], benchmarks: Iterable[str]) -> dict[str, set[str]]:
    """Item ids among the arguments, by benchmark; takes them out of ``args``.

    pytest itself would look for a file of that name.
    """
    pasted: dict[str, set[str]] = {}
    known = set(benchmarks)
    for arg in list(args):
        name, separator, task = arg.partition("::")
        if name in known:
            args.remove(arg)
            names = pasted.setdefault(name, set())
            if separator:
                names.add(task)
    return {name: names for name, names in pasted.items() if names}


def _narrowed(name: str, plan: BenchPlan, names: set[str]) -> BenchPlan:
    kept = plan.only(names)
    missing = names - {entry.name for entry in kept.index.entries}
    if missing:
        raise UsageMistake(
            f"{name}::{min(missing)}: the selected tasks of {kept.index.source} have no such id; "
            f"list them with --smallbench={name} --collect-only -q"
        )
    return kept


def _default_output(config: pytest.Config, run_id: str) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S")
    return config.invocation_params.dir / "smallbench-results" / f"{stamp}-{run_id}"


def _made(folder: Path) -> Path:
    try:
        (folder / "trajectories").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageMistake(
            f"--smallbench-output: cannot make {folder}: {error.strerror}; name another folder"
        ) from None
    if not os.access(folder, os.W_OK):
        raise UsageMistake(f"--smallbench-output: cannot write to {folder}; name another folder")
    return folder
