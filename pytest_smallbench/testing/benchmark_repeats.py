"""The same calls on the same task give the same observations: twice, elsewhere, after restore."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TypeAlias

from pytest_smallbench.agents.context import play
from pytest_smallbench.contracts import Environment, Observation, TaskEntry, ToolCall
from pytest_smallbench.testing.another_process import ElsewhereFailed, elsewhere
from pytest_smallbench.testing.benchmark_rig import Opened, Rig

Trace: TypeAlias = list[str]

MEND = "draw nothing, read no clock, sort what comes from sets and folders"


def repeats(rig: Rig) -> Iterator[str]:
    for entry in rig.entries:
        with closing(rig.environment(entry)) as one, closing(rig.environment(entry)) as other:
            yield from _difference(entry, "asked twice", _trace(one), _trace(other))


def other_process(rig: Rig) -> Iterator[str]:
    opened = rig.opened
    here = _traces(opened, rig.entries)
    try:
        there = elsewhere(_traces, opened, rig.entries)
    except ElsewhereFailed as failed:
        yield (
            f"another process cannot open it: {failed}; define benchmark and environment at the "
            "top of modules that can be imported"
        )
        return
    for entry in rig.entries:
        traces = here[entry.name], there[entry.name]
        yield from _difference(entry, "here and in another process", *traces)


def snapshots(rig: Rig) -> Iterator[str]:
    for entry in rig.entries:
        with closing(rig.environment(entry)) as environment:
            calls = list(environment.reference())
            half = len(calls) // 2
            _played(environment, calls[:half])
            kept = environment.snapshot()
            first = _rest(environment, calls[half:])
            environment.restore(kept)
            again = _rest(environment, calls[half:])
        yield from _difference(
            entry, "before and after a restore", first, again, "keep all that calls change in it"
        )


def _traces(opened: Opened, entries: Sequence[TaskEntry]) -> dict[str, Trace]:
    """The reference played on each task: at module level, so that it can be sent elsewhere."""
    found = {}
    back = opened.back()
    for entry in entries:
        bench = opened.bench(entry, lambda limits: back.open(opened.address, limits))
        task = opened.benchmark.task(bench, entry)
        with closing(opened.benchmark.environment(bench, entry, task)) as environment:
            found[entry.name] = _trace(environment)
    return found


def _trace(environment: Environment) -> Trace:
    """All that an agent sees which plays the reference, and the verdict."""
    tools = sorted(tool.name for tool in environment.tools)
    seen = [f"the first observation: {environment.observe()}", f"tools: {', '.join(tools)}"]
    return seen + _rest(environment, environment.reference())


def _rest(environment: Environment, calls: Sequence[ToolCall]) -> Trace:
    seen = [
        f"the answer to {call.name}: {observation.text!r}, done: {observation.done}"
        for call, observation in zip(calls, _played(environment, calls), strict=False)
    ]
    grade = environment.grade()
    return [*seen, f"the grade: resolved {grade.resolved}, score {grade.score}"]


def _played(environment: Environment, calls: Sequence[ToolCall]) -> list[Observation]:
    seen: list[Observation] = []
    for call in calls:
        seen.append(play(environment, call))
        if seen[-1].done:
            break
    return seen


def _difference(
    entry: TaskEntry, when: str, one: Trace, other: Trace, mend: str = MEND
) -> Iterator[str]:
    """The first thing that differs."""
    for before, after in zip(one, other, strict=False):
        if before != after:
            at = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
            begin = max(0, at - 20)
            pair = f"{before[begin : at + 40]!r} and {after[begin : at + 40]!r}"
            what = before.partition(":")[0]
            yield f"{entry.id}: {when}, {what} differs: {pair}; {mend}"
            return
    if len(one) != len(other):
        yield f"{entry.id}: {when}, one ends after {len(one)} steps, one after {len(other)}; {mend}"
