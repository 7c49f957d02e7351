"""A file of the report, written by the hook once the run has ended."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from pytest_smallbench.reports.shape import Report


class ReportFile:
    """A plugin that writes one file of the report into ``folder``; subclasses render it.

    A file that cannot be written must not cost the user the terminal's summary: the
    ``problem`` is kept in words, and whoever prints the paths says so.
    """

    name = ""

    def __init__(self, folder: Path) -> None:
        self.path = folder / self.name
        self.written = False
        self.problem = ""

    def render(self, report: Report) -> str:
        raise NotImplementedError

    @pytest.hookimpl(tryfirst=True)  # before a stranger's implementation can fail
    def pytest_smallbench_report(self, report: Report) -> None:
        try:
            write_atomically(self.path, self.render(report))
            self.written = True
        except OSError as error:
            self.problem = f"{self.path} could not be written: {error.strerror or error}"


def write_atomically(path: Path, text: str | Iterable[str]) -> None:
    """Writes UTF-8 beside ``path`` and renames: readers see the old file or the new one. A
    long text may come in pieces.

    Half of a surrogate pair, which UTF-8 cannot hold, is written as ``\\udcXX``: in JSON
    that is the very escape that stands for it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.writelines([text] if isinstance(text, str) else text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
