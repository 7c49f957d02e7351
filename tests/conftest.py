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


@pytest.fixture(autouse=True)
def _without_trio(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The runs that tests start are as quick as a user's: anyio's plugin, which comes with the
    openai package, would load trio in each of them, which only selenium has brought here."""
    if "pytester" in request.fixturenames:
        request.getfixturevalue("pytester")  # which empties the variable
        monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:anyio")
