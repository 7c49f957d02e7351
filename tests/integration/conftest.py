"""A project with a toy benchmark, and a way to run pytest in it as a user would."""

from __future__ import annotations

import json
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
