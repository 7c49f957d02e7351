"""What all tests share: one cache for grading environments, and the real data if it is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pytest_smallbench.cache import cache_folder

# Before anything imports it: the shared tests of sandboxes then say what their asserts compared.
pytest.register_assert_rewrite("pytest_smallbench.testing")

# pytester gives each test a home of its own; without this each would build its environments.
os.environ.setdefault("SMALLBENCH_CACHE", str(cache_folder()))


@pytest.fixture(scope="session")
def bigcodebench() -> Path:
    """The real data set as a file; tests that need it skip where it is not at hand."""
    folder = os.environ.get("SMALLBENCH_TEST_DATA")
    if not folder:
        pytest.skip("SMALLBENCH_TEST_DATA does not name a folder with the real data")
    path = Path(folder) / "bigcodebench" / "BigCodeBench.jsonl.gz"
    if not path.is_file():
        pytest.fail(f"SMALLBENCH_TEST_DATA: there is no {path}")
    return path
