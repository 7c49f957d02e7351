"""The pytest hooks of the process that reports: xdist's controller, or pytest with -n 0.

Every item's report brings its result here; at the end they become one report, which the
hook ``pytest_smallbench_report`` hands to its writers, and the exit status.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence
from typing import Any

import pytest

from pytest_smallbench.closing import Closing
from pytest_smallbench.contracts import Result
from pytest_smallbench.controller import Controller
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.heading import heading
from pytest_smallbench.intake import Intake
from pytest_smallbench.reports.attempt_line import MARKUP, attempt_line
from pytest_smallbench.reports.gate import exit_status, worst
from pytest_smallbench.reports.transcript import transcript
from pytest_smallbench.results import unpack
from pytest_smallbench.trajectory import read_events
from pytest_smallbench.worker import Worker
from pytest_smallbench.writers import register_writers

NOTHING_COLLECTED = int(pytest.ExitCode.NO_TESTS_COLLECTED)
FAILED = ("unresolved", "error")
Wrapper = Generator[None, Any, Any]


class ReportingPlugin:
    """Registered on the controller only."""

    def __init__(self, config: pytest.Config, controller: Controller, worker: Worker) -> None:
        self.controller = controller
        self.worker = worker
        self.config = config
        self.intake = Intake(controller)
        self.scoreboard = self.intake.scoreboard
        self.others_failed = False
        self._began = time.time()
        self._writers = False
        self._telling = False
        self._collected: list[str] = []

    # -- before the run ------------------------------------------------------------

    def pytest_report_header(self) -> list[str]:
        return self._header(self.controller.plan.benches)

    def _header(self, names: Iterable[str]) -> list[str]:
        return heading(self.controller, names)

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
            self.intake.take_in(packed)
        register_writers(self.config, self.controller, self.scoreboard)
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
        collected = set(ids)
        for nodeid, benchmark, _ in self.controller.plan.items():
            if nodeid in collected:
                self.scoreboard.add_expected([nodeid], benchmark)

    # -- while it runs -------------------------------------------------------------

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Wrapper:
        result = self.intake.of_report(report)
        if result is not None and result.stop:
            self._stop_run(result.stop)
        if result is None and report.failed:
            self.others_failed = True
        self._telling = True
        outcome = yield
        self._telling = False
        if result is not None and self.config.get_verbosity() >= 2:
            self._print_transcript(result)
        return outcome

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
        closing = Closing(self.controller, self.intake, self.worker.agent_name)
        report, verdicts = closing.report(self.config, self._began, time.time())
        for line in self.controller.remember(self.intake.checks) if self.intake.checks else ():
            self.config.get_terminal_writer().line(f"\nsmallbench: {line}")
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

    def _note_stop(self, session: pytest.Session) -> None:
        distributed = self.config.pluginmanager.get_plugin("dsession")
        for owner in (session, distributed):
            for name in ("shouldstop", "shouldfail"):
                reason = getattr(owner, name, None)
                if reason:
                    self.scoreboard.stop(str(reason))

    def pytest_unconfigure(self) -> None:
        self.controller.stop()
