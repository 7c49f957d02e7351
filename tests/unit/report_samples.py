"""Results, scoreboards and reports for the tests of the reports room."""

from __future__ import annotations

import copy
from typing import Any

from pytest_smallbench.contracts import Outcome, Result, Usage
from pytest_smallbench.reports.build import Against, BenchmarkFacts, build_report
from pytest_smallbench.reports.gate import GateSettings
from pytest_smallbench.reports.scoreboard import Scoreboard
from pytest_smallbench.reports.shape import Report, Run

DOMAINS = ("Computation", "System", "Visualization")
RUN: Run = {
    "id": "ab12",
    "started": "2026-01-31T12:00:00Z",
    "finished": "2026-01-31T12:02:10Z",
    "command": "pytest --smallbench=bcb-agent",
    "seed": 0,
    "versions": {"python": "3.12.1"},
    "git": None,
    "host": {"cpus": 2, "memory": 8 << 30},
    "workers": 2,
    "stopped": "",
    "resumed": None,
}
FACTS = BenchmarkFacts(
    agent="react",
    model="gpt-4o-mini",
    dataset={"source": "mini", "revision": "1", "selection": "all"},
    environment={"sandbox": "process", "fingerprint": "py312"},
    labels={"category": "library domain", "tag": "library"},
)


def result(number: int = 0, outcome: Outcome = "resolved", **changed: Any) -> Result:
    """Task T/<number> of bcb-agent; with tokens and a price unless they are given."""
    values: dict[str, Any] = {
        "benchmark": "bcb-agent",
        "task_id": f"T/{number}",
        "nodeid": f"bcb-agent::T/{number}",
        "outcome": outcome,
        "steps": 3,
        "usage": Usage(100, 10, 40),
        "cost_usd": 0.01,
        "duration_s": 2.0,
        "trajectory": f"trajectories/bcb-agent%3A%3AT%2F{number}.jsonl",
    }
    return Result(**{**values, **changed})


def board(*results: Result) -> Scoreboard:
    """A scoreboard that expected exactly these results."""
    scoreboard = Scoreboard()
    for each in results:
        scoreboard.add_expected([each.nodeid], each.benchmark)
        scoreboard.add(each)
    return scoreboard


def outcomes(**counts: int) -> list[Result]:
    """So many results of each outcome, spread over the domains."""
    named: list[Any] = [name for name, count in counts.items() for _ in range(count)]
    return [
        result(number, outcome, category=DOMAINS[number % 3], reason=f"why {outcome}")
        for number, outcome in enumerate(named)
    ]


def report(
    *results: Result,
    gate: GateSettings | None = None,
    facts: BenchmarkFacts = FACTS,
    against: Against | None = None,
) -> Report:
    built, _ = build_report(
        board(*results),
        copy.deepcopy(RUN),  # a test may change what it was given
        dict.fromkeys({each.benchmark for each in results}, facts),
        gate=gate,
        against=against,
        duration_s=130.0,
    )
    return built
