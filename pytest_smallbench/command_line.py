"""The command ``smallbench``: what can be done with finished runs, without running anything.

``smallbench show DIR`` tells a run's summary and writes its report.html anew; ``smallbench
compare OLD NEW`` holds one report.json against another, as --smallbench-baseline does;
``smallbench export DIR`` writes a run in other tools' formats.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_smallbench.contracts import Result
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.exports import FORMATS
from pytest_smallbench.option_values import several
from pytest_smallbench.reports.baseline import OPTION, read_baseline, refuse_other
from pytest_smallbench.reports.comparison import compare
from pytest_smallbench.reports.comparison_text import comparison_sentences
from pytest_smallbench.reports.gate import FEWEST_PAIRS
from pytest_smallbench.reports.html.file import HtmlFile
from pytest_smallbench.reports.reading import read_report
from pytest_smallbench.reports.shape import Comparison, Report
from pytest_smallbench.reports.transcript import transcript
from pytest_smallbench.reports.untrusted import one_line
from pytest_smallbench.reports.verdict_line import verdict_line
from pytest_smallbench.trajectory import read_events, trajectory_path

USAGE_ERROR = 4  # as pytest's own


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        lines = COMMANDS[given.command](given)
    except UsageMistake as mistake:
        told = str(mistake).removeprefix(f"{OPTION}: ")
        print(f"smallbench {given.command}: {told}", file=sys.stderr)
        return USAGE_ERROR
    _say(lines)
    return 0


def _say(lines: Sequence[str]) -> None:
    try:
        print("\n".join(lines), flush=True)
    except BrokenPipeError:
        # ``| head`` has seen enough; nor must the interpreter's end write to it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("smallbench", description="Reads finished benchmark runs")
    commands = parser.add_subparsers(dest="command", required=True)
    show = commands.add_parser("show", help="Tell a run's summary and write its report.html anew")
    show.add_argument("folder", type=Path, metavar="DIR", help="The run's output folder")
    show.add_argument("--task", metavar="ID", help="Print this task's transcript instead")
    against = commands.add_parser("compare", help="Hold a run against an earlier one, by task")
    against.add_argument("old", type=Path, metavar="OLD", help="report.json of the earlier run")
    against.add_argument("new", type=Path, metavar="NEW", help="report.json of the later run")
    export = commands.add_parser("export", help="Write a run in other tools' formats")
    export.add_argument("folder", type=Path, metavar="DIR", help="The run's output folder")
    formats = f"{' or '.join(FORMATS)}, or both with a comma between"
    export.add_argument("--format", required=True, metavar="FORMAT", help=formats)
    export.add_argument("--output", type=Path, metavar="DIR", help="Where to (default: into it)")
    return parser


def _export(given: argparse.Namespace) -> list[str]:
    from pytest_smallbench.exports.files import Export

    try:
        formats = several(*FORMATS)(given.format)
    except ValueError as allowed:
        raise UsageMistake(f"--format: {given.format!r} is not {allowed}") from None
    report = read_report(given.folder / "report.json")
    files = [Export(given.folder, name, given.output) for name in formats]
    for file in files:
        file.pytest_smallbench_report(report)
        if file.problem:
            raise UsageMistake(file.problem)
    return [f"written: {file.path}" for file in files if file.written]


def _show(given: argparse.Namespace) -> list[str]:
    folder, task = given.folder, given.task
    report = read_report(folder / "report.json")
    if task is not None:
        return [_transcript(folder, report, task)]
    page = HtmlFile(folder)
    try:
        lines = [one_line(verdict_line(*each)) for each in report["benchmarks"].items()]
        page.pytest_smallbench_report(report)
    except (LookupError, ArithmeticError, ValueError) as error:
        what = f"{type(error).__name__}: {one_line(str(error))}"
        raise UsageMistake(f"{folder / 'report.json'} is damaged ({what})") from None
    if page.problem:
        raise UsageMistake(page.problem)
    return [*lines, f"written: {page.path}"]


def _transcript(folder: Path, report: Report, task: str) -> str:
    for result in report["results"]:
        if task in (result["task_id"], result["nodeid"], result["nodeid"].partition("::")[2]):
            path = trajectory_path(folder, result["trajectory"])
            if path is None:
                raise UsageMistake(f"{task} has no trajectory in {folder}")
            return transcript(read_events(path))
    raise UsageMistake(f"{folder / 'report.json'} has no task {task}; its report.html lists them")


def _compare(given: argparse.Namespace) -> list[str]:
    old, new = read_baseline(given.old), read_baseline(given.new)
    records = json.loads(given.new.read_text(encoding="utf-8"))["results"]
    lines = []
    for name, benchmark in new.benchmarks.items():
        refuse_other(old, name, benchmark.terms)
        results = [_result(each) for each in records if each["benchmark"] == name]
        found = compare(name, results, old, benchmark.variants)
        sentences = [one_line(sentence) for sentence in comparison_sentences(found)]
        lines += [*sentences, f"{one_line(name)}: {_verdict(found)}"]
    return lines


def _verdict(found: Comparison) -> str:
    """In the gate's terms: too few pairs allow none."""
    if found["pairs"] < FEWEST_PAIRS or found["p_value"] is None:
        return f"inconclusive: {found['pairs']} tasks in common, {FEWEST_PAIRS} needed"
    told = "a regression" if found["p_value"] < found["alpha"] else "no regression found"
    return f"{told} at alpha {found['alpha']:g}"


def _result(values: Any) -> Result:
    """As much of a record as a comparison asks for; the reader has checked these fields."""
    return Result(
        benchmark=values["benchmark"],
        task_id=values["task_id"],
        nodeid=str(values.get("nodeid", values["task_id"])),
        outcome=values["outcome"],
        attempt=values["attempt"],
        form=values.get("form", ""),
    )


COMMANDS: Mapping[str, Callable[[argparse.Namespace], list[str]]] = {
    "show": _show,
    "compare": _compare,
    "export": _export,
}
