"""An environment whose tools are its methods: what is left to write is the task itself."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, TypeVar

from pytest_smallbench.contracts import (
    Bench,
    Grade,
    Observation,
    Sandbox,
    SandboxLimits,
    Task,
    Tool,
    ToolCall,
)
from pytest_smallbench.errors import InfrastructureError
from pytest_smallbench.plain_words import turns, unusable
from pytest_smallbench.simple.tools import ToolMethod, tools_of
from pytest_smallbench.tool_arguments import BadCall, checked

State = TypeVar("State")
OVER = "The episode is over: nothing more can be done."


@dataclass(frozen=True)
class _Snapshot(Generic[State]):
    state: State
    over: bool
    answer: str | None
    files: str  # the sandbox's snapshot; empty where none was open


class SimpleEnvironment(ABC, Generic[State]):
    """See ``contracts.Environment``. A subclass has ``start``, ``grade`` and its tools.

    ``self.record`` is the task's record, ``self.bench`` the run (limits, settings). Whatever the
    tools change is in ``self.state``, which ``start`` made, or in the sandbox's files: that is
    what snapshots keep. ``self.sandbox`` opens when it is first used, and only a benchmark
    that says ``sandboxed=True`` has one. The agent's text, if it gave one, is ``self.answer``.
    """

    sandbox_limits: ClassVar[SandboxLimits] = SandboxLimits()
    _methods: ClassVar[Mapping[str, ToolMethod]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls._methods = tools_of(cls)

    def __init__(self, task: Task, record: Mapping[str, Any], bench: Bench) -> None:
        self.task = task
        self.record = record
        self.bench = bench
        self.answer: str | None = None
        self._over = False
        self._sandbox: Sandbox | None = None
        self._snapshots: list[_Snapshot[State]] = []
        try:
            self.state: State = self.start()
        except BaseException:
            self.close()
            raise

    # -- what a subclass says -----------------------------------------------------

    @abstractmethod
    def start(self) -> State:
        """What the task begins with: any value that can be copied (a dataclass, a dict)."""

    @abstractmethod
    def grade(self) -> Grade:
        """The verdict on ``self.state``, ``self.answer`` and the sandbox as they are now."""

    def observe(self) -> str:
        """The instruction and the number of turns; to say more, add to it."""
        return f"{self.task.problem_statement}\n\n{turns(self.bench.limits)}"

    def metrics(self) -> Mapping[str, float]:
        """Figures of your own about the attempt; none unless overridden."""
        return {}

    # -- what all have in common --------------------------------------------------

    @property
    def tools(self) -> Sequence[Tool]:
        return [method.tool for method in self._methods.values()]

    @property
    def sandbox(self) -> Sandbox:
        if self._sandbox is None:
            self._sandbox = self.bench.open_sandbox(self.sandbox_limits)
        return self._sandbox

    def call(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        if self._over:
            return Observation(OVER, done=True, valid=False)
        try:
            observation = self._carried_out(name, arguments)
        except BadCall as bad:
            text = str(bad)
            told = text if text.startswith("Error: ") else f"Error: {text}"
            return Observation(told, valid=False)
        self._over = observation.done
        return observation

    def reference(self) -> Sequence[ToolCall]:
        calls: Sequence[Mapping[str, Any]] = self.record["reference"]
        return [ToolCall(call["name"], call.get("arguments", {})) for call in calls]

    def snapshot(self) -> str:
        files = self._sandbox.snapshot() if self._sandbox is not None else ""
        kept = _Snapshot(copy.deepcopy(self.state), self._over, self.answer, files)
        self._snapshots.append(kept)
        return str(len(self._snapshots) - 1)

    def restore(self, snapshot: str) -> None:
        """Raises KeyError for an id that ``snapshot`` did not give."""
        if not snapshot.isdecimal() or int(snapshot) >= len(self._snapshots):
            raise KeyError(snapshot)
        kept = self._snapshots[int(snapshot)]
        self.state, self._over, self.answer = copy.deepcopy(kept.state), kept.over, kept.answer
        if kept.files:
            self.sandbox.restore(kept.files)
        else:
            self._close_sandbox()

    def close(self) -> None:
        self._close_sandbox()

    def _carried_out(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        values = checked(self.tools, name, arguments)
        problem = unusable(values)
        if problem:
            raise BadCall(f"{name} was not called: {problem}.")
        try:
            said: str | Observation = getattr(self, name)(**values)
        except (BadCall, InfrastructureError):
            raise
        except Exception as error:  # a fault of the benchmark's must not count as the agent's
            kind = type(error).__name__
            raise InfrastructureError(
                f"{self.task.id}: the environment failed on {name}: {kind}: {error}"
            ) from error
        observation = Observation(said) if isinstance(said, str) else said
        return replace(observation, done=observation.done or self._methods[name].ends)

    def _close_sandbox(self) -> None:
        sandbox, self._sandbox = self._sandbox, None
        if sandbox is not None:
            sandbox.close()
