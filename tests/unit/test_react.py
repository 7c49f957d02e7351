"""The ReAct agent, with the real client against the scripted server."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pytest_smallbench.agents.context import AgentContext
from pytest_smallbench.agents.react import NO_ANSWER, NO_CALL, SYSTEM, ReAct, create
from pytest_smallbench.contracts import Observation, Task, Tool, ToolCall
from pytest_smallbench.errors import LimitReached, UsageMistake
from pytest_smallbench.models.openai_chat import OpenAIChat
from pytest_smallbench.testing.script import Faults, Turn
from pytest_smallbench.testing.scripted_server import ScriptedServer

WRITE = ToolCall("write", {"text": "one"})
SUBMIT = ToolCall("submit")


class Notebook:
    """An environment as agents are handed it: ``call`` takes raw JSON and answers in words."""

    tools = (Tool("write", "Writes a line."), Tool("submit", "Hands in."))

    def __init__(self, statement: str = "Write one line.") -> None:
        self.task = Task("T/1", "T/1", "toy", statement)
        self.answer: str | None = None
        self.calls: list[tuple[str, object]] = []

    def observe(self) -> str:
        return f"Task:\n{self.task.problem_statement}\nAt most 10 turns."

    def call(self, name: str, arguments: object) -> Observation:
        self.calls.append((name, arguments))
        if name == "submit":
            self.answer = "handed in"
            return Observation("Received.", done=True)
        try:
            return Observation(f"wrote {json.loads(arguments)['text']}")
        except (ValueError, KeyError, TypeError):
            return Observation("arguments are not right", valid=False)


def play(*turns: Turn, environment: Notebook | None = None, **options: object):
    """Solve with these turns: the environment, the answer, and the requests that were sent."""
    environment = environment or Notebook()
    bodies: list[dict] = []
    with (
        ScriptedServer({"": turns}, **options) as server,
        OpenAIChat(
            "gpt-4o-mini", server.base_url, on_request=lambda b: bodies.append(json.loads(b))
        ) as model,
    ):
        answer = ReAct(model).solve(environment)
        return environment, answer, bodies, server.counts()


def test_it_calls_tools_until_the_episode_is_over():
    turns = (Turn(text="First I write.", calls=(WRITE,)), Turn(calls=(SUBMIT,)), Turn(text="more"))
    environment, answer, bodies, counts = play(*turns)
    assert [name for name, _ in environment.calls] == ["write", "submit"]
    assert answer == "handed in"
    assert len(bodies) == 2
    assert counts.prefix_violations == 0
    assert bodies[1]["messages"][-1] == {
        "role": "tool",
        "tool_call_id": "call_0_0",
        "content": "wrote one",
    }


def test_the_first_request_holds_the_observation_and_the_tools():
    _, _, bodies, _ = play(Turn(calls=(SUBMIT,)))
    system, user = bodies[0]["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    assert user["content"] == "Task:\nWrite one line.\nAt most 10 turns."
    assert [tool["function"]["name"] for tool in bodies[0]["tools"]] == ["write", "submit"]


def test_several_calls_of_a_turn_are_answered_in_order():
    two = ToolCall("write", {"text": "two"})
    _, _, bodies, _ = play(Turn(calls=(WRITE, two)), Turn(calls=(SUBMIT,)))
    answers = [m["content"] for m in bodies[1]["messages"] if m["role"] == "tool"]
    assert answers == ["wrote one", "wrote two"]


def test_calls_after_the_end_are_not_made():
    environment, _, _, _ = play(Turn(calls=(SUBMIT, WRITE)))
    assert [name for name, _ in environment.calls] == ["submit"]


def test_a_turn_without_a_call_is_told_to_use_the_tools():
    _, _, bodies, counts = play(Turn(text="Done!"), Turn(), Turn(calls=(SUBMIT,)))
    assert bodies[1]["messages"][-1] == {"role": "user", "content": NO_CALL}
    assert sum(m["content"] == NO_CALL for m in bodies[2]["messages"]) == 2
    assert counts.prefix_violations == 0


def test_malformed_calls_are_passed_on_and_answered():
    bad = (ToolCall("write", '{"text": '), ToolCall("fly away", "[]"))
    environment, _, bodies, counts = play(Turn(calls=bad), Turn(calls=(SUBMIT,)))
    assert environment.calls[:2] == [("write", '{"text": '), ("fly away", "[]")]
    answers = [m["content"] for m in bodies[1]["messages"] if m["role"] == "tool"]
    assert answers == ["arguments are not right"] * 2
    assert counts.prefix_violations == 0


def test_without_tools_the_text_is_the_answer():
    environment = Notebook()
    environment.tools = ()
    _, answer, bodies, _ = play(Turn(text="42"), environment=environment)
    assert answer == "42"
    assert "tools" not in bodies[0]


def test_a_limit_passes_through():
    class Limited(Notebook):
        def call(self, name: str, arguments: object) -> Observation:
            raise LimitReached("step limit")

    with pytest.raises(LimitReached):
        play(Turn(calls=(WRITE,)), environment=Limited())


def test_faults_of_the_endpoint_do_not_show():
    turns = (Turn(calls=(WRITE,)), Turn(calls=(ToolCall("write", "no"),)), Turn(calls=(SUBMIT,)))
    faults = Faults(rate_limit=0.2, server_error=0.2, malformed=0.1, seed=1)
    calm, shaken = play(*turns), play(*turns, faults=faults)
    assert shaken[3].faults
    assert shaken[0].calls == calm[0].calls
    assert shaken[3].prompt_tokens == calm[3].prompt_tokens


# -- the prompt template --------------------------------------------------------------


def first_user_message(template: str, environment: Notebook) -> str:
    with ScriptedServer({"": [Turn(calls=(SUBMIT,))]}) as server:
        seen: list[bytes] = []
        with OpenAIChat("m", server.base_url, on_request=seen.append) as model:
            create(AgentContext(lambda: model, prompt_template=template)).solve(environment)
        return json.loads(seen[0])["messages"][1]["content"]


def test_a_template_replaces_the_tasks_text_and_nothing_else():
    template = 'Answer {"as": {json}}.\n{problem_statement}\n{problem_statement} {}'
    filled = 'Answer {"as": {json}}.\nDo {x}.\nDo {x}. {}'
    shown = first_user_message(template, Notebook("Do {x}."))
    assert shown == f"Task:\n{filled}\nAt most 10 turns."


def test_a_template_stands_alone_where_the_observation_has_no_task_text():
    environment = Notebook("secret wording")
    environment.observe = lambda: "You are in a maze."
    assert first_user_message(">> {problem_statement}", environment) == ">> secret wording"


def test_a_template_without_the_placeholder_is_a_usage_mistake():
    def no_model():
        raise AssertionError("the model must not be opened first")

    with pytest.raises(UsageMistake, match=r"--smallbench-agent-prompt: .*\{problem_statement\}"):
        create(AgentContext(no_model, prompt_template="Solve {problem}!"))


def test_where_the_task_takes_words_they_end_it():
    environment = Notebook()
    environment.task = replace(environment.task, text_answer="(?i)final answer")
    said = (Turn("Let me think."), Turn("Final Answer: #1"))
    _, answer, bodies, _ = play(*said, environment=environment)
    assert answer == "Final Answer: #1"
    assert bodies[1]["messages"][-1]["content"] == NO_ANSWER
    assert bodies[0]["messages"][0]["content"].startswith(SYSTEM)
