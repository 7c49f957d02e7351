"""A user's own tests as tasks: no --smallbench, plain asserts for a grader."""

from __future__ import annotations

import json

import pytest

CONFTEST = """
import pytest

class Agent:
    def solve(self, environment):
        {body}

@pytest.fixture
def agent():
    return Agent()
"""
COUNTS = """
def test_counts_imports(agent, sandbox):
    sandbox.write("a.py", "import pandas as pd\\n")
    answer = agent.solve(sandbox.task("How many files here import pandas?"))
    assert answer.strip() == "1"

def test_wrong(agent, sandbox):
    assert agent.solve(sandbox.task("How many legs has a cat?")) == "4"

def test_ordinary():
    assert True
"""
GREP = 'return environment.call("bash", {"command": "grep -l pandas *.py | wc -l"}).text'

COLLECTOR = """
import dataclasses, pathlib
import pytest
from pytest_smallbench.contracts import (
    Grade, Limits, Observation, Preparation, SandboxSetup, Task, TaskEntry, TaskIndex, Tool,
    ToolCall)
from pytest_smallbench.task_items import enlist

@dataclasses.dataclass(frozen=True)
class Entry(TaskEntry):
    goal: int = 0

class Reach:
    tools = (Tool("add", "", {"type": "object", "properties": {"n": {"type": "integer"}}}),)
    def __init__(self, task, goal):
        self.task, self.answer, self.goal, self.total = task, None, goal, 0
    def observe(self): return "Reach the number."
    def call(self, name, arguments):
        self.total += arguments["n"]
        return Observation("added", done=True)
    def grade(self): return Grade(self.total == self.goal, 0.0, "missed")
    def reference(self): return [ToolCall("add", {"n": self.goal})]
    def metrics(self): return {}
    def close(self): pass

class Benchmark:
    name, title, suite, grader_version = "reach", "Reach", "", "1"
    limits, labels, own_settings = Limits(), {}, ()
    def index(self, settings, cache, say): raise AssertionError
    def collected(self, entries): return TaskIndex("folders", "", "all", "", tuple(entries))
    def prepare(self, settings, index, cache, say):
        assert not hasattr(index.entries[0], "goal")
        return Preparation(SandboxSetup(python=""), "")
    def task(self, bench, entry): return Task(entry.id, entry.name, self.name, "Reach it.")
    def environment(self, bench, entry, task): return Reach(task, entry.goal)
    def check_reference(self, bench, entry, times): raise AssertionError
    def remember(self, bench, checks, cache): return ""
    def abilities(self, results): return {}
    def doctor(self, settings, cache): return ()

def solved(environment, agent):
    agent.solve(environment)
    grade = environment.grade()
    assert grade.resolved, grade.explanation

class File(pytest.File):
    def collect(self):
        item = pytest.Function.from_parent(self, name="task", callobj=solved)
        goal = int(self.path.read_text())
        enlist(item, "reach", Entry(self.path.stem, self.path.stem, sandboxed=False, goal=goal))
        yield item

def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".reach":
        return File.from_parent(parent, path=file_path)

def pytest_smallbench_register(registry):
    registry.benchmark("reach", Benchmark())
"""


class Project:
    """A folder with tests of a user's own and an agent in its conftest."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester

    def write(self, *, agent: str = GREP, **files: str) -> None:
        if agent:
            self.pytester.makeconftest(CONFTEST.format(body=agent))
        self.pytester.makepyfile(**files)

    def run(self, *args: str) -> pytest.RunResult:
        return self.pytester.runpytest_subprocess("--smallbench-output=out", *args)

    @property
    def report(self) -> dict:
        return json.loads((self.pytester.path / "out" / "report.json").read_text())

    def outcomes(self) -> dict[str, str]:
        found = self.report["results"]
        return {result["task_id"].rpartition("::")[2]: result["outcome"] for result in found}


@pytest.fixture
def own(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "CI", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    return Project(pytester)


def test_a_users_tests_are_tasks_of_one_report(own, workers):
    own.write(test_own=COUNTS)
    result = own.run(workers)
    result.assert_outcomes(passed=2, failed=1)
    assert own.outcomes() == {"test_counts_imports": "resolved", "test_wrong": "unresolved"}
    assert own.report["results"][0]["nodeid"] == "test_own.py::test_counts_imports"
    assert result.ret == 1
    result.stdout.fnmatch_lines(["custom: resolved 1/2 *"])
    assert not (own.pytester.path / "out" / "plan.json").exists()


def test_a_project_without_tasks_sees_no_change(own, workers):
    own.write(test_own="def test_own(): pass")
    result = own.run(workers)
    assert result.ret == 0
    result.stdout.no_fnmatch_line("*smallbench: *")
    assert not (own.pytester.path / "out").exists()


def test_a_collector_brings_tasks_of_a_benchmark_of_its_own(own, workers):
    own.pytester.makeconftest(COLLECTOR)
    own.pytester.makefile(".reach", two="2", five="5")
    result = own.run(workers, "--smallbench-agent=oracle")
    result.assert_outcomes(passed=2)
    assert own.report["benchmarks"]["reach"]["summary"]["resolved"] == 2
