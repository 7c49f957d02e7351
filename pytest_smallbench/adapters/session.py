"""One attempt as another library's agent sees it: a prompt, tools, and a model's endpoint."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from pytest_smallbench.agents.context import play
from pytest_smallbench.agents.react import IN_WORDS, SYSTEM, first_message
from pytest_smallbench.contracts import Environment, Model, Tool, ToolCall
from pytest_smallbench.errors import BudgetSpent, InfrastructureError, LimitReached, ModelError
from pytest_smallbench.models.local_endpoint import LocalEndpoint

INSTRUCTIONS = SYSTEM
"""What the default agents are told, the same as ReAct."""
ENDLESS = 1_000_000
"""For a library's own step limit: the attempt's limits hold."""
OVER = "The episode is over."


@dataclass
class Adapter:
    """``build(tools, model)`` returns the library's agent; ``template`` is a prompt with
    ``{problem_statement}`` in it, as --smallbench-agent-prompt has it."""

    model: Model
    build: Callable[..., Any]
    template: str | None = None

    def session(self, environment: Environment) -> Session:
        return Session(environment, self.model, self.template)


class Session:
    """A ``with`` block around the library's run; ``result`` is then the answer.

    A call that ends the episode shuts the endpoint, so that the library comes to an end
    whatever its loop is like; the error that it may end with is not the agent's. What kept
    the model or the sandbox from answering is raised at the end, also where the library
    made an answer of it or wrapped it in exceptions of its own.
    """

    def __init__(self, environment: Environment, model: Model, template: str | None = None) -> None:
        self.tools: Sequence[Tool] = tuple(environment.tools)
        self.result: str | None = None
        self.over = False
        self.endpoint = LocalEndpoint(model)
        self._environment = environment
        self._template = template
        self._trouble: BaseException | None = None
        self._acting = threading.Lock()  # some libraries make a turn's calls in threads

    @property
    def prompt(self) -> str:
        in_words = IN_WORDS if self._environment.task.text_answer else ""
        return first_message(self._environment, self._template) + in_words

    def call(self, name: str, arguments: Mapping[str, Any] | str) -> str:
        """One action, and what the model is to read of it."""
        with self._acting:
            if self.over:
                return OVER
            try:
                observation = play(self._environment, ToolCall(name, arguments))
            except (InfrastructureError, LimitReached) as trouble:
                self._trouble = trouble
                self.endpoint.shut(str(trouble))
                raise
            if observation.done:
                self.over = True
                self.endpoint.shut(OVER)
            return observation.text

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        self.endpoint.close()
        failure = self._trouble or self.endpoint.failure
        if failure is not None and (raised is not None or _decides(failure)):
            raise failure from raised
        if self.over:
            self.result = self._environment.answer
        return self.over and isinstance(raised, Exception)


def _decides(failure: BaseException) -> bool:
    """Whether a failure holds although the library came to an answer without the model."""
    return isinstance(failure, InfrastructureError | LimitReached | BudgetSpent | ModelError)
