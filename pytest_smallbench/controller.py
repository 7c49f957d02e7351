"""What runs once a run: select the tasks, get benchmarks ready, collect the results.

With xdist this lives in the controller only; with -n 0 beside the worker in one process.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_smallbench.cache import cache_folder
from pytest_smallbench.configuration import configuration
from pytest_smallbench.contracts import (
    Bench,
    Benchmark,
    CollectedBenchmark,
    OnAnEngine,
    ReferenceCheck,
    SandboxBack,
    SandboxSetup,
)
from pytest_smallbench.errors import SandboxUnavailable, UsageMistake
from pytest_smallbench.mcp_servers import run_secrets
from pytest_smallbench.place import Place
from pytest_smallbench.plan import NOT_PREPARED, BenchPlan, Plan, PlannedItem
from pytest_smallbench.registry import Registry
from pytest_smallbench.reports.baseline import Baseline, Terms, read_baseline, refuse_other
from pytest_smallbench.reports.ordering import natural_key
from pytest_smallbench.run_folder import Earlier, RunFolder
from pytest_smallbench.settings import Settings
from pytest_smallbench.worker import limits_for


class Controller:
    """Makes the plan of a run, starts what it needs, and ends it all again."""

    def __init__(self, settings: Settings, registry: Registry, place: Place) -> None:
        self.settings = settings
        self.place = place
        self.agent = ""
        self.agents: dict[str, str] = {}  # by benchmark: who is to solve its tasks, in words
        self.registry = registry
        self.cache = cache_folder()
        self.plan = Plan(run_id=place.run_id)
        self.started = time.time()
        self.baseline: Baseline | None = None
        self.earlier: Earlier | None = None
        self.configuration: dict[str, str] = {}
        self._folder: RunFolder | None = None
        self._backs: list[SandboxBack] = []

    def select(self, pasted: dict[str, set[str]], agent: str) -> None:
        """Decide which tasks run of the benchmarks that were asked for by name; ``pasted`` are
        item names given as arguments, by benchmark; ``agent`` names the one that will."""
        self.agent = agent
        self._check_own_settings(self.settings.benchmarks)
        benches = {}
        for name in self.settings.benchmarks:
            benchmark = self.registry.get_benchmark(name)
            attempts = 1 if self.settings.validate else self.settings.attempts
            bench = BenchPlan(benchmark.index(self.settings, self.cache, say), attempts=attempts)
            benches[name] = _narrowed(name, bench, pasted[name]) if name in pasted else bench
        self._settle(benches)

    def take_in(self, items: Mapping[str, tuple[PlannedItem, ...]], agent: str) -> None:
        """Add the tasks that pytest has collected, before any test is run."""
        self.agent = self.agent or agent
        if not self.settings.benchmarks:
            self._check_own_settings(items)
        self._settle({name: self._collected(name, each) for name, each in items.items()})
        if self.plan.output:  # of the benchmarks asked for by name all is ready
            self._prepare()
            self._write_down()

    def _collected(self, name: str, items: tuple[PlannedItem, ...]) -> BenchPlan:
        benchmark = self.benchmark(name)
        assert isinstance(benchmark, CollectedBenchmark), f"{name} cannot be collected"
        entries = {item.entry.id: item.entry for item in items}
        # Sorted: what an earlier part of the run has done comes last among the items.
        in_order = (entries[id] for id in sorted(entries, key=natural_key))
        index = benchmark.collected(tuple(in_order))
        return BenchPlan(index, attempts=max(item.attempt for item in items), collected=items)

    def _settle(self, benches: Mapping[str, BenchPlan]) -> None:
        """Add to the plan, and hold all of it against earlier runs."""
        self.plan = replace(self.plan, benches={**self.plan.benches, **benches})
        self.configuration = self._configuration()
        self._read_baseline()
        if self.settings.resume is not None:
            self._resume(self.settings.resume)

    def _configuration(self) -> dict[str, str]:
        return configuration(self.settings, self.agent, self.plan.benches, self.benchmark)

    def _resume(self, folder: Path) -> None:
        """Leave out what has a verdict from the run in ``folder``."""
        if self.settings.output not in (None, folder):
            raise UsageMistake(
                f"--smallbench-resume={folder}: a resumed run goes on in its own folder; "
                "drop --smallbench-output"
            )
        self._folder = self._folder or RunFolder(folder, run_secrets(self.settings))
        self._folder.check(self.configuration)
        self.earlier = earlier = self.earlier or self._folder.earlier()
        done: dict[str, set[str]] = {name: set() for name in self.plan.benches}
        for nodeid, name, item in self.plan.items():
            if nodeid in earlier.done:
                done[name].add(item.name)
        benches = {name: plan.without(done[name]) for name, plan in self.plan.benches.items()}
        self.started = earlier.started
        self.plan = replace(self.plan, run_id=earlier.run_id, benches=benches)

    def _read_baseline(self) -> None:
        path = self.settings.baseline
        if path is not None:
            self.baseline = self.baseline or read_baseline(path)
            self._refuse_other_baseline()
        elif self.settings.no_regression is not None:
            raise UsageMistake(
                "--smallbench-gate=no-regression needs --smallbench-baseline=FILE: name the "
                "report.json of an earlier run"
            )

    def _refuse_other_baseline(self) -> None:
        """Called twice: the grading environment is only known once it has been built."""
        if self.baseline is None:
            return
        for name, plan in self.plan.benches.items():
            terms = Terms(
                source=plan.index.source,
                revision=plan.index.revision,
                grader_version=grader_version(self.benchmark(name)),
                fingerprint=plan.preparation.fingerprint,
                attempts=plan.attempts,
            )
            refuse_other(self.baseline, name, terms)

    def _check_own_settings(self, names: Iterable[str]) -> None:
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
        output = _made(self.place.output)
        self.plan = replace(self.plan, output=str(output))
        self._prepare()
        if self.earlier is None or self._folder is None:
            self._folder = RunFolder(output, run_secrets(self.settings))
            self._folder.begin()
            self._write_down()
        else:
            self._write_down()
            self._folder.go_on()
            self.earlier = self._folder.earlier()

    def _prepare(self) -> None:
        benches = {name: self._prepared(name, plan) for name, plan in self.plan.benches.items()}
        self.plan = replace(self.plan, benches=benches)
        self._refuse_other_baseline()

    def _write_down(self) -> None:
        """What this run is, before its first task; of one that goes on it stands there."""
        assert self._folder is not None
        self.configuration = {**self.configuration, **self._configuration()}
        if self.earlier is None:
            self._folder.describe(self.plan.run_id, self.started, self.configuration)
        else:
            self._folder.check(self.configuration)

    def note(self, packed: dict[str, Any]) -> None:
        """Put a result on record at once: a run that is killed can then be resumed."""
        assert self._folder is not None
        self._folder.journal.add("result", packed=packed)

    def _prepared(self, name: str, plan: BenchPlan) -> BenchPlan:
        if plan.preparation is not NOT_PREPARED:
            return plan
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
            address = back.start(self._housed(preparation.setup, back))
        except SandboxUnavailable as unavailable:
            raise UsageMistake(str(unavailable)) from None
        return replace(plan, preparation=preparation, address=address)

    def _housed(self, setup: SandboxSetup, back: SandboxBack) -> SandboxSetup:
        """Where sandboxes are made of images, a benchmark without one runs in a plain one: no
        path of this machine means anything there."""
        if not isinstance(back, OnAnEngine) or setup.image:
            return setup
        image = self.settings.base_image or back.default_image
        return replace(setup, image=image, python="python3", python_path=(), readable=())

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
        if self._folder is not None:
            self._folder.journal.close()
        while self._backs:
            self._backs.pop().stop()


def grader_version(benchmark: Benchmark) -> str:
    """Empty for a benchmark that was written before there were versions."""
    return str(getattr(benchmark, "grader_version", ""))


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
    found = {name for item in kept.items() for name in (item.name, item.entry.name)}
    missing = names - found
    if missing:
        raise UsageMistake(
            f"{name}::{min(missing)}: the selected tasks of {kept.index.source} have no such id; "
            f"list them with --smallbench={name} --collect-only -q"
        )
    return kept


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
