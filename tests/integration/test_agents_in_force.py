"""Whose agent solves a task: the nearest fixture's, or the option's; never one of two by chance."""

from __future__ import annotations

import json

AGENT = """
import pytest

class {name}:
    def solve(self, environment):
        return "{name}"

@pytest.fixture
def agent():
    return {name}()
"""
TESTS = """
import pytest

@pytest.mark.smallbench(reference="oracle")
def test_who(agent, sandbox):
    assert agent.solve(sandbox.task("Who?")) == "{who}"
"""


def folders(own_tasks, **agents):
    """A folder of tasks for each agent, which a conftest of its own brings."""
    for folder, name in agents.items():
        path = own_tasks.pytester.mkdir(folder)
        (path / "__init__.py").write_text("")
        (path / "conftest.py").write_text(AGENT.format(name=name))
        (path / "test_own.py").write_text(TESTS.format(who=name))


def test_each_folder_has_its_own(own_tasks, workers):
    folders(own_tasks, first="Anna", second="Bert")
    result = own_tasks.run(workers)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        ["smallbench: custom: 2 tasks *, agent of *first/conftest.py, *second/conftest.py, *"]
    )
    agent = own_tasks.report["benchmarks"]["custom"]["agent"]
    assert agent == "conftest:Anna, conftest:Bert"


def test_an_option_beside_a_fixture_is_refused_by_its_file(own_tasks, workers):
    folders(own_tasks, first="Anna")
    own_tasks.write(agent="", test_root=TESTS.format(who="oracle"))
    result = own_tasks.run(workers, "--smallbench-agent=oracle")
    assert result.ret == 4
    result.stderr.fnmatch_lines(
        ["ERROR: --smallbench-agent=oracle: the fixture 'agent' of *first/conftest.py is *"]
    )


def test_without_conftests_the_oracle_checks_the_tasks(own_tasks):
    folders(own_tasks, first="Anna")
    own_tasks.write(agent="", test_root=TESTS.format(who="oracle"))
    own_tasks.run("--noconftest", "--smallbench-agent=oracle", "test_root.py").assert_outcomes(
        passed=1
    )
    assert own_tasks.report["benchmarks"]["custom"]["agent"] == "oracle"


def test_a_test_may_be_parametrized_with_agents(own_tasks, workers):
    agents = AGENT.format(name="Anna") + AGENT.format(name="Bert")
    own_tasks.write(
        agent="",
        test_own=agents.replace("@pytest.fixture\ndef agent", "def make")
        + '@pytest.mark.parametrize("agent", [Anna(), Bert()], ids=["anna", "bert"])'
        + TESTS.replace("import pytest", "").format(who="Bert"),
    )
    own_tasks.run(workers)
    assert own_tasks.outcomes() == {"test_who[anna]": "unresolved", "test_who[bert]": "resolved"}
    result = own_tasks.run(workers, "--smallbench-agent=oracle")
    assert result.ret == 4
    result.stderr.fnmatch_lines(
        ["ERROR: --smallbench-agent=oracle: the fixture 'agent' of *test_own.py is *"]
    )


RIGHT = 'environment.call("add", {"n": int(environment.task.id.rpartition("/")[2])})'


def benchmark_agent(name, body):
    return (
        f"\nimport pytest\nclass {name}:\n    def solve(self, environment):\n        {body}\n"
        f"\n@pytest.fixture(name='agent')\ndef {name.lower()}_fixture():\n    return {name}()\n"
    )


def test_a_benchmark_has_the_nearest_conftests(project, monkeypatch, workers):
    """From the current folder upwards, whichever others the arguments lead to."""
    project.conftest(benchmark_agent("Far", "pass"))
    for folder, name in (("aside", "Aside"), ("near", "Near")):
        path = project.pytester.mkdir(folder)
        (path / "conftest.py").write_text(
            benchmark_agent(name, RIGHT if name == "Near" else "pass")
        )
        (path / f"test_{folder}.py").write_text("def test_ordinary(): pass\n")
    (project.path / "pytest.ini").write_text("[pytest]\n")
    monkeypatch.chdir(project.path / "near")
    result = project.run(workers, ".", "../aside", agent=None)
    report = json.loads((project.path / "near" / "out" / "report.json").read_text())
    assert report["benchmarks"]["toy"]["agent"] == "conftest:Near"
    result.stdout.fnmatch_lines(["smallbench: toy: *, agent of *near/conftest.py, *"])
