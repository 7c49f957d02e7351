"""What a task is made of: plain values, tools that can be described, an end to it all."""

from __future__ import annotations

import json
import pickle
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing as closed_then

from pytest_smallbench.contracts import Task, Tool
from pytest_smallbench.plan import BenchPlan, Plan
from pytest_smallbench.reference_play import played
from pytest_smallbench.testing.benchmark_rig import Rig

TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")  # what OpenAI's protocol takes


def plain_values(rig: Rig) -> Iterator[str]:
    yield from _preparation(rig)
    for entry in rig.entries:
        task = rig.benchmark.task(rig.bench(entry), entry)
        if not isinstance(task, Task) or pickle.loads(pickle.dumps(task)) != task:
            yield f"{entry.id}: its task is no contracts.Task of plain values; use texts"
        elif (task.id, task.name, task.benchmark) != (entry.id, entry.name, rig.benchmark.name):
            yield f"{entry.id}: its task has another id, name or benchmark; take the entry's"
        elif not task.problem_statement.strip():
            yield f"{entry.id}: its task has no problem statement; say what is to be done"


def _preparation(rig: Rig) -> Iterator[str]:
    """To the workers it goes as JSON."""
    index, preparation = rig.opened.index, rig.opened.preparation
    plan = Plan("check", benches={"it": BenchPlan(index, preparation)})
    try:
        arrived = Plan.unpack(plan.pack()).benches["it"].preparation
    except TypeError as error:
        yield f"prepare: what it gives cannot be sent to workers: {error}; use texts and numbers"
        return
    if arrived != preparation:
        yield "prepare: what it gives comes to workers changed; use texts as keys and values"


def tools(rig: Rig) -> Iterator[str]:
    for entry in rig.entries:
        with closed_then(rig.environment(entry)) as environment:
            found = list(environment.tools)
        for name, count in Counter(tool.name for tool in found).items():
            if count > 1:
                yield f"{entry.id}: {count} tools are called {name!r}; give each its own name"
        for tool in found:
            yield from (f"{entry.id}: tool {tool.name!r}: {wrong}" for wrong in _faults(tool))


def _faults(tool: Tool) -> Iterator[str]:
    import jsonschema

    if not TOOL_NAME.fullmatch(tool.name):
        yield "no name that endpoints take; use letters, digits, _ and -, at most 64"
    if not tool.description.strip():
        yield "no description; say what it does, a model reads nothing else of it"
    try:
        json.dumps(dict(tool.parameters))
        jsonschema.Draft202012Validator.check_schema(dict(tool.parameters))
    except (TypeError, jsonschema.SchemaError) as error:
        message = getattr(error, "message", str(error))
        yield f"parameters are no JSON schema: {message}; mend them"
        return
    if tool.parameters.get("type") != "object":
        yield 'parameters must be the schema of an object: {"type": "object", "properties": {}}'


def closing(rig: Rig) -> Iterator[str]:
    """Before anything was done, and after the reference was played."""
    for entry in rig.entries:
        for play in (False, True):
            environment = rig.environment(entry)
            if play:
                played(environment)
            try:
                environment.close()
                environment.close()
            except Exception as error:  # whatever a close may raise
                kind = type(error).__name__
                yield f"{entry.id}: close, called again, raises {kind}: {error}; let it do nothing"
                break
