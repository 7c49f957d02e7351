"""A benchmark whose tasks run a command in a sandbox, small enough to see through.

Copied beside each test's conftest, which registers it as a stranger's package would.
"""

from __future__ import annotations

from types import MappingProxyType

from pytest_smallbench.contracts import (
    Grade,
    Limits,
    Observation,
    Preparation,
    SandboxLimits,
    SandboxSetup,
    Task,
    TaskEntry,
    TaskIndex,
    Tool,
    ToolCall,
)
from pytest_smallbench.selection import select

RUN = Tool(
    "run",
    "Runs a command.",
    {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]},
)


class Errand:
    """The environment: a file called done must be there in the end."""

    tools = (RUN,)

    def __init__(self, task, sandbox):
        self.task, self.sandbox, self.answer = task, sandbox, None

    def observe(self):
        return "Make a file called done."

    def call(self, name, arguments):
        return Observation(self.sandbox.run(arguments["command"], timeout=600).text)

    def grade(self):
        other = self.sandbox.fork(self.sandbox.snapshot())
        done = other.python("import os; print(os.path.exists('done'))", timeout=60).text
        other.close()
        return Grade(done == "True\n", float(done == "True\n"), f"done: {done}")

    def reference(self):
        return [ToolCall("run", {"command": "echo > done"})]

    def metrics(self):
        return {}

    def close(self):
        self.sandbox.close()


class Errands:
    name = "errands"
    title = "Make a file"
    suite = "errand_suite:test_task"
    limits = Limits(max_steps=10, timeout_s=300)
    labels = MappingProxyType({})
    own_settings = ()
    grader_version = "1"

    def index(self, settings, cache, say):
        entries = [TaskEntry(f"Errand/{n}", f"Errand/{n}") for n in range(6)]
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
        return Preparation(SandboxSetup(python=""), "errands-1")

    def task(self, bench, entry):
        return Task(entry.id, entry.name, self.name, "Make it.")

    def environment(self, bench, entry, task):
        return Errand(task, bench.open_sandbox(SandboxLimits(memory=1 << 30)))

    def abilities(self, results):
        return {}

    def doctor(self, settings, cache):
        return []
