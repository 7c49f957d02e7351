"""What --smallbench-agent=package.module:factory may name, and what a wrong one is told."""

from __future__ import annotations

import pytest

from pytest_smallbench.agents.context import AgentContext
from pytest_smallbench.agents.factories import accepts, new_agent
from pytest_smallbench.errors import UsageMistake

CONTEXT = AgentContext(model=lambda: None)


class Plain:
    def solve(self, environment):
        return "plain"


class WithContext(Plain):
    def __init__(self, context):
        self.context = context


class WithDefaults(Plain):
    def __init__(self, model="own", retries=3):
        self.model = model


class Slotted(Plain):
    @classmethod
    def create(cls, settings: AgentContext):
        return WithContext(settings)


async def later(context):
    return WithContext(context)


def test_a_function_or_class_gets_the_context_where_it_asks_for_one():
    for factory in (WithContext, Slotted.create, later, lambda context=None: WithContext(context)):
        assert new_agent(factory, CONTEXT, "mine").context is CONTEXT


def test_what_asks_for_nothing_gets_nothing():
    assert isinstance(new_agent(Plain, CONTEXT, "mine"), Plain)
    assert isinstance(new_agent(lambda: Plain(), CONTEXT, "mine"), Plain)
    assert new_agent(WithDefaults, CONTEXT, "mine").model == "own"


def test_a_signature_that_cannot_be_called_is_told_in_one_line():
    def create(model, tools):
        return Plain()

    with pytest.raises(UsageMistake) as mistake:
        accepts(create, CONTEXT, "mine:create")
    assert str(mistake.value) == (
        "--smallbench-agent=mine:create: its signature is (model, tools); "
        "a factory takes one AgentContext, or nothing"
    )
    with pytest.raises(UsageMistake, match="its signature is"):
        accepts(lambda *, key: key, CONTEXT, "mine:create")


def test_what_is_no_agent_is_told_in_one_line():
    with pytest.raises(UsageMistake) as mistake:
        new_agent(lambda: "react", CONTEXT, "mine:create")
    assert str(mistake.value) == (
        "--smallbench-agent=mine:create: it gave a str, which has no method solve; "
        "return an object with solve(environment) -> str | None"
    )
