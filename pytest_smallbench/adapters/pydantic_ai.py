"""pydantic-ai: an ``Agent`` acts in an environment.

def build(tools, model):
    return Agent(model, tools=[*tools, my_tool], instructions="...")

@pytest.fixture
def agent(model):
    return PydanticAI(model, build)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pytest_smallbench.adapters import extra
from pytest_smallbench.adapters.session import INSTRUCTIONS, Adapter, Session
from pytest_smallbench.agents.context import AgentContext
from pytest_smallbench.contracts import Environment, Tool

with extra("pydantic-ai"):
    import pydantic_ai
    from openai import AsyncOpenAI
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider
    from pydantic_ai.usage import UsageLimits


def react(tools: list[pydantic_ai.Tool], model: OpenAIChatModel) -> pydantic_ai.Agent:
    return pydantic_ai.Agent(model, tools=tools, instructions=INSTRUCTIONS)


@dataclass
class PydanticAI(Adapter):
    """``build`` returns an ``Agent``."""

    build: Callable[..., Any] = react

    async def solve(self, environment: Environment) -> str | None:
        with self.session(environment) as session:
            tools = [_tool(session, each) for each in session.tools]
            agent = self.build(tools, _model(session))
            unlimited = UsageLimits(request_limit=None)  # the attempt's limits hold
            run = await agent.run(session.prompt, usage_limits=unlimited)
            session.result = str(run.output)
        return session.result


def _tool(session: Session, tool: Tool) -> pydantic_ai.Tool:
    async def call(**arguments: Any) -> str:
        return session.call(tool.name, arguments)

    schema = dict(tool.parameters)
    return pydantic_ai.Tool.from_schema(call, tool.name, tool.description, schema, sequential=True)


def _model(session: Session) -> OpenAIChatModel:
    at = session.endpoint  # it has retries and a time-out of its own
    client = AsyncOpenAI(base_url=at.base_url, api_key=at.api_key, max_retries=0, timeout=None)
    return OpenAIChatModel(at.name, provider=OpenAIProvider(openai_client=client))


def create(context: AgentContext) -> PydanticAI:
    return PydanticAI(context.model(), template=context.prompt_template)
