"""Sets a run up: who this process is, and which plugins it needs.

With xdist the controller selects and reports, and its workers run; with -n 0 one process
does both. With --smallbench that happens when pytest is configured; without it as soon as
collection has found a task (``gathering.py``). Nothing of this is imported in other runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import pytest

from pytest_smallbench.collection import folders
from pytest_smallbench.command_agents import label
from pytest_smallbench.controller import Controller, take_pasted
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.fixture_use import agent_on_command_line, agents_of_conftests
from pytest_smallbench.found import Found
from pytest_smallbench.handover import Desk
from pytest_smallbench.place import Place
from pytest_smallbench.plan import Plan
from pytest_smallbench.registry import Registry, installed
from pytest_smallbench.running import RunningPlugin
from pytest_smallbench.settings import Settings
from pytest_smallbench.worker import WORKER, Worker

if TYPE_CHECKING:
    from pytest_smallbench.contracts import TaskIndex
    from pytest_smallbench.reporting import ReportingPlugin

CONTROLLER = pytest.StashKey[Controller]()


def configure(config: pytest.Config, settings: Settings, place: Place) -> None:
    """Set up for the benchmarks asked for by name. Raises UsageMistake for whatever can be
    known to be wrong before a task starts."""
    worker = _worker(config, settings)
    pasted = _take_over_arguments(config, settings)
    handed = getattr(config, "workerinput", {}).get("smallbench")
    if handed is not None:
        worker.plan = Plan.unpack(handed)
    else:
        _configure_controller(config, settings, worker, pasted, place)
    _declare_marks(config, worker.plan)


def _configure_controller(
    config: pytest.Config,
    settings: Settings,
    worker: Worker,
    pasted: dict[str, set[str]],
    place: Place,
) -> None:
    controller = config.stash[CONTROLLER] = Controller(settings, worker.registry, place)
    own_agent = conftest_agent(config)
    words = _in_words([own_agent] if own_agent else [], worker)
    controller.agents.update(dict.fromkeys(settings.benchmarks, words))
    controller.select(pasted, own_agent or label(worker.agent_name))
    worker.plan = controller.plan
    _refuse_two_agents(config, settings, own_agent)
    if not config.option.collectonly:
        worker.check_agent(own_agent)
    _tune_xdist(config)
    _report(config, controller, worker)


def join_worker(config: pytest.Config, settings: Settings, desk: Desk) -> None:
    """This worker has collected tasks: it will find the plan for them at the desk."""
    _worker(config, settings).desk = desk


def take_in(config: pytest.Config, settings: Settings, place: Place, found: Found) -> None:
    """Tasks were collected: add them to the run, or set one up for them. Raises UsageMistake
    like ``configure``."""
    worker = _worker(config, settings)
    own_agent = ", ".join(found.own_agents)
    _refuse_two_agents(config, settings, own_agent)
    try:
        worker.check_agent("" if found.asks_agent else own_agent or "the test itself")
    except UsageMistake as mistake:
        if settings.agent or not found.lookalikes:
            raise
        raise UsageMistake(
            f"{mistake}; no conftest brings a fixture 'agent': is {found.lookalikes[0]} meant?"
        ) from None
    controller = config.stash.get(CONTROLLER, None)
    begun = controller is not None
    if controller is None:
        controller = config.stash[CONTROLLER] = Controller(settings, worker.registry, place)
        _tune_xdist(config)
    words = _in_words(found.own_agents, worker, found.asks_agent)
    controller.agents.update(dict.fromkeys(found.items, words))
    controller.take_in(found.items, own_agent or label(worker.agent_name))
    worker.plan = controller.plan
    reporting = _report(config, controller, worker)
    if not begun:
        reporting.begin()
    reporting.tell_collected(found.items)


def _in_words(own_agents: Sequence[str], worker: Worker, asked: bool = False) -> str:
    """A benchmark's agents, as a run's header has them; ``asked``: that of the options, too."""
    own = [f"of {', '.join(own_agents)}"] if own_agents else []
    return " and ".join([*own, label(worker.agent_name)] if asked or not own else own)


def _worker(config: pytest.Config, settings: Settings) -> Worker:
    """This process's, made at the first call."""
    worker = config.stash.get(WORKER, None)
    if worker is None:
        worker = config.stash[WORKER] = Worker(config, settings, build_registry(config))
        config.pluginmanager.register(RunningPlugin(worker), "smallbench-running")
    return worker


def _report(config: pytest.Config, controller: Controller, worker: Worker) -> ReportingPlugin:
    """The plugin that reports, registered at the first call."""
    from pytest_smallbench.reporting import ReportingPlugin

    name = "smallbench-reporting"
    found: ReportingPlugin | None = config.pluginmanager.get_plugin(name)
    if found is None:
        found = ReportingPlugin(config, controller, worker)
        config.pluginmanager.register(found, name)
    return found


def _refuse_two_agents(config: pytest.Config, settings: Settings, own_agent: str) -> None:
    """A fixture wins over what nobody named; which of two is meant is not for us to guess."""
    if own_agent and settings.agent:
        option = "--smallbench-agent=" if agent_on_command_line(config) else "smallbench_agent = "
        raise UsageMistake(
            f"{option}{settings.agent}: the fixture 'agent' of {own_agent} is an agent too; "
            "drop one of the two"
        )


def build_registry(config: pytest.Config) -> Registry:
    """All that is known by name: built-in, installed, and from hooks."""
    registry = installed()
    config.hook.pytest_smallbench_register(registry=registry)
    return registry


def conftest_agent(config: pytest.Config) -> str:
    """The conftest whose fixture ``agent`` solves the tasks of benchmarks asked for by name: the
    nearest from the current folder upwards. Empty where there is none."""
    found = agents_of_conftests(config)
    nearest = (folder / "conftest.py" for folder in reversed(folders(config)))
    return next((str(path) for path in nearest if path.resolve() in found), "")


def _take_over_arguments(config: pytest.Config, settings: Settings) -> dict[str, set[str]]:
    """With --smallbench and no paths only the benchmarks run, not the user's own tests."""
    given = config.args_source is pytest.Config.ArgsSource.ARGS
    if not given:
        config.args = []
        return {}
    return take_pasted(config.args, settings.benchmarks)


def _declare_marks(config: pytest.Config, plan: Plan) -> None:
    """Tags are marks; declared, so that --strict-markers and -W error stay quiet."""
    tags = {tag for bench in plan.benches.values() for tag in _tags(bench.index)}
    for tag in sorted(tags):
        config.addinivalue_line("markers", f"{tag}: a task with this tag")


def _tags(index: TaskIndex) -> set[str]:
    return {tag for entry in index.entries for tag in entry.tags}


def _tune_xdist(config: pytest.Config) -> None:
    """One task at a time to each worker: tasks take seconds to minutes, unlike unit tests,
    and a longer queue behind a slow one would idle the others (measured: 1.00 to 1.01 of the
    ideal with 8 workers and longest first)."""
    option = cast(Any, config.option)
    if getattr(option, "dist", "no") == "load" and getattr(option, "maxschedchunk", 0) is None:
        option.maxschedchunk = 1
        distributed: Any = config.pluginmanager.get_plugin("dsession")
        scheduler = getattr(distributed, "sched", None)
        if scheduler is not None:  # it exists already where tasks were found by collection
            scheduler.maxschedchunk = 1
