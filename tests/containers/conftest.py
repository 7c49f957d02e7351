"""The engine that these tests need. Without one they skip with the reason, unless
SMALLBENCH_TEST_DOCKER=1 says that there must be one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from pytest_smallbench.sandboxes.docker import engine
from pytest_smallbench.sandboxes.docker.leftovers import sweep_run

if TYPE_CHECKING:
    from docker import APIClient


@pytest.fixture(scope="session")
def client() -> Iterator[APIClient]:
    reason = engine.unavailable()
    if reason and os.environ.get("SMALLBENCH_TEST_DOCKER") == "1":
        pytest.fail(f"SMALLBENCH_TEST_DOCKER=1, but {reason}")
    if reason:
        pytest.skip(reason)
    found = engine.connect()
    yield found
    found.close()


@pytest.fixture
def run(client: APIClient) -> Iterator[str]:
    """A run's name; what carries it is gone after the test."""
    name = f"test-{os.urandom(6).hex()}"
    yield name
    sweep_run(client, name)
