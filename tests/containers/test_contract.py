"""The docker back keeps every promise of the sandbox contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from container_samples import BASE

from pytest_smallbench.contracts import SandboxSetup
from pytest_smallbench.sandboxes.docker import DockerSandboxes
from pytest_smallbench.testing.sandbox_contract import *  # noqa: F403 - its tests are run here
from pytest_smallbench.testing.sandbox_fixtures import *  # noqa: F403 - and its fixtures
from pytest_smallbench.testing.sandbox_fixtures import start_back
from pytest_smallbench.testing.sandbox_runs import OpenSandbox

if TYPE_CHECKING:
    from docker import APIClient


@pytest.fixture(scope="module")
def started(client: APIClient) -> Iterator[OpenSandbox]:
    with start_back(DockerSandboxes, SandboxSetup(python="python3", image=BASE)) as opener:
        yield opener
