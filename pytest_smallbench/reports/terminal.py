"""The terminal's summary: a table, the causes of errors, the paths, the verdict at the end."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pytest_smallbench.reports.attempts_text import attempts_sentences
from pytest_smallbench.reports.causes import causes
from pytest_smallbench.reports.comparison_text import comparison_sentences
from pytest_smallbench.reports.files import ReportFile
from pytest_smallbench.reports.formatting import BAR_WIDTH, bar, clip, interval, percent, plural
from pytest_smallbench.reports.shape import BenchmarkReport, Group, Report, ResultRecord
from pytest_smallbench.reports.untrusted import one_line
from pytest_smallbench.reports.verdict_line import ability_words, total_group, verdict_line

CAUSES_SHOWN = 8
GROUPS_SHOWN = 20
LABEL_WIDTH = 30
SCORE_WIDTH = 10
REASON_WIDTH = 140
_COLOURS = {"met": "green", "missed": "red", "inconclusive": "yellow"}
_ASCII = str.maketrans({"█": "#", "░": ".", "·": "-"})


@dataclass(frozen=True)
class Line:
    """A line of the summary, and how the terminal writer marks it up."""

    text: str
    markup: Mapping[str, bool] = field(default_factory=dict)


class TerminalSummary:
    """A plugin of the controller: prints the summary after everything that pytest prints.

    pytest's own short summary has a line a failed item: with hundreds of unresolved tasks
    whatever is printed before it has scrolled away.
    """

    def __init__(self, folder: Path, files: Sequence[ReportFile] = ()) -> None:
        self._folder = folder
        self._files = files
        self._report: Report | None = None

    @pytest.hookimpl
    def pytest_smallbench_report(self, report: Report) -> None:
        self._report = report

    @pytest.hookimpl(wrapper=True, tryfirst=True)  # outermost: after the terminal reporter's
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, object, object]:
        outcome = yield
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and self._report is not None:
            brief = session.config.get_verbosity() < 0
            self._print(reporter, self._report, brief)
        return outcome

    def _print(self, reporter: pytest.TerminalReporter, report: Report, brief: bool) -> None:
        shown = shown_in(getattr(sys.__stdout__, "encoding", None))
        if not brief:
            names = ", ".join(report["benchmarks"])
            reporter.write_sep("=", shown(f"smallbench: {names}"), bold=True)
            for line in [*summary_lines(report), *self._path_lines()]:
                reporter.write_line(shown(line.text), **line.markup)
        for line in [*self._problem_lines(), *verdict_lines(report)]:
            reporter.write_line(shown(line.text), **line.markup)

    def _path_lines(self) -> list[Line]:
        paths = [file.path for file in self._files if file.written]
        if (self._folder / "trajectories").is_dir():
            paths.append(self._folder / "trajectories")
        return [Line(f"written: {_relative(path)}") for path in paths]

    def _problem_lines(self) -> list[Line]:
        return [Line(file.problem, {"red": True}) for file in self._files if file.problem]


def summary_lines(report: Report) -> list[Line]:
    """What there is to say of each benchmark before its verdict."""
    lines: list[Line] = []
    for name, benchmark in report["benchmarks"].items():
        results = [each for each in report["results"] if each["benchmark"] == name]
        if len(report["benchmarks"]) > 1:
            lines += [*([Line("")] if lines else []), Line(one_line(name), {"bold": True})]
        lines += _benchmark_lines(benchmark, results)
    return lines


def verdict_lines(report: Report) -> list[Line]:
    """A line a benchmark, in the colour of its gate."""
    lines = []
    for name, benchmark in report["benchmarks"].items():
        colour = _COLOURS.get(benchmark["gate"]["status"])
        markup = {"bold": True, **({colour: True} if colour else {})}
        lines.append(Line(one_line(verdict_line(name, benchmark)), markup))
    return lines


def shown_in(encoding: str | None) -> Callable[[str], str]:
    """Text as a terminal of this encoding can show it: without UTF-8 bars are of ``#``."""
    if encoding and encoding.lower().replace("-", "").startswith("utf"):
        return lambda text: text
    return lambda text: text.translate(_ASCII)


def _benchmark_lines(benchmark: BenchmarkReport, results: Sequence[ResultRecord]) -> list[Line]:
    groups, labels = benchmark["groups"], benchmark["labels"]
    setting = _setting(benchmark)
    lines = [Line(setting), Line("")] if setting else []
    total = total_group(benchmark)
    for kind, members in (("category", groups["category"]), ("form", groups["form"])):
        if len(members) > 1:
            lines += [*table(labels[kind], members, total, labels.get("score", "")), Line("")]
    for outcome, title in (("error", "errors"), ("skipped", "skipped"), ("not_run", "not run")):
        lines += _cause_lines(title, results, outcome)
    lines += [*_missing_lines(benchmark["missing"]), *_flag_lines(results)]
    lines += [Line(one_line(text)) for text in attempts_sentences(benchmark)]
    if benchmark["comparison"] is not None:
        lines += [Line(one_line(text)) for text in comparison_sentences(benchmark["comparison"])]
    if benchmark["summary"]["abilities"]:
        words = ", ".join(ability_words(benchmark["summary"]["abilities"]))
        lines.append(Line(one_line(f"{labels['abilities']}: {words}")))
    return lines + [Line(one_line(note), {"yellow": True}) for note in benchmark["notes"]]


def _setting(benchmark: BenchmarkReport) -> str:
    """Who did what where: an override that pytest did not see must show."""
    dataset, environment = benchmark["dataset"], benchmark["environment"]
    said = {
        "agent": benchmark["agent"],
        "model": benchmark["model"],
        "data set": dataset["source"],
        "sandbox": environment["sandbox"],
    }
    return one_line(" · ".join(f"{name} {value}" for name, value in said.items() if value))


def table(label: str, groups: Mapping[str, Group], total: Group, score: str = "") -> list[Line]:
    """Aligned rows, one a group; the largest where there are too many; the whole at the end.
    ``score`` heads a column of mean scores, which is left out where it is empty."""
    largest = sorted(groups, key=lambda name: -groups[name]["graded"])[:GROUPS_SHOWN]
    rows = [(clip(one_line(name), LABEL_WIDTH), groups[name]) for name in groups if name in largest]
    rows.append(("all", total))
    label = one_line(label)
    width = max(len(label), *(len(name) for name, _ in rows))
    counted = max(len(_counted(group)) for _, group in rows)
    figures = f"{'resolved':<{counted + 2 + BAR_WIDTH}}  {'rate':>6}  {'95% CI':<10}"
    score = one_line(score)
    figures += f" {score:>{SCORE_WIDTH}}" if score else ""
    head = f"{label:<{width}}  {figures} {'errors' if total['errors'] else '':>6}".rstrip()
    lines = [Line(head, {"bold": True})]
    lines += [Line(_row(name, group, width, counted, bool(score))) for name, group in rows]
    hidden = len(groups) - len(largest)
    if hidden:
        lines.append(Line(f"({plural(hidden, 'smaller group')} in the report)"))
    return lines


def _row(name: str, group: Group, width: int, counted: int, scored: bool) -> str:
    rate, errors = group["rate"], f"{group['errors']:,}" if group["errors"] else ""
    score = f" {percent(group['mean_score']):>{SCORE_WIDTH}}" if scored else ""
    return (
        f"{name:<{width}}  {_counted(group):>{counted}}  {bar(rate)}  {percent(rate):>6}  "
        f"{interval(group['ci95']):<10}{score} {errors:>6}"
    ).rstrip()


def _counted(group: Group) -> str:
    return f"{group['resolved']:,}/{group['graded']:,}"


def _cause_lines(title: str, results: Sequence[ResultRecord], outcome: str) -> list[Line]:
    found = causes(results, outcome)
    if not found:
        return []
    lines = [Line(f"{title}:", {"yellow": True})]
    width = len(f"{found[0].count:,}")
    for cause in found[:CAUSES_SHOWN]:
        reason = clip(cause.text, REASON_WIDTH)
        lines.append(
            Line(f"  {cause.count:>{width},}  {reason} ({_where(cause.first, cause.count)})")
        )
    rest = sum(cause.count for cause in found[CAUSES_SHOWN:])
    return [*lines, *([Line(f"  {rest:>{width},}  other reasons")] if rest else [])]


def _where(first: ResultRecord, count: int) -> str:
    nodeid = one_line(first["nodeid"])
    return nodeid if count == 1 else f"first: {nodeid}"


def _missing_lines(missing: Sequence[str]) -> list[Line]:
    if not missing:
        return []
    told = one_line(missing[0]) if len(missing) == 1 else f"first: {one_line(missing[0])}"
    return [Line(f"no result from {plural(len(missing), 'item')} ({told})", {"yellow": True})]


def _flag_lines(results: Sequence[ResultRecord]) -> list[Line]:
    marked: dict[str, int] = {}
    for result in results:
        for flag in result["flags"]:
            marked[flag] = marked.get(flag, 0) + 1
    if not marked:
        return []
    told = ", ".join(f"{flag} ({count:,})" for flag, count in sorted(marked.items()))
    return [Line(clip(one_line(f"remarks: {told}"), REASON_WIDTH))]


def _relative(path: Path) -> str:
    """From the current folder where that is shorter, so that it can be pasted."""
    relative = os.path.relpath(path)
    return one_line(str(path) if relative.startswith("..") else relative)
