"""A budget holds over all workers, and what it leaves unrun is no failure."""

from __future__ import annotations

import pytest

from pytest_smallbench.contracts import ToolCall
from pytest_smallbench.testing.script import Turn
from pytest_smallbench.testing.scripted_server import ScriptedServer

GPT_4O = (2.50, 1.25, 10.00)
DEAREST_CALL = 0.003  # more than any call of these conversations costs


def never_done(messages, tools):
    return Turn(None, (ToolCall("add", {"n": 0}),))


@pytest.mark.parametrize("count", ["0", "8"])
def test_spending_stays_within_a_call_a_worker(project, count):
    with ScriptedServer(never_done, price=GPT_4O) as server:
        result = project.run(
            f"-n{count}",
            f"--smallbench-base-url={server.base_url}",
            "--smallbench-model=gpt-4o",
            "--smallbench-budget=0.05",
            agent="react",
        )
        spent, requests = server.counts().cost_usd, server.counts().requests
    assert 0.025 < spent <= 0.05 + max(int(count), 1) * DEAREST_CALL
    assert spent / requests < DEAREST_CALL
    assert result.ret == 7
    summary = project.summary
    assert summary["cost_usd"] == pytest.approx(spent)
    assert summary["not_run"] > 0
    assert summary["errors"] == 0
    result.stdout.fnmatch_lines(["*gate: inconclusive (* not run: budget of $0.05 spent)"])


def test_a_budget_needs_a_price(project):
    result = project.run(
        *("--smallbench-budget=1", "--smallbench-model=home-made"),
        "--smallbench-base-url=http://localhost:1/v1",
        agent="react",
    )
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: --smallbench-budget: no price is known of model *"])
