"""Builds the finished report from a scoreboard and what is known about the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pytest_smallbench.contracts import Result, Usage
from pytest_smallbench.reports.formatting import plural
from pytest_smallbench.reports.gate import GateSettings, Verdict, judge
from pytest_smallbench.reports.groups import is_graded, make_groups, mean_metrics, score
from pytest_smallbench.reports.scoreboard import Counts, Scoreboard
from pytest_smallbench.reports.scrubbing import mask_values
from pytest_smallbench.reports.shape import (
    SCHEMA,
    BenchmarkReport,
    Dataset,
    GradingEnvironment,
    Report,
    ResultRecord,
    Run,
    Summary,
    Tokens,
)
from pytest_smallbench.reports.spending import cost, total_cost, total_usage
from pytest_smallbench.reports.statistics import finite, mean, rate, wilson

OUTPUT_LENGTH = 500  # characters of agent_output that the report keeps
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
    what a reader should know of them.
    """

    agent: str = ""
    model: str | None = None
    dataset: Dataset = field(default_factory=lambda: Dataset(source="", revision="", selection=""))
    environment: GradingEnvironment = field(
        default_factory=lambda: GradingEnvironment(sandbox="", fingerprint="")
    )
    labels: Mapping[str, str] = field(default_factory=dict)
    abilities: Abilities | None = None
    remarks: Remarks | None = None


def build_report(
    scoreboard: Scoreboard,
    run: Run,
    facts: Mapping[str, BenchmarkFacts],
    *,
    gate: GateSettings | None = None,
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
        verdicts[name] = judge(scoreboard.counts(name), gate, scoreboard.stopped)
        benchmarks[name] = _benchmark(
            scoreboard, name, facts.get(name, BenchmarkFacts()), gate, verdicts[name], duration_s
        )
    report: Report = {
        "schema": SCHEMA,
        "run": run,
        "benchmarks": benchmarks,
        "results": [record(result, secrets) for result in scoreboard.results()],
    }
    return report, verdicts


def summarise(
    counts: Counts,
    results: Sequence[Result],
    repeats: Sequence[Result] = (),
    *,
    duration_s: float = 0.0,
    abilities: Mapping[str, float | None] | None = None,
) -> Summary:
    """One benchmark's summary; ``repeats`` count for tokens and cost only."""
    spent = total_cost([*results, *repeats])
    resolved_rate = rate(counts.resolved, counts.graded)
    interval = wilson(counts.resolved, counts.graded)
    attempts = max((result.attempt for result in results), default=1)
    # Of single attempts pass@1 and pass^1 are the resolved rate, by definition.
    single = {"1": resolved_rate} if resolved_rate is not None and attempts == 1 else {}
    return {
        "tasks": counts.tasks,
        "graded": counts.graded,
        "resolved": counts.resolved,
        "unresolved": counts.unresolved,
        "errors": counts.errors,
        "skipped": counts.skipped,
        "skip_reasons": dict(Counter(e.reason for e in results if e.outcome == "skipped")),
        "not_run": counts.not_run,
        "lost": counts.lost,
        "resolved_rate": resolved_rate,
        "ci95": list(interval) if interval else None,
        "mean_score": mean([score(each) for each in results if is_graded(each)]),
        "tokens": _tokens(total_usage([*results, *repeats])),
        "cost_usd": spent,
        "cost_per_resolved_usd": None if spent is None else rate(spent, counts.resolved),
        "duration_s": duration_s,
        "attempts": attempts,
        "repeats": len(repeats),
        "pass_at": dict(single),
        "pass_hat": dict(single),
        "abilities": _finite_values(abilities or {}),
        "metrics": mean_metrics(results),
    }


def record(result: Result, secrets: Iterable[str] = ()) -> ResultRecord:
    """A result as it stands in the report: plain JSON values only."""
    secrets = tuple(secrets)
    return {
        "benchmark": result.benchmark,
        "task_id": result.task_id,
        "nodeid": result.nodeid,
        "attempt": result.attempt,
        "form": result.form,
        "outcome": result.outcome,
        "reason": mask_values(result.reason, secrets),
        "score": finite(result.score),
        "category": result.category,
        "tags": list(result.tags),
        "agent_output": mask_values(result.agent_output, secrets)[:OUTPUT_LENGTH],
        "expected_output": result.expected_output,
        "steps": result.steps,
        "tool_calls": result.tool_calls,
        "invalid_tool_calls": result.invalid_tool_calls,
        "tokens": _tokens(result.usage),
        "cost_usd": finite(cost(result)),
        "duration_s": result.duration_s,
        "metrics": _finite_values(result.metrics),
        "flags": list(result.flags),
        "trajectory": result.trajectory,
    }


def _benchmark(
    scoreboard: Scoreboard,
    name: str,
    facts: BenchmarkFacts,
    gate: GateSettings,
    verdict: Verdict,
    duration_s: float,
) -> BenchmarkReport:
    results, repeats = scoreboard.results(name), scoreboard.repeated(name)
    abilities, notes = _abilities(facts, results)
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
            duration_s=duration_s,
            abilities=abilities,
        ),
        "groups": make_groups(results),
        "labels": {**LABELS, **facts.labels},
        "agent": facts.agent,
        "model": facts.model,
        "dataset": facts.dataset,
        "environment": facts.environment,
        "gate": {
            "status": verdict.status,
            "reason": verdict.reason,
            "exit_code": verdict.exit_code,
            "min_rate": gate.min_rate,
            "max_errors": gate.max_errors,
        },
        "missing": scoreboard.missing(name),
        "notes": notes,
    }


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


def _tokens(usage: Usage) -> Tokens:
    return {"prompt": usage.prompt, "completion": usage.completion, "cached": usage.cached}


def _finite_values(values: Mapping[str, float | None]) -> dict[str, float | None]:
    return {name: finite(value) for name, value in values.items()}
