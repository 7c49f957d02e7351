"""Verdicts: the reference solves, idleness does not, and figures are numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pytest_smallbench.agents.nop import Nop
from pytest_smallbench.agents.oracle import Oracle
from pytest_smallbench.contracts import Grade
from pytest_smallbench.testing.benchmark_rig import Rig


def oracle(rig: Rig) -> Iterator[str]:
    if not rig.entries:
        why = "".join(f": {task}: {reason}" for task, reason in _skips(rig)[:1])
        yield f"no task can be graded here{why}; mend what prepare misses"
    for entry in rig.entries:
        played = rig.play(entry, Oracle())
        if not played.grade.resolved:
            why = played.limit or played.grade.explanation or "no explanation"
            yield (
                f"{entry.id}: the reference does not resolve it: {why}; mend the reference or the "
                "grader, or allow more steps"
            )
        yield from _of_grade(entry.id, played.grade)


def _skips(rig: Rig) -> list[tuple[str, str]]:
    return list(rig.opened.preparation.skips.items())


def nop(rig: Rig) -> Iterator[str]:
    for entry in rig.entries:
        grade = rig.play(entry, Nop()).grade
        if grade.resolved:
            yield f"{entry.id}: resolved without a single call; the start must not be the goal"
        elif not grade.explanation.strip():
            yield f"{entry.id}: unresolved without an explanation; say why in one line"
        yield from _of_grade(entry.id, grade)


def _of_grade(task: str, grade: Grade) -> Iterator[str]:
    if not isinstance(grade, Grade) or not isinstance(grade.resolved, bool):
        yield f"{task}: grade() gives {grade!r:.80}; give contracts.Grade(resolved, score, why)"
        return
    if not isinstance(grade.score, float | int) or not 0 <= grade.score <= 1:
        yield f"{task}: its score is {grade.score!r}; give a number from 0 to 1"
    if "\n" in grade.explanation.strip():
        yield f"{task}: its explanation has several lines; say why in one"


def metrics(rig: Rig) -> Iterator[str]:
    for entry in rig.entries:
        found = {**rig.play(entry, Nop()).metrics, **rig.play(entry, Oracle()).metrics}
        for name, value in found.items():
            if not isinstance(name, str):
                yield f"{entry.id}: a metric is called {name!r}; give it a text for a name"
            if not isinstance(value, float | int) or not math.isfinite(value):
                yield f"{entry.id}: metric {name!r} is {value!r}; give a finite number"
