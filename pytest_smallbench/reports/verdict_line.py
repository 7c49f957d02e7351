"""A benchmark's result in one line, the last that a run prints."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_smallbench.reports.formatting import duration, interval, money, percent, plural
from pytest_smallbench.reports.shape import BenchmarkReport, Group, Summary


def verdict_line(name: str, benchmark: BenchmarkReport) -> str:
    """``bcb-agent: resolved 41/95 (43.2%, 95% CI 33.7-53.2), 5 errors, 0 not run, $0.31,
    2m 10s · gate: met``; skipped and lost are named where there are any."""
    summary, gate = benchmark["summary"], benchmark["gate"]
    figures = [
        _rate(summary),
        plural(summary["errors"], "error"),
        *([f"{summary['skipped']:,} skipped"] if summary["skipped"] else []),
        f"{summary['not_run']:,} not run",
        *([f"{summary['lost']:,} lost"] if summary["lost"] else []),
        money(summary["cost_usd"]),
        duration(summary["duration_s"]),
    ]
    reason = f" ({gate['reason']})" if gate["reason"] else ""
    return f"{name}: {', '.join(figures)} · gate: {gate['status']}{reason}"


def _rate(summary: Summary) -> str:
    counted = f"resolved {summary['resolved']:,}/{summary['graded']:,}"
    several = summary["attempts"] > 1
    counted += " attempts" if several else ""
    if not summary["graded"]:
        return counted
    rate, bounds = percent(summary["resolved_rate"]), interval(summary["ci95"])
    chances = f", {pass_words(summary)}" if several else ""
    return f"{counted} ({rate}, 95% CI {bounds}{chances})"


def pass_words(summary: Summary) -> str:
    """``pass@3 60.0%, pass^3 20.0%``, of the largest k that any task has verdicts for."""
    k = max(summary["pass_at"], key=int, default="1")
    at, every = summary["pass_at"].get(k), summary["pass_hat"].get(k)
    return f"pass@{k} {percent(at)}, pass^{k} {percent(every)}"


def total_group(benchmark: BenchmarkReport) -> Group:
    """The whole benchmark as the last row of a table of groups."""
    summary = benchmark["summary"]
    return {
        "resolved": summary["resolved"],
        "graded": summary["graded"],
        "rate": summary["resolved_rate"],
        "ci95": summary["ci95"],
        "errors": summary["errors"],
        "mean_score": summary["mean_score"],
        "metrics": summary["metrics"],
    }


def ability_words(abilities: Mapping[str, float | None]) -> list[str]:
    """``valid tool calls 97.2%``: the benchmark's own figures. A share is a float in 0..1, but
    for what is named a score, as ``overall_score``."""
    words = []
    for name, value in abilities.items():
        is_share = isinstance(value, float) and 0 <= value <= 1 and not name.endswith("_score")
        shown = percent(value) if value is None or is_share else _number(value)
        words.append(f"{name.replace('_', ' ')} {shown}")
    return words


def _number(value: float) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}"
