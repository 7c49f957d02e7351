"""What an agent's factory gets, and how an agent makes a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

from pytest_smallbench.contracts import (
    Environment,
    Limits,
    Message,
    Model,
    Observation,
    Reply,
    Tool,
    ToolCall,
)


class Ledger(Protocol):
    """Where an agent that asks a model of its own puts that on the attempt's record: else its
    tokens and dollars would be missing from the report."""

    def asked(self, messages: Sequence[Message], tools: Sequence[Tool] = ()) -> None:
        """What the model was told since it was last asked, and the tools that it has."""

    def answered(self, reply: Reply, **more: object) -> None:
        """Counts the reply's tokens and cost. ``more`` stands beside it in the trajectory."""


class _NoLedger:
    def asked(self, messages: Sequence[Message], tools: Sequence[Tool] = ()) -> None: ...

    def answered(self, reply: Reply, **more: object) -> None: ...


@dataclass(frozen=True)
class AgentContext:
    """The run's settings that concern agents. A factory is ``create(context) -> Agent``.

    ``model`` is called by those agents only that need a model, and raises what opening one
    can raise. ``prompt_template`` is a text with ``{problem_statement}`` in it.
    """

    model: Callable[[], Model]
    limits: Limits = field(default_factory=Limits)
    prompt_template: str | None = None
    solutions: Path | None = None
    ledger: Ledger = field(default_factory=_NoLedger)


def play(environment: Environment, call: ToolCall) -> Observation:
    """Make a call, well-formed or not.

    What an agent is handed takes a model's raw JSON text as arguments too, and answers what
    is wrong with it; an environment of its own is promised checked arguments only.
    """
    return environment.call(call.name, cast("Mapping[str, Any]", call.arguments))
