"""What must be the same for two parts of one run: else their results are no one run's.

Plain texts by a name that a user understands, as they stand in ``run.json``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from pytest_smallbench.contracts import Benchmark
from pytest_smallbench.mcp_servers import server_names
from pytest_smallbench.plan import BenchPlan
from pytest_smallbench.settings import Settings

NONE = "none"


def configuration(
    settings: Settings,
    agent: str,
    benches: Mapping[str, BenchPlan],
    benchmark: Callable[[str], Benchmark],
) -> dict[str, str]:
    """``benches`` are the plans before anything was left out. The grading environments are in
    it once they are known, that is, prepared."""
    found = {
        "benchmarks": ", ".join(name for name, plan in benches.items() if not plan.collected),
        "agent": agent,
        "model": settings.model,
        "api": settings.api,
        "agent prompt": _digest(settings.agent_prompt),
        "MCP servers": server_names(settings) or NONE,
        "solutions": _digest(settings.solutions),
        "attempts": str(settings.attempts),
        "sandbox": settings.sandbox,
        "max steps": _said(settings.max_steps),
        "task timeout": _said(settings.task_timeout),
        "max tokens": _said(settings.max_tokens),
        "validate": _said(settings.validate),
        "own settings": ", ".join(f"{k}={v}" for k, v in sorted(settings.values.items())) or NONE,
    }
    for name, plan in benches.items():
        for what, value in _of_benchmark(plan, benchmark(name)).items():
            found[f"{what} of {name}"] = value
    return found


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """``model 'a' then, 'b' now``, for each thing that both name and that differs."""
    return [
        f"{what} {before[what]!r} then, {now[what]!r} now"
        for what in now
        if what in before and before[what] != now[what]
    ]


def _of_benchmark(plan: BenchPlan, benchmark: Benchmark) -> dict[str, str]:
    index = plan.index
    names = "\n".join(entry.name for entry in index.entries)
    tasks = f"{len(index.entries)} ({hashlib.sha256(names.encode()).hexdigest()[:12]})"
    found = {
        "data set": index.source,
        "data set revision": index.revision,
        "selection": index.selection,
        "tasks": tasks,
        "grader version": str(getattr(benchmark, "grader_version", "")),
    }
    if plan.preparation.fingerprint:
        found["grading environment"] = plan.preparation.fingerprint
    return found


def _said(value: object) -> str:
    return NONE if value is None else str(value)


def _digest(path: Path | None) -> str:
    return NONE if path is None else hashlib.sha256(path.read_bytes()).hexdigest()[:12]
