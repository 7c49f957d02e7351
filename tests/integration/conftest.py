"""A project with a toy benchmark, and a way to run pytest in it as a user would."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pytest
from custom_project import OwnTasks

CONFTEST = """
import toy_benchmark

def pytest_smallbench_register(registry):
    registry.benchmark("toy", toy_benchmark.Toy())
    registry.sandbox("none", toy_benchmark.NoSandboxes)
"""
SUITE = """
def test_task(environment, agent):
    agent.solve(environment)
    grade = environment.grade()
    assert grade.resolved, grade.explanation
"""


class Project:
    """A folder with a conftest that knows the toy benchmark."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.path = pytester.path
        pytester.makepyfile(
            toy_benchmark=Path(__file__).with_name("toy_benchmark.py").read_text(),
            toy_suite=SUITE,
        )
        self.conftest("")

    def conftest(self, more: str) -> None:
        self.pytester.makeconftest(CONFTEST + more)

    def run(self, *args: str, agent: str | None = "oracle") -> pytest.RunResult:
        chosen = [f"--smallbench-agent={agent}"] if agent else []
        return self.pytester.runpytest_subprocess(
            "--smallbench=toy",
            "--smallbench-sandbox=none",
            "--smallbench-output=out",
            *chosen,
            *args,
        )

    @property
    def report(self) -> dict:
        return json.loads((self.path / "out" / "report.json").read_text())

    @property
    def summary(self) -> dict:
        return self.report["benchmarks"]["toy"]["summary"]

    def outcomes(self) -> dict[str, str]:
        return {result["task_id"]: result["outcome"] for result in self.report["results"]}


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "CI", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    return Project(pytester)


@pytest.fixture
def own_tasks(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> OwnTasks:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "CI", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    return OwnTasks(pytester)


@pytest.fixture(params=["0", "2"], ids=["alone", "two workers"])
def workers(request: pytest.FixtureRequest) -> str:
    """Each option is tested in one process and over workers."""
    return f"-n{request.param}"


class Program:
    """A Python program in the project's folder, as an agent. ``tools`` makes calls by HTTP,
    without an MCP library: what costs nothing to start in tests of everything else."""

    TOOLS = """
import json, os, sys, time, urllib.request
url = sys.argv[1]

def tool(name, **arguments):
    params = {"name": name, "arguments": arguments}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["result"]["content"][0]["text"]
"""

    def __init__(self, project):
        self.project = project

    def run(self, source, *args, command="{python} -u {cwd}/program.py {mcp_url} {prompt}"):
        (self.project.path / "program.py").write_text(self.TOOLS + source)
        agent = "cmd:" + command.replace("{python}", shlex.quote(sys.executable))
        result = self.project.run("--smallbench-limit=2", *args, agent=agent)
        return result, self.project.report["results"]

    def events(self, kind, task="Toy%2F1"):
        path = self.project.path / f"out/trajectories/toy%3A%3A{task}.jsonl"
        events = map(json.loads, path.read_text().splitlines())
        return [event["data"] for event in events if event["kind"] == kind]


@pytest.fixture
def program(project):
    return Program(project)
