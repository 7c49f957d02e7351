"""A call on its way from the server's thread to the one that solves, and back."""

from __future__ import annotations

import contextlib
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field

from pytest_smallbench.contracts import Observation, ToolCall

OVER = Observation("The attempt is over: nothing can follow. End now.", done=True, valid=False)


@dataclass(frozen=True, eq=False)
class Asked:
    """A call that waits for its observation."""

    call: ToolCall
    observation: Future[Observation] = field(default_factory=Future)

    def answer(self, observation: Observation) -> None:
        with contextlib.suppress(InvalidStateError):  # its client gave up, or it has one
            self.observation.set_result(observation)
