"""Takes results in, as the reports of items bring them from the workers."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_smallbench.contracts import ReferenceCheck, Result
from pytest_smallbench.controller import Controller
from pytest_smallbench.plan import PlannedItem
from pytest_smallbench.reports.scoreboard import Scoreboard
from pytest_smallbench.results import pack, unpack
from pytest_smallbench.trajectory import file_name, spent


class Intake:
    """``agents`` and ``checks`` are by benchmark: the names of the agents that solved its
    tasks, and what grading their reference solutions showed."""

    def __init__(self, controller: Controller) -> None:
        self.scoreboard = Scoreboard()
        self.agents: dict[str, set[str]] = {}
        self.checks: dict[str, dict[str, ReferenceCheck]] = {}
        self._controller = controller

    def of_report(self, report: pytest.TestReport) -> Result | None:
        """The result that an item's report brings; None where it brings none."""
        packed = getattr(report, "smallbench", None)
        if packed is None and str(report.when) == "???":
            crashed = self._crashed(report)
            packed = {"result": pack(crashed), "agent": ""} if crashed is not None else None
        if packed is None:
            return None
        self._controller.note(packed)
        return self.take_in(packed)

    def take_in(self, packed: dict[str, Any]) -> Result:
        """A result as a worker packed it, in this part of the run or in an earlier one."""
        result = unpack(packed["result"])
        self.agents.setdefault(result.benchmark, set()).add(packed["agent"])
        if "reference_check" in packed:
            check = ReferenceCheck(**packed["reference_check"])
            self.checks.setdefault(result.benchmark, {})[result.task_id] = check
        self.scoreboard.add(result)
        return result

    def _crashed(self, report: pytest.TestReport) -> Result | None:
        """xdist reports the item that a worker died with in a phase of its own."""
        planned = {nodeid: (name, item) for nodeid, name, item in self._controller.plan.items()}
        if report.nodeid not in planned:
            return None
        report.when = "setup"  # an error for terminal and junit, not a failed test
        return self._lost(report.nodeid, *planned[report.nodeid])

    def _lost(self, nodeid: str, benchmark: str, item: PlannedItem) -> Result:
        file = f"trajectories/{file_name(nodeid)}"
        usage, cost = spent(self._controller.plan.trajectories.parent / file)
        return Result(
            benchmark=benchmark,
            task_id=item.entry.id,
            nodeid=nodeid,
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
