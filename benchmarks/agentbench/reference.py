"""Plays a task's gold calls and says whether they hold."""

from __future__ import annotations

import time
from collections.abc import Callable

from pytest_smallbench.contracts import Grade, ReferenceCheck

from .environment import AgentBenchEnvironment


def check(open_environment: Callable[[], AgentBenchEnvironment], times: int) -> ReferenceCheck:
    """Play and grade in a fresh environment so many times."""
    grades, seconds = [], 0.0
    for _ in range(times):
        began = time.monotonic()
        grades.append(played(open_environment()))
        seconds = max(seconds, time.monotonic() - began)
    failed = [grade for grade in grades if not grade.resolved]
    cause = failed[0].explanation if failed else ""
    if not failed:
        return ReferenceCheck("pass", cause, seconds, times)
    return ReferenceCheck("fail" if len(failed) == times else "flaky", cause, seconds, times)


def played(environment: AgentBenchEnvironment) -> Grade:
    """Plays the gold calls in a fresh environment, which is closed then."""
    try:
        for call in environment.reference():
            assert not isinstance(call.arguments, str)  # worlds give their own calls as values
            if environment.call(call.name, call.arguments).done:
                break
        return environment.grade()
    finally:
        environment.close()
