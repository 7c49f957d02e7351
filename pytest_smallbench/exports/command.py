"""``smallbench export DIR``: a finished run in other tools' formats."""

from __future__ import annotations

import argparse
from pathlib import Path

from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.exports import FORMATS
from pytest_smallbench.option_values import several
from pytest_smallbench.reports.reading import read_report

NAMES = f"{' or '.join(FORMATS)}, or both with a comma between"


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    export = commands.add_parser("export", help="Write a run in other tools' formats")
    export.add_argument("folder", type=Path, metavar="DIR", help="The run's output folder")
    export.add_argument("--format", required=True, metavar="FORMAT", help=NAMES)
    export.add_argument("--output", type=Path, metavar="DIR", help="Where to (default: into it)")
    export.set_defaults(run=_export)


def _export(given: argparse.Namespace) -> list[str]:
    from pytest_smallbench.exports.files import Export  # with all that the formats need

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
