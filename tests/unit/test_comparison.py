from __future__ import annotations

from typing import Any

import pytest
from report_samples import result

from pytest_smallbench.contracts import Result
from pytest_smallbench.reports.baseline import Baseline, BaselineBenchmark, Terms
from pytest_smallbench.reports.comparison import compare
from pytest_smallbench.reports.comparison_text import comparison_sentences
from pytest_smallbench.reports.rates import verdicts_of
from pytest_smallbench.reports.shape import Comparison

VARIANTS = {"agent": "react", "model": "new-model"}


def several(number: int, *verdicts: bool) -> list[Result]:
    return [
        result(
            number,
            "resolved" if resolved else "unresolved",
            attempt=attempt,
            nodeid=f"bcb-agent::T/{number}[{attempt}]",
        )
        for attempt, resolved in enumerate(verdicts, 1)
    ]


def compared(before: list[Result], now: list[Result], **more: Any) -> Comparison:
    terms = Terms("", "", "", "")
    old = BaselineBenchmark(terms, {"agent": "react", "model": "old"}, verdicts_of(before))
    baseline = Baseline("old/report.json", "ab12", "2026-01-31T12:00:00Z", {"bcb-agent": old})
    return compare("bcb-agent", now, baseline, VARIANTS, **more)


def singles(*verdicts: bool) -> list[Result]:
    return [result(n, "resolved" if each else "unresolved") for n, each in enumerate(verdicts)]


def test_the_tasks_that_flipped_are_named_each_way() -> None:
    found = compared(singles(True, True, False, False), singles(True, False, True, False))
    assert [each["task"] for each in found["regressed"]] == ["T/1"]
    assert [each["task"] for each in found["improved"]] == ["T/2"]
    assert (found["pairs"], found["difference"], found["test"]) == (4, 0.0, "exact McNemar")
    assert found["p_value"] == 0.75


def test_only_tasks_graded_in_both_are_pairs() -> None:
    before = [*singles(True, True), result(2, "error"), result(3)]
    now = [*singles(True, False), result(2), result(4)]
    found = compared(before, now)
    assert (found["pairs"], found["only_before"], found["only_now"]) == (2, 1, 2)


def test_without_a_pair_there_are_no_figures() -> None:
    found = compared([result(1)], [result(2)])
    assert [found["p_value"], found["ci95"], found["detectable"]] == [None, None, None]
    assert comparison_sentences(found)[1] == "0 tasks graded in both (1 there only, 1 here only)"


def test_of_several_attempts_as_many_count_as_both_have() -> None:
    before = [*several(1, True, True, True), *several(2, True, False)]
    now = [*several(1, True, False), *several(2, True, False)]
    found = compared(before, now)
    assert found["regressed"] == [{"task": "T/1", "before": 1.0, "now": 0.5}]
    assert found["test"] == "paired permutation over tasks"
    assert found["difference"] == -0.25


def test_what_differs_is_shown() -> None:
    found = compared(singles(True), singles(True))
    assert found["changes"] == [{"what": "model", "before": "old", "now": "new-model"}]


@pytest.mark.parametrize("count", [0, 30])
def test_in_sentences(count: int) -> None:
    before, now = singles(*[True] * 40), singles(*[False] * count, *[True] * (40 - count))
    told = comparison_sentences(compared(before, now), tasks=2)
    assert told[0] == "against old/report.json (run ab12, 2026-01-31): model old -> new-model"
    assert told[1].startswith("40 tasks graded in both: 100.0% before, ")
    assert told[2].startswith("smallest drop that such a run finds with a chance of 80%")
    assert told[3:] == (["worse: 30 tasks: T/0, T/1, and 28 more"] if count else [])
