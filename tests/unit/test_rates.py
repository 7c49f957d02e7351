from __future__ import annotations

import itertools
import math

import pytest
from report_samples import result

from pytest_smallbench.reports.rates import (
    bootstrap,
    pass_at,
    pass_hat,
    rate_interval,
    resolved_rate,
    verdicts_of,
)
from pytest_smallbench.reports.statistics import wilson

VERDICTS = {("a", ""): [True, False, True], ("b", ""): [False, False, False], ("c", ""): [True]}


def test_verdicts_are_in_the_order_of_attempts_and_errors_are_none() -> None:
    results = [
        result(1, "unresolved", attempt=2),
        result(1, "resolved", attempt=1),
        result(1, "error", attempt=3),
        result(2, "skipped"),
    ]
    assert verdicts_of(results) == {("T/1", ""): [True, False]}


def test_the_rate_is_the_mean_of_the_tasks_own() -> None:
    assert resolved_rate(VERDICTS) == pytest.approx((2 / 3 + 0 + 1) / 3)
    assert resolved_rate({}) is None


@pytest.mark.parametrize("k", [1, 2, 3])
def test_pass_at_and_hat_are_what_counting_all_draws_gives(k: int) -> None:
    """Of a task's attempts every set of k is as likely as any other."""
    for resolved in range(5):
        tried = [True] * resolved + [False] * (4 - resolved)
        draws = list(itertools.combinations(tried, k))
        some, every = sum(map(any, draws)) / len(draws), sum(map(all, draws)) / len(draws)
        verdicts = {("a", ""): tried}
        assert pass_at(verdicts, 4)[str(k)] == pytest.approx(some)
        assert pass_hat(verdicts, 4)[str(k)] == pytest.approx(every)


def test_a_task_with_fewer_verdicts_than_k_is_left_out_there() -> None:
    assert pass_at(VERDICTS, 3)["3"] == 0.5
    assert pass_at({("a", ""): [True]}, 3) == {"1": 1.0}


def test_one_attempt_a_task_has_wilsons_interval() -> None:
    single = {(str(n), ""): [n < 41] for n in range(95)}
    assert rate_interval(single) == wilson(41, 95)
    assert rate_interval({}) is None


def test_the_bootstrap_is_near_the_normal_interval_and_always_the_same() -> None:
    shares = [0.0, 1 / 3, 2 / 3, 1.0] * 50
    low, high = bootstrap(shares) or (0, 0)
    half = 1.96 * math.sqrt(sum((each - 0.5) ** 2 for each in shares)) / len(shares)
    assert (low, high) == pytest.approx((0.5 - half, 0.5 + half), abs=0.008)
    assert bootstrap(shares) == (low, high)


def test_equal_tasks_do_not_make_a_point_of_the_interval() -> None:
    assert bootstrap([1.0] * 20) == wilson(20, 20)
    assert bootstrap([0.5] * 20) == wilson(10, 20)
