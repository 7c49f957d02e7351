"""Several attempts a task, in sentences: pass@k, pass^k and the tasks that flake."""

from __future__ import annotations

from pytest_smallbench.reports.formatting import percent, plural
from pytest_smallbench.reports.shape import BenchmarkReport

TASKS_SHOWN = 10


def attempts_sentences(benchmark: BenchmarkReport, tasks: int = TASKS_SHOWN) -> list[str]:
    """Nothing for single attempts. ``tasks`` of the flaky ones are named."""
    summary, flaky = benchmark["summary"], benchmark["flaky"]
    if summary["attempts"] < 2:
        return []
    chances = [
        f"{sign}{k} {percent(value)}"
        for sign, values in (("pass@", summary["pass_at"]), ("pass^", summary["pass_hat"]))
        for k, value in values.items()
    ]
    lines = [f"{summary['attempts']} attempts a task: {', '.join(chances) or 'no verdict'}"]
    if flaky:
        named = [f"{each['task']} {each['resolved']}/{each['graded']}" for each in flaky[:tasks]]
        rest = f"and {len(flaky) - tasks:,} more" if len(flaky) > tasks and tasks else ""
        listed = ", ".join([*named, *([rest] if rest else [])])
        told = f"resolved by some attempts only: {plural(len(flaky), 'task')}"
        lines.append(f"{told}: {listed}" if listed else told)
    return lines
