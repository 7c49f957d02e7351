"""What became of an attempt: the one place where an exception turns into an outcome.

The table is DESIGN §6: a failed assert, the agent's own exception and a limit are
unresolved; an exception of sandbox, grader or model is an error and no verdict.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from pytest_smallbench.attempt import Attempt
from pytest_smallbench.contracts import Outcome, Result
from pytest_smallbench.errors import (
    BudgetSpent,
    InfrastructureError,
    LimitReached,
    ModelMisconfigured,
    Unresolved,
    UsageMistake,
)

GRADED = ("resolved", "unresolved")
OUTPUT_KEPT = 500  # characters of the agent's and the expected output that a result stores


@dataclass(frozen=True)
class Verdict:
    """An outcome and its reason in one line; ``stop`` is set where the run must end."""

    outcome: Outcome
    reason: str = ""
    stop: str = ""


def judge_setup(raised: BaseException) -> Verdict | None:
    """The verdict for what the set-up raised; None for a fault of a user's fixture."""
    if isinstance(raised, BudgetSpent):
        return Verdict("not_run", one_line(raised))
    if isinstance(raised, InfrastructureError):
        stop = one_line(raised) if isinstance(raised, ModelMisconfigured) else ""
        return Verdict("error", f"{type(raised).__name__}: {one_line(raised)}", stop)
    if isinstance(raised, UsageMistake):
        return Verdict("error", one_line(raised), stop=one_line(raised))
    return None


def judge_call(raised: BaseException, attempt: Attempt) -> Verdict | None:
    """The verdict for what the test raised; None for what is not ours to judge (an
    interrupt, a skip, a fault in the test's own body)."""
    failed = isinstance(raised, Exception | pytest.fail.Exception)
    cause = attempt.trouble if attempt.trouble is not None and failed else raised
    verdict = judge_setup(cause)
    if verdict is not None:
        return verdict
    if isinstance(raised, Unresolved | LimitReached):
        return Verdict("unresolved", one_line(raised))
    if isinstance(raised, AssertionError | pytest.fail.Exception):
        return Verdict("unresolved", _why(raised, attempt))
    if attempt.limit_reached and isinstance(raised, Exception):
        # A test that counts on an answer stumbles over none.
        return Verdict("unresolved", attempt.limit_reached)
    return None


def _why(raised: BaseException, attempt: Attempt) -> str:
    explanation = attempt.grade.explanation if attempt.grade is not None else ""
    reason = explanation or one_line(raised) or "not resolved"
    return f"{reason} ({attempt.limit_reached})" if attempt.limit_reached else reason


def one_line(error: BaseException) -> str:
    """The message's first line, or the exception's name where it has none."""
    lines = str(error).strip().splitlines()
    return lines[0][:500] if lines else type(error).__name__


def result_of(attempt: Attempt, nodeid: str, verdict: Verdict) -> Result:
    """The attempt as it stands in the report."""
    task, grade = attempt.task, attempt.grade
    output = grade.output if grade is not None and grade.output else attempt.answer or ""
    expected = task.expected_output
    if grade is not None and grade.expected_output is not None:
        expected = grade.expected_output
    return Result(
        benchmark=task.benchmark,
        task_id=task.id,
        nodeid=nodeid,
        outcome=verdict.outcome,
        reason=verdict.reason,
        attempt=attempt.number,
        form=task.form,
        category=task.category,
        tags=task.tags,
        score=grade.score if grade is not None and verdict.outcome in GRADED else None,
        agent_output=output[:OUTPUT_KEPT],
        expected_output=expected[:OUTPUT_KEPT] if expected is not None else None,
        steps=attempt.steps,
        tool_calls=attempt.tool_calls,
        invalid_tool_calls=attempt.invalid_tool_calls,
        usage=attempt.usage,
        cost_usd=attempt.cost_usd,
        duration_s=round(time.monotonic() - attempt.started, 3),
        metrics=attempt.metrics,
        flags=(*attempt.flags, *(grade.flags if grade is not None else ())),
        trajectory=f"trajectories/{attempt.trajectory.path.name}",
        stop=verdict.stop,
    )
