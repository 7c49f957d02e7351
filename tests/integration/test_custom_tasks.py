"""A user's own tests as tasks: no --smallbench, plain asserts for a grader."""

from __future__ import annotations

import pytest

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


def test_a_users_tests_are_tasks_of_one_report(own_tasks, workers):
    own_tasks.write(agent=GREP, test_own=COUNTS)
    result = own_tasks.run(workers)
    result.assert_outcomes(passed=2, failed=1)
    assert own_tasks.outcomes() == {"test_counts_imports": "resolved", "test_wrong": "unresolved"}
    assert own_tasks.report["results"][0]["nodeid"] == "test_own.py::test_counts_imports"
    assert result.ret == 1
    result.stdout.fnmatch_lines(["custom: resolved 1/2 *"])
    assert not (own_tasks.path / "out" / "plan.json").exists()


def test_a_project_without_tasks_sees_no_change(own_tasks, workers):
    own_tasks.write(test_own="def test_own(): pass")
    result = own_tasks.run(workers)
    assert result.ret == 0
    result.stdout.no_fnmatch_line("*smallbench: *")
    assert not (own_tasks.path / "out").exists()


def test_a_collector_brings_tasks_of_a_benchmark_of_its_own(own_tasks, workers):
    own_tasks.pytester.makeconftest(COLLECTOR)
    own_tasks.pytester.makefile(".reach", two="2", five="5")
    result = own_tasks.run(workers, "--smallbench-agent=oracle")
    result.assert_outcomes(passed=2)
    assert own_tasks.report["benchmarks"]["reach"]["summary"]["resolved"] == 2


MARKED = """
import pytest

@pytest.mark.smallbench(tags=["odd"], category="sums", attempts=2, expected="1", reference="1")
class TestSums:
    @pytest.mark.parametrize("text", ["1", "2"])
    def test_sum(self, text, agent, environment):
        "What is one?"
        assert environment.observe() == "What is one?"
        agent.solve(environment)
        assert environment.grade().resolved and text

    @pytest.mark.smallbench(
        attempts=1, tags=["even"], reference=lambda environment: environment.call(
            "write_file", {"path": "a", "content": "b"}) and "1")
    def test_function(self, agent, sandbox, environment):
        assert agent.solve(environment) == "1"
        assert sandbox.read_text("a") == "b"

def test_without_a_reference(agent, sandbox):
    assert agent.solve(sandbox.task("?")) == "1"

@pytest.mark.smallbench(image="debian")
def test_in_an_image(agent, sandbox):
    assert agent.solve(sandbox.task("?")) == "1"
"""


def test_the_mark_and_the_oracle(own_tasks, workers):
    own_tasks.write(agent="", test_own=MARKED)
    result = own_tasks.run(workers, "--smallbench-agent=oracle", "--strict-markers")
    result.assert_outcomes(passed=5, skipped=2)
    assert own_tasks.outcomes() == {
        "TestSums::test_function": "resolved",
        "TestSums::test_sum[1][1]": "resolved",
        "TestSums::test_sum[1][2]": "resolved",
        "TestSums::test_sum[2][1]": "resolved",
        "TestSums::test_sum[2][2]": "resolved",
        "test_in_an_image": "skipped",
        "test_without_a_reference": "skipped",
    }
    first = own_tasks.report["results"][1]
    assert first["task_id"] == "test_own.py::TestSums::test_sum[1]"
    assert (first["attempt"], first["category"], first["expected_output"]) == (1, "sums", "1")


def collected(own_tasks, *args):
    lines = own_tasks.run("--collect-only", "-q", *args).outlines
    return [line.partition("::")[2] for line in lines if "::" in line]


def test_pytests_own_ways_to_choose(own_tasks):
    own_tasks.write(agent="", test_own=MARKED)
    agent = "--smallbench-agent=oracle"
    assert collected(own_tasks, agent, "-m", "even") == ["TestSums::test_function"]
    assert collected(own_tasks, "test_own.py::TestSums::test_sum[2][1]") == [
        "TestSums::test_sum[2][1]"
    ]
    assert collected(own_tasks, "--smallbench-attempts=2", "-k", "without") == [
        "test_without_a_reference[1]",
        "test_without_a_reference[2]",
    ]
    assert collected(own_tasks, "--smallbench-limit=1") == [
        "TestSums::test_sum[1][1]",
        "TestSums::test_sum[1][2]",
    ]
    assert not (own_tasks.path / "out").exists()


WORDS = """
import pytest
@pytest.mark.parametrize("word", ["a", "b", "c"])
def test_word(word, agent, sandbox):
    assert agent.solve(sandbox.task(word)) == word
"""
STOPS = """
import os, signal
with open("ran.txt", "a") as file: file.write(word)
if word == "b" and not os.path.exists("killed"):
    open("killed", "w").close()
    os.kill(os.getppid() if WORKERS else os.getpid(), signal.SIGKILL)
return word
"""


def test_a_killed_run_goes_on(own_tasks):
    own_tasks.write(agent=STOPS.replace("WORKERS", "False"), test_own=WORDS)
    own_tasks.run("-n0")
    result = own_tasks.run("-n0", "--smallbench-resume=out")
    result.assert_outcomes(passed=2, deselected=1)
    assert result.ret == 0
    assert set(own_tasks.outcomes().values()) == {"resolved"}
    assert len(own_tasks.outcomes()) == 3
    assert (own_tasks.path / "ran.txt").read_text() == "abbc"


def test_a_gate_over_nothing_is_not_met(own_tasks, workers):
    own_tasks.write(agent="", test_own="def test_own(): pass")
    result = own_tasks.run(workers, "--smallbench-min-rate=0.5")
    assert result.ret == 7
    result.stdout.fnmatch_lines(["smallbench: --smallbench-min-rate: no test is a task, *"])


@pytest.mark.parametrize(("rate", "failing", "status"), [(0.5, "", 0), (0.9, "", 1), (0.5, "0", 1)])
def test_the_gate_is_over_tasks_and_ordinary_tests(own_tasks, rate, failing, status):
    ordinary = f"def test_ordinary(): assert {failing or 1}"
    own_tasks.write(agent=GREP, test_own=COUNTS, test_more=ordinary)
    assert own_tasks.run(f"--smallbench-min-rate={rate}").ret == status


USERS_OWN = """
import pytest

@pytest.fixture
def sandbox(): return "mine"

@pytest.fixture
def model(): return "mine too"

def test_own(sandbox, model):
    assert (sandbox, model) == ("mine", "mine too")
"""


def test_a_users_own_fixtures_of_our_names_are_left_alone(own_tasks):
    own_tasks.write(agent="", test_own=USERS_OWN)
    result = own_tasks.run()
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*smallbench: *")


HIDDEN = """
from pathlib import Path

def test_hidden(sandbox):
    here = Path(__file__)
    assert here.is_file()
    for path in (here, here.parent, here.parent / "conftest.py"):
        assert sandbox.run(["cat", str(path)]).exit_code == 1
        assert sandbox.run(["ls", str(path)]).exit_code == 2
    assert "test_hidden" not in sandbox.run("cat /proc/*/cmdline; env; ls -R /work /tmp").text
"""


def test_a_users_tests_are_not_seen_from_within(own_tasks):
    own_tasks.write(test_own=HIDDEN)
    result = own_tasks.run()
    result.assert_outcomes(passed=1)
