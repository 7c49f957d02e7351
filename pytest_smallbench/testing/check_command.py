"""``smallbench check NAME``: the checks of a benchmark's author, told line by line."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

from pytest_smallbench.contracts import Benchmark
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.option_values import count, key_value
from pytest_smallbench.registry import installed
from pytest_smallbench.settings import Settings

SHOWN = 5  # problems of one check


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check", help="Check what a benchmark promises, for its author")
    check.add_argument("name", metavar="NAME", help="An installed benchmark's name")
    check.add_argument(
        "--sample", type=_number, default=5, metavar="N", help="Tasks to look at (default: 5)"
    )
    check.add_argument("--dataset", metavar="SOURCE", help="As --smallbench-dataset")
    check.add_argument("--sandbox", default="process", metavar="NAME", help="Where code runs")
    check.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="As --smallbench-set"
    )
    check.set_defaults(run=run)


def run(given: argparse.Namespace) -> Iterator[str]:
    """A line a check, as soon as it is known. Raises UsageMistake, ChecksFailed at the end."""
    registry = installed()
    benchmark = registry.get_benchmark(given.name)
    settings = Settings(
        benchmarks=(given.name,),
        dataset=given.dataset,
        sandbox=given.sandbox,
        values=dict(map(_setting, given.set)),
    )
    failed = 0
    for check, idle, problems in verdicts(benchmark, settings, given.sample):
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


def verdicts(
    benchmark: Benchmark, settings: Settings, sample: int
) -> Iterable[tuple[str, str, list[str]]]:
    """For each check in turn: what it holds the benchmark to, why it was not looked for if it
    was not, what is wrong."""
    from pytest_smallbench.testing.benchmark_checks import CHECKS, open_rig

    with open_rig(benchmark, sample=sample, settings=settings) as rig:
        for check in CHECKS:
            idle = check.idle(rig)
            problems = [] if idle else check.problems(rig)
            yield f"{check.name}: {check.promise}", idle, problems


def _number(text: str) -> int:
    try:
        return count(text)
    except ValueError as allowed:
        raise argparse.ArgumentTypeError(f"{text!r} is not {allowed}") from None


def _setting(text: str) -> tuple[str, str]:
    try:
        return key_value(text)
    except ValueError as allowed:
        raise UsageMistake(f"--set: {text!r} is not {allowed}") from None
