"""Writes a finished run in another tool's format: by the report hook, or for ``smallbench
export``.

``atif/`` has a file for each attempt that began, named as its trajectory; ``inspect/`` a log
for each benchmark, which inspect finds when it is given that folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from pytest_smallbench.exports.atif import atif
from pytest_smallbench.exports.attempt import read_attempt
from pytest_smallbench.exports.inspect_log import inspect_log, log_name
from pytest_smallbench.exports.plain import dumped
from pytest_smallbench.reports.files import ReportFile, write_atomically
from pytest_smallbench.reports.shape import Report

Files = Iterator[tuple[str, Iterable[str]]]
"""Each file's name, and its text in pieces."""


class Export(ReportFile):
    """The folder of one format; ``output`` is where it goes, by default beside the report."""

    def __init__(self, folder: Path, name: str, output: Path | None = None) -> None:
        self.name = name
        super().__init__(output or folder)
        self._folder = folder

    @pytest.hookimpl(tryfirst=True)  # as the report's own files
    def pytest_smallbench_report(self, report: Report) -> None:
        try:
            for name, text in _FORMATS[self.name](report, self._folder):
                write_atomically(self.path / name, text)
                self.written = True
        except Exception as error:  # must not cost a run its summary
            what = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
            self.problem = f"{self.path} could not be written: {what}"


def _atif(report: Report, folder: Path) -> Files:
    for result in report["results"]:
        attempt = read_attempt(report, result, folder)
        if attempt is not None:
            name = Path(result["trajectory"]).name.removesuffix(".jsonl")
            yield f"{name}.json", [dumped(atif(attempt)), "\n"]


def _inspect(report: Report, folder: Path) -> Files:
    for name in report["benchmarks"]:
        yield log_name(report, name), inspect_log(report, name, folder)


_FORMATS: Mapping[str, Callable[[Report, Path], Files]] = {"atif": _atif, "inspect": _inspect}
