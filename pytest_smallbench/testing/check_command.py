"""``smallbench check NAME``: the checks of a benchmark's author, told line by line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.option_values import count
from pytest_smallbench.registry import installed
from pytest_smallbench.settings import Settings

if TYPE_CHECKING:
    from pytest_smallbench.testing.benchmark_rig import Rig

SHOWN = 5  # problems of one check


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check", help="Check what a benchmark promises, for its author")
    check.add_argument("name", metavar="NAME", help="An installed benchmark's name")
    check.add_argument(
        "--sample", type=_number, default=5, metavar="N", help="Tasks to look at (default: 5)"
    )
    check.add_argument("--dataset", metavar="SOURCE", help="As --smallbench-dataset")
    check.add_argument("--sandbox", default="process", metavar="NAME", help="Where code runs")
    check.set_defaults(run=run)


def run(given: argparse.Namespace) -> Iterator[str]:
    """A line a check, as soon as it is known. Raises UsageMistake, ChecksFailed at the end."""
    settings = Settings(
        benchmarks=(given.name,),
        dataset=given.dataset,
        sandbox=given.sandbox,
    )
    failed = 0
    for check, idle, problems in verdicts(given.name, settings, given.sample):
        failed += bool(problems)
        mark = "FAILED" if problems else "-     " if idle else "ok    "
        yield f"{mark} {check}{f' (not looked for: {idle})' if idle else ''}"
        yield from (f"       {problem}" for problem in problems[:SHOWN])
        if len(problems) > SHOWN:
            yield f"       ... and {len(problems) - SHOWN} more"
    yield f"{given.name}: {'all checks hold' if not failed else f'{failed} checks do not hold'}"
    if failed:
        raise ChecksFailed


class ChecksFailed(Exception):
    """Not all checks hold; all has been said."""


def verdicts(name: str, settings: Settings, sample: int) -> Iterator[tuple[str, str, list[str]]]:
    """For each check in turn: what it holds the benchmark to, why it was not looked for if it
    was not, what is wrong. Raises UsageMistake where the benchmark cannot be opened."""
    from pytest_smallbench.testing.benchmark_checks import CHECKS

    with ExitStack() as stack:
        rig = _opened(name, settings, sample, stack)
        for check in CHECKS:
            idle = check.idle(rig)
            problems = [] if idle else check.problems(rig)
            yield f"{check.name}: {check.promise}", idle, problems


def _opened(name: str, settings: Settings, sample: int, stack: ExitStack) -> Rig:
    from pytest_smallbench.testing.benchmark_checks import open_rig
    from pytest_smallbench.testing.benchmark_promise import raised

    try:
        benchmark = installed().get_benchmark(name)
        return stack.enter_context(open_rig(benchmark, sample=sample, settings=settings))
    except UsageMistake:
        raise
    except Exception as error:  # the author's module, index or prepare: whatever they raise
        raise UsageMistake(f"{name} cannot be opened: {raised(error)}") from None


def _number(text: str) -> int:
    try:
        return count(text)
    except ValueError as allowed:
        raise argparse.ArgumentTypeError(f"{text!r} is not {allowed}") from None
