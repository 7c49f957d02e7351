"""The docker back keeps every promise of the sandbox contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from container_samples import BASE

from pytest_smallbench.contracts import SandboxSetup
from pytest_smallbench.sandboxes.docker import DockerSandboxes

pytest.register_assert_rewrite("pytest_smallbench.testing")

from pytest_smallbench.testing.sandbox_contract import *  # noqa: E402, F403 - after the rewrite
from pytest_smallbench.testing.sandbox_fixtures import *  # noqa: E402, F403 - as above
from pytest_smallbench.testing.sandbox_fixtures import start_back  # noqa: E402 - as above
from pytest_smallbench.testing.sandbox_runs import OpenSandbox  # noqa: E402 - as above

if TYPE_CHECKING:
    from docker import APIClient


@pytest.fixture(scope="module")
def started(client: APIClient) -> Iterator[OpenSandbox]:
    with start_back(DockerSandboxes, SandboxSetup(python="python3", image=BASE)) as opener:
        yield opener
