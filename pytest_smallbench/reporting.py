"""The pytest hooks of the process that reports: xdist's controller, or pytest with -n 0.

Every item's report brings its result here; at the end they become one report, which the
hook ``pytest_smallbench_report`` hands to its writers, and the exit status.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from typing import Any

import pytest

from pytest_smallbench.contracts import ReferenceCheck, Result
from pytest_smallbench.controller import Controller
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.reports.attempt_line import MARKUP, attempt_line
from pytest_smallbench.reports.build import BenchmarkFacts, build_report
from pytest_smallbench.reports.gate import GateSettings, exit_status, worst
from pytest_smallbench.reports.json_file import JsonFile
from pytest_smallbench.reports.live_hooks import live_count
from pytest_smallbench.reports.markdown import MarkdownFile
from pytest_smallbench.reports.run_info import RunFacts, describe_run
from pytest_smallbench.reports.scoreboard import Scoreboard
from pytest_smallbench.reports.terminal import TerminalSummary
from pytest_smallbench.reports.transcript import transcript
from pytest_smallbench.results import unpack
from pytest_smallbench.trajectory import environment_secrets, file_name, read_events, spent
from pytest_smallbench.worker import Worker

Wrapper = Generator[None, Any, Any]


class ReportingPlugin:
    """Registered on the controller only."""

    def __init__(self, controller: Controller, worker: Worker) -> None:
        self.controller = controller
        self.worker = worker
        self.config = controller.config
        self.scoreboard = Scoreboard()
        self.agents: dict[str, set[str]] = {}
        self.checks: dict[str, dict[str, ReferenceCheck]] = {}
        self.others_failed = False
        self._writers = False
        self._telling = False

    # -- before the run ------------------------------------------------------------

    def pytest_report_header(self) -> list[str]:
        return [f"smallbench: {line}" for line in self._header()]

    def _header(self) -> list[str]:
        settings = self.controller.settings
        lines = []
        for name, plan in self.controller.plan.benches.items():
            count = len(plan.index.entries)
            agent = "the reference solutions" if settings.validate else self._asked_agent()
            lines.append(
                f"{name}: {count} task{'s' if count != 1 else ''} of {plan.index.source} "
                f"({plan.index.selection}), agent {agent}, "
                f"sandbox {plan.sandbox(settings.sandbox)}"
            )
        if self.controller.plan.output:
            lines.append(f"output in {self.controller.plan.output}")
        return lines

    def _asked_agent(self) -> str:
        from pytest_smallbench.session import conftest_agent

        own = conftest_agent(self.config)
        return f"of {own}" if own and not self.controller.settings.agent else self.worker.agent_name

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        if self.config.option.collectonly:
            return
        try:
            self.controller.prepare()
        except UsageMistake as mistake:
            raise pytest.UsageError(str(mistake)) from None
        self.worker.plan = self.controller.plan
        self._register_writers()

    def _register_writers(self) -> None:
        from pathlib import Path

        folder = Path(self.controller.plan.output)
        files = [JsonFile(folder), MarkdownFile(folder)]
        manager = self.config.pluginmanager
        for file in files:
            manager.register(file, f"smallbench-{file.name}")
        manager.register(TerminalSummary(folder, files), "smallbench-terminal")
        live = live_count(self.config, self.scoreboard)
        if live is not None:
            manager.register(live, "smallbench-live")
        self._writers = True

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput["smallbench"] = self.controller.plan.pack()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        self._expect(ids)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._expect([item.nodeid for item in session.items])

    def _expect(self, ids: Sequence[str]) -> None:
        for name in self.controller.plan.benches:
            mine = [nodeid for nodeid in ids if nodeid.startswith(f"{name}::")]
            self.scoreboard.add_expected(mine, name)

    # -- while it runs -------------------------------------------------------------

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Wrapper:
        result = self._result_of(report)
        if result is not None:
            self.scoreboard.add(result)
            if result.stop:
                self._stop_run(result.stop)
        elif report.failed:
            self.others_failed = True
        self._telling = True
        outcome = yield
        self._telling = False
        if result is not None and self.config.get_verbosity() >= 2:
            self._print_transcript(result)
        return outcome

    def _result_of(self, report: pytest.TestReport) -> Result | None:
        packed = getattr(report, "smallbench", None)
        if packed is not None:
            result = unpack(packed["result"])
            self.agents.setdefault(result.benchmark, set()).add(packed["agent"])
            if "reference_check" in packed:
                check = ReferenceCheck(**packed["reference_check"])
                self.checks.setdefault(result.benchmark, {})[result.task_id] = check
            return result
        if str(report.when) == "???":
            return self._crashed(report)
        return None

    def _crashed(self, report: pytest.TestReport) -> Result | None:
        """xdist reports the item that a worker died with in a phase of its own."""
        name, _, task = report.nodeid.partition("::")
        if name not in self.controller.plan.benches:
            return None
        report.when = "setup"  # an error for terminal and junit, not a failed test
        file = f"trajectories/{file_name(report.nodeid)}"
        usage, cost = spent(self.controller.plan.trajectories.parent / file)
        return Result(
            benchmark=name,
            task_id=task.partition("[")[0],
            nodeid=report.nodeid,
            outcome="error",
            reason="the worker process died while it ran this task",
            usage=usage,
            cost_usd=cost,
            trajectory=file,
        )

    def _stop_run(self, reason: str) -> None:
        """End the whole run at once: no task could fare better."""
        self.scoreboard.stop(reason)
        distributed = self.config.pluginmanager.get_plugin("dsession")
        (distributed or self._session).shouldstop = f"smallbench: {reason}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> None:
        self._session: Any = session

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> Wrapper:
        status = yield
        packed = getattr(report, "smallbench", None)
        # The short summary asks again at the end, and must get pytest's own words.
        if packed is None or not self._telling or self.config.get_verbosity() < 1:
            return status
        result = unpack(packed["result"])
        return status[0], status[1], (attempt_line(result), MARKUP[result.outcome])

    def _print_transcript(self, result: Result) -> None:
        path = self.controller.plan.trajectories.parent / result.trajectory
        if result.trajectory and path.is_file():
            writer = self.config.get_terminal_writer()
            if writer.width_of_current_line:
                writer.line()
            writer.line(transcript(read_events(path)))

    # -- after the run -------------------------------------------------------------

    def pytest_keyboard_interrupt(self) -> None:
        self.scoreboard.stop("interrupted")

    def pytest_internalerror(self) -> None:
        self.scoreboard.stop("internal error")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if not self._writers:
            return
        self._note_stop(session)
        finished = time.time()
        report, verdicts = build_report(
            self.scoreboard,
            self._run(finished),
            {name: self._facts(name) for name in self.controller.plan.benches},
            gate=self._gate(),
            duration_s=round(finished - self.controller.started, 3),
            secrets=environment_secrets(),
        )
        if self.checks:
            self._remember()
        self.config.hook.pytest_smallbench_report(report=report, config=self.config)
        session.exitstatus = exit_status(
            int(session.exitstatus), worst(verdicts.values()), self.others_failed
        )

    def _note_stop(self, session: pytest.Session) -> None:
        distributed = self.config.pluginmanager.get_plugin("dsession")
        for owner in (session, distributed):
            for name in ("shouldstop", "shouldfail"):
                reason = getattr(owner, name, None)
                if reason:
                    self.scoreboard.stop(str(reason))

    def _run(self, finished: float) -> Any:
        tx = self.config.getoption("tx", None) or []
        facts = RunFacts(
            id=self.controller.plan.run_id,
            command=["pytest", *self.config.invocation_params.args],
            rootdir=self.config.rootpath,
            started=self.controller.started,
            finished=finished,
            seed=self.controller.settings.seed,
            workers=len(tx),
            stopped=self.scoreboard.stopped,
        )
        return describe_run(facts, environment_secrets())

    def _facts(self, name: str) -> BenchmarkFacts:
        plan, settings = self.controller.plan.benches[name], self.controller.settings
        benchmark = self.controller.benchmark(name)
        agents = sorted(self.agents.get(name, set()) - {""})
        index = plan.index
        return BenchmarkFacts(
            agent=", ".join(agents) or self._asked_agent(),
            model=settings.model if "react" in agents else None,
            dataset={
                "source": index.source,
                "revision": index.revision,
                "selection": index.selection,
            },
            environment={
                "sandbox": plan.sandbox(settings.sandbox),
                "fingerprint": plan.preparation.fingerprint,
            },
            labels=benchmark.labels,
            abilities=benchmark.abilities,
            remarks=getattr(benchmark, "remarks", None),
        )

    def _gate(self) -> GateSettings:
        settings = self.controller.settings
        return GateSettings(min_rate=settings.min_rate, max_errors=settings.max_errors)

    def _remember(self) -> None:
        for line in self.controller.remember(self.checks):
            self.config.get_terminal_writer().line(f"\nsmallbench: {line}")

    def pytest_unconfigure(self) -> None:
        self.controller.stop()
