"""The command ``smallbench``: finished runs, and benchmarks of one's own.

``smallbench show DIR`` tells a run's summary and writes its report.html anew; ``smallbench
compare OLD NEW`` holds one report.json against another, as --smallbench-baseline does;
``smallbench export DIR`` writes a run in other tools' formats.
``smallbench new`` writes a package from a template, ``smallbench check`` holds a benchmark
against what every benchmark promises.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pytest_smallbench.contracts import Result
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.exports import command as export_command
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
from pytest_smallbench.scaffold import command as scaffold_command
from pytest_smallbench.testing import check_command
from pytest_smallbench.trajectory import read_events, trajectory_path

USAGE_ERROR = 4  # as pytest's own


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        _say(given.run(given))
    except UsageMistake as mistake:
        # Where the core's messages name an option of pytest's, it was none here.
        told = str(mistake).removeprefix(f"{OPTION}: ").removeprefix("--smallbench: ")
        print(f"smallbench {given.command}: {told}", file=sys.stderr)
        return USAGE_ERROR
    except check_command.ChecksFailed:
        return 1
    return 0


def _say(lines: Iterable[str]) -> None:
    try:
        for line in lines:
            print(line, flush=True)
    except BrokenPipeError:
        # ``| head`` has seen enough; nor must the interpreter's end write to it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "smallbench", description="Reads finished runs; starts and checks benchmarks of your own"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    show = commands.add_parser("show", help="Tell a run's summary and write its report.html anew")
    show.add_argument("folder", type=Path, metavar="DIR", help="The run's output folder")
    show.add_argument("--task", metavar="ID", help="Print this task's transcript instead")
    show.set_defaults(run=_show)
    against = commands.add_parser("compare", help="Hold a run against an earlier one, by task")
    against.add_argument("old", type=Path, metavar="OLD", help="report.json of the earlier run")
    against.add_argument("new", type=Path, metavar="NEW", help="report.json of the later run")
    against.set_defaults(run=_compare)
    export_command.add_to(commands)
    scaffold_command.add_to(commands)
    check_command.add_to(commands)
    return parser


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
            return _told(path)
    raise UsageMistake(f"{folder / 'report.json'} has no task {task}; its report.html lists them")


def _told(path: Path) -> str:
    try:
        return transcript(read_events(path))
    except (OSError, ValueError, RecursionError) as error:
        what = f"{type(error).__name__}: {one_line(str(error))}"
        raise UsageMistake(f"{path} is damaged ({what})") from None


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
