"""Agents of other libraries in whole runs: real libraries, real HTTP, real grading."""

from __future__ import annotations

import json

import pytest
from pytest_smallbench.benchmarks.bcb_agent.mini import records, wrong_solutions

from pytest_smallbench.contracts import ToolCall
from pytest_smallbench.testing.script import Failure, Faults, Turn
from pytest_smallbench.testing.scripted_server import ScriptedServer

pytestmark = pytest.mark.adapters
TASKS = records()[:4]
WRONG = TASKS[1]["task_id"]
VIEW = ToolCall("view_submission")


def turns(solution):
    return [
        Turn("First a plan.", (ToolCall("write_scratchpad", {"text": "1. write 2. test"}),)),
        Turn(None, (ToolCall("add_submission", {"submission": solution}), VIEW)),
        Turn("Done.", (ToolCall("submit_solution"),)),
    ]


def solution(record):
    if record["task_id"] == WRONG:
        return wrong_solutions()[WRONG][0]
    return record["code_prompt"] + record["canonical_solution"]


SCRIPT = {record["instruct_prompt"].strip(): turns(solution(record)) for record in TASKS}


def run(pytester, server, agent, *args):
    result = pytester.runpytest_subprocess(
        "--smallbench=bcb-agent",
        "--smallbench-dataset=mini",
        f"--smallbench-limit={len(TASKS)}",
        f"--smallbench-base-url={server.base_url}",
        f"--smallbench-agent={agent}",
        f"--smallbench-output={agent}",
        *args,
    )
    return result, json.loads((pytester.path / agent / "report.json").read_text())


def outcomes(report):
    return {result["task_id"]: result["outcome"] for result in report["results"]}


EXPECTED = {
    record["task_id"]: "unresolved" if record["task_id"] == WRONG else "resolved"
    for record in TASKS
}


def test_what_react_makes_of_these_answers(pytester):
    with ScriptedServer(SCRIPT) as server:
        _, report = run(pytester, server, "react", "-n2")
    assert outcomes(report) == EXPECTED


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_the_same_tasks_are_resolved_as_by_react(pytester, library, workers):
    faults = Faults(rate_limit=0.1, server_error=0.1, malformed=0.1, seed=1)
    with ScriptedServer(library.script(SCRIPT), faults=faults) as server:
        _, report = run(pytester, server, library.name, workers)
        counts = server.counts()
    assert outcomes(report) == EXPECTED
    assert counts.faults
    assert report["benchmarks"]["bcb-agent"]["agent"] == library.name
    summary = report["benchmarks"]["bcb-agent"]["summary"]
    assert summary["tokens"] == {
        "prompt": counts.prompt_tokens,
        "completion": counts.completion_tokens,
        "cached": counts.cached_tokens,
    }
    assert summary["cost_usd"] == pytest.approx(counts.cost_usd)


def test_an_endpoint_that_stays_down_is_an_error_and_no_failure(pytester, library):
    down = Failure(429, "not now", headers={"retry-after-ms": "1"})
    with ScriptedServer(lambda messages, tools: down) as server:
        _, report = run(pytester, server, library.name, "-n0", "--smallbench-limit=1")
        requests = server.counts().requests
    (result,) = report["results"]
    assert result["outcome"] == "error"
    assert result["reason"].startswith("ModelError: model gpt-4o-mini: rate limited")
    assert requests == 9  # the model's own tries, and none of the library's


def test_a_refused_key_stops_the_run(pytester, library):
    with ScriptedServer(lambda messages, tools: Failure(401, "no")) as server:
        _, report = run(pytester, server, library.name, "-n0")
        assert server.counts().requests == 1
    assert "OPENAI_API_KEY" in report["run"]["stopped"]
    assert report["benchmarks"]["bcb-agent"]["summary"]["unresolved"] == 0
