"""One attempt as the exports see it: its result, its record, and the run that it is part of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pytest_smallbench.exports.conversation import Conversation, read_conversation
from pytest_smallbench.reports.shape import BenchmarkReport, Report, ResultRecord, Run
from pytest_smallbench.trajectory import trajectory_path


@dataclass(frozen=True)
class Attempt:
    result: ResultRecord
    benchmark: BenchmarkReport
    run: Run
    record: Conversation

    @property
    def id(self) -> str:
        """Names this attempt wherever its run's files go."""
        return f"{self.run['id']}:{self.result['nodeid']}"

    @property
    def model(self) -> str | None:
        return self.benchmark["model"]


def read_attempt(report: Report, result: ResultRecord, folder: Path) -> Attempt | None:
    """None for an attempt that never began, such as a skipped one."""
    name = result["trajectory"]
    if not name:
        return None
    path = trajectory_path(folder, name)
    missing = Conversation(note=f"The record is missing: there was no file {name}.")
    record = missing if path is None else read_conversation(path)
    return Attempt(result, report["benchmarks"][result["benchmark"]], report["run"], record)
