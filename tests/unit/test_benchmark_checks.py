"""Each check finds the benchmark that breaks its promise, and none troubles one that keeps all."""

from __future__ import annotations

import pytest
from counting_benchmark import BROKEN, SkipsAll, counting, submit

from pytest_smallbench.testing.benchmark_checks import CHECKS, open_rig

BY_NAME = {check.name: check for check in CHECKS}


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    benchmark = counting(tmp_path_factory.mktemp("counting"))
    with open_rig(benchmark, sample=4, submit=submit) as rig:
        yield rig


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_a_good_benchmark_passes(check, good):
    assert check.problems(good) == []
    check.verify(good)


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_promise_is_found_and_told(fault, tmp_path):
    name, make, told = BROKEN[fault]
    with open_rig(make(tmp_path), sample=2, submit=submit) as rig:
        problems = BY_NAME[name].problems(rig)
    assert any(told in problem for problem in problems), problems
    assert all("\n" not in problem for problem in problems)


def test_every_check_has_a_benchmark_that_fails_it():
    assert {name for name, _, _ in BROKEN.values()} == set(BY_NAME)


def test_a_failure_says_what_is_not_so(tmp_path):
    _, make, _ = BROKEN["a wrong reference"]
    with (
        open_rig(make(tmp_path), sample=1) as rig,
        pytest.raises(pytest.fail.Exception, match="by its reference solutions: not so\ncount/"),
    ):
        BY_NAME["oracle"].verify(rig)


def test_an_exception_of_the_benchmarks_is_a_problem(tmp_path):
    benchmark = counting(tmp_path)
    with open_rig(benchmark) as rig:
        benchmark.environment_class = None
        (problem,) = BY_NAME["tools"].problems(rig)
    assert problem.startswith("TypeError in environment (benchmark.py:")


def test_a_benchmark_that_can_grade_nothing_here_does_not_pass(tmp_path):
    with open_rig(counting(tmp_path, kind=SkipsAll)) as rig:
        assert rig.entries == ()
        (problem,) = BY_NAME["oracle"].problems(rig)
    assert problem == "no task can be graded here: count/3: not today; mend what prepare misses"


def test_without_a_way_to_submit_code_the_check_is_skipped(tmp_path):
    with open_rig(counting(tmp_path)) as rig, pytest.raises(pytest.skip.Exception):
        BY_NAME["hostile-solutions"].verify(rig)


def test_the_sample_holds_tasks_of_each_category(good, tmp_path):
    with open_rig(counting(tmp_path), sample=2) as rig:
        assert {entry.category for entry in rig.entries} == {"even", "odd"}
