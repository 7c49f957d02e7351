"""Results by category, by tag and by prompt form, and the two forms of a task compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pytest_smallbench.contracts import Result
from pytest_smallbench.reports.ordering import natural_key
from pytest_smallbench.reports.plain import finite
from pytest_smallbench.reports.rates import rate_interval, resolved_rate, verdicts_of
from pytest_smallbench.reports.shape import Group, Groups, Paired
from pytest_smallbench.reports.statistics import mean


def make_groups(results: Sequence[Result]) -> Groups:
    """Every grouping of one benchmark's results; results without a value are in none.

    A task with several tags counts in each of them, so tags do not add up to the whole.
    """
    return {
        "category": _by((each.category, each) for each in results),
        "tag": _by((tag, each) for each in results for tag in dict.fromkeys(each.tags)),
        "form": _by((each.form, each) for each in results),
        "paired": paired_forms(results),
    }


def group(results: Iterable[Result]) -> Group:
    results = list(results)
    outcomes = [result.outcome for result in results]
    resolved = outcomes.count("resolved")
    verdicts = verdicts_of(results)
    interval = rate_interval(verdicts)
    return {
        "resolved": resolved,
        "graded": resolved + outcomes.count("unresolved"),
        "rate": resolved_rate(verdicts),
        "ci95": list(interval) if interval else None,
        "errors": outcomes.count("error"),
        "mean_score": mean([score(each) for each in results if is_graded(each)]),
        "metrics": mean_metrics(results),
    }


def is_graded(result: Result) -> bool:
    return result.outcome in ("resolved", "unresolved")


def score(result: Result) -> float:
    """A test of plain asserts gives no score: resolved is 1, unresolved 0."""
    given = finite(result.score)
    return float(result.outcome == "resolved") if given is None else given


def mean_metrics(results: Iterable[Result]) -> dict[str, float | None]:
    """Each metric's mean over the graded results that have it."""
    values: dict[str, list[float]] = defaultdict(list)
    for result in results:
        for name, value in result.metrics.items():
            number = finite(value)
            if number is not None and is_graded(result):
                values[name].append(number)
    return {name: mean(found) for name, found in values.items()}


def paired_forms(results: Iterable[Result]) -> Paired | None:
    """The same tasks in two prompt forms. None unless there are two forms, and pairs.

    Only a task that was graded in both forms is a pair: comparing the forms' own rates
    would mix in the tasks that an error took out of one of them.
    """
    pairs: dict[tuple[str, int], dict[str, bool]] = defaultdict(dict)
    for result in results:
        if result.form and is_graded(result):
            pairs[result.task_id, result.attempt][result.form] = result.outcome == "resolved"
    forms = sorted({form for solved in pairs.values() for form in solved})
    complete = {key: solved for key, solved in pairs.items() if len(solved) == 2}
    if len(forms) != 2 or not complete:
        return None
    return _compared(forms, complete)


def _compared(forms: list[str], pairs: dict[tuple[str, int], dict[str, bool]]) -> Paired:
    first, second = forms
    only: dict[str, set[str]] = {first: set(), second: set()}
    both = neither = ahead = 0
    for (task_id, _attempt), solved in pairs.items():
        both += solved[first] and solved[second]
        neither += not (solved[first] or solved[second])
        ahead += solved[first] - solved[second]
        if solved[first] != solved[second]:
            only[first if solved[first] else second].add(task_id)
    return {
        "forms": forms,
        "pairs": len(pairs),
        "both": both,
        "neither": neither,
        "only": {form: sorted(ids, key=natural_key) for form, ids in only.items()},
        "difference": ahead / len(pairs),
    }


def _by(labelled: Iterable[tuple[str, Result]]) -> dict[str, Group]:
    members: dict[str, list[Result]] = defaultdict(list)
    for label, result in labelled:
        if label:
            members[label].append(result)
    return {label: group(members[label]) for label in sorted(members, key=natural_key)}
