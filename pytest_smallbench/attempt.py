"""One agent on one task, once: its limits, its counts and its trajectory.

The wrappers in recording.py report to an Attempt; outcomes.py makes a Result of it.
"""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from pytest_smallbench.contracts import (
    Grade,
    Limits,
    ReferenceCheck,
    Task,
    ToolCall,
    Usage,
)
from pytest_smallbench.errors import BudgetSpent, InfrastructureError, LimitReached
from pytest_smallbench.trajectory import Trajectory

AGAIN_S = 1.0


@dataclass
class Attempt:
    """What is known of a running attempt. ``waited`` gives the seconds that it spent in
    queues for the machine: they are not charged to its time limit. ``number`` counts the
    attempts at one task from 1. ``trouble`` is a spent budget or an
    infrastructure error that was not overcome, even where the agent swallowed it. ``asked``
    are the calls of the model's last reply that have not been made yet. ``check_interrupts``
    raises KeyboardInterrupt where one was lost on its way."""

    task: Task
    limits: Limits
    trajectory: Trajectory
    number: int = 1
    agent_name: str = ""
    turns: int = 0
    tool_calls: int = 0
    invalid_tool_calls: int = 0
    usage: Usage = field(default_factory=Usage)
    cost_usd: float | None = 0.0
    grade: Grade | None = None
    flags: tuple[str, ...] = ()
    limit_reached: str = ""
    trouble: InfrastructureError | BudgetSpent | None = None
    answer: str | None = None
    asked: Sequence[ToolCall] = ()
    metrics: dict[str, float] = field(default_factory=dict)
    reference_check: ReferenceCheck | None = None
    measure: Callable[[], Mapping[str, float]] = dict
    waited: Callable[[], float] = lambda: 0.0
    check_interrupts: Callable[[], None] = lambda: None
    started: float = field(default_factory=time.monotonic)

    @property
    def steps(self) -> int:
        """Model turns; tool calls for an agent that never asked our model."""
        return self.turns or self.tool_calls

    def count_turn(self) -> None:
        """Called before each model request. Raises LimitReached instead of allowing it."""
        self.check_interrupts()
        self._check_tokens()
        self._check_steps(self.turns)
        self.turns += 1

    def count_call(self) -> None:
        """Called before each tool call."""
        self.check_interrupts()
        if not self.turns:
            self._check_steps(self.tool_calls)
        self.tool_calls += 1

    def take_asked(self, name: str, arguments: Mapping[str, Any] | str) -> str:
        """The id by which the model asked for this call; empty for one that it did not."""
        for call in self.asked:
            if call.name == name and _same(call.arguments, arguments):
                self.asked = [each for each in self.asked if each is not call]
                return call.id
        return ""

    def count_reply(self, usage: Usage, cost_usd: float | None) -> None:
        self.usage += usage
        known = self.cost_usd is not None and cost_usd is not None
        self.cost_usd = (self.cost_usd or 0.0) + (cost_usd or 0.0) if known else None

    def _check_steps(self, taken: int) -> None:
        allowed = self.limits.max_steps
        if allowed is not None and taken >= allowed:
            self._stop(f"step limit of {allowed} reached")

    def _check_tokens(self) -> None:
        allowed = self.limits.max_tokens
        if allowed is not None and self.usage.total >= allowed:
            self._stop(f"token limit of {allowed} reached")

    def _stop(self, reason: str) -> None:
        self.limit_reached = reason
        raise LimitReached(reason)

    @contextmanager
    def clock(self) -> Iterator[None]:
        """Interrupts the agent with LimitReached when its time is up.

        Needs the main thread, where pytest and xdist run tests; elsewhere the limit holds
        only between the agent's own calls.
        """
        allowed = self.limits.timeout_s
        if allowed is None or threading.current_thread() is not threading.main_thread():
            yield
            return
        began, waited = time.monotonic(), self.waited()

        def ring(_signal: int, _frame: FrameType | None) -> None:
            used = time.monotonic() - began - (self.waited() - waited)
            if used < allowed - 1e-3:
                signal.setitimer(signal.ITIMER_REAL, allowed - used)
                return
            # Once more, should the agent's event loop swallow it, as asyncio's callbacks do.
            signal.setitimer(signal.ITIMER_REAL, AGAIN_S)
            self._stop(f"time limit of {allowed:g} s reached")

        before = signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, allowed)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


def _same(asked: Mapping[str, Any] | str, made: Mapping[str, Any] | str) -> bool:
    """Whether these are the same arguments; an agent may have read the model's JSON itself."""
    if asked == made:
        return True
    if isinstance(asked, str) and not isinstance(made, str):
        try:
            return bool(json.loads(asked or "{}", strict=False) == dict(made))
        except (ValueError, RecursionError):
            return False
    return False
