"""What every sandbox back promises, as tests: import it all into a test module of yours.

That module provides two fixtures: ``open_sandbox``, a function that takes SandboxLimits (or
nothing), opens a sandbox and closes it when the test ends, and ``sandbox``, one such;
``sandbox_fixtures`` has them for most backs.

    pytest.register_assert_rewrite("pytest_smallbench.testing")
    from pytest_smallbench.testing.sandbox_contract import *
"""

from __future__ import annotations

from .sandbox_files import TestFiles, TestSnapshots
from .sandbox_hostile import TestAttacks, TestExhaustion
from .sandbox_isolation import TestHost, TestNeighbours, TestNetwork
from .sandbox_runs import TestPython, TestReports, TestRun
from .sandbox_shells import TestShell

__all__ = [
    "TestAttacks",
    "TestExhaustion",
    "TestFiles",
    "TestHost",
    "TestNeighbours",
    "TestNetwork",
    "TestPython",
    "TestReports",
    "TestRun",
    "TestShell",
    "TestSnapshots",
]
