"""Wrappers around an environment, a model and an agent that keep an attempt's record.

Whatever agent is in force, ours or a user's, acts through these: they count, hold the
limits, check tool calls, and write every event to the trajectory.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pytest_smallbench.attempt import Attempt
from pytest_smallbench.contracts import (
    Agent,
    Environment,
    Grade,
    Message,
    Model,
    Observation,
    Reply,
    ShowsWork,
    Task,
    Tool,
    ToolCall,
)
from pytest_smallbench.errors import (
    BudgetSpent,
    InfrastructureError,
    LimitReached,
    ModelError,
    SmallbenchError,
    Unresolved,
)
from pytest_smallbench.tool_arguments import BadCall, checked


class RecordedEnvironment:
    """An Environment whose ``call`` also takes a model's raw JSON, and never raises for it."""

    def __init__(self, environment: Environment, attempt: Attempt) -> None:
        self._environment = environment
        self._attempt = attempt
        self._work: dict[str, str] = {}
        # Without the right answer: an agent that tells its model all of its task tells none.
        self.task: Task = replace(environment.task, expected_output=None)

    @property
    def answer(self) -> str | None:
        return self._environment.answer

    @answer.setter
    def answer(self, text: str | None) -> None:
        self._environment.answer = text

    @property
    def tools(self) -> Sequence[Tool]:
        return self._environment.tools

    def observe(self) -> str:
        text = self._environment.observe()
        self._attempt.trajectory.add("observation", text=text, done=False)
        return text

    def call(self, name: str, arguments: Mapping[str, Any] | str) -> Observation:
        attempt = self._attempt
        attempt.count_call()
        asked = attempt.take_asked(name, arguments)
        attempt.trajectory.add("call", name=name, arguments=arguments, id=asked)
        observation = self._carry_out(name, arguments)
        attempt.invalid_tool_calls += not observation.valid
        attempt.trajectory.add(
            "observation",
            text=observation.text,
            done=observation.done,
            valid=observation.valid,
            **self._changed(),
        )
        return observation

    def _changed(self) -> dict[str, dict[str, str | None]]:
        """What of the agent's work is new since the last call; None stands for what is gone."""
        if not isinstance(self._environment, ShowsWork):
            return {}
        before, self._work = self._work, dict(self._environment.work())
        changed: dict[str, str | None] = {
            name: text for name, text in self._work.items() if before.get(name) != text
        }
        changed |= dict.fromkeys(before.keys() - self._work.keys())
        return {"changed": changed} if changed else {}

    def _carry_out(self, name: str, arguments: Mapping[str, Any] | str) -> Observation:
        try:
            values = checked(self.tools, name, arguments)
        except BadCall as bad:
            return Observation(str(bad), valid=False)
        try:
            return self._environment.call(name, values)
        except InfrastructureError as error:
            self._attempt.trouble = error
            raise

    def grade(self) -> Grade:
        grade = self._environment.grade()
        self._attempt.grade = grade
        self._attempt.trajectory.add(
            "grade",
            resolved=grade.resolved,
            score=grade.score,
            explanation=grade.explanation,
            flags=list(grade.flags),
        )
        return grade

    def snapshot(self) -> str:
        return self._environment.snapshot()

    def restore(self, snapshot: str) -> None:
        self._environment.restore(snapshot)

    def reference(self) -> Sequence[ToolCall]:
        return self._environment.reference()

    def metrics(self) -> Mapping[str, float]:
        return self._environment.metrics()

    def close(self) -> None:
        self._environment.close()


class RecordedModel:
    """A Model that counts turns, tokens and cost. ``make`` builds it at the first request."""

    def __init__(self, make: Callable[[], Model], attempt: Attempt) -> None:
        self._make = make
        self._model: Model | None = None
        self._attempt = attempt
        self._known: list[Message] = []
        self._tools: tuple[Tool, ...] = ()

    @property
    def name(self) -> str:
        return self._inner().name

    def complete(
        self, messages: Sequence[Message], tools: Sequence[Tool] = (), **options: object
    ) -> Reply:
        attempt = self._attempt
        attempt.count_turn()
        attempt.trajectory.add(
            "request",
            **self._news(messages),
            **self._offered(tools),
            **({"options": options} if options else {}),
        )
        try:
            reply = self._inner().complete(messages, tools, **options)
        except (ModelError, BudgetSpent) as error:
            attempt.trouble = error
            attempt.trajectory.add("error", kind=type(error).__name__, message=str(error))
            raise
        except Unresolved as refused:
            if isinstance(refused.reply, Reply):  # a refusal costs tokens like any answer
                self._take_in(refused.reply)
            raise
        self._take_in(reply)
        return reply

    def _take_in(self, reply: Reply) -> None:
        attempt = self._attempt
        if isinstance(attempt.trouble, ModelError):  # a sandbox that failed stays failed
            attempt.trouble = None
        attempt.count_reply(reply.usage, reply.cost_usd)
        attempt.asked = reply.calls
        attempt.trajectory.add(
            "response",
            message=reply.message,
            usage=vars(reply.usage),
            cost_usd=reply.cost_usd,
            finish_reason=reply.finish_reason,
        )

    def _news(self, messages: Sequence[Message]) -> dict[str, Any]:
        """What the conversation has gained since the last request, and how many messages of
        it stand before that; all of it where it changed."""
        known, self._known = self._known, list(messages)
        append_only = self._known[: len(known)] == known
        kept = len(known) if append_only else 0
        return {"messages_kept": kept, "messages_added": self._known[kept:]}

    def _offered(self, tools: Sequence[Tool]) -> dict[str, Any]:
        """The tools by name; described when they are others than in the last request."""
        before, self._tools = self._tools, tuple(tools)
        offered: dict[str, Any] = {"tools": [tool.name for tool in tools]}
        if self._tools != before:
            offered["described"] = [_described(tool) for tool in tools]
        return offered

    def _inner(self) -> Model:
        if self._model is None:
            self._model = self._make()
        return self._model


class AttemptLedger:
    """Puts on record what a model that is not ours was asked and answered (context.Ledger)."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt

    def asked(self, messages: Sequence[Message], tools: Sequence[Tool] = ()) -> None:
        self._attempt.trajectory.add(
            "request",
            messages_kept=0,
            messages_added=list(messages),
            tools=[tool.name for tool in tools],
            described=[_described(tool) for tool in tools],
        )

    def answered(self, reply: Reply, **more: object) -> None:
        self._attempt.count_reply(reply.usage, reply.cost_usd)
        self._attempt.trajectory.add(
            "response",
            message=reply.message,
            usage=vars(reply.usage),
            cost_usd=reply.cost_usd,
            finish_reason=reply.finish_reason,
            **more,
        )


def _described(tool: Tool) -> dict[str, Any]:
    return {
        "name": tool.name,
        "description": tool.description,
        "parameters": dict(tool.parameters),
    }


class RecordedAgent:
    """The agent in force, awaited if it is async, held to the attempt's limits.

    ``solve`` gives back the agent's answer, also put into ``environment.answer``. A limit
    ends it quietly: the grade decides. The agent's own exception becomes Unresolved.
    """

    def __init__(self, agent: Agent, attempt: Attempt) -> None:
        self._agent = agent
        self._attempt = attempt

    def __getattr__(self, name: str) -> Any:
        return getattr(self._agent, name)

    def solve(self, environment: Environment) -> str | None:
        attempt = self._attempt
        try:
            with attempt.clock():
                answer = self._solve(environment)
        except BaseException as raised:
            if isinstance(raised, LimitReached):
                attempt.limit_reached = attempt.limit_reached or str(raised)
            if not (attempt.limit_reached and _may_stem_from_a_limit(raised)):
                raise
            said = attempt.limit_reached
            attempt.trajectory.add("error", kind="LimitReached", message=said)
            return None
        attempt.answer = answer
        if answer is not None:
            environment.answer = answer
        return answer

    def _solve(self, environment: Environment) -> str | None:
        try:
            answer = self._agent.solve(environment)
            if inspect.isawaitable(answer):
                import asyncio  # only for agents that are async

                answer = asyncio.run(_awaited(answer))
        except SmallbenchError as error:
            if isinstance(error, InfrastructureError | Unresolved):
                raise
            raise Unresolved(f"agent raised {type(error).__name__}: {error}") from error
        except Exception as error:
            self._attempt.trajectory.add("error", kind=type(error).__name__, message=str(error))
            raise Unresolved(_said(error)) from error
        if answer is not None and not isinstance(answer, str):
            kind = type(answer).__name__
            raise Unresolved(f"agent.solve returned {kind}; it must return a str or None")
        return answer


def _may_stem_from_a_limit(raised: BaseException) -> bool:
    """Libraries wrap what ends them, and asyncio's task groups make a group of it."""
    if isinstance(raised, InfrastructureError):
        return False
    return isinstance(raised, LimitReached | Exception) or hasattr(raised, "exceptions")


class AnsweringAgent(RecordedAgent):
    """The same for a user's own test, which asserts on what ``solve`` gives back: always a
    text, also where the agent only called the tool that answers, and empty without an answer."""

    def solve(self, environment: Environment) -> str:
        answer = super().solve(environment)
        return answer if answer is not None else environment.answer or ""


async def _awaited(answer: Any) -> Any:
    return await answer


def _said(error: Exception) -> str:
    """The agent's exception and its last frame, in one line."""
    where = ""
    if error.__traceback__ is not None:
        last = inspect.getinnerframes(error.__traceback__, context=0)[-1]
        where = f" (in {last.function}, {last.filename.rsplit('/', 1)[-1]}:{last.lineno})"
    text = " ".join(str(error).split())[:300]
    return f"agent raised {type(error).__name__}: {text}{where}"
