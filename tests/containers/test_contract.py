"""The docker back keeps every promise of the sandbox contract."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from container_samples import BASE

from pytest_smallbench.contracts import Sandbox, SandboxLimits, SandboxSetup
from pytest_smallbench.sandboxes.docker import DockerSandboxes

pytest.register_assert_rewrite("pytest_smallbench.testing")

from pytest_smallbench.testing.sandbox_contract import *  # noqa: E402, F403 - after the rewrite
from pytest_smallbench.testing.sandbox_runs import OpenSandbox  # noqa: E402 - as above

if TYPE_CHECKING:
    from docker import APIClient


@pytest.fixture(scope="module")
def address(client: APIClient) -> Iterator[str]:
    os.environ["SMALLBENCH_TEST_SECRET"] = "indigo-7261"
    back = DockerSandboxes()
    yield back.start(SandboxSetup(python="python3", image=BASE))
    back.stop()


@pytest.fixture
def open_sandbox(address: str) -> Iterator[OpenSandbox]:
    opened: list[Sandbox] = []

    def opener(limits: SandboxLimits | None = None) -> Sandbox:
        opened.append(DockerSandboxes().open(address, limits or SandboxLimits()))
        return opened[-1]

    yield opener
    for sandbox in opened:
        sandbox.close()


@pytest.fixture
def sandbox(open_sandbox: OpenSandbox) -> Sandbox:
    return open_sandbox()
