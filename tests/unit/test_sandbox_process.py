"""The process back keeps every promise of the sandbox contract."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from pytest_smallbench.contracts import SandboxSetup
from pytest_smallbench.sandboxes.process import ProcessSandboxes
from pytest_smallbench.testing.sandbox_contract import *  # noqa: F403 - its tests are run here
from pytest_smallbench.testing.sandbox_fixtures import *  # noqa: F403 - and its fixtures
from pytest_smallbench.testing.sandbox_fixtures import start_back
from pytest_smallbench.testing.sandbox_runs import OpenSandbox

UNAVAILABLE = ProcessSandboxes().unavailable()
pytestmark = pytest.mark.skipif(bool(UNAVAILABLE), reason=UNAVAILABLE)


@pytest.fixture(scope="module")
def started() -> Iterator[OpenSandbox]:
    with start_back(ProcessSandboxes, SandboxSetup(python=sys.executable)) as opener:
        yield opener
