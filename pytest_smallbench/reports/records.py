"""A result as it stands in the report."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_smallbench.contracts import Result
from pytest_smallbench.reports.plain import finite, finite_values, tokens
from pytest_smallbench.reports.scrubbing import mask_values
from pytest_smallbench.reports.shape import ResultRecord
from pytest_smallbench.reports.spending import cost

OUTPUT_LENGTH = 500  # characters of agent_output that the report keeps


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
        "tokens": tokens(result.usage),
        "cost_usd": finite(cost(result)),
        "duration_s": result.duration_s,
        "metrics": finite_values(result.metrics),
        "flags": list(result.flags),
        "trajectory": result.trajectory,
    }
