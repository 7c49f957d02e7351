"""What a task's item carries into ``--junitxml``: properties beside pytest's own fields."""

from __future__ import annotations

from pytest_smallbench.contracts import Result
from pytest_smallbench.reports.spending import cost

PREFIX = "smallbench_"


def properties(result: Result) -> list[tuple[str, str]]:
    """(name, value) pairs; what is not known is left out."""
    values: dict[str, object] = {
        "task_id": result.task_id,
        "attempt": result.attempt,
        "outcome": result.outcome,
        "score": result.score,
        "category": result.category or None,
        "steps": result.steps,
        "tool_calls": result.tool_calls,
        "prompt_tokens": result.usage.prompt if result.usage.known else None,
        "completion_tokens": result.usage.completion if result.usage.known else None,
        "cost_usd": cost(result),
        "trajectory": result.trajectory or None,
    }
    return [(PREFIX + name, str(value)) for name, value in values.items() if value is not None]
