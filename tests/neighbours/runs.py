"""Real runs, exported: what the neighbours' own packages are to read.

The scripted server stands for the model, which cannot be had here; all else is real.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from pytest_smallbench.benchmarks.agentbench.generated import make
from pytest_smallbench.benchmarks.agentbench.own_settings import checked
from pytest_smallbench.benchmarks.bcb_agent.mini import records, wrong_solutions

from pytest_smallbench.contracts import ToolCall
from pytest_smallbench.testing.script import Answer, Failure, Turn
from pytest_smallbench.testing.scripted_server import ScriptedServer

SETTINGS = checked({})
SOON = {"retry-after-ms": "1"}


def run(folder: Path, *args: str) -> Path:
    """The output folder of a run with these options; ``folder`` is where pytest is started."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--smallbench-output=out"]
    done = subprocess.run(
        [*command, "--smallbench-export=atif,inspect", *args],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert (folder / "out" / "report.json").is_file(), done.stdout + done.stderr
    return folder / "out"


def react(folder: Path, script: Any, *args: str) -> Path:
    with ScriptedServer(script) as server:
        return run(folder, f"--smallbench-base-url={server.base_url}", *args)


def mini(folder: Path) -> Path:
    """Two attempts at each of six tasks: right, wrong, malformed, one that reaches a limit,
    one whose endpoint fails, and one that says odd things."""
    chosen = {record["task_id"]: record for record in records()[:6]}
    wrong = wrong_solutions()
    names = list(chosen)
    script = {
        _text(chosen[names[0]]): _solving(_whole(chosen[names[0]])),
        _text(chosen[names[1]]): _solving(wrong[names[1]][0]),
        _text(chosen[names[2]]): [*_malformed(), *_solving(_whole(chosen[names[2]]))],
        _text(chosen[names[3]]): [Turn("I would rather talk.")] * 20,
        _text(chosen[names[4]]): [Failure(500, "out of order", headers=SOON)] * 20,
        _text(chosen[names[5]]): [_odd(), *_solving(_whole(chosen[names[5]]))],
    }
    return react(
        folder,
        script,
        *("--smallbench=bcb-agent", "--smallbench-dataset=mini", "--smallbench-limit=6"),
        *("--smallbench-attempts=2", "--smallbench-max-steps=6", "-n2"),
    )


def out_of_budget(folder: Path) -> Path:
    """A run whose budget ends before its tasks do."""
    script = {_text(record): _solving(_whole(record)) for record in records()}
    return react(
        folder,
        script,
        *("--smallbench=bcb-agent", "--smallbench-dataset=mini", "--smallbench-limit=6", "-n0"),
        "--smallbench-budget=0.003",
    )


def oracle(folder: Path) -> Path:
    """A task of each of AgentBench's environments, without a model."""
    args = ("--smallbench=agentbench", "--smallbench-dataset=generated:1:5", "-n2")
    return run(folder, *args, "--smallbench-agent=oracle")


def agentbench(folder: Path, gold: Path) -> Path:
    """The same with a model that makes the calls that the oracle made in the run ``gold``."""
    script = {}
    for path in (gold / "trajectories").iterdir():
        events = [json.loads(line) for line in path.read_text().splitlines()]
        calls = [event["data"] for event in events if event["kind"] == "call"]
        turns = [Turn(calls=(ToolCall(call["name"], call["arguments"]),)) for call in calls]
        script[make(events[0]["data"]["task"], SETTINGS).instruction] = turns
    args = ("--smallbench=agentbench", "--smallbench-dataset=generated:1:5", "-n2")
    return react(folder, script, *args)


def _text(record: dict[str, str]) -> str:
    return record["instruct_prompt"].strip()


def _whole(record: dict[str, str]) -> str:
    return record["code_prompt"] + record["canonical_solution"]


def _solving(solution: str) -> list[Answer]:
    test = ToolCall("add_unit_test", {"unit_test_name": "runs", "test_code": "assert task_func"})
    return [
        Turn("First a plan.", (ToolCall("write_scratchpad", {"text": "1. write 2. test"}),)),
        Turn(None, (ToolCall("add_submission", {"submission": solution}), test)),
        Turn("Done.", (ToolCall("submit_solution"),)),
    ]


def _malformed() -> list[Answer]:
    return [
        Turn(None, (ToolCall("add_submission", '{"submission": '),)),
        Turn(None, (ToolCall("no such tool", {}), ToolCall("write_scratchpad", {"text": 7}))),
    ]


def _odd() -> Answer:
    text = "half a pair \udc80, a nul \0, \x1b[2J, </script>, \u202e, 🦀"
    return Turn(text, (ToolCall("write_scratchpad", {"text": text}),))
