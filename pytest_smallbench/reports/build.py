"""Builds the finished report from a scoreboard and what is known about the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pytest_smallbench.contracts import Result
from pytest_smallbench.reports.baseline import Baseline
from pytest_smallbench.reports.comparison import DEFAULT_ALPHA, compare
from pytest_smallbench.reports.formatting import plural
from pytest_smallbench.reports.gate import Evidence, GateSettings, Verdict, judge
from pytest_smallbench.reports.groups import make_groups
from pytest_smallbench.reports.rates import flaky, resolved_rate, verdicts_of
from pytest_smallbench.reports.records import record
from pytest_smallbench.reports.scoreboard import Scoreboard
from pytest_smallbench.reports.shape import (
    SCHEMA,
    AgentPrompt,
    BenchmarkReport,
    Comparison,
    Dataset,
    GradingEnvironment,
    Report,
    Run,
)
from pytest_smallbench.reports.summary import summarise

LABELS = {
    "category": "category",
    "tag": "tag",
    "form": "prompt form",
    "abilities": "abilities",
}
Abilities = Callable[[Sequence[Result]], Mapping[str, "float | None"]]
Remarks = Callable[[Sequence[Result]], Sequence[str]]


@dataclass(frozen=True)
class BenchmarkFacts:
    """What a report says of a benchmark besides its results.

    ``labels`` renames the groupings for readers (``{"category": "library domain"}``);
    ``abilities`` computes the benchmark's own figures from its results, ``remarks`` says
    what a reader should know of them; ``notes`` are further lines that a reader should see.
    """

    agent: str = ""
    model: str | None = None
    agent_prompt: AgentPrompt | None = None
    mcp_servers: str = ""
    grader_version: str = ""
    attempts: int = 1
    dataset: Dataset = field(default_factory=lambda: Dataset(source="", revision="", selection=""))
    environment: GradingEnvironment = field(
        default_factory=lambda: GradingEnvironment(sandbox="", fingerprint="")
    )
    labels: Mapping[str, str] = field(default_factory=dict)
    abilities: Abilities | None = None
    remarks: Remarks | None = None
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Against:
    """The baseline that a run is compared with, and how."""

    baseline: Baseline
    alpha: float = DEFAULT_ALPHA


def build_report(
    scoreboard: Scoreboard,
    run: Run,
    facts: Mapping[str, BenchmarkFacts],
    *,
    gate: GateSettings | None = None,
    against: Against | None = None,
    duration_s: float = 0.0,
    secrets: Iterable[str] = (),
) -> tuple[Report, dict[str, Verdict]]:
    """The report (``smallbench-report/1``), and each benchmark's verdict.

    ``duration_s`` is the run's wall time. ``secrets`` are values that must not appear in
    reasons and outputs, longest first.
    """
    secrets = tuple(secrets)
    gate = gate or GateSettings()
    verdicts: dict[str, Verdict] = {}
    benchmarks: dict[str, BenchmarkReport] = {}
    for name in scoreboard.benchmarks():
        fact = facts.get(name, BenchmarkFacts())
        comparison = _compared(scoreboard, name, fact, run, against)
        verdicts[name] = _judged(scoreboard, name, fact, comparison, gate)
        benchmarks[name] = _benchmark(
            scoreboard, name, fact, gate, verdicts[name], comparison, duration_s
        )
    report: Report = {
        "schema": SCHEMA,
        "run": run,
        "benchmarks": benchmarks,
        "results": [record(result, secrets) for result in scoreboard.results()],
    }
    return report, verdicts


def _compared(
    scoreboard: Scoreboard, name: str, facts: BenchmarkFacts, run: Run, against: Against | None
) -> Comparison | None:
    if against is None or name not in against.baseline.benchmarks:
        return None
    variants = {
        "agent": facts.agent,
        "model": facts.model or "",
        "agent prompt": facts.agent_prompt["sha256"] if facts.agent_prompt else "",
        "MCP servers": facts.mcp_servers,
        "commit": run["git"]["commit"] if run["git"] else "",
    }
    return compare(
        name,
        scoreboard.results(name),
        against.baseline,
        variants,
        alpha=against.alpha,
        seed=run["seed"],
    )


def _judged(
    scoreboard: Scoreboard,
    name: str,
    facts: BenchmarkFacts,
    comparison: Comparison | None,
    gate: GateSettings,
) -> Verdict:
    results = scoreboard.results(name)
    several = facts.attempts > 1
    evidence = Evidence(
        scoreboard.counts(name),
        resolved_rate(verdicts_of(results)) if several else None,
        comparison,
        scoreboard.stopped or _why_not_run(results),
    )
    return judge(evidence, gate)


def _benchmark(
    scoreboard: Scoreboard,
    name: str,
    facts: BenchmarkFacts,
    gate: GateSettings,
    verdict: Verdict,
    comparison: Comparison | None,
    duration_s: float,
) -> BenchmarkReport:
    results, repeats = scoreboard.results(name), scoreboard.repeated(name)
    abilities, notes = _abilities(facts, results)
    notes = [*facts.notes, *notes]
    if repeats:
        notes.append(
            f"{plural(len(repeats), 'result')} of items that ran again: the first verdict stands, "
            "what the others cost is counted"
        )
    return {
        "summary": summarise(
            scoreboard.counts(name),
            results,
            repeats,
            attempts=facts.attempts,
            duration_s=duration_s,
            abilities=abilities,
        ),
        "groups": make_groups(results),
        "labels": {**LABELS, **facts.labels},
        "agent": facts.agent,
        "model": facts.model,
        "agent_prompt": facts.agent_prompt,
        "mcp_servers": facts.mcp_servers,
        "dataset": facts.dataset,
        "grader_version": facts.grader_version,
        "environment": facts.environment,
        "gate": {
            "status": verdict.status,
            "reason": verdict.reason,
            "exit_code": verdict.exit_code,
            "min_rate": gate.min_rate,
            "max_errors": gate.max_errors,
            "no_regression": gate.no_regression,
        },
        "comparison": comparison,
        "flaky": flaky(results),
        "missing": scoreboard.missing(name),
        "notes": notes,
    }


def _why_not_run(results: Sequence[Result]) -> str:
    """The first reason of a task that was not run, such as a spent budget."""
    return next((each.reason for each in results if each.outcome == "not_run"), "")


def _abilities(
    facts: BenchmarkFacts, results: Sequence[Result]
) -> tuple[Mapping[str, float | None], list[str]]:
    """The benchmark's own figures and its remarks on them; where computing these fails, none
    and a note that says so."""
    if facts.abilities is None:
        return {}, []
    try:
        return facts.abilities(results), list(facts.remarks(results) if facts.remarks else ())
    except Exception as error:  # a stranger's code, at the end of a run that may have cost hours
        return {}, [f"no figures of the benchmark's own: {type(error).__name__}: {error}"]
