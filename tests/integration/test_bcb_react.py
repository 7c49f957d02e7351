"""The ReAct agent over real HTTP against the scripted server, on mini and on real tasks.

The server stands for the model, which cannot be had here; all else is real.
"""

from __future__ import annotations

import gzip
import json

import pytest
from pytest_smallbench.benchmarks.bcb_agent.mini import records, wrong_solutions

from pytest_smallbench.contracts import ToolCall
from pytest_smallbench.testing.script import Faults, Turn
from pytest_smallbench.testing.scripted_server import ScriptedServer


def turns(solution):
    """Plans, writes, tests and submits, as a model would."""
    test = ToolCall("add_unit_test", {"unit_test_name": "runs", "test_code": "assert task_func"})
    return [
        Turn("First a plan.", (ToolCall("write_scratchpad", {"text": "1. write 2. test"}),)),
        Turn(None, (ToolCall("add_submission", {"submission": solution}), test)),
        Turn(None, (ToolCall("test_submission"),)),
        Turn("Done.", (ToolCall("submit_solution"),)),
    ]


def whole(record):
    return record["code_prompt"] + record["canonical_solution"]


def script_for(chosen, wrong):
    """Every task's text leads to its own conversation; those in ``wrong`` go astray."""
    return {
        record["instruct_prompt"].strip(): turns(wrong.get(record["task_id"], whole(record)))
        for record in chosen
    }


def run(pytester, server, *args):
    pytester.runpytest_subprocess(
        "--smallbench=bcb-agent",
        f"--smallbench-base-url={server.base_url}",
        "--smallbench-output=out",
        *args,
    )
    return json.loads((pytester.path / "out" / "report.json").read_text())


def resolved(report):
    return {r["task_id"] for r in report["results"] if r["outcome"] == "resolved"}


@pytest.mark.parametrize("faults", [Faults(), Faults(rate_limit=0.1, server_error=0.1, seed=3)])
def test_mini_is_resolved_where_the_script_is_right_whatever_the_faults(pytester, faults):
    chosen = records()
    wrong = {id: texts[0] for id, texts in list(wrong_solutions().items())[::3]}
    with ScriptedServer(script_for(chosen, wrong), faults=faults) as server:
        report = run(pytester, server, "--smallbench-dataset=mini", "-n4")
        counts = server.counts()
    assert resolved(report) == {r["task_id"] for r in chosen} - set(wrong)
    summary = report["benchmarks"]["bcb-agent"]["summary"]
    assert summary["errors"] == 0
    assert summary["tokens"] == {
        "prompt": counts.prompt_tokens,
        "completion": counts.completion_tokens,
        "cached": counts.cached_tokens,
    }
    assert summary["cost_usd"] == pytest.approx(counts.cost_usd)
    assert counts.prefix_violations == 0


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_the_responses_protocol_resolves_the_same(pytester, workers):
    chosen = records()[:4]
    wrong = {chosen[1]["task_id"]: wrong_solutions()[chosen[1]["task_id"]][0]}
    faults = Faults(rate_limit=0.1, server_error=0.1, seed=3)
    with ScriptedServer(script_for(chosen, wrong), faults=faults) as server:
        report = run(
            pytester, server, "--smallbench-dataset=mini", "--smallbench-limit=4",
            "--smallbench-api=responses", "--smallbench-budget=1", workers,
        )  # fmt: skip
        counts = server.counts()
    assert resolved(report) == {r["task_id"] for r in chosen} - set(wrong)
    summary = report["benchmarks"]["bcb-agent"]["summary"]
    assert summary["tokens"]["prompt"] == counts.prompt_tokens
    assert summary["tokens"]["cached"] == counts.cached_tokens
    assert summary["cost_usd"] == pytest.approx(counts.cost_usd)
    assert counts.prefix_violations == 0


def test_32_workers_on_real_tasks(pytester, bigcodebench):
    with gzip.open(bigcodebench) as lines:
        chosen = [json.loads(line) for line in lines][:64]
    wrong = {r["task_id"]: "def task_func(*args, **kwargs):\n    return None" for r in chosen[::4]}
    with ScriptedServer(script_for(chosen, wrong)) as server:
        report = run(
            pytester,
            server,
            f"--smallbench-dataset={bigcodebench}",
            "--smallbench-limit=64",
            "-n32",
        )
        counts = server.counts()
    assert resolved(report) == {r["task_id"] for r in chosen} - set(wrong)
    summary = report["benchmarks"]["bcb-agent"]["summary"]
    assert summary["tokens"]["prompt"] == counts.prompt_tokens
    assert summary["cost_usd"] == pytest.approx(counts.cost_usd)
    assert counts.prefix_violations == 0


@pytest.mark.parametrize(
    ("status", "said"), [(401, "OPENAI_API_KEY"), (404, "--smallbench-model"), (400, "refused")]
)
def test_what_no_retry_can_mend_stops_the_run_at_once(pytester, status, said):
    from pytest_smallbench.testing.script import Failure

    def script(messages, tools):
        return Failure(status, "no such thing")

    with ScriptedServer(script) as server:
        report = run(
            pytester, server, "--smallbench-dataset=mini", "--smallbench-category=System", "-n2"
        )
        requests = server.counts().requests
    summary = report["benchmarks"]["bcb-agent"]["summary"]
    assert summary["not_run"] >= summary["tasks"] - 4 >= 4
    assert summary["unresolved"] == 0
    assert requests <= 4
    assert report["run"]["stopped"]


def test_a_model_that_never_calls_a_tool_runs_into_the_step_limit(pytester):
    with ScriptedServer(lambda messages, tools: Turn("I would rather talk.")) as server:
        report = run(
            pytester, server, "--smallbench-dataset=mini", "--smallbench-limit=1",
            "--smallbench-max-steps=3",
        )  # fmt: skip
    (result,) = report["results"]
    assert (result["outcome"], result["steps"]) == ("unresolved", 3)
    assert result["reason"].endswith("(step limit of 3 reached)")


def test_malformed_tool_calls_cost_a_step_and_the_attempt_goes_on(pytester):
    record = records()[0]
    script = [
        Turn(None, (ToolCall("add_submission", '{"submission": '),)),
        Turn(None, (ToolCall("no_such_tool", {}),)),
        *turns(whole(record)),
    ]
    with ScriptedServer({"": script}) as server:
        report = run(pytester, server, "--smallbench-dataset=mini", "--smallbench-limit=1")
    (result,) = report["results"]
    assert (result["outcome"], result["invalid_tool_calls"]) == ("resolved", 2)


def test_an_unknown_model_has_no_known_price(pytester):
    record = records()[0]
    with ScriptedServer({"": turns(whole(record))}) as server:
        report = run(
            pytester, server, "--smallbench-dataset=mini", "--smallbench-limit=1",
            "--smallbench-model=home-made",
        )  # fmt: skip
    assert report["benchmarks"]["bcb-agent"]["summary"]["cost_usd"] is None
