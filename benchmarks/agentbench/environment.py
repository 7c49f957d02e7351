"""One task of AgentBench as the core's environment: what the seven worlds have in common.

The end of an episode, arguments that no world should see, the text that is graded, and the
seed's substring rule beside the environment's own (specification, section 0.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pytest_smallbench.contracts import Grade, Limits, Observation, Task, Tool, ToolCall
from pytest_smallbench.errors import GradingError, InfrastructureError
from pytest_smallbench.plain_words import turns, unusable

from .substring import contains
from .worlds import Judgement, Record, World

OVER = "The episode is over: nothing more can be done."


@dataclass(frozen=True)
class _State:
    world: str
    over: bool
    answer: str | None


class AgentBenchEnvironment:
    """See ``contracts.Environment``. The world is closed with it."""

    def __init__(self, task: Task, record: Record, world: World, limits: Limits) -> None:
        self.task = task
        self.answer: str | None = None
        self._expected = record.expected_output
        self._world = world
        self._limits = limits
        self._over = False
        self._metrics: dict[str, float] = {"substring_resolved": 0.0}
        self._states: list[_State] = []

    @property
    def tools(self) -> Sequence[Tool]:
        return self._world.tools

    def observe(self) -> str:
        return f"{self._world.observe()}\n\n{turns(self._limits)}"

    def call(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        if self._over:
            return Observation(OVER, done=True, valid=False)
        problem = unusable(arguments)
        if problem:
            return Observation(f"Error: {name} was not called: {problem}.", valid=False)
        try:
            observation = self._world.call(name, arguments)
        except InfrastructureError:
            raise
        except Exception as error:  # a fault of ours must not count as the agent's
            kind = type(error).__name__
            raise InfrastructureError(
                f"{self.task.id}: the environment failed on {name}: {kind}: {error}"
            ) from error
        self._over = observation.done
        return observation

    def grade(self) -> Grade:
        """The environment's own verdict; both rules see the whole text, uncut."""
        judgement = self._judged()
        text = "\n".join(part for part in (self.answer, judgement.line) if part)
        found = contains(text, self._expected)
        self._metrics = {**judgement.metrics, "substring_resolved": float(found)}
        return Grade(
            judgement.resolved,
            judgement.score,
            _why(judgement),
            output=text,
            expected_output=self._expected,
        )

    def snapshot(self) -> str:
        self._states.append(_State(self._world.snapshot(), self._over, self.answer))
        return str(len(self._states) - 1)

    def restore(self, snapshot: str) -> None:
        """Raises KeyError for an id that ``snapshot`` did not give."""
        if not snapshot.isdecimal() or int(snapshot) >= len(self._states):
            raise KeyError(snapshot)
        state = self._states[int(snapshot)]
        self._world.restore(state.world)
        self._over, self.answer = state.over, state.answer

    def reference(self) -> Sequence[ToolCall]:
        return self._world.reference()

    def metrics(self) -> Mapping[str, float]:
        """The environment's own figures, and the seed's verdict as 0 or 1."""
        return self._metrics

    def close(self) -> None:
        self._world.close()

    def _judged(self) -> Judgement:
        try:
            return self._world.judge(self.answer)
        except InfrastructureError:
            raise
        except Exception as error:
            kind = type(error).__name__
            raise GradingError(f"{self.task.id}: judging failed: {kind}: {error}") from error


def _why(judgement: Judgement) -> str:
    """The verdict's reason, in one line."""
    why = judgement.explanation
    if not why and not judgement.resolved:
        why = f"not resolved: {judgement.line or 'no answer'}"
    return " ".join(why.split())
