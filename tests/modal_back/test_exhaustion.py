"""The sandbox contract at Modal, where it is not the guest's alone: limits that the guest has to
keep itself there, and files that go through this machine."""

from __future__ import annotations

import pytest

from pytest_smallbench.contracts import SandboxLimits
from pytest_smallbench.testing import sandbox_hostile
from pytest_smallbench.testing.sandbox_contract import TestSnapshots  # noqa: F401 - its tests are run here
from pytest_smallbench.testing.sandbox_runs import LONG, OpenSandbox


class TestExhaustion(sandbox_hostile.TestExhaustion):
    """The stand-in's machines have no control groups, and Modal's may have none: the guest counts
    processes and their memory itself, and ends a run where a kernel would refuse a fork."""

    @pytest.mark.skip(reason="without control groups what processes share is counted for each")
    def test_memory_that_is_shared_counts_once(self) -> None: ...

    def test_processes_are_limited(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(processes=20))
        done = sandbox.run("for i in $(seq 60); do sleep 1000 & done; wait", timeout=LONG)
        assert done.killed == "processes"
        assert sandbox_hostile.still_works(sandbox)

    def test_a_fork_bomb_ends_with_its_run(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(processes=50))
        code = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
        assert sandbox.python(code, timeout=LONG).killed == "processes"
        assert sandbox_hostile.still_works(sandbox)
