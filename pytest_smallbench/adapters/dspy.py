"""DSPy: a program of the signature ``task -> answer`` acts in an environment.

    def build(tools, model):
        return dspy.ReAct("task -> answer", tools=[*tools, my_tool])

    @pytest.fixture
    def agent(model):
        return DSPy(model, build)

``model`` is the ``dspy.LM`` that is in force while the program runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pytest_smallbench.adapters import extra
from pytest_smallbench.adapters.session import ENDLESS, INSTRUCTIONS, Adapter, Session
from pytest_smallbench.agents.context import AgentContext
from pytest_smallbench.contracts import Environment, Tool

with extra("dspy"):
    import dspy


def react(tools: list[dspy.Tool], model: dspy.LM) -> dspy.Module:
    signature = dspy.Signature("task -> answer", INSTRUCTIONS)
    return dspy.ReAct(signature, tools=tools, max_iters=ENDLESS)


@dataclass
class DSPy(Adapter):
    """``build`` returns a ``dspy.Module``, called with ``task=...``."""

    build: Callable[..., Any] = react

    def solve(self, environment: Environment) -> str | None:
        with self.session(environment) as session, dspy.context(lm=_model(session)):
            tools = [_tool(session, each) for each in session.tools]
            program = self.build(tools, dspy.settings.lm)
            session.result = str(program(task=session.prompt).answer)
        return session.result


def _tool(session: Session, tool: Tool) -> dspy.Tool:
    def call(**arguments: Any) -> str:
        return session.call(tool.name, arguments)

    # The environment checks the arguments, and says what is wrong in its own words.
    args = dict(tool.parameters.get("properties", {}))
    return dspy.Tool(call, name=tool.name, desc=tool.description, args=args)


def _model(session: Session) -> dspy.LM:
    at = session.endpoint  # it has retries of its own, and a second answer must be a new one
    name = f"openai/{at.name}"
    return dspy.LM(name, api_base=at.base_url, api_key=at.api_key, cache=False, num_retries=0)


def create(context: AgentContext) -> DSPy:
    return DSPy(context.model(), template=context.prompt_template)
