"""A run inside GitHub Actions: the step's summary, and an annotation for each lost task.

Texts of tasks and agents go into lines that the runner takes for commands: so all of it is
escaped as GitHub's own toolkit does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_smallbench.reports.formatting import clip, percent
from pytest_smallbench.reports.markdown import markdown_report
from pytest_smallbench.reports.shape import BenchmarkReport, Flip, Report
from pytest_smallbench.reports.untrusted import markdown, one_line
from pytest_smallbench.reports.verdict_line import verdict_line

if TYPE_CHECKING:
    from _pytest._io import TerminalWriter  # no public name for it

SUMMARY_BYTES = 1_000_000  # GitHub refuses a step's summary above 1,024 KiB
REASON_LENGTH = 200
# Links to files of the run, which are dead outside its folder; the text stays.
_LINKS = re.compile(r"\[(`+[^\n]*?`+)\]\(trajectories/[^)\n]*\)")


def github(
    writer: TerminalWriter | None, environment: Mapping[str, str] = os.environ
) -> GitHub | None:
    """The plugin to register on the controller; None where no GitHub runner is at work, or
    nothing is to be printed."""
    if writer is None or environment.get("GITHUB_ACTIONS") != "true":
        return None
    summary = environment.get("GITHUB_STEP_SUMMARY")
    return GitHub(writer, Path(summary) if summary else None)


class GitHub:
    """Writes annotations to the terminal, whose output is the step's log."""

    def __init__(self, writer: TerminalWriter, summary: Path | None) -> None:
        self._writer = writer
        self._summary = summary

    @pytest.hookimpl
    def pytest_smallbench_report(self, report: Report) -> None:
        if self._writer.width_of_current_line:  # commands are looked for at a line's start
            self._writer.line()
        for line in runner_lines(report):
            self._writer.line(line)
        if self._summary is not None:
            self._append(step_summary(report))

    def _append(self, text: str) -> None:
        assert self._summary is not None
        try:
            with self._summary.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
        except OSError as error:
            self._writer.line(command("warning", "smallbench", f"no step summary: {error}"))


def runner_lines(report: Report) -> Iterator[str]:
    """A command a benchmark whose gate is not met, and one a task that got worse: errors
    where the gate is missed, warnings where it may be chance. GitHub shows ten of a kind."""
    for name, benchmark in report["benchmarks"].items():
        status = benchmark["gate"]["status"]
        level = "error" if status == "missed" else "warning"
        if status in ("missed", "inconclusive"):
            yield command(level, f"{name}: gate {status}", verdict_line(name, benchmark))
        for flip in _regressed(benchmark):
            yield command(level, f"{name}: task got worse", _told(name, flip, report))


def command(level: str, title: str, message: str) -> str:
    """``::error title=...::message``, on one line whatever the texts hold."""
    return f"::{level} title={_property(one_line(title))}::{_data(one_line(message))}"


def step_summary(report: Report) -> str:
    """The report in markdown; the verdicts alone where all of it would be refused."""
    text = _LINKS.sub(r"\1", markdown_report(report))
    if len(text.encode("utf-8", "replace")) <= SUMMARY_BYTES:
        return text
    lines = [markdown(verdict_line(*each)) for each in report["benchmarks"].items()]
    return "\n\n".join(["# Benchmark report", *lines, "The whole is in report.md."]) + "\n"


def _regressed(benchmark: BenchmarkReport) -> list[Flip]:
    comparison = benchmark["comparison"]
    return comparison["regressed"] if comparison is not None else []


def _told(name: str, flip: Flip, report: Report) -> str:
    task = flip["task"]
    ids = (f"{name}::{task}", f"{name}::{task}[")  # of one attempt, or of several
    why = next(
        (
            result["reason"]
            for result in report["results"]
            if result["outcome"] == "unresolved"
            and (result["nodeid"] == ids[0] or result["nodeid"].startswith(ids[1]))
        ),
        "",
    )
    told = f"{task}: resolved {percent(flip['before'])} before, {percent(flip['now'])} now"
    return f"{told}: {clip(one_line(why), REASON_LENGTH)}" if why else told


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
