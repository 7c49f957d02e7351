"""The world of one operating-system task: tools, the end of it, and the verdict."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pytest_smallbench.contracts import Observation, Tool, ToolCall

from ...worlds import Host, Judgement, Record
from . import rules, states
from .inspection import Inspection, Unfit
from .machine import COMMAND_S, LIMITS, Machine
from .observations import describe
from .task import OsTask, parse
from .truth import Truth

COMPLETED = "task completed"
FAILED = "task failed"
_RULES = """\
You are root on a Linux machine. bash_action runs a bash script in a shell that keeps its \
directory and variables from call to call; it has {seconds:g} seconds, no terminal and nothing \
to read on its standard input, and only the first {longest} characters of its output are shown. \
When you know what was asked, call answer_action with the answer and nothing else. When you \
were asked to do something rather than to find something out, call finish_action when it is done.

{instruction}"""


def _tool(name: str, description: str, parameter: str, meaning: str) -> Tool:
    properties = {parameter: {"type": "string", "description": meaning}}
    schema = {"type": "object", "properties": properties, "required": [parameter]}
    return Tool(name, description, {**schema, "additionalProperties": False})


TOOLS = (
    _tool("bash_action", "Run a script in the shell.", "script", "The bash script."),
    _tool("answer_action", "Give the answer; ends the task.", "answer", "The answer, alone."),
    _tool("finish_action", "End the task without an answer.", "thought", "Why it is done."),
)


def open_world(record: Record, host: Host) -> OsWorld:
    """A system with the task's files, its shell started. Raises InfrastructureError where the
    sandbox fails or one of the task's own init scripts does."""
    task = parse(record.data)
    machine = Machine(host.open_sandbox(LIMITS), task)
    try:
        machine.prepare()
        world = OsWorld(record.instruction, machine, task)
        machine.start()
    except BaseException:
        machine.close()
        raise
    return world


class OsWorld:
    """worlds.World over one machine. Made before the shell is: the truth is about that."""

    tools = TOOLS

    def __init__(self, instruction: str, machine: Machine, task: OsTask) -> None:
        self._instruction, self._machine, self._task = instruction, machine, task
        self._truth = Truth(machine.sandbox, machine.sandbox.snapshot(), task)
        self._committed: str | None = None

    def observe(self) -> str:
        return _RULES.format(seconds=COMMAND_S, longest=780, instruction=self._instruction)

    def call(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        return self._calls[name](self, *arguments.values())

    def _bash(self, script: str) -> Observation:
        done = self._machine.type(script, COMMAND_S)
        return Observation(describe(done, COMMAND_S, self._task.cwd))

    def _answer(self, answer: str) -> Observation:
        self._committed = answer
        return Observation("The answer has been committed.", done=True)

    def _finish(self, thought: str) -> Observation:
        self._committed = "None"  # as the published check scripts see it
        return Observation("The task has been finished.", done=True)

    _calls: Mapping[str, Callable[[OsWorld, str], Observation]] = {
        "bash_action": _bash,
        "answer_action": _answer,
        "finish_action": _finish,
    }

    # -- the verdict ----------------------------------------------------------------

    def judge(self, answer: str | None) -> Judgement:
        """A text that the agent ended with counts as its answer where it committed none."""
        committed = self._committed if self._committed is not None else answer or None
        if committed is None:
            return self._verdict("", "the task was not finished: no answer was committed")
        with Inspection(self._machine.sandbox, self._task) as inspection:
            try:
                problem = self._problem(committed, inspection)
            except Unfit as error:
                problem = str(error)
        return self._verdict(committed, problem)

    def _problem(self, answer: str, inspection: Inspection) -> str:
        rule = self._task.rule
        if rule is None:
            return "this record has no rule of its own to grade by"
        if rule["kind"] == "match":
            return rules.matches(answer, rule["match"])
        if rule["kind"] == "check":
            return rules.passes(rule["steps"], answer, self._truth, inspection)
        if rule["kind"] == "state":
            return states.is_as_asked(rule, inspection)
        return states.does_as_asked(rule, inspection)

    def _verdict(self, answer: str, problem: str) -> Judgement:
        line = answer
        if self._task.kind in ("state", "command"):
            line = FAILED if problem else COMPLETED
        return Judgement(not problem, 0.0 if problem else 1.0, line, problem)

    # -- the rest -------------------------------------------------------------------

    def snapshot(self) -> str:
        """Files, folder of the shell and what was committed; a shell starts anew."""
        state = [self._machine.sandbox.snapshot(), self._machine.folder(), self._committed]
        return json.dumps(state)

    def restore(self, snapshot: str) -> None:
        files, folder, self._committed = json.loads(snapshot)
        self._machine.restore(files, folder)
        self._machine.start()

    def reference(self) -> Sequence[ToolCall]:
        """The example, typed, and then what it prints on untouched files."""
        calls = []
        if self._task.example:
            calls.append(ToolCall("bash_action", {"script": self._task.example.code}))
        answer = self._gold()
        if answer is None:
            return [*calls, ToolCall("finish_action", {"thought": "done"})] if calls else []
        return [*calls, ToolCall("answer_action", {"answer": answer})]

    def _gold(self) -> str | None:
        rule = self._task.rule
        if rule is None or self._task.kind in ("state", "command"):
            return None
        if rule["kind"] == "match" and "answer" in rule["match"]:
            return str(rule["match"]["answer"])
        return (self._truth.output().strip() if self._task.example else "") or None

    def close(self) -> None:
        self._machine.close()
