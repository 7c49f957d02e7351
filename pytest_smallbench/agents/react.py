"""react: a model calls the environment's tools, turn by turn, until the episode is over."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pytest_smallbench.agents.context import AgentContext, play
from pytest_smallbench.contracts import Agent, Environment, Message, Model
from pytest_smallbench.errors import UsageMistake

SYSTEM = """\
You solve the task below by calling tools; nothing but their effects is graded.

First split the task into parts and note what each part must do, with the edge cases that \
the task names. Then make a complete first version early, try it out on examples of your own \
wherever a tool lets you, and mend what fails. Read every answer of a tool before the next \
call: a call that failed changed nothing. Several calls in one turn are carried out in order. \
Turns are limited, so hand in your work, with the tool that submits or answers, as soon as it \
holds; work that is not handed in counts for nothing."""

NO_CALL = (
    "That turn called no tool. Go on with a tool call; if the work is done, call the tool that "
    "hands it in."
)
IN_WORDS = """ \
This task takes its answer in words: a turn that calls no tool and answers in the form that \
the task asks for ends it."""
NO_ANSWER = (
    "That turn called no tool and held no answer in the form that the task asks for. Go on with "
    "a tool call, or give the answer in that form."
)
PLACEHOLDER = "{problem_statement}"


@dataclass(frozen=True)
class ReAct:
    """The loop. Messages are only ever appended, so each request starts with the previous
    one byte for byte and endpoints serve that part from their prompt cache. Limits are not
    its business: LimitReached passes through."""

    model: Model
    template: str | None = None

    def solve(self, environment: Environment) -> str | None:
        tools = tuple(environment.tools)
        in_words = bool(environment.task.text_answer)
        messages: list[Message] = [
            {"role": "system", "content": SYSTEM + IN_WORDS if in_words else SYSTEM},
            {"role": "user", "content": first_message(environment, self.template)},
        ]
        while True:
            reply = self.model.complete(messages, tools)
            messages.append(reply.message)
            if not tools or (not reply.calls and takes_answer(environment, reply.text)):
                return reply.text
            if not reply.calls:
                messages.append({"role": "user", "content": NO_ANSWER if in_words else NO_CALL})
            for call in reply.calls:
                observation = play(environment, call)
                messages.append(
                    {"role": "tool", "tool_call_id": call.id, "content": observation.text}
                )
                if observation.done:
                    return environment.answer


def first_message(environment: Environment, template: str | None) -> str:
    """The first observation, with the filled-in template where it had the task's text.

    Only ``{problem_statement}`` is replaced: other braces of the template stay as they are.
    """
    observation = environment.observe()
    if template is None:
        return observation
    statement = environment.task.problem_statement
    filled = template.replace(PLACEHOLDER, statement)
    return observation.replace(statement, filled, 1) if statement in observation else filled


def takes_answer(environment: Environment, text: str) -> bool:
    """Whether the task takes this text, said without a tool call, for the answer."""
    pattern = environment.task.text_answer
    return not environment.tools or (bool(pattern) and re.search(pattern, text) is not None)


def check_template(template: str | None) -> None:
    """Raises UsageMistake for a template that has no place for the task's text."""
    if template is not None and PLACEHOLDER not in template:
        raise UsageMistake(
            f"--smallbench-agent-prompt: the template has no {PLACEHOLDER}: "
            "put it where the task's text belongs"
        )


def create(context: AgentContext) -> Agent:
    check_template(context.prompt_template)
    return ReAct(context.model(), context.prompt_template)
