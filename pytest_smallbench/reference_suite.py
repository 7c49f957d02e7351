"""The test that --smallbench-validate runs in place of a benchmark's suite."""

from __future__ import annotations

import pytest

from pytest_smallbench.contracts import Task
from pytest_smallbench.worker import WORKER


def test_reference(task: Task, request: pytest.FixtureRequest) -> None:
    """The reference solution resolves its task here, every time."""
    check = request.config.stash[WORKER].check_reference(request.node)
    said = "; ".join(part for part in (check.cause, check.detail) if part)
    assert check.outcome == "pass", f"reference solution: {check.outcome}: {said}"
