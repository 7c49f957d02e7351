"""What ends an attempt ends it whatever the library makes of it. The environment is a toy;
library, client and HTTP are real."""

from __future__ import annotations

import json
import re
import signal
import threading

import pytest

from pytest_smallbench.attempt import Attempt
from pytest_smallbench.contracts import Grade, Limits, Observation, Task, Tool, ToolCall
from pytest_smallbench.errors import BudgetSpent, ModelError, SandboxError, Unresolved
from pytest_smallbench.models.budget import Budget, BudgetedModel
from pytest_smallbench.models.cassettes import Recording, Tape
from pytest_smallbench.models.openai_chat import OpenAIChat
from pytest_smallbench.models.prices import PRICES
from pytest_smallbench.models.replay import RecordingChat, ReplayedChat
from pytest_smallbench.recording import RecordedAgent, RecordedEnvironment, RecordedModel
from pytest_smallbench.testing.script import Failure, Turn
from pytest_smallbench.testing.scripted_server import ScriptedServer
from pytest_smallbench.trajectory import Trajectory, read_events

pytestmark = pytest.mark.adapters
NUMBER = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


class Reach:
    """Add up to seven, then call done. A sandbox that has died is number 503."""

    task = Task("toy/7", "toy/7", "toy", "Reach it.")
    tools = (Tool("add", "Adds n.", NUMBER), Tool("done", "Ends it."))
    answer = None
    total = 0

    def observe(self):
        return "Reach 7, then call done."

    def call(self, name, arguments):
        if name == "done":
            return Observation("over", done=True)
        if arguments["n"] == 503:
            raise SandboxError("the broker died")
        self.total += arguments["n"]
        return Observation(f"total {self.total}")

    def grade(self):
        return Grade(self.total == 7, 1.0)


def add(n):
    return ToolCall("add", {"n": n})


SOLVED = [Turn("Both.", (add(3), add(4))), Turn(None, (ToolCall("done"),))]


class Tried:
    """One attempt of a library's at the toy."""

    def __init__(self, library, path):
        self.library = library
        self.attempt = Attempt(Reach.task, Limits(), Trajectory(path / "t.jsonl"))
        self.environment = RecordedEnvironment(Reach(), self.attempt)
        self.wrap = lambda model: model

    def solve(self, script, *build):
        script = self.library.script({"": script}) if isinstance(script, list) else script
        with (
            ScriptedServer(script) as self.server,
            OpenAIChat("gpt-4o-mini", base_url=self.server.base_url) as chat,
        ):
            model = RecordedModel(lambda: self.wrap(chat), self.attempt)
            agent = RecordedAgent(self.library.adapter(model, *build), self.attempt)
            return agent.solve(self.environment)

    @property
    def seen(self):
        """The answers to its calls."""
        events = read_events(self.attempt.trajectory.path)
        answers = [event["data"] for event in events if event["kind"] == "observation"]
        return [answer["text"] for answer in answers if "valid" in answer]


@pytest.fixture
def tried(library, tmp_path):
    return Tried(library, tmp_path)


def test_it_acts_in_order_and_stops_when_the_episode_is_over(tried):
    assert tried.solve(SOLVED) is None
    assert tried.environment.grade().resolved
    assert tried.seen == ["total 3", "total 7", "over"]
    counts = tried.server.counts()
    assert tried.attempt.usage.prompt == counts.prompt_tokens
    assert tried.attempt.turns == counts.answered


def test_a_call_that_does_not_fit_is_answered_and_it_goes_on(tried):
    wrong = Turn(None, (ToolCall("add", {"n": 1, "m": 2}),))
    left = tried.library.steps([wrong, *SOLVED])
    requests = []

    def script(messages, tools):
        requests.append(json.dumps(messages))
        return left.pop(0)

    tried.solve(script)
    assert tried.environment.grade().resolved
    assert re.search("additional|not in the tool", requests[1], re.IGNORECASE)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(max_steps=2), "step limit of 2 reached"),
        (Limits(max_tokens=10), "token limit of 10 reached"),
    ],
)
def test_a_limit_ends_it_without_a_fault_of_anybodys(tried, limits, said):
    tried.attempt.limits = limits
    assert tried.solve([Turn(None, (add(1),))] * 5) is None
    assert tried.attempt.limit_reached == said
    assert tried.attempt.usage.prompt == tried.server.counts().prompt_tokens


def test_the_time_limit_interrupts_a_library_that_waits_for_its_model(tried):
    late = threading.Event()

    def script(messages, tools):
        tried.attempt.waited = lambda: -1000.0  # the clock looks here: more than its time is up
        signal.pthread_kill(threading.main_thread().ident, signal.SIGALRM)
        late.wait(60)
        return Turn("Too late.")

    tried.attempt.limits = Limits(timeout_s=600)
    try:
        assert tried.solve(script) is None
    finally:
        late.set()
    assert tried.attempt.limit_reached == "time limit of 600 s reached"


def test_a_sandbox_that_dies_is_an_error_although_libraries_tell_it_the_model(tried):
    with pytest.raises(SandboxError, match="the broker died"):
        tried.solve([Turn(None, (add(503),)), *SOLVED])
    assert isinstance(tried.attempt.trouble, SandboxError)
    assert tried.server.counts().answered == 1


def test_an_endpoint_that_fails_for_good_is_an_error(tried):
    down = Failure(500, "no", headers={"retry-after-ms": "1"})
    with pytest.raises(ModelError, match="status 500"):
        tried.solve(lambda messages, tools: down)


def test_a_conversation_that_is_too_long_is_the_agents_end(tried):
    full = Failure(400, "too many", code="context_length_exceeded")
    with pytest.raises(Unresolved, match="context"):
        tried.solve(lambda messages, tools: full)


def test_a_spent_budget_ends_it_unjudged(tried, tmp_path):
    budget = Budget(tmp_path / "budget.json", 1e-9, PRICES["gpt-4o-mini"])
    budget.begin(anew=True)
    tried.wrap = lambda model: BudgetedModel(model, budget)
    with pytest.raises(BudgetSpent):
        tried.solve(SOLVED)
    assert tried.server.counts().requests == 0


def test_a_recorded_attempt_replays_without_an_endpoint(library, tmp_path):
    tape = tmp_path / "tape.jsonl"
    first = Tried(library, tmp_path / "first")
    first.wrap = lambda chat: RecordingChat(chat, Recording(tape))
    first.solve(SOLVED)
    second = Tried(library, tmp_path / "second")
    second.wrap = lambda chat: ReplayedChat(chat, Tape(tape, "the attempt"))
    second.solve(SOLVED)
    assert second.server.counts().requests == 0
    assert second.environment.grade().resolved
    assert second.attempt.usage == first.attempt.usage
