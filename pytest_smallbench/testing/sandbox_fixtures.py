"""The two fixtures of the sandbox contract, over a back that is started once a module.

A test module that imports them all gives one of its own, ``started``, over the context manager:

    @pytest.fixture(scope="module")
    def started() -> Iterator[OpenSandbox]:
        with start_back(MySandboxes, SandboxSetup(python="python3")) as opener:
            yield opener
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from pytest_smallbench.contracts import Sandbox, SandboxBack, SandboxLimits, SandboxSetup

from .sandbox_runs import OpenSandbox

__all__ = ["open_sandbox", "sandbox"]


@contextmanager
def start_back(make: Callable[[], SandboxBack], setup: SandboxSetup) -> Iterator[OpenSandbox]:
    """A function that opens a sandbox, each by an instance of its own, as workers have."""
    with pytest.MonkeyPatch.context() as patch:
        # Before the start: what it starts must not pass this on.
        patch.setenv("SMALLBENCH_TEST_SECRET", "indigo-7261")
        back = make()
        address = back.start(setup)
        try:
            yield lambda limits=None: make().open(address, limits or SandboxLimits())
        finally:
            back.stop()


@pytest.fixture
def open_sandbox(started: OpenSandbox) -> Iterator[OpenSandbox]:
    with ExitStack() as closing:

        def opener(limits: SandboxLimits | None = None) -> Sandbox:
            opened = started(limits)
            closing.callback(opened.close)
            return opened

        yield opener


@pytest.fixture
def sandbox(open_sandbox: OpenSandbox) -> Sandbox:
    return open_sandbox()
