"""The gate over simulated runs with known rates: how often it is wrong, and what it finds."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import lru_cache

import pytest
from report_samples import result

from pytest_smallbench.contracts import Result
from pytest_smallbench.reports.baseline import Baseline, BaselineBenchmark, Terms
from pytest_smallbench.reports.comparison import compare
from pytest_smallbench.reports.gate import Evidence, GateSettings, Status, judge
from pytest_smallbench.reports.rates import rate_interval, resolved_rate, verdicts_of
from pytest_smallbench.reports.scoreboard import Counts
from pytest_smallbench.reports.shape import Comparison

RUNS = 2_000
GATE = GateSettings(no_regression=True)
TERMS = Terms("", "", "", "")


def rates(tasks: int, seed: int) -> list[float]:
    """Easy, hard and uncertain tasks, as benchmarks have them."""
    draw = random.Random(seed)
    return [draw.choice((0.05, 0.2, 0.5, 0.8, 0.95)) for _ in range(tasks)]


a_result = lru_cache(maxsize=None)(result)


def a_run(chances: Sequence[float], attempts: int, draw: random.Random) -> list[Result]:
    return [
        a_result(number, "resolved" if draw.random() < chance else "unresolved", attempt=attempt)
        for number, chance in enumerate(chances)
        for attempt in range(1, attempts + 1)
    ]


def compared(
    before: Sequence[float], now: Sequence[float], attempts: int, draw: random.Random
) -> Comparison:
    old = verdicts_of(a_run(before, attempts, draw))
    baseline = Baseline("b.json", benchmarks={"bcb-agent": BaselineBenchmark(TERMS, {}, old)})
    return compare("bcb-agent", a_run(now, attempts, draw), baseline, {})


def status(comparison: Comparison) -> Status:
    counts = Counts(graded=1, resolved=1)
    return judge(Evidence(counts, comparison=comparison), GATE).status


def share_missed(chances: Sequence[float], drop: float, attempts: int, runs: int) -> float:
    draw = random.Random(20_26)
    worse = [max(chance - drop, 0.0) for chance in chances]
    verdicts = [status(compared(chances, worse, attempts, draw)) for _ in range(runs)]
    assert "inconclusive" not in verdicts
    return verdicts.count("missed") / runs


@pytest.mark.parametrize(("tasks", "attempts"), [(30, 1), (100, 1), (40, 3)])
def test_false_alarms_are_at_most_what_alpha_allows(tasks: int, attempts: int) -> None:
    false_alarms = share_missed(rates(tasks, 1), 0.0, attempts, RUNS)
    assert 0.005 < false_alarms <= 0.06


@pytest.mark.parametrize(("tasks", "attempts"), [(60, 1), (90, 1), (40, 3)])
def test_the_drop_that_is_called_detectable_is_detected_four_times_in_five(
    tasks: int, attempts: int
) -> None:
    """With rates on both sides of one half alike: a drop then changes the direction of flips,
    and hardly their number, which is what "detectable" takes from the run."""
    draw, chances = random.Random(7), [0.25, 0.5, 0.75] * (tasks // 3)
    told = [_told(compared(chances, chances, attempts, draw)) for _ in range(100)]
    drop = sum(told) / len(told)
    assert share_missed(chances, drop, attempts, RUNS) == pytest.approx(0.8, abs=0.04)


def _told(comparison: Comparison) -> float:
    assert comparison["detectable"] is not None
    return comparison["detectable"]


@pytest.mark.parametrize("make", [lambda draw: draw.random() < 0.2, lambda draw: True])
def test_errors_above_their_share_are_inconclusive_whatever_the_rest_says(
    make: Callable[[random.Random], bool],
) -> None:
    draw, chances = random.Random(3), rates(50, 3)
    for _ in range(200):
        errors = sum(make(draw) for _ in chances)
        counts = Counts(graded=50, resolved=20, errors=errors)
        comparison = compared(chances, [0.0] * 50, 1, draw)
        verdict = judge(Evidence(counts, comparison=comparison), GATE)
        expected = "inconclusive" if errors / (50 + errors) > 0.05 else "missed"
        assert verdict.status == expected


def test_the_interval_over_tasks_holds_the_true_rate_as_often_as_it_says() -> None:
    draw, held = random.Random(11), 0
    for _ in range(120):
        chances = rates(30, draw.randrange(10**6))
        low, high = rate_interval(verdicts_of(a_run(chances, 3, draw))) or (0, 0)
        held += low <= 0.5 <= high  # the mean of what the tasks are drawn from
    assert held / 120 == pytest.approx(0.95, abs=0.04)


def test_the_simulated_runs_have_the_rates_they_are_given() -> None:
    chances = rates(2_000, 5)
    found = resolved_rate(verdicts_of(a_run(chances, 1, random.Random(5))))
    assert found == pytest.approx(sum(chances) / len(chances), abs=0.03)
