"""smolagents: a ``ToolCallingAgent`` acts in an environment.

    def build(tools, model):
        return ToolCallingAgent([*tools, my_tool], model, instructions="...")

    @pytest.fixture
    def agent(model):
        return Smolagents(model, build)

A ``CodeAgent`` runs what the model writes in pytest's own process, outside of the sandbox,
unless it is given an ``executor_type`` that does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pytest_smallbench.adapters import extra
from pytest_smallbench.adapters.session import ENDLESS, INSTRUCTIONS, Adapter, Session
from pytest_smallbench.agents.context import AgentContext
from pytest_smallbench.contracts import Environment
from pytest_smallbench.contracts import Tool as OurTool

with extra("smolagents"):
    from smolagents import LogLevel, OpenAIServerModel, Tool, ToolCallingAgent


def react(tools: list[Tool], model: OpenAIServerModel) -> ToolCallingAgent:
    quiet = {"max_tool_threads": 1, "verbosity_level": LogLevel.OFF}
    return ToolCallingAgent(tools, model, instructions=INSTRUCTIONS, max_steps=ENDLESS, **quiet)


@dataclass
class Smolagents(Adapter):
    """``build`` returns a ``MultiStepAgent``."""

    build: Callable[..., Any] = react

    def solve(self, environment: Environment) -> str | None:
        with self.session(environment) as session:
            tools = [EnvironmentTool(session, each) for each in session.tools]
            agent = self.build(tools, _model(session))
            session.result = str(agent.run(session.prompt))
        return session.result


class EnvironmentTool(Tool):
    skip_forward_signature_validation = True  # the arguments are in ``inputs``
    output_type = "string"

    def __init__(self, session: Session, tool: OurTool) -> None:
        self.name = tool.name
        self.description = tool.description
        self.inputs = _inputs(tool)
        self._session = session
        super().__init__()

    def forward(self, **arguments: Any) -> str:
        return self._session.call(self.name, arguments)


def _inputs(tool: OurTool) -> dict[str, dict[str, Any]]:
    """The schema's properties, with what this library wants of each."""
    required, plain = tool.parameters.get("required", ()), {"type": "any", "description": ""}
    return {
        name: plain | given | ({} if name in required else {"nullable": True})
        for name, given in tool.parameters.get("properties", {}).items()
    }


def _model(session: Session) -> OpenAIServerModel:
    at = session.endpoint  # it has retries and a time-out of its own
    patient = {"max_retries": 0, "timeout": None}
    where = {"api_base": at.base_url, "api_key": at.api_key}
    return OpenAIServerModel(at.name, **where, client_kwargs=patient, retry=False)


def create(context: AgentContext) -> Smolagents:
    return Smolagents(context.model(), template=context.prompt_template)
