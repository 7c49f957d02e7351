"""What any agent does is counted, recorded and kept from harming the run."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest

from pytest_smallbench.attempt import Attempt
from pytest_smallbench.contracts import Grade, Limits, Observation, Reply, Task, Tool, Usage
from pytest_smallbench.errors import ModelError, SandboxError, Unresolved
from pytest_smallbench.recording import RecordedAgent, RecordedEnvironment, RecordedModel
from pytest_smallbench.trajectory import Trajectory, read_events

TASK = Task("a/1", "a/1", "toy", "Do it.")


class Counter:
    """A toy environment: one tool that adds."""

    task = TASK
    answer = None
    tools = (Tool("add", "Adds", {"type": "object", "properties": {"n": {"type": "integer"}}}),)

    def __init__(self):
        self.total = 0

    def observe(self):
        return "Count."

    def call(self, name, arguments):
        if arguments.get("n") == 13:
            raise SandboxError("the broker died")
        self.total += arguments.get("n", 1)
        return Observation(str(self.total), done=self.total > 2)

    def grade(self):
        return Grade(self.total > 2, 1.0, f"total {self.total}")


class Script:
    name = "scripted"

    def __init__(self, *replies):
        self.replies = list(replies)

    def complete(self, messages, tools=(), **options):
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply


@pytest.fixture
def attempt(tmp_path):
    return Attempt(TASK, Limits(), Trajectory(tmp_path / "t.jsonl"))


@pytest.fixture
def environment(attempt):
    return RecordedEnvironment(Counter(), attempt)


def kinds(attempt):
    return [event["kind"] for event in read_events(attempt.trajectory.path)]


def solving(attempt, solve):
    agent = type("Agent", (), {"solve": lambda self, environment: solve(environment)})()
    return RecordedAgent(agent, attempt)


def test_calls_and_observations_are_recorded_in_order(attempt, environment):
    environment.observe()
    assert environment.call("add", '{"n": 3}') == Observation("3", done=True)
    environment.grade()
    assert kinds(attempt) == ["observation", "call", "observation", "grade"]
    assert attempt.grade.resolved


def test_a_bad_call_costs_a_step_and_changes_nothing(attempt, environment):
    observation = environment.call("add", '{"n": "three"}')
    assert not observation.valid
    assert (attempt.tool_calls, attempt.invalid_tool_calls) == (1, 1)
    assert environment.call("add", {"n": 1}).text == "1"


def test_an_async_agent_is_awaited(attempt, environment):
    async def solve(environment):
        return environment.call("add", {"n": 1}).text

    assert solving(attempt, solve).solve(environment) == "1"
    assert environment.answer == "1"


def test_an_agents_own_exception_is_unresolved_and_says_where(attempt, environment):
    def solve(environment):
        return 1 / 0

    with pytest.raises(Unresolved, match=r"agent raised ZeroDivisionError: division by zero \(in"):
        solving(attempt, solve).solve(environment)


def test_an_answer_must_be_text(attempt, environment):
    with pytest.raises(Unresolved, match="returned int"):
        solving(attempt, lambda environment: 7).solve(environment)


def test_a_limit_ends_the_agent_quietly_even_one_that_catches_everything(attempt, environment):
    attempt.limits = Limits(max_steps=3)

    def solve(environment):
        while True:
            with contextlib.suppress(Exception):
                environment.call("add", {"n": 0})

    assert solving(attempt, solve).solve(environment) is None
    assert attempt.limit_reached == "step limit of 3 reached"


def test_a_swallowed_sandbox_error_is_remembered(attempt, environment):
    def solve(environment):
        try:
            environment.call("add", {"n": 13})
        except Exception:
            return "whatever"

    solving(attempt, solve).solve(environment)
    assert isinstance(attempt.trouble, SandboxError)


def test_a_model_error_is_forgotten_once_the_model_answers_again(attempt):
    reply = Reply({"role": "assistant", "content": "hi"}, usage=Usage(5, 2), cost_usd=0.1)
    script = Script(ModelError("down"), reply)
    model = RecordedModel(lambda: script, attempt)
    with pytest.raises(ModelError):
        model.complete([])
    assert isinstance(attempt.trouble, ModelError)
    model.complete([])
    assert attempt.trouble is None
    assert (attempt.turns, attempt.usage, attempt.cost_usd) == (2, Usage(5, 2), 0.1)


def test_each_request_records_only_what_was_added(attempt):
    reply = Reply({"role": "assistant", "content": "hi"})
    script = Script(reply, reply)
    model = RecordedModel(lambda: script, attempt)
    first = [{"role": "user", "content": "a"}]
    model.complete(first)
    model.complete([*first, reply.message, {"role": "user", "content": "b"}])
    requests = [e for e in read_events(attempt.trajectory.path) if e["kind"] == "request"]
    assert [len(request["data"]["messages_added"]) for request in requests] == [1, 2]


def test_an_agent_sees_its_task_without_the_right_answer(tmp_path):
    class Told(Counter):
        task = replace(TASK, expected_output="3")

    attempt = Attempt(Told.task, Limits(), Trajectory(tmp_path / "t.jsonl"))
    seen = RecordedEnvironment(Told(), attempt)
    assert seen.task == TASK
    assert attempt.task.expected_output == "3"


class Notebook(Counter):
    """Shows its work: a page a number."""

    def __init__(self):
        super().__init__()
        self.pages = {}

    def call(self, name, arguments):
        if arguments.get("n") == 0:
            self.pages.clear()
        else:
            self.pages[f"page {arguments['n']}"] = "text"
        return Observation("ok")

    def work(self):
        return self.pages


def test_what_each_call_changed_of_the_work_is_recorded(tmp_path):
    attempt = Attempt(TASK, Limits(), Trajectory(tmp_path / "a.jsonl"))
    environment = RecordedEnvironment(Notebook(), attempt)
    for n in (1, 1, 2, 0):
        environment.call("add", {"n": n})
    events = [e["data"] for e in read_events(tmp_path / "a.jsonl") if e["kind"] == "observation"]
    assert [event.get("changed") for event in events] == [
        {"page 1": "text"},
        None,
        {"page 2": "text"},
        {"page 1": None, "page 2": None},
    ]


def test_a_sandbox_that_failed_stays_failed_though_the_model_answers(environment, attempt):
    """Libraries tell the model of an exception in a tool, and go on."""
    with contextlib.suppress(SandboxError):
        environment.call("add", {"n": 13})
    reply = Reply({"role": "assistant", "content": "hm"})
    RecordedModel(lambda: Script(reply), attempt).complete([])
    assert isinstance(attempt.trouble, SandboxError)


class Wraps:
    """Hits the step limit, and lets something else come of it."""

    def __init__(self, outcome):
        self.outcome = outcome

    def solve(self, environment):
        try:
            while True:
                environment.call("add", {"n": 0})
        except BaseException as limit:
            raise self.outcome from limit


def test_a_limit_that_a_library_wraps_is_still_a_limit(environment, attempt):
    wrapped = RuntimeError("unhandled errors in a TaskGroup")
    assert RecordedAgent(Wraps(wrapped), attempt).solve(environment) is None
    assert attempt.limit_reached == "step limit of 10 reached"


def test_an_infrastructure_error_after_a_limit_is_an_error(environment, attempt):
    with pytest.raises(ModelError):
        RecordedAgent(Wraps(ModelError("down")), attempt).solve(environment)


def test_options_of_a_request_are_on_record(attempt):
    reply = Reply({"role": "assistant", "content": "hm"})
    RecordedModel(lambda: Script(reply), attempt).complete([], temperature=0)
    first = next(read_events(attempt.trajectory.path))
    assert first["data"]["options"] == {"temperature": 0}
