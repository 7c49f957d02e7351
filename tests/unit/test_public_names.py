"""The package's face: what is promised is there, and looking costs nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pytest_smallbench


def test_every_public_name_is_there_once_and_in_order():
    assert pytest_smallbench.__all__ == sorted(set(pytest_smallbench.__all__))
    for name in pytest_smallbench.__all__:
        assert getattr(pytest_smallbench, name).__name__ == name


def test_other_names_are_no_attributes():
    with pytest.raises(AttributeError, match="no attribute 'Any_thing'"):
        _ = pytest_smallbench.Any_thing


def test_importing_the_package_loads_nothing_of_ours(tmp_path):
    code = "import sys, pytest_smallbench; print([m for m in sys.modules if 'smallbench.' in m])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.stdout.strip() == "[]"


def test_a_checkout_is_whole_where_python_m_pytest_imports_it():
    checkout = Path(__file__).parents[2]
    code = "import pytest_smallbench.benchmarks.bcb_agent as found; print(found.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=checkout
    )
    assert done.stdout.strip() == str(checkout / "benchmarks/bcb_agent/__init__.py"), done.stderr
