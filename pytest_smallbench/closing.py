"""What a run that is over gives its report: facts of the run and of each benchmark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from pytest_smallbench.command_agents import is_command
from pytest_smallbench.controller import Controller, grader_version
from pytest_smallbench.intake import Intake
from pytest_smallbench.judging import against, gate_settings, resumed
from pytest_smallbench.mcp_servers import run_secrets, server_names
from pytest_smallbench.reports.agent_prompt import agent_prompt
from pytest_smallbench.reports.build import BenchmarkFacts, build_report
from pytest_smallbench.reports.gate import Verdict
from pytest_smallbench.reports.run_info import RunFacts, describe_run
from pytest_smallbench.reports.shape import Dataset, GradingEnvironment, Report, Run

REPLAYED = "model answers were replayed: tokens and cost are the recorded ones, nothing was spent"


class Closing:
    """``agent_name`` is as the settings name it."""

    def __init__(self, controller: Controller, intake: Intake, agent_name: str) -> None:
        self._controller = controller
        self._settings = controller.settings
        self._intake = intake
        self._agent_name = agent_name

    def report(
        self, config: pytest.Config, began: float, finished: float
    ) -> tuple[Report, Mapping[str, Verdict]]:
        """Times are seconds since the epoch; ``began`` is this part's."""
        return build_report(
            self._intake.scoreboard,
            self._run(config, finished),
            {name: self._facts(name) for name in self._controller.plan.benches},
            gate=gate_settings(self._settings),
            against=against(self._controller.baseline, self._settings),
            duration_s=self._duration(began, finished),
            secrets=run_secrets(self._settings),
        )

    def _duration(self, began: float, finished: float) -> float:
        earlier = self._controller.earlier
        return round(finished - began + (earlier.wall_s if earlier else 0.0), 3)

    def _run(self, config: pytest.Config, finished: float) -> Run:
        facts = RunFacts(
            id=self._controller.plan.run_id,
            command=["pytest", *config.invocation_params.args],
            rootdir=config.rootpath,
            started=self._controller.started,
            finished=finished,
            seed=self._settings.seed,
            workers=len(config.getoption("tx", None) or []),
            stopped=self._intake.scoreboard.stopped,
            resumed=resumed(self._controller.earlier),
        )
        return describe_run(facts, run_secrets(self._settings))

    def _facts(self, name: str) -> BenchmarkFacts:
        plan, settings = self._controller.plan.benches[name], self._settings
        benchmark = self._controller.benchmark(name)
        agents, index = self._agents(name), plan.index
        return BenchmarkFacts(
            agent=", ".join(agents) or self._controller.agents[name],
            model=settings.model if "react" in agents or self._asked_our_model(name) else None,
            agent_prompt=agent_prompt(settings.agent_prompt),
            mcp_servers=server_names(settings),
            grader_version=grader_version(benchmark),
            attempts=plan.attempts,
            notes=(REPLAYED,) if settings.replay is not None else (),
            dataset=Dataset(
                source=index.source, revision=index.revision, selection=index.selection
            ),
            environment=GradingEnvironment(
                sandbox=plan.sandbox(settings.sandbox), fingerprint=plan.preparation.fingerprint
            ),
            labels=benchmark.labels,
            abilities=benchmark.abilities,
            remarks=getattr(benchmark, "remarks", None),
        )

    def _agents(self, name: str) -> Sequence[str]:
        return sorted(self._intake.agents.get(name, set()) - {""})

    def _asked_our_model(self, name: str) -> bool:
        """A user's own agent, too, may have used the fixture ``model``; a program asks its own."""
        if is_command(self._agent_name):
            return False
        return any(result.usage.total for result in self._intake.scoreboard.results(name))
