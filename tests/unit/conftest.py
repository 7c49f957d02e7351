"""What unit tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from agentbench_samples import machine

from pytest_smallbench.contracts import Bench


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A worker's bench over AgentBench's default data set, sandboxes started."""
    with machine(tmp_path_factory.mktemp("cache")) as found:
        yield found
