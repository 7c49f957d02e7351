"""The pytest hooks of the process that reports: xdist's controller, or pytest with -n 0.

Every item's report brings its result here; at the end they become one report, which the
hook ``pytest_smallbench_report`` hands to its writers, and the exit status.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from pytest_smallbench.command_agents import is_command, label
from pytest_smallbench.contracts import ReferenceCheck, Result
from pytest_smallbench.controller import Controller, grader_version
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.judging import against, gate_settings, resumed
from pytest_smallbench.mcp_servers import run_secrets, server_names
from pytest_smallbench.reports.agent_prompt import agent_prompt
from pytest_smallbench.reports.attempt_line import MARKUP, attempt_line
from pytest_smallbench.reports.build import BenchmarkFacts, build_report
from pytest_smallbench.reports.files import ReportFile
from pytest_smallbench.reports.gate import exit_status, worst
from pytest_smallbench.reports.github import github
from pytest_smallbench.reports.html.file import HtmlFile
from pytest_smallbench.reports.json_file import JsonFile
from pytest_smallbench.reports.live_hooks import live_count
from pytest_smallbench.reports.markdown import MarkdownFile
from pytest_smallbench.reports.run_info import RunFacts, describe_run
from pytest_smallbench.reports.scoreboard import Scoreboard
from pytest_smallbench.reports.terminal import TerminalSummary
from pytest_smallbench.reports.transcript import transcript
from pytest_smallbench.results import pack, unpack
from pytest_smallbench.trajectory import file_name, read_events, spent
from pytest_smallbench.worker import Worker

REPLAYED = "model answers were replayed: tokens and cost are the recorded ones, nothing was spent"
NOTHING_COLLECTED = int(pytest.ExitCode.NO_TESTS_COLLECTED)
FAILED = ("unresolved", "error")
Wrapper = Generator[None, Any, Any]


class ReportingPlugin:
    """Registered on the controller only."""

    def __init__(self, config: pytest.Config, controller: Controller, worker: Worker) -> None:
        self.controller = controller
        self.worker = worker
        self.config = config
        self.scoreboard = Scoreboard()
        self.agents: dict[str, set[str]] = {}
        self.checks: dict[str, dict[str, ReferenceCheck]] = {}
        self.others_failed = False
        self._began = time.time()
        self._writers = False
        self._telling = False
        self._collected: list[str] = []

    # -- before the run ------------------------------------------------------------

    def pytest_report_header(self) -> list[str]:
        return self._header(self.controller.plan.benches)

    def _header(self, names: Iterable[str]) -> list[str]:
        """What runs of these benchmarks, and where to."""
        settings = self.controller.settings
        lines = []
        for name in names:
            plan = self.controller.plan.benches[name]
            count = len(plan.index.entries)
            agent = "the reference solutions" if settings.validate else self._asked_agent()
            lines.append(
                f"{name}: {count} task{'s' if count != 1 else ''} of {plan.index.source} "
                f"({plan.index.selection}){_each(plan.attempts)}, agent {agent}, "
                f"sandbox {plan.sandbox(settings.sandbox)}"
            )
        if settings.replay is not None:
            lines.append(f"model answers are replayed from {settings.replay}")
        if self.controller.earlier is not None:
            done, parts = len(self.controller.earlier.done), self.controller.earlier.parts
            lines.append(f"part {parts} of run {self.controller.plan.run_id}: {done:,} done before")
        if self.controller.plan.output:
            lines.append(f"output in {self.controller.plan.output}")
        return [f"smallbench: {line}" for line in lines]

    def tell_collected(self, names: Iterable[str]) -> None:
        """Tasks were found after the header was printed. The hooks by which a run expects its
        items are under way just now, and will not come to a plugin that is new."""
        self._collected = self._header(names)
        for name in names:
            expected = [item.name for item in self.controller.plan.benches[name].items()]
            self.scoreboard.add_expected(expected, name)
        if self.config.pluginmanager.has_plugin("dsession"):
            terminal: Any = self.config.pluginmanager.get_plugin("terminalreporter")
            for line in self._collected if terminal is not None else ():
                terminal.write_line(line)

    def pytest_report_collectionfinish(self) -> list[str]:
        """With xdist pytest does not ask."""
        return self._collected

    def _asked_agent(self) -> str:
        from pytest_smallbench.session import conftest_agent

        own = conftest_agent(self.config)
        asked = self.controller.settings.agent
        return f"of {own}" if own and not asked else label(self.worker.agent_name)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        if self.config.option.collectonly:
            return
        try:
            self.begin()
        except UsageMistake as mistake:
            raise pytest.UsageError(str(mistake)) from None

    def begin(self) -> None:
        """Get everything ready for the first task. Raises UsageMistake."""
        self.controller.prepare()
        self.worker.plan = self.controller.plan
        if self.worker.budget is not None:
            self.worker.budget.begin(anew=self.controller.earlier is None)
        for packed in self.controller.earlier.entries if self.controller.earlier else ():
            self.scoreboard.add(self._take_in(packed))
        self._register_writers()

    def _register_writers(self) -> None:
        folder = Path(self.controller.plan.output)
        files = [JsonFile(folder), MarkdownFile(folder), HtmlFile(folder), *self._exports(folder)]
        manager = self.config.pluginmanager
        for file in files:
            manager.register(file, f"smallbench-{file.name}")
        manager.register(TerminalSummary(folder, files), "smallbench-terminal")
        prints = manager.get_plugin("terminalreporter") is not None
        runner = github(self.config.get_terminal_writer() if prints else None)
        if runner is not None:
            manager.register(runner, "smallbench-github")
        live = live_count(self.config, self.scoreboard)
        if live is not None:
            manager.register(live, "smallbench-live")
        self._writers = True

    def _exports(self, folder: Path) -> list[ReportFile]:
        if not self.controller.settings.export:
            return []
        from pytest_smallbench.exports.files import Export

        return [Export(folder, name) for name in self.controller.settings.export]

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
        collected = set(ids)
        for nodeid, benchmark, _ in self.controller.plan.items():
            if nodeid in collected:
                self.scoreboard.add_expected([nodeid], benchmark)

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
        if packed is None and str(report.when) == "???":
            crashed = self._crashed(report)
            packed = {"result": pack(crashed), "agent": ""} if crashed is not None else None
        if packed is None:
            return None
        self.controller.note(packed)
        return self._take_in(packed)

    def _take_in(self, packed: dict[str, Any]) -> Result:
        """A result as a worker packed it, in this part of the run or in an earlier one."""
        result = unpack(packed["result"])
        self.agents.setdefault(result.benchmark, set()).add(packed["agent"])
        if "reference_check" in packed:
            check = ReferenceCheck(**packed["reference_check"])
            self.checks.setdefault(result.benchmark, {})[result.task_id] = check
        return result

    def _crashed(self, report: pytest.TestReport) -> Result | None:
        """xdist reports the item that a worker died with in a phase of its own."""
        planned = {nodeid: (name, item) for nodeid, name, item in self.controller.plan.items()}
        if report.nodeid not in planned:
            return None
        benchmark, item = planned[report.nodeid]
        report.when = "setup"  # an error for terminal and junit, not a failed test
        file = f"trajectories/{file_name(report.nodeid)}"
        usage, cost = spent(self.controller.plan.trajectories.parent / file)
        return Result(
            benchmark=benchmark,
            task_id=item.entry.id,
            nodeid=report.nodeid,
            outcome="error",
            reason="the worker process died while it ran this task",
            attempt=item.attempt,
            form=item.entry.form,
            category=item.entry.category,
            tags=item.entry.tags,
            usage=usage,
            cost_usd=cost,
            trajectory=file,
        )

    def _stop_run(self, reason: str) -> None:
        """End the whole run at once: no task could fare better."""
        self.scoreboard.stop(reason)
        plugins = self.config.pluginmanager
        running: Any = plugins.get_plugin("dsession") or plugins.get_plugin("session")
        running.shouldstop = f"smallbench: {reason}"

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

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Wrapper:
        """After all others and within the terminal's, which prints its summary then. What
        fails in another's must not cost the report of a run."""
        try:
            return (yield)
        finally:
            if self._writers:
                self._finish(session)

    def _finish(self, session: pytest.Session) -> None:
        self._note_stop(session)
        finished = time.time()
        report, verdicts = build_report(
            self.scoreboard,
            self._run(finished),
            {name: self._facts(name) for name in self.controller.plan.benches},
            gate=gate_settings(self.controller.settings),
            against=against(self.controller.baseline, self.controller.settings),
            duration_s=self._duration(finished),
            secrets=run_secrets(self.controller.settings),
        )
        if self.checks:
            self._remember()
        self.config.hook.pytest_smallbench_report(report=report, config=self.config)
        session.exitstatus = exit_status(
            self._pytest_status(session), worst(verdicts.values()), self.others_failed
        )

    def _pytest_status(self, session: pytest.Session) -> int:
        """pytest's own, as it would be had this run been in one part."""
        status = int(session.exitstatus)
        if self.controller.earlier is None or status not in (0, NOTHING_COLLECTED):
            return status
        return int(any(each.outcome in FAILED for each in self.scoreboard.results()))

    def _duration(self, finished: float) -> float:
        earlier = self.controller.earlier
        return round(finished - self._began + (earlier.wall_s if earlier else 0.0), 3)

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
            resumed=resumed(self.controller.earlier),
        )
        return describe_run(facts, run_secrets(self.controller.settings))

    def _facts(self, name: str) -> BenchmarkFacts:
        plan, settings = self.controller.plan.benches[name], self.controller.settings
        benchmark = self.controller.benchmark(name)
        agents = sorted(self.agents.get(name, set()) - {""})
        index = plan.index
        return BenchmarkFacts(
            agent=", ".join(agents) or self._asked_agent(),
            model=settings.model if "react" in agents or self._asked_our_model(name) else None,
            agent_prompt=agent_prompt(settings.agent_prompt),
            mcp_servers=server_names(settings),
            grader_version=grader_version(benchmark),
            attempts=plan.attempts,
            notes=(REPLAYED,) if settings.replay is not None else (),
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

    def _asked_our_model(self, name: str) -> bool:
        """A user's own agent, too, may have used the fixture ``model``; a program asks its own."""
        if is_command(self.worker.agent_name):
            return False
        return any(result.usage.total for result in self.scoreboard.results(name))

    def _remember(self) -> None:
        for line in self.controller.remember(self.checks):
            self.config.get_terminal_writer().line(f"\nsmallbench: {line}")

    def pytest_unconfigure(self) -> None:
        self.controller.stop()


def _each(attempts: int) -> str:
    return f", {attempts} attempts each" if attempts > 1 else ""
