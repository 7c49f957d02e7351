"""The process back keeps every promise of the sandbox contract."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from pytest_smallbench.contracts import SandboxSetup
from pytest_smallbench.sandboxes.process import ProcessSandboxes

pytest.register_assert_rewrite("pytest_smallbench.testing")

from pytest_smallbench.testing.sandbox_contract import *  # noqa: E402, F403 - after the rewrite
from pytest_smallbench.testing.sandbox_fixtures import *  # noqa: E402, F403 - as above
from pytest_smallbench.testing.sandbox_fixtures import start_back  # noqa: E402 - as above
from pytest_smallbench.testing.sandbox_runs import OpenSandbox  # noqa: E402 - as above

UNAVAILABLE = ProcessSandboxes().unavailable()
pytestmark = pytest.mark.skipif(bool(UNAVAILABLE), reason=UNAVAILABLE)


@pytest.fixture(scope="module")
def started() -> Iterator[OpenSandbox]:
    with start_back(ProcessSandboxes, SandboxSetup(python=sys.executable)) as opener:
        yield opener
