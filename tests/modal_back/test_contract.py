"""The modal back keeps every promise of the sandbox contract, as far as a stand-in can tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from pytest_smallbench.contracts import Sandbox, SandboxLimits, SandboxSetup
from pytest_smallbench.sandboxes.modal import ModalSandboxes

pytest.register_assert_rewrite("pytest_smallbench.testing")

from pytest_smallbench.testing.sandbox_contract import *  # noqa: E402, F403 - after the rewrite
from pytest_smallbench.testing.sandbox_runs import OpenSandbox  # noqa: E402 - as above

if TYPE_CHECKING:
    from modal_service import ModalService


@pytest.fixture(scope="module")
def address(modal_service: ModalService) -> Iterator[str]:
    back = ModalSandboxes()
    yield back.start(SandboxSetup(python="python3", image="python:3.12-slim"))
    back.stop()


@pytest.fixture
def open_sandbox(address: str) -> Iterator[OpenSandbox]:
    opened: list[Sandbox] = []

    def opener(limits: SandboxLimits | None = None) -> Sandbox:
        opened.append(ModalSandboxes().open(address, limits or SandboxLimits()))
        return opened[-1]

    yield opener
    for sandbox in opened:
        sandbox.close()


@pytest.fixture
def sandbox(open_sandbox: OpenSandbox) -> Sandbox:
    return open_sandbox()
