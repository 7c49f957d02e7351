"""Our own benchmarks keep the promises that a stranger's is held to."""

from __future__ import annotations

import pytest
from pytest_smallbench.benchmarks.agentbench import BENCHMARK as AGENTBENCH
from pytest_smallbench.benchmarks.bcb_agent import BENCHMARK as BCB_AGENT

from pytest_smallbench.contracts import ToolCall
from pytest_smallbench.settings import Settings
from pytest_smallbench.testing.benchmark_checks import CHECKS, open_rig
from pytest_smallbench.testing.cheats import collection


@pytest.fixture(scope="module")
def agentbench():
    """A task of each environment."""
    with open_rig(AGENTBENCH, sample=7) as rig:
        assert len({entry.category for entry in rig.entries}) == 7
        yield rig


@pytest.fixture(scope="module")
def bcb_agent():
    def submit(environment, hostile):
        text = hostile.render("task_func")
        return [ToolCall("add_submission", {"submission": text}), ToolCall("submit_solution")]

    settings = Settings(dataset="mini")
    few = collection("cheat")[::8]  # tests/unit/test_cheats_graded.py has them all
    with open_rig(BCB_AGENT, sample=2, settings=settings, submit=submit, hostile=few) as rig:
        yield rig


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_agentbench_keeps(check, agentbench):
    check.verify(agentbench)


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_bcb_agent_keeps(check, bcb_agent):
    check.verify(bcb_agent)
