"""The process back offers a system root, and keeps its promises."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from pytest_smallbench.contracts import Sandbox, SandboxLimits, SandboxSetup
from pytest_smallbench.sandboxes.process import ProcessSandboxes

pytest.register_assert_rewrite("pytest_smallbench.testing")

from pytest_smallbench.testing.sandbox_runs import OpenSandbox  # noqa: E402 - after the rewrite
from pytest_smallbench.testing.sandbox_system import *  # noqa: E402, F403 - as above

UNAVAILABLE = ProcessSandboxes().unavailable()
pytestmark = pytest.mark.skipif(bool(UNAVAILABLE), reason=UNAVAILABLE)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    back = ProcessSandboxes()
    yield back.start(SandboxSetup(python=sys.executable))
    back.stop()


@pytest.fixture
def open_sandbox(address: str) -> Iterator[OpenSandbox]:
    opened: list[Sandbox] = []

    def opener(limits: SandboxLimits | None = None) -> Sandbox:
        opened.append(ProcessSandboxes().open(address, limits or SandboxLimits()))
        return opened[-1]

    yield opener
    for sandbox in opened:
        sandbox.close()
