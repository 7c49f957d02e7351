"""``--smallbench-mcp``: a real MCP server's tools, called by ReAct; the model is scripted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_smallbench.contracts import ToolCall
from pytest_smallbench.testing.script import Turn
from pytest_smallbench.testing.scripted_server import ScriptedServer

SERVER = Path(__file__).with_name("mcp_tickets.py")
KEY = "correct-horse-battery"


def calls(*names, **arguments):
    return Turn(calls=tuple(ToolCall(name, arguments) for name in names))


REACH = [Turn(calls=(ToolCall("add", {"n": 1}),)), calls("done")]


@pytest.fixture
def configured(project, monkeypatch):
    """A config file whose server has a secret, by way of the environment."""
    monkeypatch.setenv("TICKETS", KEY)  # no name that sounds secret: the config makes it one
    return config(project, args=[str(SERVER)], env={"TICKETS_KEY": "${TICKETS}"})


def config(project, name="tickets", **entry):
    path = project.path / f"{name}.json"
    entry = {"command": sys.executable, **entry}
    path.write_text(json.dumps({"mcpServers": {name: entry}}))
    return f"--smallbench-mcp={path.name}"


def run(project, turns, *args):
    with ScriptedServer({"": turns}) as server:
        return project.run(
            "--smallbench-task=Toy/1", f"--smallbench-base-url={server.base_url}", *args, agent=None
        )


def observations(project):
    path = project.path / "out/trajectories/toy%3A%3AToy%2F1.jsonl"
    events = [json.loads(line) for line in path.read_text().splitlines()]
    return [event["data"]["text"] for event in events if event["kind"] == "observation"][1:]


def test_a_servers_tools_are_called_beside_the_environments(project, configured, workers):
    turns = [calls("goal"), calls("tickets__add", n=7), calls("odd_name"), *REACH]
    run(project, turns, configured, workers)
    assert project.outcomes() == {"Toy/1": "resolved"}
    said = observations(project)
    assert said[0].startswith("asked 1 times")
    assert said[1:3] == ["another add: 7", "odd"]


@pytest.fixture
def served(project):
    """The config of the same server where it runs already and is asked over HTTP."""
    command = [sys.executable, str(SERVER), "--http"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=project.path) as program:
        assert program.stdout is not None
        path = project.path / "served.json"
        entry = {"url": program.stdout.readline().strip(), "headers": {"X-Key": "${TICKETS:-none}"}}
        path.write_text(json.dumps({"mcpServers": {"tickets": entry}}))
        yield f"--smallbench-mcp={path.name}"
        program.terminate()


def test_a_server_that_is_asked_over_http(project, served, workers):
    run(project, [calls("goal"), calls("tickets__add", n=7), *REACH], served, workers)
    assert project.outcomes() == {"Toy/1": "resolved"}
    said = observations(project)
    assert said[0].startswith("asked 1 times")
    assert said[1] == "another add: 7"


OWN_TASK = """
def test_own(agent, sandbox):
    first = sandbox.task("Ask for the goal.")
    assert "goal" in [tool.name for tool in first.tools]
    assert agent.solve(first) == "asked"
    second = sandbox.task("Ask for the goal again.")
    assert "asked 2 times" in second.call("goal", {}).text
    assert second.call("bash", {"command": "echo own"}).text == "own"

def test_by_the_fixture(environment):
    assert "asked 1 times" in environment.call("goal", {}).text
"""


def test_tasks_of_ones_own_have_them_too(own_tasks, project, configured, workers):
    """Of several tasks in a test one server each, which ends with the attempt."""
    project.pytester.makeconftest("")
    own_tasks.write(agent="", test_own=OWN_TASK)
    script = [calls("goal"), Turn(calls=(ToolCall("answer", {"text": "asked"}),))]
    with ScriptedServer({"": script}) as server:
        url = f"--smallbench-base-url={server.base_url}"
        own_tasks.run(configured, url, workers).assert_outcomes(passed=2)


def test_each_attempt_has_servers_of_its_own(project, configured):
    run(project, [calls("goal"), *REACH], configured, "--smallbench-attempts=2")
    texts = [p.read_text() for p in (project.path / "out/trajectories").glob("*.jsonl")]
    assert len(texts) == 2
    assert all("asked 1 times" in text for text in texts)


def test_what_fails_is_an_observation(project, configured):
    run(project, [calls("broken"), calls("die"), calls("goal"), *REACH], configured)
    assert project.outcomes() == {"Toy/1": "resolved"}
    broken, died, after = observations(project)[:3]
    assert "broken" in broken
    assert "tickets gave no answer" in died
    assert "tickets gave no answer" in after


def test_the_report_names_the_servers_and_none_of_their_secrets(project, configured):
    result = run(project, [calls("goal"), *REACH], configured)
    assert project.report["benchmarks"]["toy"]["mcp_servers"].startswith("tickets (")
    written = [p for p in (project.path / "out").rglob("*") if p.is_file()]
    assert "the key is ***" in "".join(p.read_text() for p in written)
    for text in (*(p.read_text() for p in written), result.stdout.str(), result.stderr.str()):
        assert KEY not in text


def test_a_run_is_not_resumed_with_other_servers(project, configured):
    run(project, REACH, configured)
    other = config(project, "others", args=[str(SERVER)])
    result = run(project, REACH, other, "--smallbench-resume=out")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*MCP servers*tickets*others*"])


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"args": [str(SERVER), "--fail"]}, "tickets: the database is not there"),
        ({"command": "no-such-program"}, "no-such-program: No such file or directory"),
        ({"command": "x", "url": "http://x"}, "either a command"),
        ({"env": {"A": "${NO_SUCH_VARIABLE}"}}, "NO_SUCH_VARIABLE"),
        ({"args": "text"}, "args must be a list"),
    ],
)
def test_a_server_that_cannot_be_had_is_a_usage_error(project, entry, said):
    result = run(project, REACH, config(project, **entry))
    assert result.ret == 4
    result.stderr.fnmatch_lines([f"*--smallbench-mcp*tickets*{said}*"])


def test_an_agent_that_uses_no_tools_of_others_gets_none(project, configured):
    result = project.run(configured)
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*--smallbench-mcp: agent oracle*"])
