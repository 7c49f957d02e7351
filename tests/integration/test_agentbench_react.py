"""The ReAct agent over real HTTP through all seven environments; the server plays gold calls."""

from __future__ import annotations

import json

import pytest
from pytest_smallbench.benchmarks.agentbench.generated import make
from pytest_smallbench.benchmarks.agentbench.kinds import KINDS
from pytest_smallbench.benchmarks.agentbench.own_settings import checked

from pytest_smallbench.contracts import ToolCall
from pytest_smallbench.testing.script import Turn
from pytest_smallbench.testing.scripted_server import ScriptedServer

SEED = 5
SETTINGS = checked({})
DATASET = f"--smallbench-dataset=generated:1:{SEED}"


def pytest_run(pytester, folder, *args):
    pytester.runpytest_subprocess("--smallbench=agentbench", f"--smallbench-output={folder}", *args)
    return json.loads((pytester.path / folder / "report.json").read_text())


@pytest.fixture
def gold(pytester):
    """What to say to each task: its instruction, and a turn for each call of the oracle's."""
    pytest_run(pytester, "gold", DATASET, "--smallbench-agent=oracle")
    script = {}
    for path in (pytester.path / "gold" / "trajectories").iterdir():
        events = [json.loads(line) for line in path.read_text().splitlines()]
        calls = [event["data"] for event in events if event["kind"] == "call"]
        turns = [Turn(calls=(ToolCall(call["name"], call["arguments"]),)) for call in calls]
        script[make(events[0]["data"]["task"], SETTINGS).instruction] = turns
    return script


def test_the_gold_calls_resolve_all_seven(pytester, gold):
    (pytester.path / "prompt.txt").write_text("Be brief. {problem_statement} Think first.")
    with ScriptedServer(gold) as server:
        report = pytest_run(
            pytester, "out", DATASET, "-n2", "--smallbench-agent-prompt=prompt.txt",
            f"--smallbench-base-url={server.base_url}",
        )  # fmt: skip
        counts = server.counts()
    summary = report["benchmarks"]["agentbench"]["summary"]
    assert (summary["resolved"], summary["graded"]) == (len(KINDS), len(KINDS))
    assert summary["tokens"]["prompt"] == counts.prompt_tokens
    assert counts.prefix_violations == 0
    for result in report["results"]:
        trajectory = (pytester.path / "out" / result["trajectory"]).read_text()
        assert "Be brief. " in trajectory, result["task_id"]


def test_an_answer_in_words_ends_a_graph_task(pytester, gold):
    instruction = make(f"kg/g{SEED}-00000", SETTINGS).instruction
    last = gold[instruction][-1].calls[0].arguments["variable"]
    talk = [Turn("I know the answer."), Turn(f"It is clear.\nFinal Answer: {last}")]
    with ScriptedServer({"": [*gold[instruction][:-1], *talk]}) as server:
        report = pytest_run(
            pytester, "out", DATASET, "--smallbench-category=kg",
            f"--smallbench-base-url={server.base_url}",
        )  # fmt: skip
    (result,) = report["results"]
    assert result["outcome"] == "resolved"
    assert result["steps"] == len(gold[instruction]) + 1


def test_any_text_answers_a_plain_record(pytester):
    record = {"task_id": "1", "environment": "kg", "instruction": "Say.", "expected_output": "7"}
    (pytester.path / "plain.jsonl").write_text(json.dumps(record))
    with ScriptedServer({"": [Turn("I found 7 of them.")]}) as server:
        report = pytest_run(
            pytester, "out", "--smallbench-dataset=plain.jsonl",
            f"--smallbench-base-url={server.base_url}",
        )  # fmt: skip
    (result,) = report["results"]
    assert (result["outcome"], result["steps"]) == ("resolved", 1)
    assert result["agent_output"] == "I found 7 of them."


def test_malformed_calls_cost_a_turn_and_leave_the_world_as_it_is(pytester, gold):
    instruction = make(f"house/g{SEED}-00000", SETTINGS).instruction
    bad = [
        Turn(calls=(ToolCall("take_action", '{"action": '),)),
        Turn(calls=(ToolCall("take_action", {"action": 7}),)),
        Turn(calls=(ToolCall("take_action", {"action": "x" * 1_000_000}),)),
        Turn(calls=(ToolCall("no_such_tool", {}),)),
        Turn(calls=(ToolCall("take_action", {"action": "a\0b\x1b[2J"}),)),
    ]
    with ScriptedServer({"": [*bad, *gold[instruction]]}) as server:
        report = pytest_run(
            pytester, "out", DATASET, "--smallbench-category=house",
            f"--smallbench-base-url={server.base_url}",
        )  # fmt: skip
    (result,) = report["results"]
    assert (result["outcome"], result["invalid_tool_calls"]) == ("resolved", len(bad))
