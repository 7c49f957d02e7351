"""Grades a task's own solution, for --smallbench-validate."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing

from pytest_smallbench.contracts import ReferenceCheck

from .environment import FolderEnvironment


def check(opened: Callable[[], FolderEnvironment], times: int) -> ReferenceCheck:
    """``times`` runs, each in a container of its own."""
    grades, seconds = [], 0.0
    for _ in range(times):
        began = time.monotonic()
        with closing(opened()) as environment:
            for call in environment.reference():
                assert isinstance(call.arguments, dict)
                environment.call(call.name, call.arguments)
            grades.append(environment.grade())
        seconds = max(seconds, time.monotonic() - began)
    failed = [grade for grade in grades if not grade.resolved]
    if not failed:
        return ReferenceCheck("pass", "", seconds, times)
    return ReferenceCheck(
        outcome="fail" if len(failed) == times else "flaky",
        cause="its solution is not rewarded",
        seconds=seconds,
        runs=times,
        detail=failed[0].explanation,
    )
