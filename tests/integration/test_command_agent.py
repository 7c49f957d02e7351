"""``--smallbench-agent="cmd:..."``: programs as agents, real MCP clients among them."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pytest
from pytest_smallbench.benchmarks.agentbench.generated import make
from pytest_smallbench.benchmarks.agentbench.own_settings import checked
from pytest_smallbench.benchmarks.bcb_agent.mini import records

PLAYER = Path(__file__).with_name("mcp_player.py").read_text()
SERVERS = ["{mcp_config}", "{mcp_url}"]
both_servers = pytest.mark.parametrize("server", SERVERS, ids=["stdio", "http"])
both_runs = pytest.mark.parametrize("workers", ["-n0", "-n2"])


def play(pytester, script, server, *args):
    """Run the real MCP client as the agent; the report."""
    pytester.makepyfile(mcp_player=PLAYER)
    (pytester.path / "script.json").write_text(json.dumps(script))
    python = shlex.quote(sys.executable)
    pytester.runpytest_subprocess(
        f"--smallbench-agent=cmd:{python} {{cwd}}/mcp_player.py {server} {{cwd}}/script.json",
        "--smallbench-output=out",
        *args,
    )
    return json.loads((pytester.path / "out" / "report.json").read_text())


def mini_calls(record):
    solution = record["code_prompt"] + record["canonical_solution"]
    return [
        {"name": "add_submission", "arguments": {"submission": solution}},
        {"name": "submit_solution", "arguments": {}},
    ]


@both_runs
@both_servers
def test_a_real_client_solves_mini_tasks(pytester, server, workers):
    script = {r["instruct_prompt"].strip(): mini_calls(r) for r in records()[:3]}
    report = play(
        pytester, script, server, workers,
        "--smallbench=bcb-agent", "--smallbench-dataset=mini", "--smallbench-limit=3",
    )  # fmt: skip
    assert [each["outcome"] for each in report["results"]] == ["resolved"] * 3
    assert {each["tool_calls"] for each in report["results"]} == {2}
    assert report["benchmarks"]["bcb-agent"]["agent"].startswith("cmd:")
    assert report["benchmarks"]["bcb-agent"]["model"] is None


@both_runs
@both_servers
def test_a_real_client_solves_database_tasks(pytester, server, workers):
    chosen = (
        "--smallbench=agentbench", "--smallbench-dataset=generated:2:5", "--smallbench-category=db",
    )  # fmt: skip
    pytester.runpytest_subprocess(*chosen, "--smallbench-agent=oracle", "--smallbench-output=gold")
    script = {}
    for path in (pytester.path / "gold" / "trajectories").iterdir():
        events = [json.loads(line) for line in path.read_text().splitlines()]
        calls = [event["data"] for event in events if event["kind"] == "call"]
        script[make(events[0]["data"]["task"], checked({})).instruction] = calls
    report = play(pytester, script, server, workers, *chosen)
    assert [each["outcome"] for each in report["results"]] == ["resolved"] * 2


def test_a_prompt_stays_one_argument_whatever_is_in_it(program, tmp_path):
    template = (
        "{problem_statement} 'quoted' \"twice\" $(touch {cwd}/pwned) `id`; \n{mcp_url} {0} %s"
    )
    prompt = tmp_path / "prompt.txt"
    prompt.write_text(template)
    source = "print(len(sys.argv), repr(sys.argv[2]))\ntool('add', n=1)\ntool('done')"
    _, results = program.run(
        source, f"--smallbench-agent-prompt={prompt}", "--smallbench-task=Toy/1"
    )
    assert [each["outcome"] for each in results] == ["resolved"]
    whole = template.replace("{problem_statement}", "Reach it.")
    assert program.events("response")[0]["message"]["content"] == f"3 {whole!r}"


def test_without_a_place_the_prompt_comes_on_stdin(program):
    program.run(
        "print(sys.stdin.read().endswith('Reach 1, then call done.'))",
        "--smallbench-task=Toy/1",
        command="{python} {cwd}/program.py {mcp_url}",
    )
    assert program.events("response")[0]["message"]["content"] == "True"


def test_calls_after_the_end_are_refused_in_words(program):
    source = "tool('add', n=int(sys.argv[2].split('Reach ')[1].split(',')[0]))\ntool('done')\n"
    _, results = program.run(source + "print(tool('add', n=1))")
    assert {each["outcome"] for each in results} == {"resolved"}
    assert "attempt is over" in program.events("response")[0]["message"]["content"]
    assert len(program.events("call")) == 2
