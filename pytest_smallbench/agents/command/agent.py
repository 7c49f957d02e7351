"""The ``cmd:`` agent: a program solves the task through the tools that it is served over MCP."""

from __future__ import annotations

import math
import os
import time
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from pytest_smallbench.agents.command import printed
from pytest_smallbench.agents.command.calls import OVER, Asked
from pytest_smallbench.agents.command.program import Ended, Program
from pytest_smallbench.agents.command.template import Template, parse
from pytest_smallbench.agents.command.workplace import Workplace
from pytest_smallbench.agents.context import AgentContext, play
from pytest_smallbench.agents.mcp_extra import needs_mcp
from pytest_smallbench.agents.react import check_template, first_message, takes_answer
from pytest_smallbench.contracts import Agent, Environment, Observation, Reply, ToolCall, Usage
from pytest_smallbench.errors import InfrastructureError, LimitReached, Unresolved
from pytest_smallbench.undisturbed import undisturbed

if TYPE_CHECKING:
    from pytest_smallbench.agents.command.tool_server import ToolServer

GRACE_S = 60.0  # for the last words of a program whose attempt is over, its bill among them
SHOWN = 20_000  # characters of each stream that the trajectory keeps: the last ones
UNAVAILABLE = os.EX_TEMPFAIL  # 75: the program's own word for "no fair attempt was possible"

HEAD = """\
The tools that the task below speaks of are those of the MCP server "smallbench"; your client \
may show their names with that in front. Nothing but their effects is graded: files of your own \
and what you merely say count for nothing, unless the task asks for an answer in words. Work \
that is not handed in with the tool that submits or answers is lost.

"""


@dataclass(frozen=True)
class CommandAgent:
    """One program an attempt, in a folder of its own. A time limit passes through; at the step
    limit the program may still say its last words. ``cwd`` is where pytest was started."""

    template: Template
    context: AgentContext
    cwd: str

    def solve(self, environment: Environment) -> str | None:
        from pytest_smallbench.agents.command.tool_server import ToolServer

        prompt, tools = self._prompt(environment), tuple(environment.tools)
        with Workplace() as place, ToolServer(tools, place.socket) as server:
            place.furnish(prompt)
            self.context.ledger.asked([{"role": "user", "content": prompt}], tools)
            program = self._program(prompt, place, server)
            attention = Attention(environment, server.calls, self.context.limits.max_steps)
            try:
                program.start(lambda: server.calls.put(None))
                attention.until_the_end()
            finally:
                with undisturbed():
                    ended = program.end()
                    text = self._account(ended) if ended is not None else ""
        assert ended is not None
        return _outcome(environment, attention, ended, text)

    def _prompt(self, environment: Environment) -> str:
        template = self.context.prompt_template
        message = first_message(environment, template)
        return message if template is not None else HEAD + message

    def _program(self, prompt: str, place: Workplace, server: ToolServer) -> Program:
        values = {
            "prompt": prompt,
            "prompt_file": str(place.prompt),
            "mcp_config": str(place.config),
            "mcp_url": server.url,
            "workdir": str(place.workdir),
            "cwd": self.cwd,
        }
        stdin = None if self.template.takes_prompt else place.prompt
        return Program(self.template.fill(values), place, stdin)

    def _account(self, ended: Ended) -> str:
        """Put on record what the program printed and used; its last text."""
        said = printed.read(ended.stdout, cut=ended.cut)
        message = {"role": "assistant", "content": said.text[-SHOWN:]}
        usage = Usage(known=False) if said.usage is None else said.usage
        self.context.ledger.answered(
            Reply(message, usage=usage, cost_usd=said.cost_usd, finish_reason=ended.how),
            stdout=ended.stdout[-SHOWN:],
            stderr=ended.stderr[-SHOWN:],
            output_cut=ended.cut,
        )
        return said.text


class Attention:
    """Carries out the program's calls, one after the other, until it has ended.

    ``done``: the episode is over; ``limit``: more steps were asked for than there are. From
    then on calls are refused in words, and the program has GRACE_S left.
    """

    def __init__(
        self, environment: Environment, calls: SimpleQueue[Asked | None], max_steps: int | None
    ) -> None:
        self._environment = environment
        self._calls = calls
        self._steps_left = math.inf if max_steps is None else max_steps
        self._deadline: float | None = None
        self.done = False
        self.limit: LimitReached | None = None

    def until_the_end(self) -> None:
        while (asked := self._next()) is not None:
            asked.answer(self._carried_out(asked.call) if self._deadline is None else OVER)

    def _next(self) -> Asked | None:
        try:
            return self._calls.get(timeout=self._patience())
        except Empty:
            return None

    def _patience(self) -> float | None:
        return None if self._deadline is None else max(self._deadline - time.monotonic(), 0.0)

    def _carried_out(self, call: ToolCall) -> Observation:
        try:
            observation = play(self._environment, call)
        except LimitReached as limit:
            if self._steps_left > 0:  # then it is the time that is up
                raise
            self.limit = limit
            observation = Observation(f"{limit}. {OVER.text}", done=True, valid=False)
        self._steps_left -= 1
        self.done = observation.done and self.limit is None
        if observation.done:
            self._deadline = time.monotonic() + GRACE_S
        return observation


def _outcome(environment: Environment, attention: Attention, ended: Ended, text: str) -> str | None:
    """The answer, or why there is none."""
    if attention.limit is not None:
        raise attention.limit
    if attention.done:
        return environment.answer
    if ended.status == UNAVAILABLE:
        raise InfrastructureError(f"the agent's program could not be served ({ended.why})")
    if ended.status:
        raise Unresolved(f"the agent's program ended early: {ended.why}")
    return text if takes_answer(environment, text) else environment.answer


def create(context: AgentContext, agent: str) -> Agent:
    """``agent`` is the option's value. Raises UsageMistake for what can never run."""
    template = parse(agent)
    check_template(context.prompt_template)
    with needs_mcp("--smallbench-agent=cmd:"):  # here, not on the attempt's time
        from pytest_smallbench.agents.command import tool_server  # noqa: F401 - is it there?
    return CommandAgent(template, context, os.getcwd())
