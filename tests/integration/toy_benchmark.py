"""A benchmark without a sandbox, small enough to see through: reach the number in the task.

Copied beside each test's conftest, which registers it as a stranger's package would.
"""

from __future__ import annotations

import os
from types import MappingProxyType

from pytest_smallbench.contracts import (
    Grade,
    Limits,
    Observation,
    Preparation,
    ReferenceCheck,
    SandboxSetup,
    Task,
    TaskEntry,
    TaskIndex,
    Tool,
    ToolCall,
)
from pytest_smallbench.errors import SandboxError
from pytest_smallbench.selection import select

ADD = Tool(
    "add",
    "Adds n to the total.",
    {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]},
)
DONE = Tool("done", "Ends the episode.")


class Reach:
    """The environment: the task's id ends in the number to be reached."""

    tools = (ADD, DONE)

    def __init__(self, task: Task) -> None:
        self.task = task
        self.answer = None
        self.total = 0
        self.goal = int(task.id.rpartition("/")[2])

    def observe(self):
        return f"Reach {self.goal}, then call done."

    def call(self, name, arguments):
        if name == "done":
            return Observation("over", done=True)
        self.total += arguments["n"]
        if arguments["n"] == 666:
            os._exit(1)
        if arguments["n"] == 503:
            raise SandboxError("the broker went away; run again")
        return Observation(f"total {self.total}")

    def grade(self):
        resolved = self.total == self.goal
        return Grade(resolved, float(resolved), f"reached {self.total}, not {self.goal}")

    def reference(self):
        return [ToolCall("add", {"n": self.goal}), ToolCall("done")]

    def metrics(self):
        return {"total": self.total}

    def snapshot(self):
        return str(self.total)

    def restore(self, snapshot):
        self.total = int(snapshot)

    def close(self):
        pass


class Toy:
    name = "toy"
    title = "Reach a number"
    suite = "toy_suite:test_task"
    limits = Limits(max_steps=10, timeout_s=60)
    labels = MappingProxyType({"category": "parity"})

    own_settings = ("colour",)
    grader_version = "1"

    def index(self, settings, cache, say):
        entries = [
            TaskEntry(f"Toy/{n}", f"Toy/{n}", "even" if n % 2 == 0 else "odd", ("number",))
            for n in range(12)
        ]
        chosen = select(
            entries,
            category=settings.categories,
            task=settings.task,
            sample=settings.sample,
            limit=settings.limit,
            seed=settings.seed,
        )
        return TaskIndex("built in", "1", "all", "", tuple(chosen))

    def prepare(self, settings, index, cache, say):
        return Preparation(SandboxSetup(python=""), "toy-1", skips={"Toy/11": "too large"})

    def task(self, bench, entry):
        return Task(entry.id, entry.name, self.name, "Reach it.", entry.category, entry.tags)

    def environment(self, bench, entry, task):
        return Reach(task)

    def check_reference(self, bench, entry, times):
        flaky = entry.id.endswith("/7")
        return ReferenceCheck("flaky" if flaky else "pass", "sometimes", 0.01, times)

    def remember(self, bench, checks, cache):
        return f"{len(checks)} checks remembered"

    def abilities(self, results):
        return {"valid_tool_calls": 1.0}

    def doctor(self, settings, cache):
        return []


class NoSandboxes:
    """A back for a benchmark that runs no code."""

    name = "none"

    def unavailable(self):
        return ""

    def start(self, setup):
        return "nowhere"

    def stop(self):
        pass
