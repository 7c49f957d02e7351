from __future__ import annotations

from report_samples import result

from pytest_smallbench.contracts import Outcome, Result
from pytest_smallbench.reports.groups import group, make_groups, paired_forms


def form(number: int, name: str, outcome: Outcome, attempt: int = 1) -> Result:
    nodeid = f"bcb-agent::T/{number}[{name}][{attempt}]"
    return result(number, outcome, form=name, nodeid=nodeid, attempt=attempt)


def test_a_group_counts_verdicts_and_errors() -> None:
    outcomes: list[Outcome] = [
        "resolved",
        "unresolved",
        "unresolved",
        "error",
        "skipped",
        "not_run",
    ]
    found = group(result(n, outcome) for n, outcome in enumerate(outcomes))
    assert (found["resolved"], found["graded"], found["errors"]) == (1, 3, 1)
    assert found["rate"] == 1 / 3


def test_a_group_without_a_verdict_has_no_rate() -> None:
    found = group([result(1, "error", metrics={"calls": 2.0})])
    assert (found["resolved"], found["graded"], found["errors"]) == (0, 0, 1)
    assert found["rate"] is found["ci95"] is found["mean_score"] is None
    assert found["metrics"] == {}


def test_a_group_has_the_means_of_its_scores_and_metrics() -> None:
    found = group(
        [
            result(1, score=None),  # plain asserts: resolved counts as 1
            result(2, "unresolved", score=0.5, metrics={"f1": 0.5}),
            result(3, "unresolved", score=float("nan"), metrics={"f1": 0.1}),
        ]
    )
    assert (found["mean_score"], found["metrics"]) == (0.5, {"f1": 0.3})


def test_groups_are_in_natural_order() -> None:
    groups = make_groups([result(n, category=f"level {n}") for n in (10, 9, 2)])
    assert list(groups["category"]) == ["level 2", "level 9", "level 10"]


def test_a_task_counts_in_each_of_its_tags() -> None:
    found = make_groups([result(1, tags=("re", "os", "re")), result(2, "unresolved", tags=("os",))])
    assert {name: each["graded"] for name, each in found["tag"].items()} == {"os": 2, "re": 1}


def test_what_has_no_category_is_in_no_group() -> None:
    groups = make_groups([result(1)])
    assert groups == {"category": {}, "tag": {}, "form": {}, "paired": None}


def test_forms_are_compared_on_the_same_tasks() -> None:
    paired = paired_forms(
        [
            *(form(1, name, "resolved") for name in ("instruct", "complete")),
            *(form(2, name, "unresolved") for name in ("instruct", "complete")),
            form(3, "complete", "resolved"),
            form(3, "instruct", "unresolved"),
            form(10, "complete", "resolved"),
            form(10, "instruct", "unresolved"),
            form(4, "complete", "unresolved"),
            form(4, "instruct", "resolved"),
            form(5, "complete", "resolved"),
            form(5, "instruct", "error"),  # no pair: one side has no verdict
        ]
    )
    assert paired == {
        "forms": ["complete", "instruct"],
        "pairs": 5,
        "both": 1,
        "neither": 1,
        "only": {"complete": ["T/3", "T/10"], "instruct": ["T/4"]},
        "difference": 0.2,
    }


def test_one_form_has_nothing_to_compare_with() -> None:
    assert paired_forms([form(1, "instruct", "resolved"), form(2, "instruct", "resolved")]) is None
    assert paired_forms([form(1, "instruct", "resolved"), form(2, "complete", "resolved")]) is None


def test_attempts_are_paired_by_number() -> None:
    paired = paired_forms(
        [
            form(1, "complete", "resolved", 1),
            form(1, "instruct", "unresolved", 1),
            form(1, "complete", "unresolved", 2),
            form(1, "instruct", "resolved", 2),
        ]
    )
    assert paired is not None
    assert (paired["pairs"], paired["difference"]) == (2, 0.0)
