"""docs/command-agents.md: its files and commands, run as they stand there."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path

import pytest
from pytest_smallbench.benchmarks.bcb_agent.mini import records

from pytest_smallbench.agents.command.template import parse
from pytest_smallbench.contracts import ToolCall
from pytest_smallbench.testing.script import Turn
from pytest_smallbench.testing.scripted_server import ScriptedServer

PAGE = (Path(__file__).parents[2] / "docs" / "command-agents.md").read_text()
FILES = re.findall(r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = re.findall(r"^\$ pytest (.*)$", PAGE, re.MULTILINE)
KNOWN = re.findall(r"^\| (claude|codex|gemini) \| `\"(cmd:.*)\"` \|$", PAGE, re.MULTILINE)


def run(pytester, command, *args):
    for name, text in FILES:
        (pytester.path / name).write_text(text)
    # The page says python, which is that of the user's environment.
    words = [re.sub(r"\bpython\b(?! )", sys.executable, w) for w in shlex.split(command)]
    words = [w.replace("cmd:python ", f"cmd:{sys.executable} ") for w in words]
    servers = pytester.path / "servers.json"
    servers.write_text(servers.read_text().replace('"python"', json.dumps(sys.executable)))
    pytester.runpytest_subprocess(*words, "--smallbench-limit=1", "--smallbench-output=out", *args)
    (result,) = json.loads((pytester.path / "out/report.json").read_text())["results"]
    return result


@pytest.mark.parametrize("command", COMMANDS[:2], ids=["shell script", "MCP client"])
def test_an_agent_of_the_page_hands_in_its_guess(pytester, command):
    result = run(pytester, command)
    assert "hidden tests failed" in result["reason"]
    assert (result["tool_calls"], result["invalid_tool_calls"]) == (2, 0)


def test_the_pages_own_server_is_asked(pytester):
    record = records()[0]
    solution = record["code_prompt"] + record["canonical_solution"]
    turns = [
        Turn(calls=(ToolCall("house_style"),)),
        Turn(calls=(ToolCall("add_submission", {"submission": solution}),)),
        Turn(calls=(ToolCall("submit_solution"),)),
    ]
    with ScriptedServer({"": turns}) as server:
        result = run(pytester, COMMANDS[2], f"--smallbench-base-url={server.base_url}")
    assert result["outcome"] == "resolved"
    assert "Return early" in (pytester.path / "out" / result["trajectory"]).read_text()


def test_the_lines_for_known_programs_are_split_and_filled(tmp_path, monkeypatch):
    """The programs cannot be had here: stand-ins of their names show that the line is whole."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    values = dict.fromkeys(("prompt_file", "mcp_config", "mcp_url", "workdir", "cwd"), "/x")
    assert len(KNOWN) == 3
    for program, line in KNOWN:
        (tmp_path / program).touch(mode=0o755)
        command = parse(line.replace('\\"', '"')).fill({**values, "prompt": "a 'b' {mcp_url}"})
        assert "a 'b' {mcp_url}" in command
        assert not [word for word in command if "{" in word.replace("{mcp_url}", "")]
