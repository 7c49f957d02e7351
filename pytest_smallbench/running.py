"""The pytest hooks of a process that runs tasks: a worker of xdist's, or pytest with -n 0.

Around each phase of a task's item an exception of ours becomes one line of text, and the
item's last report carries the attempt's result to the controller.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any, cast

import pytest

from pytest_smallbench.captured import shortened
from pytest_smallbench.collection import benchmark_node, longest_first, suite_function
from pytest_smallbench.contracts import Agent, Result
from pytest_smallbench.custom.asserting import ASSERTS_NOTHING, asserts_nothing
from pytest_smallbench.errors import BudgetSpent, UsageMistake
from pytest_smallbench.interrupts import Interrupts
from pytest_smallbench.junit import properties
from pytest_smallbench.outcomes import Verdict, judge_call, judge_setup, one_line
from pytest_smallbench.recording import AnsweringAgent, RecordedAgent
from pytest_smallbench.results import pack, unpack
from pytest_smallbench.task_items import TASK, task_of
from pytest_smallbench.worker import ATTEMPT, Worker

VERDICT = pytest.StashKey[Verdict]()
TAIL = 3  # events of the trajectory that a failure's section shows
TAIL_LENGTH = 300  # characters of each text in them

Wrapper = Generator[None, Any, Any]


class RunningPlugin:
    """Registered only where tasks run."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.interrupts = Interrupts()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Wrapper:
        with self.interrupts.listening():
            return (yield)

    def pytest_leave_pdb(self) -> None:
        self.interrupts.forget()  # at its prompt Ctrl-C means something else

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Wrapper:
        report = yield
        if isinstance(collector, pytest.Session) and report.passed:
            report.result.extend(self._nodes(collector, report.result))
        return report

    def _nodes(
        self, session: pytest.Session, collected: Sequence[pytest.Item | pytest.Collector]
    ) -> list[pytest.Collector]:
        nodes = []
        for name in self.worker.settings.benchmarks:
            plan = self.worker.plan.benches[name]
            benchmark = self.worker.registry.get_benchmark(name)
            function = suite_function(benchmark)
            if self.worker.settings.validate:
                from pytest_smallbench.reference_suite import test_reference as function
            nodes.append(benchmark_node(session, benchmark, plan, function, collected))
        return nodes

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        if hasattr(config, "workerinput"):
            longest_first(items, self._expected_s)

    def _expected_s(self, item: pytest.Item) -> float:
        task = task_of(item)
        plan = self.worker.plan.benches.get(task.benchmark) if task is not None else None
        if task is None or plan is None:
            return 0.0
        return plan.preparation.expected_s.get(task.entry.id, 0.0)

    # Within those of pytest's own plugins, whose teardown counts on their set-up: in a run that
    # collection set up, this plugin is newer than they are and would come first.
    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Wrapper:
        __tracebackhide__ = True  # a user's own traceback starts with the user's code
        if task_of(item) is None:
            return (yield)
        try:
            if reason := self.worker.reason_to_skip(item):
                pytest.skip(reason)
            self.interrupts.check()
            self.worker.begin(item)
            item.stash[ATTEMPT].check_interrupts = self.interrupts.check
            return (yield)
        except (Exception, BudgetSpent) as raised:
            _retell(item, judge_setup(raised))
            raise

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Wrapper:
        __tracebackhide__ = True
        if task_of(item) is None:
            return (yield)
        try:
            self._wrap_agent(item)
            outcome = yield
        except BaseException as raised:
            self._judge(item, raised)
            raise
        item.stash[VERDICT] = Verdict("resolved")
        if item.stash[TASK].own_test and asserts_nothing(getattr(item, "function", None)):
            item.stash[ATTEMPT].flags = (ASSERTS_NOTHING,)
        return outcome

    def _judge(self, item: pytest.Item, raised: BaseException) -> None:
        """Raises the verdict as plain text. A user's own assert is told by pytest, unless a
        limit that the agent reached is what made it fail."""
        attempt = item.stash[ATTEMPT]
        verdict = judge_call(raised, attempt)
        asserted = isinstance(raised, AssertionError | pytest.fail.Exception)
        own = item.stash[TASK].own_test and asserted and not attempt.limit_reached
        if own and verdict is not None and verdict.outcome == "unresolved":
            item.stash[VERDICT] = verdict
            return
        _retell(item, verdict)

    def _wrap_agent(self, item: pytest.Item) -> None:
        given: dict[str, Any] = getattr(item, "funcargs", {})
        agent = given.get("agent")
        if agent is None:
            return
        if not callable(getattr(agent, "solve", None)):
            raise UsageMistake(
                f"fixture 'agent' gave a {type(agent).__name__}, which has no method solve; "
                "return an object with solve(environment) -> str | None"
            )
        attempt = item.stash[ATTEMPT]
        attempt.agent_name = attempt.agent_name or f"conftest:{type(agent).__qualname__}"
        recorded = AnsweringAgent if item.stash[TASK].own_test else RecordedAgent
        given["agent"] = recorded(cast(Agent, agent), attempt)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Wrapper:
        report = yield
        if task_of(item) is not None:
            report.sections = [(title, shortened(text)) for title, text in report.sections]
        if task_of(item) is not None and _decides(report):
            verdict = _verdict(item, report, call)
            report.smallbench = self._packed(item, verdict)
            # junit writes those of the item's last report.
            item.user_properties += properties(unpack(report.smallbench["result"]))
            if report.when == "call" and verdict.outcome == "error":
                # So that terminal, xdist and junit all call it an error (DESIGN §3).
                report.when = "setup"
            if report.failed:
                _say_reason(report, verdict)
                self._add_tail(item, report)
        return report

    def _packed(self, item: pytest.Item, verdict: Verdict) -> dict[str, Any]:
        if ATTEMPT in item.stash:
            return self.worker.end(item, verdict)
        task = item.stash[TASK]
        entry = task.entry
        result = Result(
            benchmark=task.benchmark,
            task_id=entry.id,
            nodeid=item.nodeid,
            outcome=verdict.outcome,
            reason=verdict.reason,
            attempt=task.attempt,
            form=entry.form,
            category=entry.category,
            tags=entry.tags,
            stop=verdict.stop,
        )
        return {"result": pack(result), "agent": ""}

    def pytest_unconfigure(self) -> None:
        self.worker.close()

    def _add_tail(self, item: pytest.Item, report: pytest.TestReport) -> None:
        if ATTEMPT not in item.stash:
            return
        from pytest_smallbench.reports.transcript import transcript
        from pytest_smallbench.trajectory import read_events

        path = item.stash[ATTEMPT].trajectory.path
        tail = transcript(read_events(path), length=TAIL_LENGTH, last=TAIL)
        report.sections.append(("trajectory", f"{tail}\nwhole: {path}"))


def _say_reason(report: pytest.TestReport, verdict: Verdict) -> None:
    """The reason alone in the short summary, without the name of pytest's own exception."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None and crash.message == f"Failed: {verdict.reason}":
        crash.message = verdict.reason


def _retell(item: pytest.Item, verdict: Verdict | None) -> None:
    """Raise the verdict as plain text; return where it is not ours to tell."""
    if verdict is not None:
        item.stash[VERDICT] = verdict
        if verdict.outcome == "not_run":
            raise pytest.skip.Exception(
                f"not run: {verdict.reason}", _use_item_location=True
            ) from None
        # pytest's own failure, so that --pdb, -x and junit see what they know.
        raise pytest.fail.Exception(verdict.reason, pytrace=False) from None


def _decides(report: pytest.TestReport) -> bool:
    """Each item has one report that tells its outcome: the call's, or a set-up that ended it."""
    return report.when == "call" or (report.when == "setup" and not report.passed)


def _verdict(item: pytest.Item, report: pytest.TestReport, call: pytest.CallInfo[None]) -> Verdict:
    if VERDICT in item.stash:
        return item.stash[VERDICT]
    raised = call.excinfo.value if call.excinfo is not None else None
    reason = one_line(raised) if raised is not None else ""
    if report.skipped:
        return Verdict("skipped", reason)
    kind = type(raised).__name__
    return Verdict("error", f"the test itself raised {kind}: {reason}")
