"""What runs tasks in one process: a worker of xdist's, or pytest itself with -n 0.

It opens the task's environment, keeps the attempt under way and hands its result on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import pytest

from pytest_smallbench.agents import ASK_A_MODEL, ASK_NONE
from pytest_smallbench.agents.context import AgentContext
from pytest_smallbench.agents.factories import accepts, new_agent
from pytest_smallbench.attempt import Attempt
from pytest_smallbench.cache import cache_folder
from pytest_smallbench.command_agents import check_options, is_command
from pytest_smallbench.contracts import (
    Agent,
    Bench,
    Benchmark,
    Environment,
    Limits,
    Model,
    ReferenceCheck,
    Sandbox,
    SandboxLimits,
    Task,
    TaskEntry,
)
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.handover import Desk
from pytest_smallbench.mcp_servers import check_servers, run_secrets, with_servers
from pytest_smallbench.models.budget import NAME as BUDGET_FILE
from pytest_smallbench.models.budget import Budget, BudgetedModel, known_price
from pytest_smallbench.outcomes import Verdict, result_of
from pytest_smallbench.plan import Plan
from pytest_smallbench.registry import Registry
from pytest_smallbench.results import pack
from pytest_smallbench.settings import Settings
from pytest_smallbench.task_items import TaskOfItem, task_of
from pytest_smallbench.trajectory import (
    Trajectory,
    file_name,
    keep_earlier_try,
)

if TYPE_CHECKING:
    from pytest_smallbench.models.openai_chat import OpenAIChat

DEFAULT_AGENT = "react"


class Worker:
    """State of one process. ``plan`` comes from the controller: at the start, or from the
    ``desk`` for tasks that this process collected."""

    def __init__(self, config: pytest.Config, settings: Settings, registry: Registry) -> None:
        self.config = config
        self.settings = settings
        self.registry = registry
        self.plan = Plan(run_id="")
        self.desk: Desk | None = None
        self._benches: dict[str, Bench] = {}
        self._opened: list[Sandbox] = []

    def reason_to_skip(self, item: pytest.Item) -> str:
        """Why a task that pytest collected cannot be graded here; of others a mark says so."""
        task = _task_of(item)
        self._fetch_plan(task.benchmark)
        return self.plan.benches[task.benchmark].preparation.skips.get(task.entry.id, "")

    def begin(self, item: pytest.Item) -> Attempt:
        """Start the item's attempt: the first event of its trajectory. Raises BudgetSpent."""
        of_item = _task_of(item)
        if self.budget is not None:
            self.budget.check()
        bench = self.bench(item)
        task = self.registry.get_benchmark(of_item.benchmark).task(bench, of_item.entry)
        path = self.plan.trajectories / file_name(item.nodeid)
        keep_earlier_try(path)
        trajectory = Trajectory(path, run_secrets(self.settings))
        attempt = Attempt(task, bench.limits, trajectory, number=of_item.attempt)
        trajectory.add(
            "start",
            task=task.name,
            nodeid=item.nodeid,
            problem_statement=task.problem_statement,
            limits=vars(bench.limits),
        )
        self._opened = []
        attempt.waited = self._waited
        item.stash[ATTEMPT] = attempt
        return attempt

    def _fetch_plan(self, benchmark: str) -> None:
        if benchmark in self.plan.benches or self.desk is None:
            return
        text = self.desk.plan()
        if text is None:
            raise UsageMistake(
                f"no plan of the run in {self.desk.output}: tasks need workers that share the "
                "controller's disk; run them with -n on one machine"
            )
        self.plan = Plan.unpack(text)

    def _waited(self) -> float:
        """Seconds in queues for the machine or the budget so far."""
        waited = sum(sandbox.waited_s for sandbox in self._opened)
        return waited + (self.budget.waited_s if self.budget is not None else 0.0)

    def end(self, item: pytest.Item, verdict: Verdict) -> dict[str, Any]:
        """Close the attempt's record; what the item's report carries to the controller."""
        attempt = item.stash[ATTEMPT]
        attempt.metrics = dict(attempt.measure())
        result = result_of(attempt, item.nodeid, verdict)
        attempt.trajectory.add("end", outcome=verdict.outcome, reason=verdict.reason)
        packed: dict[str, Any] = {"result": pack(result), "agent": attempt.agent_name}
        if attempt.reference_check is not None:
            packed["reference_check"] = dict(vars(attempt.reference_check))
        return packed

    def check_reference(self, item: pytest.Item) -> ReferenceCheck:
        """Grade the task's reference solution as often as --smallbench-validate asks."""
        task = _task_of(item)
        benchmark = self.registry.get_benchmark(task.benchmark)
        times = self.settings.validate or 1
        check = benchmark.check_reference(self.bench(item), task.entry, times)
        item.stash[ATTEMPT].reference_check = check
        return check

    def bench(self, item: pytest.Item) -> Bench:
        """The benchmark's bench in this process, made at its first task, with the limits of
        this one."""
        of_item = _task_of(item)
        name = of_item.benchmark
        if name not in self._benches:
            self._benches[name] = self._new_bench(name)
        limits = limits_for(self.registry.get_benchmark(name), self.settings, of_item.entry)
        return replace(self._benches[name], limits=limits)

    def environment(self, item: pytest.Item, task: Task) -> Environment:
        of_item = _task_of(item)
        benchmark = self.registry.get_benchmark(of_item.benchmark)
        environment = benchmark.environment(self.bench(item), of_item.entry, task)
        return with_servers(self.settings, environment)

    @cached_property
    def model(self) -> OpenAIChat:
        """One client a process: its connections serve all attempts."""
        from pytest_smallbench.models.openai_chat import OpenAIChat
        from pytest_smallbench.models.openai_responses import OpenAIResponses

        kind = OpenAIResponses if self.settings.api == "responses" else OpenAIChat
        return kind(self.settings.model, base_url=self.settings.base_url)

    def model_of(self, item: pytest.Item) -> Model:
        """The model as one attempt is to have it."""
        if self.settings.replay is not None or self.settings.record is not None:
            model = self._on_record(item)
        else:
            model = self.model
        return model if self.budget is None else BudgetedModel(model, self.budget)

    def _on_record(self, item: pytest.Item) -> Model:
        from pytest_smallbench.models.cassettes import Recording, Tape
        from pytest_smallbench.models.replay import RecordingChat, ReplayedChat

        name, secrets = file_name(item.nodeid), run_secrets(self.settings)
        if self.settings.replay is not None:
            tape = Tape(self.settings.replay / name, item.nodeid, secrets)
            return ReplayedChat(self.model, tape)
        assert self.settings.record is not None
        return RecordingChat(self.model, Recording(self.settings.record / name, secrets))

    @cached_property
    def budget(self) -> Budget | None:
        """This process's hand on the run's purse."""
        limit = self.settings.budget
        if limit is None or self.agent_name in ASK_NONE or self.settings.replay is not None:
            return None
        path = self.plan.trajectories.parent / BUDGET_FILE
        return Budget(path, limit, known_price(self.settings.model))

    def close(self) -> None:
        """Close the model's connections, if there ever were any."""
        if "model" in vars(self):
            self.model.close()

    def check_agent(self, own_agent: str) -> None:
        """Find a wrong agent, model or prompt before any task starts. Raises UsageMistake."""
        if self.settings.validate:
            return
        if is_command(self.agent_name):
            check_options(self.settings)
        check_servers(self.settings, "" if own_agent else self.agent_name)
        if self.settings.replay is not None or self.settings.record is not None:
            from pytest_smallbench.models.replay import check_folders

            check_folders(self.settings.record, self.settings.replay)
        if self.settings.budget is not None and (own_agent or self.agent_name not in ASK_NONE):
            known_price(self.settings.model)
        if own_agent:
            return
        asks = self.agent_name in ASK_A_MODEL and self.settings.replay is None
        if asks and (problem := self.model.unavailable()):
            raise UsageMistake(problem)
        context = AgentContext(
            model=lambda: self.model,
            limits=Limits(),
            prompt_template=self.prompt_template,
            solutions=self.settings.solutions,
        )
        own = ":" in self.agent_name and not is_command(self.agent_name)
        if not own:  # a user's factory may do work: only when tasks run
            self.new_agent(context)
        else:
            accepts(self.agent_factory, context, self.agent_name)

    @property
    def agent_name(self) -> str:
        return self.settings.agent or DEFAULT_AGENT

    def new_agent(self, context: AgentContext) -> Agent:
        return new_agent(self.agent_factory, context, self.agent_name)

    @cached_property
    def agent_factory(self) -> Callable[..., object]:
        factory = self.registry.get_agent(self.agent_name)
        if not callable(factory):
            raise UsageMistake(
                f"--smallbench-agent={self.settings.agent}: it is not callable; "
                "name a function that takes an AgentContext and returns an agent"
            )
        return cast("Callable[..., object]", factory)

    @cached_property
    def prompt_template(self) -> str | None:
        path = self.settings.agent_prompt
        return path.read_text(encoding="utf-8") if path is not None else None

    def _new_bench(self, name: str) -> Bench:
        plan = self.plan.benches[name]
        back = self.registry.get_sandbox(self.settings.sandbox)

        def open_sandbox(limits: SandboxLimits) -> Sandbox:
            sandbox = back.open(plan.address, limits)
            self._opened.append(sandbox)
            return sandbox

        limits = limits_for(self.registry.get_benchmark(name), self.settings)
        return Bench(
            self.settings, plan.index, plan.preparation, cache_folder(), limits, open_sandbox
        )


def _task_of(item: pytest.Item) -> TaskOfItem:
    found = task_of(item)
    assert found is not None, f"{item.nodeid} is no task"
    return found


def limits_for(benchmark: Benchmark, settings: Settings, entry: TaskEntry | None = None) -> Limits:
    """The benchmark's limits, or the task's own, each replaced by its option where given."""
    default, own = benchmark.limits, entry or TaskEntry("", "")
    return Limits(
        max_steps=settings.max_steps or own.max_steps or default.max_steps,
        timeout_s=settings.task_timeout or own.timeout_s or default.timeout_s,
        max_tokens=settings.max_tokens or own.max_tokens or default.max_tokens,
    )


ATTEMPT = pytest.StashKey[Attempt]()
WORKER = pytest.StashKey[Worker]()
