"""The fixtures of a task: task, environment, sandbox, model and agent.

A user's own fixture of the same name in a conftest wins, as everywhere in pytest. What the
fixtures need is imported when a task asks for it: this module loads with every pytest run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import pytest

from pytest_smallbench.task_items import TASK

if TYPE_CHECKING:
    from pytest_smallbench.attempt import Attempt
    from pytest_smallbench.contracts import Agent, Environment, Model, Task
    from pytest_smallbench.custom.sandbox import TaskSandbox
    from pytest_smallbench.worker import Worker

CUSTOM = "custom"
SANDBOX = pytest.StashKey["TaskSandbox"]()


@pytest.fixture
def task(request: pytest.FixtureRequest) -> Task:
    """The task that this item runs, as the agent may see it."""
    return _attempt(request).task


@pytest.fixture
def sandbox(request: pytest.FixtureRequest) -> Iterator[TaskSandbox]:
    """A fresh sandbox, closed when the test ends; ``sandbox.task(instruction)`` makes a task
    of it."""
    opened = _sandbox(request)
    yield opened
    opened.close()


@pytest.fixture
def environment(request: pytest.FixtureRequest) -> Iterator[Environment]:
    """What the agent acts in. Closing it never changes a verdict. In a test of your own it
    is the fixture ``sandbox``, with the mark's instruction or the test's docstring as the
    task's text."""
    from pytest_smallbench.recording import RecordedEnvironment

    attempt = _attempt(request)
    if attempt.task.benchmark == CUSTOM:
        opened = _sandbox(request)
        yield opened.task(attempt.task.problem_statement)
        opened.close()
        return
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
    from pytest_smallbench.command_agents import label
    from pytest_smallbench.recording import AttemptLedger

    worker, attempt = _worker(request), _attempt(request)
    attempt.agent_name = label(worker.agent_name)
    context = AgentContext(
        model=lambda: model,
        limits=attempt.limits,
        prompt_template=worker.prompt_template,
        solutions=worker.settings.solutions,
        ledger=AttemptLedger(attempt),
    )
    return worker.new_agent(context)


def _sandbox(request: pytest.FixtureRequest) -> TaskSandbox:
    """The item's one, opened at the first call: ``environment`` acts in ``sandbox``."""
    from pytest_smallbench.contracts import SandboxLimits
    from pytest_smallbench.custom.sandbox import TaskSandbox
    from pytest_smallbench.mcp_servers import SharedServers

    attempt = _attempt(request)
    stash: pytest.Stash = request.node.stash
    if SANDBOX not in stash:
        worker = _worker(request)
        servers = SharedServers(worker.settings)
        request.addfinalizer(servers.close)
        opened = worker.bench(request.node).open_sandbox(SandboxLimits())
        reference = getattr(stash[TASK].entry, "reference", None)
        stash[SANDBOX] = TaskSandbox(opened, attempt, servers.beside, reference)
    return stash[SANDBOX]


def _worker(request: pytest.FixtureRequest) -> Worker:
    from pytest_smallbench.worker import WORKER

    worker = request.config.stash.get(WORKER, None)
    if worker is None or TASK not in request.node.stash:
        pytest.fail(
            f"fixture {request.fixturename!r} of pytest-smallbench needs a task: use the fixture "
            "'sandbox' too, or mark the test with @pytest.mark.smallbench",
            pytrace=False,
        )
    return worker


def _attempt(request: pytest.FixtureRequest) -> Attempt:
    from pytest_smallbench.worker import ATTEMPT

    _worker(request)
    attempt: Attempt = request.node.stash[ATTEMPT]
    return attempt
