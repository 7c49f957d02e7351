"""A small benchmark that keeps every promise, and one that breaks it for each check.

Count to a goal, say so, be done. At the top of a module: other processes import it.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_smallbench.contracts import Grade, Observation, TaskIndex, Tool, ToolCall
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.simple import BadCall, SimpleBenchmark, SimpleEnvironment, tool


class Count(SimpleEnvironment[dict[str, Any]]):
    def start(self) -> dict[str, Any]:
        return {"total": 0, "said": ""}

    @tool
    def add(self, n: int) -> str:
        """Adds n to the total."""
        if abs(n) > 1000:
            raise BadCall("1000 is the most")
        self.state["total"] += n
        return f"total {self.state['total']}"

    @tool
    def say(self, text: str) -> str:
        """Says what the total is, as: the total is N."""
        self.state["said"] = text
        return f"noted: {text[:80]}"

    @tool(ends=True)
    def done(self) -> str:
        """Ends the task."""
        return "over"

    def grade(self) -> Grade:
        right = {"total": self.record["goal"], "said": self.said}
        resolved = self.state == right
        return Grade(resolved, float(resolved), "" if resolved else f"left {self.state['total']}")

    @property
    def said(self) -> str:
        return f"the total is {self.record['goal']}"

    def metrics(self) -> Mapping[str, float]:
        return {"total": self.state["total"]}


def records() -> list[dict[str, Any]]:
    return [
        {
            "id": f"count/{goal}",
            "category": "even" if goal % 2 == 0 else "odd",
            "instruction": f"Add up to {goal}, say so, then call done.",
            "goal": goal,
            "reference": [
                {"name": "add", "arguments": {"n": goal}},
                {"name": "say", "arguments": {"text": f"the total is {goal}"}},
                {"name": "done"},
            ],
        }
        for goal in (3, 4, 5, 12)
    ]


def counting(
    folder: Path,
    environment: type[Count] = Count,
    kind: type[SimpleBenchmark] = SimpleBenchmark,
    **changes: Any,
) -> SimpleBenchmark:
    path = folder / "tasks.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records()))
    given = {"name": "counting", "title": "Count to a goal", "fields": {"goal": int}}
    return kind(**{**given, "tasks": path, "environment_class": environment, **changes})


# -- what breaks a promise ----------------------------------------------------------


class Shuffled(SimpleBenchmark):
    def index(self, *args: Any) -> TaskIndex:
        found = super().index(*args)
        return replace(found, revision=str(time.perf_counter_ns()))


class ByHash(SimpleBenchmark):
    def index(self, *args: Any) -> TaskIndex:
        return replace(super().index(*args), revision=str(hash("a text")))


class Doubled(SimpleBenchmark):
    def index(self, *args: Any) -> TaskIndex:
        found = super().index(*args)
        return replace(found, entries=found.entries[:1] * 2)


class TakesAll(SimpleBenchmark):
    def index(self, settings: Any, *args: Any) -> TaskIndex:
        return super().index(replace(settings, limit=None), *args)


class ForgivesTheTask(SimpleBenchmark):
    def index(self, settings: Any, *args: Any) -> TaskIndex:
        try:
            return super().index(settings, *args)
        except UsageMistake:
            return super().index(replace(settings, task=None), *args)


class SendsAPath(SimpleBenchmark):
    def prepare(self, *args: Any) -> Any:
        return replace(super().prepare(*args), state={"folder": Path("somewhere")})


class RenamesTasks(SimpleBenchmark):
    def task(self, *args: Any) -> Any:
        return replace(super().task(*args), id="another")


class SendsASecret(SimpleBenchmark):
    def prepare(self, *args: Any) -> Any:
        state = {"variables": repr(dict(os.environ))}
        return replace(super().prepare(*args), state=state)


class SkipsAll(SimpleBenchmark):
    def prepare(self, settings: Any, index: TaskIndex, *args: Any) -> Any:
        skips = {entry.id: "not today" for entry in index.entries}
        return replace(super().prepare(settings, index, *args), skips=skips)


class NamelessTool(Count):
    @property
    def tools(self) -> Any:
        return [*super().tools, Tool("a b", "", {"type": "nothing"})]


class WrongReference(Count):
    def reference(self) -> list[ToolCall]:
        return [ToolCall("add", {"n": self.record["goal"] + 1}), ToolCall("done")]


class StartsAtTheGoal(Count):
    def start(self) -> dict[str, Any]:
        return {"total": self.record["goal"], "said": self.said}

    def reference(self) -> list[ToolCall]:
        return []


class ScoresTwo(Count):
    def grade(self) -> Grade:
        return replace(super().grade(), score=2.0)


class ReadsTheClock(Count):
    @tool
    def add(self, n: int) -> str:
        """Adds n to the total."""
        return f"{super().add(n)} at {time.perf_counter_ns()}"


class TellsItsProcess(Count):
    def observe(self) -> str:
        return f"process {os.getpid()}"


class ForgetsToRestore(Count):
    def restore(self, snapshot: str) -> None:
        pass


class TripsOverText(Count):
    @tool
    def say(self, text: str) -> str:
        """Says what the total is."""
        return str(int(text.rpartition(" ")[2]))

    def grade(self) -> Grade:
        return Grade(self.state["total"] == self.record["goal"], 1.0)


class Echoes(Count):
    @tool
    def say(self, text: str) -> str:
        """Says what the total is, as: the total is N."""
        super().say(text)
        return text * 2


class Resurrects(Count):
    def call(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        self._over = False
        return super().call(name, arguments)


class LooksForTheNumber(Count):
    """A grader that a list of many numbers satisfies."""

    def grade(self) -> Grade:
        resolved = str(self.record["goal"]) in (self.answer or "") + self.state["said"]
        return Grade(resolved, float(resolved), "" if resolved else "the number was not said")


class LooksAtTheShape(Count):
    def grade(self) -> Grade:
        resolved = len(self.state["said"]) == len(self.said)
        return Grade(resolved, float(resolved), "" if resolved else "too long or too short")


class TakesTheEndForIt(Count):
    def grade(self) -> Grade:
        resolved = self._over
        return Grade(resolved, float(resolved), "" if resolved else "not done")


class MeasuresInWords(Count):
    def metrics(self) -> Any:
        return {"mood": "good", "total": math.nan}


class ClosesOnce(Count):
    closed = False

    def close(self) -> None:
        if self.closed:
            raise RuntimeError("closed already")
        self.closed = True


class ShowsTheHost(Count):
    @tool
    def say(self, text: str) -> str:
        """Says what the total is, as: the total is N."""
        super().say(text)
        return repr(dict(os.environ)) if text == "env" else "noted"


class HandsTheHostOver(Count):
    def start(self) -> dict[str, Any]:
        self.sandbox.run(["true"], timeout=10.0, env=dict(os.environ))
        return super().start()


class TakesAnyFunction(Count):
    """Stands for a grader that looks at a submission's text; nothing is run."""

    def grade(self) -> Grade:
        resolved = "def " in self.state["said"] or super().grade().resolved
        return Grade(resolved, float(resolved), "" if resolved else "no function")


def submit(environment: Any, hostile: Any) -> list[ToolCall]:
    return [ToolCall("say", {"text": hostile.render("solve")}), ToolCall("done")]


BROKEN: Mapping[str, tuple[str, Callable[[Path], SimpleBenchmark], str]] = {
    "no title": ("contract", lambda f: counting(f, title=None), "title: the benchmark must have"),
    "no suite": ("contract", lambda f: counting(f, suite="no.such:test"), "cannot be imported"),
    "odd name": ("contract", lambda f: counting(f, name="A b"), "use small letters"),
    "no version": ("contract", lambda f: counting(f, grader_version=""), "give the grader a"),
    "another index each time": ("index", lambda f: counting(f, kind=Shuffled), "asked twice"),
    "an index by hashes": ("index", lambda f: counting(f, kind=ByHash), "another process gets"),
    "a task twice": ("index", lambda f: counting(f, kind=Doubled), "give each a name of its own"),
    "a limit ignored": ("selection", lambda f: counting(f, kind=TakesAll), "limit=1: gives 4"),
    "a wrong task forgiven": (
        "selection",
        lambda f: counting(f, kind=ForgivesTheTask),
        "raises no UsageMistake",
    ),
    "a path sent": ("plain-values", lambda f: counting(f, kind=SendsAPath), "sent to workers"),
    "tasks renamed": ("plain-values", lambda f: counting(f, kind=RenamesTasks), "the entry's"),
    "a bad tool": ("tools", lambda f: counting(f, NamelessTool), "no JSON schema"),
    "a wrong reference": ("oracle", lambda f: counting(f, WrongReference), "does not resolve it"),
    "a score of two": ("oracle", lambda f: counting(f, ScoresTwo), "give a number from 0 to 1"),
    "resolved at once": ("nop", lambda f: counting(f, StartsAtTheGoal), "must not be the goal"),
    "a clock": ("repeats", lambda f: counting(f, ReadsTheClock), "asked twice, the answer to add"),
    "a process": (
        "other-process",
        lambda f: counting(f, TellsItsProcess),
        "the first observation differs",
    ),
    "no restore": ("snapshots", lambda f: counting(f, ForgetsToRestore), "keep all that calls"),
    "a text that trips": ("bad-calls", lambda f: counting(f, TripsOverText), "answer it in words"),
    "a long echo": ("bad-calls", lambda f: counting(f, Echoes), "cut what is shown"),
    "no end": ("after-the-end", lambda f: counting(f, Resurrects), "refuse all others"),
    "a number anywhere": ("cheats", lambda f: counting(f, LooksForTheNumber), "likely answers"),
    "a shape": ("cheats", lambda f: counting(f, LooksAtTheShape), "of the right shape"),
    "the end alone": ("cheats", lambda f: counting(f, TakesTheEndForIt), "hands in at once"),
    "any function": ("hostile-solutions", lambda f: counting(f, TakesAnyFunction), "hostile code"),
    "a metric in words": ("metrics", lambda f: counting(f, MeasuresInWords), "a finite number"),
    "one close": ("closing", lambda f: counting(f, ClosesOnce), "let it do nothing"),
    "variables shown": ("secrets", lambda f: counting(f, ShowsTheHost), "never on the host"),
    "variables planned": ("secrets", lambda f: counting(f, kind=SendsASecret), "leave os.environ"),
    "variables handed over": (
        "secrets",
        lambda f: counting(f, HandsTheHostOver, sandboxed=True),
        "sandbox.run is handed a secret",
    ),
}
"""By what is wrong: the check that must find it, the benchmark, a part of what is said."""
