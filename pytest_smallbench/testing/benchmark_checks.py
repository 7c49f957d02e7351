"""What every benchmark promises, as checks: for the tests of yours, and for ``smallbench check``.

    @pytest.fixture(scope="module")
    def rig():
        with open_rig(BENCHMARK) as opened:
            yield opened

    @pytest.mark.parametrize("check", CHECKS, ids=str)
    def test_the_benchmark_keeps_its_promises(check, rig):
        check.verify(rig)

A check that fails says for each task what is wrong and what the benchmark's author must do.
"""

from __future__ import annotations

from pytest_smallbench.testing.benchmark_calls import after_the_end, bad_calls
from pytest_smallbench.testing.benchmark_cheats import cheats, hostile_solutions, without_code
from pytest_smallbench.testing.benchmark_contract import contract
from pytest_smallbench.testing.benchmark_index import index, selection
from pytest_smallbench.testing.benchmark_promise import BenchmarkCheck
from pytest_smallbench.testing.benchmark_repeats import other_process, repeats, snapshots
from pytest_smallbench.testing.benchmark_rig import Rig, open_rig
from pytest_smallbench.testing.benchmark_secrets import secrets
from pytest_smallbench.testing.benchmark_tasks import closing, plain_values, tools
from pytest_smallbench.testing.benchmark_verdicts import metrics, nop, oracle

__all__ = ["CHECKS", "BenchmarkCheck", "Rig", "open_rig"]

CHECKS: tuple[BenchmarkCheck, ...] = (
    BenchmarkCheck("contract", "has all that a benchmark must have", contract),
    BenchmarkCheck("index", "gives the same tasks every time, each once", index),
    BenchmarkCheck("selection", "takes the tasks that the options name", selection),
    BenchmarkCheck("plain-values", "gives tasks as plain values", plain_values),
    BenchmarkCheck("tools", "has tools that a model can be told of", tools),
    BenchmarkCheck("oracle", "is resolved by its reference solutions", oracle),
    BenchmarkCheck("nop", "is not resolved by an agent that does nothing", nop),
    BenchmarkCheck("repeats", "answers the same calls the same way", repeats),
    BenchmarkCheck("other-process", "answers the same in another process", other_process),
    BenchmarkCheck("snapshots", "answers the same after a restore", snapshots),
    BenchmarkCheck("bad-calls", "answers bad calls in words", bad_calls),
    BenchmarkCheck("after-the-end", "stands by the end of an episode", after_the_end),
    BenchmarkCheck("cheats", "takes no cheat for a solution", cheats),
    BenchmarkCheck(
        "hostile-solutions", "takes no hostile code for right", hostile_solutions, without_code
    ),
    BenchmarkCheck("metrics", "measures in numbers", metrics),
    BenchmarkCheck("closing", "can be closed twice", closing),
    BenchmarkCheck("secrets", "hands on nothing of the host's environment", secrets),
)
"""In the order in which they are best mended."""
