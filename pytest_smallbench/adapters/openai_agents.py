"""OpenAI Agents SDK: an ``Agent``, with its handoffs and guardrails, acts in an environment.

def build(tools, model):
    return my_agent.clone(tools=[*my_agent.tools, *tools], model=model)

@pytest.fixture
def agent(model):
    return OpenAIAgents(model, build)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pytest_smallbench.adapters import extra
from pytest_smallbench.adapters.session import ENDLESS, INSTRUCTIONS, Adapter, Session
from pytest_smallbench.agents.context import AgentContext
from pytest_smallbench.contracts import Environment, Tool

with extra("openai-agents"):
    from agents import Agent, FunctionTool, OpenAIChatCompletionsModel, RunConfig, Runner
    from openai import AsyncOpenAI


def react(tools: list[FunctionTool], model: OpenAIChatCompletionsModel) -> Agent[Any]:
    return Agent(name="smallbench", instructions=INSTRUCTIONS, tools=list(tools), model=model)


@dataclass
class OpenAIAgents(Adapter):
    """``build`` returns an ``Agent``. Nothing is traced: traces would go to OpenAI."""

    build: Callable[..., Any] = react

    async def solve(self, environment: Environment) -> str | None:
        with self.session(environment) as session:
            tools = [_tool(session, each) for each in session.tools]
            agent = self.build(tools, _model(session))
            untraced = RunConfig(tracing_disabled=True)
            run = await Runner.run(agent, session.prompt, max_turns=ENDLESS, run_config=untraced)
            session.result = str(run.final_output)
        return session.result


def _tool(session: Session, tool: Tool) -> FunctionTool:
    async def call(_context: Any, arguments: str) -> str:
        return session.call(tool.name, arguments)

    return FunctionTool(
        name=tool.name,
        description=tool.description,
        params_json_schema=dict(tool.parameters),
        on_invoke_tool=call,
        strict_json_schema=False,
    )


def _model(session: Session) -> OpenAIChatCompletionsModel:
    at = session.endpoint  # it has retries and a time-out of its own
    client = AsyncOpenAI(base_url=at.base_url, api_key=at.api_key, max_retries=0, timeout=None)
    return OpenAIChatCompletionsModel(model=at.name, openai_client=client)


def create(context: AgentContext) -> OpenAIAgents:
    return OpenAIAgents(context.model(), template=context.prompt_template)
