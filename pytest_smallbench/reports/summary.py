"""One benchmark's figures: what report.json has under ``summary``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pytest_smallbench.contracts import Result
from pytest_smallbench.reports.groups import is_graded, mean_metrics, score
from pytest_smallbench.reports.plain import finite_values, tokens
from pytest_smallbench.reports.rates import (
    pass_at,
    pass_hat,
    rate_interval,
    resolved_rate,
    verdicts_of,
)
from pytest_smallbench.reports.scoreboard import Counts
from pytest_smallbench.reports.shape import Summary
from pytest_smallbench.reports.spending import total_cost, total_usage
from pytest_smallbench.reports.statistics import mean, rate


def summarise(
    counts: Counts,
    results: Sequence[Result],
    repeats: Sequence[Result] = (),
    *,
    attempts: int = 1,
    duration_s: float = 0.0,
    abilities: Mapping[str, float | None] | None = None,
) -> Summary:
    """One benchmark's summary; ``repeats`` count for tokens and cost only."""
    spent = total_cost([*results, *repeats])
    verdicts = verdicts_of(results)
    interval = rate_interval(verdicts)
    return {
        "tasks": counts.tasks,
        "graded": counts.graded,
        "resolved": counts.resolved,
        "unresolved": counts.unresolved,
        "errors": counts.errors,
        "skipped": counts.skipped,
        "skip_reasons": dict(Counter(each.reason for each in results if each.outcome == "skipped")),
        "not_run": counts.not_run,
        "lost": counts.lost,
        "resolved_rate": resolved_rate(verdicts),
        "ci95": list(interval) if interval else None,
        "mean_score": mean([score(each) for each in results if is_graded(each)]),
        "tokens": tokens(total_usage([*results, *repeats])),
        "cost_usd": spent,
        "cost_per_resolved_usd": None if spent is None else rate(spent, counts.resolved),
        "duration_s": duration_s,
        "attempts": attempts,
        "repeats": len(repeats),
        "pass_at": pass_at(verdicts, attempts),
        "pass_hat": pass_hat(verdicts, attempts),
        "abilities": finite_values(abilities or {}),
        "metrics": mean_metrics(results),
    }
