"""LangGraph: a graph, such as LangChain's ``create_agent`` makes, acts in an environment.

def build(tools, model):
    return create_agent(model, [*tools, my_tool], system_prompt="...")

@pytest.fixture
def agent(model):
    return LangGraph(model, build)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pytest_smallbench.adapters import extra
from pytest_smallbench.adapters.session import ENDLESS, INSTRUCTIONS, Adapter, Session
from pytest_smallbench.agents.context import AgentContext
from pytest_smallbench.contracts import Environment, Tool

with extra("langgraph"):
    from langchain.agents import create_agent
    from langchain_core.tools import StructuredTool
    from langchain_openai import ChatOpenAI


def react(tools: list[StructuredTool], model: ChatOpenAI) -> Any:
    return create_agent(model, tools, system_prompt=INSTRUCTIONS)


@dataclass
class LangGraph(Adapter):
    """``build`` returns a compiled graph whose state has ``messages``."""

    build: Callable[..., Any] = react

    async def solve(self, environment: Environment) -> str | None:
        with self.session(environment) as session:
            tools = [_tool(session, each) for each in session.tools]
            asked = {"messages": [{"role": "user", "content": session.prompt}]}
            graph = self.build(tools, _model(session))
            state = await graph.ainvoke(asked, {"recursion_limit": ENDLESS})
            session.result = state["messages"][-1].text
        return session.result


def _tool(session: Session, tool: Tool) -> StructuredTool:
    async def call(**arguments: Any) -> str:
        return session.call(tool.name, arguments)

    return StructuredTool(
        name=tool.name,
        description=tool.description,
        args_schema=dict(tool.parameters),
        coroutine=call,
    )


def _model(session: Session) -> ChatOpenAI:
    at = session.endpoint  # it has retries and a time-out of its own
    return ChatOpenAI(
        model=at.name, base_url=at.base_url, api_key=at.api_key, max_retries=0, timeout=None
    )


def create(context: AgentContext) -> LangGraph:
    return LangGraph(context.model(), template=context.prompt_template)
