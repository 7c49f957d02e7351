"""A call in another process: its result, its failure in one line, and where it imports from."""

from __future__ import annotations

import os
import sys

import pytest

import pytest_smallbench
from pytest_smallbench.testing.another_process import ElsewhereFailed, elsewhere


def place() -> tuple[int, str, int]:
    print("what is printed does not get among the answer")
    return os.getpid(), pytest_smallbench.__file__, hash("a text")


def test_it_is_another_process_with_the_same_package_and_other_hashes(monkeypatch, tmp_path):
    package = tmp_path / "pytest_smallbench"
    package.mkdir()
    (package / "__init__.py").write_text("raise ImportError('the wrong one')")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    process, file, hashed = elsewhere(place)
    assert (process != os.getpid(), file) == (True, pytest_smallbench.__file__)
    assert hashed != hash("a text")


def test_what_it_raises_is_one_line():
    with pytest.raises(ElsewhereFailed, match=r"^ZeroDivisionError: .*zero$"):
        elsewhere(divmod, 1, 0)


def test_what_cannot_be_sent_is_one_line():
    with pytest.raises(ElsewhereFailed, match="cannot be sent to another process"):
        elsewhere(lambda: 1)
