"""The parts of a benchmark that a run asks for, all there and of the right kind."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pytest_smallbench.contracts import Check, Limits
from pytest_smallbench.testing.benchmark_rig import Rig

ATTRIBUTES: Mapping[str, type] = {
    "name": str,
    "title": str,
    "suite": str,
    "limits": Limits,
    "labels": Mapping,
    "own_settings": Sequence,
    "grader_version": str,
}
METHODS = (
    *("index", "prepare", "task", "environment"),
    *("check_reference", "remember", "abilities", "doctor"),
)
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def contract(rig: Rig) -> Iterator[str]:
    benchmark: Any = rig.benchmark
    missing = list(_missing(benchmark))
    yield from missing
    if missing:
        return
    if not NAME.fullmatch(benchmark.name):
        yield f"name {benchmark.name!r}: use small letters, digits and -; item ids begin with it"
    if not benchmark.title.strip() or "\n" in benchmark.title:
        yield "title: say in one line what the benchmark is; --smallbench-list shows it"
    if not benchmark.grader_version:
        yield "grader_version: it is empty; give the grader a version, such as '1'"
    yield from _suite(benchmark.suite)
    yield from _answers(rig)


def _missing(benchmark: Any) -> Iterator[str]:
    for name, kind in ATTRIBUTES.items():
        if not isinstance(getattr(benchmark, name, None), kind):
            yield f"{name}: the benchmark must have it, of type {kind.__name__}"
    for name in METHODS:
        if not callable(getattr(benchmark, name, None)):
            yield f"{name}: the benchmark must have this method; see contracts.Benchmark"


def _suite(suite: str) -> Iterator[str]:
    module, _, name = suite.partition(":")
    try:
        function = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        yield f"suite {suite!r}: cannot be imported ({error}); write package.module:test_function"
        return
    missing = {"environment", "agent"} - set(inspect.signature(function).parameters)
    if missing:
        yield f"suite {suite!r}: takes no {' and no '.join(sorted(missing))}; a run gives it these"


def _answers(rig: Rig) -> Iterator[str]:
    """What is asked for besides running tasks: by the doctor, --smallbench-validate, reports."""
    benchmark, settings = rig.benchmark, rig.opened.settings
    for name, share in benchmark.abilities([]).items():
        if not isinstance(share, float | None):
            yield f"abilities: {name} is {share!r} for no results; give a float, or None"
    for check in benchmark.doctor(settings, rig.folder):
        if not isinstance(check, Check):
            yield f"doctor: gives {check!r}; give contracts.Check"
    for entry in rig.entries[:1]:
        found = benchmark.check_reference(rig.bench(entry), entry, 2)
        if found.outcome != "pass":
            yield f"check_reference: {found.outcome} for {entry.id}: {found.cause}; it must pass"
        if found.runs != 2:
            yield f"check_reference: {found.runs} runs where 2 were asked for; run it that often"
