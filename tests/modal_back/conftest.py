"""A stand-in for Modal's service, and the settings by which Modal's own package finds it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from modal_runs import Project
from pytest_smallbench.benchmarks.bcb_agent.grading_environment import GradingEnvironment

from pytest_smallbench.cache import cache_folder
from pytest_smallbench.contracts import Sandbox, SandboxLimits, SandboxSetup
from pytest_smallbench.errors import SandboxError
from pytest_smallbench.sandboxes import modal as back
from pytest_smallbench.sandboxes.modal import ModalSandbox, ModalSandboxes

if TYPE_CHECKING:
    from modal_service import ModalService

    from pytest_smallbench.testing.sandbox_runs import OpenSandbox


@pytest.fixture(scope="module")
def modal_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModalService]:
    pytest.importorskip("modal")
    import modal
    from modal_service import TOKEN, ModalService

    if os.getuid():
        pytest.skip("the stand-in for Modal makes its sandboxes as root")
    service = ModalService(tmp_path_factory.mktemp("modal"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MODAL_SERVER_URL", service.start())
        patch.setenv("MODAL_TOKEN_ID", TOKEN[0])
        patch.setenv("MODAL_TOKEN_SECRET", TOKEN[1])
        patch.setenv("SMALLBENCH_TEST_SECRET", "indigo-7261")
        yield service
        modal.Client.from_env().close()
    back.app.cache_clear()  # it belongs to the client that is closed now
    service.stop()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, modal_service: ModalService) -> Project:
    """What a build would lay in an image is this machine's own environment for these tasks."""
    built = GradingEnvironment.ensure("mini", base_python=None, cache=cache_folder(), say=print)
    python = Path(built.python)
    base = str(python.resolve().parent.parent)
    modal_service.shown = {"/opt/grading": str(python.parent.parent), base: base}
    return Project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def address(modal_service: ModalService) -> Iterator[str]:
    back = ModalSandboxes()
    yield back.start(SandboxSetup(python="python3", image="python:3.12-slim"))
    back.stop()


@pytest.fixture(scope="module")
def spare(address: str) -> Iterator[list[ModalSandbox]]:
    """Sandboxes that are as new again: to start one costs more than most tests."""
    sandboxes: list[ModalSandbox] = []
    yield sandboxes
    for sandbox in sandboxes:
        sandbox.close()


@pytest.fixture
def open_sandbox(address: str, spare: list[ModalSandbox]) -> Iterator[OpenSandbox]:
    opened: list[tuple[SandboxLimits, ModalSandbox]] = []

    def opener(limits: SandboxLimits | None = None) -> Sandbox:
        limits = limits or SandboxLimits()
        usual = limits == SandboxLimits()
        sandbox = spare.pop() if usual and spare else ModalSandboxes().open(address, limits)
        opened.append((limits, sandbox))
        return sandbox

    yield opener
    for limits, sandbox in opened:
        if limits == SandboxLimits() and _renewed(sandbox):
            spare.append(sandbox)
        else:
            sandbox.close()


def _renewed(sandbox: ModalSandbox) -> bool:
    """As the docker back does it between two tasks."""
    try:
        sandbox.ask({"do": "renew"})
    except SandboxError:
        return False
    return sandbox.sound


@pytest.fixture
def sandbox(open_sandbox: OpenSandbox) -> Sandbox:
    return open_sandbox()
