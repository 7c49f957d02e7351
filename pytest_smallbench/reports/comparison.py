"""This run held against a baseline, task by task.

A pair is a task (and prompt form) that both runs graded. Of each pair as many attempts
count as both runs have, so that under equal agents either run might have been the other:
that is what the test rests on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pytest_smallbench.contracts import Result
from pytest_smallbench.reports.baseline import Baseline
from pytest_smallbench.reports.ordering import natural_key
from pytest_smallbench.reports.paired import (
    detectable_flips,
    detectable_mean,
    difference_interval,
    mcnemar,
    sign_flip,
)
from pytest_smallbench.reports.rates import TaskKey, task_names, verdicts_of
from pytest_smallbench.reports.shape import Change, Comparison, Flip
from pytest_smallbench.reports.statistics import mean

DEFAULT_ALPHA = 0.05


@dataclass(frozen=True)
class Pair:
    """A task in both runs: of the same number of attempts, how many resolved it."""

    key: TaskKey
    attempts: int
    before: int
    now: int

    @property
    def difference(self) -> float:
        return (self.now - self.before) / self.attempts


def compare(
    name: str,
    results: Sequence[Result],
    baseline: Baseline,
    variants: Mapping[str, str],
    *,
    alpha: float = DEFAULT_ALPHA,
    seed: int = 0,
) -> Comparison:
    """One benchmark's ``results`` against the baseline's. ``variants`` are this run's."""
    before, now = baseline.benchmarks[name].verdicts, verdicts_of(results)
    pairs = paired(before, now)
    differences = [pair.difference for pair in pairs]
    test, p_value = _tested(pairs, seed)
    names = task_names(results)
    return {
        "baseline": {
            "path": baseline.path,
            "run": baseline.run_id,
            "finished": baseline.finished,
        },
        "changes": _changes(baseline.benchmarks[name].variants, variants),
        "pairs": len(pairs),
        "only_before": len(before.keys() - now.keys()),
        "only_now": len(now.keys() - before.keys()),
        "rate_before": mean([pair.before / pair.attempts for pair in pairs]),
        "rate_now": mean([pair.now / pair.attempts for pair in pairs]),
        "difference": mean(differences),
        "ci95": list(difference_interval(differences)) if pairs else None,
        "test": test,
        "p_value": p_value if pairs else None,
        "alpha": alpha,
        "detectable": _detectable(pairs, alpha),
        "regressed": [_flip(pair, names) for pair in pairs if pair.difference < 0],
        "improved": [_flip(pair, names) for pair in pairs if pair.difference > 0],
    }


def paired(
    before: Mapping[TaskKey, Sequence[bool]], now: Mapping[TaskKey, Sequence[bool]]
) -> list[Pair]:
    """The tasks that both runs graded, in natural order."""
    found = []
    for key in sorted(before.keys() & now.keys(), key=lambda key: (natural_key(key[0]), key[1])):
        count = min(len(before[key]), len(now[key]))
        found.append(Pair(key, count, sum(before[key][:count]), sum(now[key][:count])))
    return found


def _single(pairs: Sequence[Pair]) -> bool:
    return all(pair.attempts == 1 for pair in pairs)


def _tested(pairs: Sequence[Pair], seed: int) -> tuple[str, float]:
    if _single(pairs):
        lost = sum(pair.difference < 0 for pair in pairs)
        won = sum(pair.difference > 0 for pair in pairs)
        return "exact McNemar", mcnemar(lost, won)
    scale = math.lcm(*(pair.attempts for pair in pairs))
    whole = [(pair.now - pair.before) * (scale // pair.attempts) for pair in pairs]
    return "paired permutation over tasks", sign_flip(whole, seed)


def _detectable(pairs: Sequence[Pair], alpha: float) -> float | None:
    if not pairs:
        return None
    if _single(pairs):
        flipped = sum(pair.difference != 0 for pair in pairs) / len(pairs)
        return detectable_flips(len(pairs), flipped, alpha)
    step = 1 / max(pair.attempts for pair in pairs)
    return detectable_mean([pair.difference for pair in pairs], step, alpha)


def _flip(pair: Pair, names: Mapping[TaskKey, str]) -> Flip:
    return {
        "task": names[pair.key],
        "before": pair.before / pair.attempts,
        "now": pair.now / pair.attempts,
    }


def _changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[Change]:
    """What the comparison is about: another agent, model, prompt or commit."""
    return [
        {"what": what, "before": before.get(what, ""), "now": now[what]}
        for what in now
        if now[what] != before.get(what, "")
    ]
