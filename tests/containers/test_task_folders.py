"""Whole runs over task folders, as a user starts them."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_smallbench.contracts import ToolCall
from pytest_smallbench.testing.script import Turn
from pytest_smallbench.testing.scripted_server import ScriptedServer

if TYPE_CHECKING:
    from docker import APIClient

OWN = Path(__file__).parents[1] / "harbor_tasks"
DOCS = Path(__file__).parents[2] / "docs"
OFFLINE = '[environment]\nnetwork_mode = "no-network"\n'
PATIENCE_S = 120


class Tasks:
    """A project with task folders below ``tasks``."""

    def __init__(self, pytester: pytest.Pytester, client: APIClient) -> None:
        self.pytester = pytester
        self.path = pytester.path
        self.client = client

    def take(self, *names: str) -> None:
        """Our own tasks of these names."""
        for name in names:
            shutil.copytree(OWN / name, self.path / "tasks" / name)

    def lay(self, name: str, toml: str, dockerfile: str = "FROM debian:bookworm-slim\n") -> None:
        files = {
            "task.toml": toml,
            "instruction.md": "Do it.",
            "environment/Dockerfile": dockerfile,
        }
        for file, text in {**files, "tests/test.sh": "#!/bin/sh\n"}.items():
            path = self.path / "tasks" / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def run(self, *args: str, agent: str | None = "oracle") -> pytest.RunResult:
        chosen = [f"--smallbench-agent={agent}"] if agent else []
        return self.pytester.runpytest_subprocess("--smallbench-output=out", *chosen, *args)

    @property
    def report(self) -> dict:
        return json.loads((self.path / "out" / "report.json").read_text())

    def outcomes(self) -> dict[str, str]:
        return {result["task_id"]: result["outcome"] for result in self.report["results"]}

    def containers(self) -> list[str]:
        """Those of images that ``mark`` has marked: other tests have some of their own."""
        chosen = {"label": f"smallbench.test={self.path}"}
        return [one["Id"] for one in self.client.containers(all=True, filters=chosen)]

    def mark(self, name: str) -> None:
        with (self.path / "tasks" / name / "environment" / "Dockerfile").open("a") as file:
            file.write(f"LABEL smallbench.test={self.path}\n")


@pytest.fixture
def tasks(pytester: pytest.Pytester, client: APIClient, monkeypatch: pytest.MonkeyPatch) -> Tasks:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "CI", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    return Tasks(pytester, client)


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
@pytest.mark.parametrize(("agent", "verdict"), [("oracle", "resolved"), ("nop", "unresolved")])
def test_our_own_tasks_hold(tasks, workers, agent, verdict):
    names = sorted(folder.name for folder in OWN.iterdir())
    tasks.take(*names)
    result = tasks.run("tasks", workers, agent=agent)
    assert result.ret == 7  # one of five has no verdict, more than a run may have
    wanted = dict.fromkeys((f"tasks/{name}" for name in names), verdict)
    assert tasks.outcomes() == {**wanted, "tasks/no-reward": "error"}
    facts = tasks.report["benchmarks"]["harbor"]
    assert facts["environment"]["sandbox"] == "docker"
    assert set(tasks.report["results"][0]["metrics"]) <= {"reward", "lines"}


def test_a_folder_itself_and_an_id_can_be_named(tasks):
    tasks.take("several-files", "older-form")
    tasks.run("tasks/older-form").assert_outcomes(passed=1)
    shutil.rmtree(tasks.path / "out")
    tasks.run("tasks/several-files/task.toml::several-files").assert_outcomes(passed=1)


def test_attempts_tags_and_last_failed(tasks):
    tasks.take("several-files", "separate-verifier")
    result = tasks.run("tasks", "--smallbench-attempts=2", "-m", "csv", agent="nop")
    result.assert_outcomes(failed=2, deselected=2)
    ids = [result["nodeid"] for result in tasks.report["results"]]
    name = "tasks/separate-verifier/task.toml::separate-verifier"
    assert ids == [f"{name}[1]", f"{name}[2]"]
    shutil.rmtree(tasks.path / "out")
    tasks.run("tasks", "--smallbench-attempts=2", "--lf").assert_outcomes(passed=2)


def test_a_model_solves_a_task_through_the_tools(tasks):
    tasks.take("several-files")
    command = (
        "cd notes && for n in *; do printf '%s\\t%s\\n' $n \"$(head -n1 $n)\"; done > ../index.txt"
    )
    script = [
        Turn("First a look.", (ToolCall("bash", {"command": "ls notes"}),)),
        Turn(None, (ToolCall("bash", {"command": command}),)),
        Turn(None, (ToolCall("read_file", {"path": "/srv/index.txt"}),)),
        Turn("Done.", (ToolCall("submit"),)),
    ]
    with ScriptedServer({"The folder `/srv/notes`": script}) as server:
        result = tasks.run("tasks", f"--smallbench-base-url={server.base_url}", agent=None)
    result.assert_outcomes(passed=1)
    assert tasks.report["results"][0]["steps"] == 4


def test_the_agent_fixture_of_a_conftest_beside_the_tasks_is_used(tasks):
    tasks.take("older-form")
    (tasks.path / "tasks" / "conftest.py").write_text(
        "import pytest\n\nclass Mine:\n    def solve(self, environment):\n"
        "        environment.call('bash', {'command': 'sort -u words.txt > sorted.txt'})\n\n"
        "@pytest.fixture\ndef agent():\n    return Mine()\n"
    )
    tasks.run("tasks", agent=None).assert_outcomes(passed=1)


def test_a_wrong_description_is_one_line_and_stops_the_run(tasks):
    tasks.lay("wrong", "[agent]\ntimeout_sec = 'soon'\n")
    result = tasks.run("tasks")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*wrong/task.toml: agent.timeout_sec: a number is needed*"])
    result.stdout.no_fnmatch_line("*Traceback*")


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_what_cannot_be_had_is_skipped_by_name(tasks, workers):
    tasks.lay("accelerated", OFFLINE + "gpus = 1\n")
    tasks.lay("large", OFFLINE + "cpus = 4096\n")
    result = tasks.run("tasks", workers, "-rs")
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["*cannot be run here: it needs a GPU (environment.gpus)*"])
    result.stdout.fnmatch_lines(["*cannot be run here: it needs 4096 cpus*"])
    assert set(tasks.outcomes().values()) == {"skipped"}


def test_a_build_that_fails_names_the_file_and_its_step(tasks):
    tasks.lay("unbuilt", OFFLINE, "FROM debian:bookworm-slim\nRUN echo so far && false\n")
    result = tasks.run("tasks")
    result.assert_outcomes(errors=1)
    reason = tasks.report["results"][0]["reason"]
    assert "unbuilt/environment/Dockerfile" in reason
    assert "step 2 of 2: RUN echo so far && false" in reason


def test_without_an_engine_the_run_says_so_in_one_line(tasks, monkeypatch):
    tasks.lay("plain", OFFLINE)
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    result = tasks.run("tasks")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["*task folders run on Docker: no Docker engine at unix:///nowhere*"]
    )


def test_tasks_of_the_formats_name_only_are_left_to_pytest(tasks):
    (tasks.path / "task.toml").write_text("")
    tasks.pytester.makepyfile("def test_own(): pass")
    tasks.run().assert_outcomes(passed=1)


SLEEPER = """
import pytest

class Sleeper:
    def solve(self, environment):
        environment.call("bash", {"command": "echo here; sleep 600", "timeout_s": 600})

@pytest.fixture
def agent():
    return Sleeper()
"""


def started(tasks: Tasks, *args: str) -> subprocess.Popen[bytes]:
    """A run whose agent sleeps in its container."""
    tasks.take("several-files")
    tasks.mark("several-files")
    (tasks.path / "conftest.py").write_text(SLEEPER)
    run = subprocess.Popen(
        [sys.executable, "-m", "pytest", "tasks", "--smallbench-output=out", *args],
        cwd=tasks.path,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        # Where these tests run in the background of a shell, children do not hear Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    trajectories = tasks.path / "out" / "trajectories"
    until(lambda: any('"bash"' in file.read_text() for file in trajectories.glob("*.jsonl")))
    assert tasks.containers()
    return run


def until(condition):
    """Poll for an event of another process; PATIENCE_S is no measure of speed."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_ctrl_c_leaves_no_container(tasks, workers):
    run = started(tasks, workers)
    os.killpg(run.pid, signal.SIGINT)
    assert run.wait(PATIENCE_S) == pytest.ExitCode.INTERRUPTED
    assert not tasks.containers()


def test_what_a_killed_run_leaves_the_next_one_removes(tasks):
    run = started(tasks, "-n0")
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert tasks.containers()
    (tasks.path / "conftest.py").unlink()
    shutil.rmtree(tasks.path / "out")
    tasks.run("tasks").assert_outcomes(passed=1)
    assert not tasks.containers()


def test_the_pages_task_is_sound(tasks):
    page = (DOCS / "harbor.md").read_text()
    files = re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", page, re.DOTALL)
    assert len(files) == 5
    for name, text in files:
        (tasks.path / name).parent.mkdir(parents=True, exist_ok=True)
        (tasks.path / name).write_text(text)
    tasks.run("tasks/greeting").assert_outcomes(passed=1)
    shutil.rmtree(tasks.path / "out")
    tasks.run("tasks/greeting", agent="nop").assert_outcomes(failed=1)
