"""Resolved rates over tasks: of one attempt a task, or of several.

With several attempts a task counts once, with its own rate, however many of its attempts
ended in an error: the rate is the mean over tasks. pass@k and pass^k are the chances that
some, or all, of k attempts resolve a task.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from pytest_smallbench.contracts import Result
from pytest_smallbench.reports.ordering import natural_key
from pytest_smallbench.reports.shape import Flaky
from pytest_smallbench.reports.statistics import mean, wilson

TaskKey: TypeAlias = tuple[str, str]
"""A task's id and its prompt form."""
Verdicts: TypeAlias = Mapping[TaskKey, Sequence[bool]]
"""Of each task that was graded, whether its attempts resolved it, in their order."""

RESAMPLES = 2_000
SEED = 0


def verdicts_of(results: Iterable[Result]) -> dict[TaskKey, list[bool]]:
    """The graded attempts by task; those without a verdict are left out."""
    found: dict[TaskKey, list[bool]] = defaultdict(list)
    for result in sorted(results, key=lambda each: each.attempt):
        if result.outcome in ("resolved", "unresolved"):
            found[result.task_id, result.form].append(result.outcome == "resolved")
    return dict(found)


def task_names(results: Iterable[Result]) -> dict[TaskKey, str]:
    """The items' names, without the number of an attempt where there are several."""
    results = list(results)
    several = any(result.attempt > 1 for result in results)
    names = {}
    for result in results:
        name = result.nodeid.partition("::")[2] or result.nodeid
        suffix = f"[{result.attempt}]" if several else ""
        names[result.task_id, result.form] = name.removesuffix(suffix)
    return names


def flaky(results: Sequence[Result]) -> list[Flaky]:
    """The tasks that some of their attempts resolved, and some did not."""
    names = task_names(results)
    found: list[Flaky] = [
        {"task": names[key], "resolved": sum(each), "graded": len(each)}
        for key, each in verdicts_of(results).items()
        if 0 < sum(each) < len(each)
    ]
    return sorted(found, key=lambda task: natural_key(task["task"]))


def resolved_rate(verdicts: Verdicts) -> float | None:
    """The mean of the tasks' own rates; None where nothing was graded."""
    return mean([sum(each) / len(each) for each in verdicts.values()])


def rate_interval(verdicts: Verdicts) -> tuple[float, float] | None:
    """The 95% interval of ``resolved_rate``: Wilson's for one attempt a task, else a
    bootstrap over tasks (attempts of one task are alike, and do not count as so many tasks)."""
    if all(len(each) == 1 for each in verdicts.values()):
        return wilson(sum(sum(each) for each in verdicts.values()), len(verdicts))
    return bootstrap([sum(each) / len(each) for each in verdicts.values()])


def bootstrap(shares: Sequence[float]) -> tuple[float, float] | None:
    """The middle 95% of the means of ``RESAMPLES`` samples drawn with a fixed seed.

    Where all shares are equal every sample is too, and the interval would be a point: then
    Wilson's, as if each task were one trial.
    """
    if len(set(shares)) < 2:
        return wilson(math.fsum(shares), len(shares))
    draw = random.Random(SEED)
    count = len(shares)
    means = sorted(math.fsum(draw.choices(shares, k=count)) / count for _ in range(RESAMPLES))
    tail = RESAMPLES // 40
    return means[tail], means[-tail - 1]


def pass_at(verdicts: Verdicts, attempts: int) -> dict[str, float]:
    """pass@k for k up to ``attempts``: the chance that k attempts hold one that resolves.

    The unbiased estimator 1 - C(n-c, k) / C(n, k) of a task with c of n resolved (Chen et
    al. 2021), averaged over the tasks with at least k graded attempts.
    """
    return _over_k(verdicts, attempts, lambda n, c, k: 1 - math.comb(n - c, k) / math.comb(n, k))


def pass_hat(verdicts: Verdicts, attempts: int) -> dict[str, float]:
    """pass^k: the chance that all of k attempts resolve, C(c, k) / C(n, k) of a task."""
    return _over_k(verdicts, attempts, lambda n, c, k: math.comb(c, k) / math.comb(n, k))


def _over_k(
    verdicts: Verdicts, attempts: int, estimate: Callable[[int, int, int], float]
) -> dict[str, float]:
    found = {}
    for k in range(1, attempts + 1):
        each = [estimate(len(v), sum(v), k) for v in verdicts.values() if len(v) >= k]
        value = mean(each)
        if value is not None:
            found[str(k)] = value
    return found
