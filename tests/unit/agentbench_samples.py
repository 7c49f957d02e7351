"""A tiny world of AgentBench's, for what all worlds have in common, and ways to open tasks."""

from __future__ import annotations

from pathlib import Path

from pytest_smallbench.benchmarks.agentbench.environment import AgentBenchEnvironment
from pytest_smallbench.benchmarks.agentbench.worlds import Host, Judgement, Record

from pytest_smallbench.contracts import Limits, Observation, Task, Tool, ToolCall

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


def host(folder: Path, **values: str) -> Host:
    def no_sandbox(_: object) -> object:
        raise AssertionError("this world must open no sandbox")

    return Host(folder, no_sandbox, values)  # type: ignore[arg-type]  # it never returns
