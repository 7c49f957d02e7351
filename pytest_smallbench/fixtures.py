"""The fixtures of a task: task, environment, sandbox, model and agent.

A user's own fixture of the same name in a conftest wins, as everywhere in pytest. What the
fixtures need is imported when a task asks for it: this module loads with every pytest run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import pytest

if TYPE_CHECKING:
    from pytest_smallbench.attempt import Attempt
    from pytest_smallbench.contracts import Agent, Environment, Model, Sandbox, Task
    from pytest_smallbench.worker import Worker


@pytest.fixture
def task(request: pytest.FixtureRequest) -> Task:
    """The task that this item runs, as the agent may see it."""
    return _attempt(request).task


@pytest.fixture
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A fresh sandbox of the benchmark's kind; closed when the test ends."""
    from pytest_smallbench.contracts import SandboxLimits

    opened = _worker(request).bench(request.node).open_sandbox(SandboxLimits())
    yield opened
    opened.close()


@pytest.fixture
def environment(request: pytest.FixtureRequest) -> Iterator[Environment]:
    """What the agent acts in. Closing it never changes a verdict."""
    from pytest_smallbench.recording import RecordedEnvironment

    attempt = _attempt(request)
    inner = _worker(request).environment(request.node, attempt.task)
    attempt.measure = inner.metrics
    yield cast("Environment", RecordedEnvironment(inner, attempt))
    inner.close()


@pytest.fixture
def model(request: pytest.FixtureRequest) -> Model:
    """The model of --smallbench-model; its turns, tokens and cost count for the attempt."""
    from pytest_smallbench.recording import RecordedModel

    worker, attempt = _worker(request), _attempt(request)
    return RecordedModel(lambda: worker.model_of(request.node), attempt)


@pytest.fixture
def agent(request: pytest.FixtureRequest, model: Model) -> Agent:
    """The agent of --smallbench-agent. Override it in the rootdir's conftest.py."""
    from pytest_smallbench.agents.context import AgentContext

    worker, attempt = _worker(request), _attempt(request)
    attempt.agent_name = worker.agent_name
    context = AgentContext(
        model=lambda: model,
        limits=attempt.limits,
        prompt_template=worker.prompt_template,
        solutions=worker.settings.solutions,
    )
    return worker.new_agent(context)


def _worker(request: pytest.FixtureRequest) -> Worker:
    from pytest_smallbench.worker import WORKER

    worker = request.config.stash.get(WORKER, None)
    if worker is None:
        pytest.fail(
            f"fixture {request.fixturename!r} of pytest-smallbench needs a task: "
            "run with --smallbench=NAME",
            pytrace=False,
        )
    return worker


def _attempt(request: pytest.FixtureRequest) -> Attempt:
    from pytest_smallbench.worker import ATTEMPT

    _worker(request)
    attempt: Attempt = request.node.stash[ATTEMPT]
    return attempt
