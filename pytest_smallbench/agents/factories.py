"""From a factory, ours or a user's, to an agent; a wrong one is told in one line."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, cast

from pytest_smallbench.agents.context import AgentContext
from pytest_smallbench.contracts import Agent
from pytest_smallbench.errors import UsageMistake


def new_agent(factory: Callable[..., Any], context: AgentContext, name: str) -> Agent:
    """The agent of a function or class, sync or async. Raises UsageMistake."""
    agent = factory(context) if accepts(factory, context, name) else factory()
    if inspect.isawaitable(agent):
        import asyncio  # only for factories that are async

        agent = asyncio.run(_awaited(agent))
    if not callable(getattr(agent, "solve", None)):
        raise UsageMistake(
            f"--smallbench-agent={name}: it gave a {type(agent).__name__}, which has no method "
            "solve; return an object with solve(environment) -> str | None"
        )
    return cast(Agent, agent)


def accepts(factory: Callable[..., Any], context: AgentContext, name: str) -> bool:
    """Whether a factory is to be given the context; one that asks for nothing gets nothing.

    Raises UsageMistake for one that can be called neither way.
    """
    try:
        signature = inspect.signature(factory)
    except (TypeError, ValueError):  # of some built-in types nobody knows it
        return True
    if not any(_asks(parameter) for parameter in signature.parameters.values()):
        return False
    try:
        signature.bind(context)
    except TypeError:
        raise UsageMistake(
            f"--smallbench-agent={name}: its signature is {signature}; "
            "a factory takes one AgentContext, or nothing"
        ) from None
    return True


def _asks(parameter: inspect.Parameter) -> bool:
    if parameter.name == "context" or parameter.kind is parameter.VAR_POSITIONAL:
        return True
    return parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD


async def _awaited(agent: Any) -> Any:
    return await agent
