"""Plays a task's gold calls and says whether they hold, for any benchmark."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from pytest_smallbench.agents.context import play
from pytest_smallbench.contracts import Environment, Grade, ReferenceCheck


def check(open_environment: Callable[[], Environment], times: int) -> ReferenceCheck:
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


def played(environment: Environment) -> Grade:
    """Plays the gold calls in a fresh environment, which is closed then."""
    try:
        for call in environment.reference():
            if play(environment, call).done:
                break
        return environment.grade()
    finally:
        environment.close()


def summary(checks: Mapping[str, ReferenceCheck]) -> str:
    """In one line how many hold, and which do not."""
    failed = sorted(task for task, check in checks.items() if check.outcome != "pass")
    which = f": {', '.join(failed)}" if failed else ""
    return f"{len(checks)} reference solutions checked, {len(failed)} do not hold{which}"
