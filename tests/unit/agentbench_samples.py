"""A tiny world of AgentBench's, for what all worlds have in common, and ways to open tasks."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from pytest_smallbench.benchmarks.agentbench import BENCHMARK
from pytest_smallbench.benchmarks.agentbench.entries import entry_of
from pytest_smallbench.benchmarks.agentbench.environment import AgentBenchEnvironment
from pytest_smallbench.benchmarks.agentbench.worlds import Judgement, Record

from pytest_smallbench.contracts import (
    Bench,
    Limits,
    Observation,
    Preparation,
    SandboxSetup,
    Task,
    Tool,
    ToolCall,
)
from pytest_smallbench.sandboxes.process import ProcessSandboxes
from pytest_smallbench.settings import Settings

SAY = Tool(
    "say",
    "Says a word; 'stop' ends the episode.",
    {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]},
)


class Parrot:
    """The world: it is won by saying the secret, half won by saying a part of it."""

    tools = (SAY,)

    def __init__(self, secret: str = "polly") -> None:
        self.secret = secret
        self.said: list[str] = []
        self.closed = False

    def observe(self) -> str:
        return "Say what the parrot says."

    def call(self, name, arguments) -> Observation:
        word = arguments["word"]
        if word == "break":
            raise ZeroDivisionError("a fault of ours")
        self.said.append(word)
        return Observation(f"you said {word}", done=word == "stop")

    def judge(self, answer: str | None) -> Judgement:
        won = self.secret in self.said
        line = f"secret: {self.secret}" if won else "secret: unknown"
        return Judgement(won, 1.0 if won else 0.25, line, metrics={"words": len(self.said)})

    def snapshot(self) -> str:
        return ",".join(self.said)

    def restore(self, snapshot: str) -> None:
        self.said = snapshot.split(",") if snapshot else []

    def reference(self):
        return [ToolCall("say", {"word": self.secret}), ToolCall("say", {"word": "stop"})]

    def close(self) -> None:
        self.closed = True


RECORD = Record("db/g0-00001", "db", "Say what the parrot says.", "secret: POLLY ")


def parrot(
    record: Record = RECORD, world: object | None = None, **limits: object
) -> AgentBenchEnvironment:
    task = Task(record.id, record.id, "agentbench", record.instruction)
    return AgentBenchEnvironment(task, record, world or Parrot(), Limits(**limits))


def machine_of(folder: Path, open_sandbox) -> Bench:
    """A worker's bench over the default data set."""
    index = BENCHMARK.index(Settings(), folder, print)
    preparation = Preparation(SandboxSetup(python=sys.executable), "")
    return Bench(Settings(), index, preparation, folder, Limits(max_steps=None), open_sandbox)


@contextmanager
def machine(folder: Path) -> Iterator[Bench]:
    """The same with the process sandboxes started."""
    back = ProcessSandboxes()
    address = back.start(SandboxSetup(python=sys.executable))
    try:
        yield machine_of(folder, lambda limits: back.open(address, limits))
    finally:
        back.stop()


@contextmanager
def episode(task_id: str, bench: Bench) -> Iterator[AgentBenchEnvironment]:
    """The environment of a generated task, closed at the end."""
    entry = entry_of(task_id, task_id.partition("/")[0])
    environment = BENCHMARK.environment(bench, entry, BENCHMARK.task(bench, entry))
    try:
        yield environment
    finally:
        environment.close()


def observations(task_id: str, bench: Bench) -> list[str]:
    """All that is seen of a task: the tools, the first look, the gold calls, the verdict."""
    with episode(task_id, bench) as environment:
        tools = json.dumps([asdict(tool) for tool in environment.tools])
        seen = [tools, environment.observe()]
        seen += [environment.call(c.name, c.arguments).text for c in environment.reference()]
        grade = environment.grade()
        return [*seen, grade.output, grade.explanation, str(grade.score)]


if __name__ == "__main__":
    with machine(Path(sys.argv[1])) as here:
        print(json.dumps({name: observations(name, here) for name in json.load(sys.stdin)}))
