"""Whose agent solves a task: the command line's, the nearest fixture's, or the default."""

from __future__ import annotations

import json

AGENT = """
import pytest

class {name}:
    def solve(self, environment):
        return "{name}"

@pytest.fixture
def agent({needs}):
    return {name}()
"""
TESTS = """
import pytest

@pytest.mark.smallbench(reference="oracle")
def test_who(agent, sandbox):
    assert agent.solve(sandbox.task("Who?")) == "{who}"
"""
TWICE = """
@pytest.fixture
def agent(agent):
    class Twice:
        def solve(self, environment):
            return 2 * (agent.solve(environment) or environment.answer)
    return Twice()
"""


def folders(own_tasks, **agents):
    """A folder of tasks for each agent, which a conftest of its own brings."""
    for folder, name in agents.items():
        path = own_tasks.pytester.mkdir(folder)
        (path / "__init__.py").write_text("")
        (path / "conftest.py").write_text(AGENT.format(name=name, needs=""))
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


def test_the_command_line_wins_over_every_fixture(own_tasks, workers):
    folders(own_tasks, first="Anna")
    broken = AGENT.format(name="Root", needs="broken")
    own_tasks.pytester.makeconftest(
        f"{broken}\n@pytest.fixture\ndef broken():\n    raise OSError('no such machine')\n"
    )
    in_the_file = AGENT.format(name="Own", needs="") + TESTS.format(who="oracle")
    own_tasks.write(agent="", test_root=TESTS.format(who="oracle"), test_own=in_the_file)
    result = own_tasks.run(workers, "--smallbench-agent=oracle")
    result.assert_outcomes(passed=2, failed=1)  # first/ expects Anna
    result.stdout.fnmatch_lines(["smallbench: custom: 3 tasks of *, agent oracle, sandbox *"])
    assert own_tasks.report["benchmarks"]["custom"]["agent"] == "oracle"


def test_a_fixture_that_builds_on_ours_builds_on_the_command_lines(own_tasks):
    own_tasks.write(agent="", test_own=TESTS.format(who="oracleoracle") + TWICE)
    own_tasks.run("--smallbench-agent=oracle").assert_outcomes(passed=1)


def test_agents_that_a_test_is_parametrized_with_stay(own_tasks, workers):
    agents = AGENT.format(name="Anna", needs="") + AGENT.format(name="Bert", needs="")
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
        ["ERROR: --smallbench-agent=oracle: tests of *test_own.py are parametrized with agents *"]
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


def test_the_command_line_wins_in_a_benchmark_too(project, workers):
    project.conftest(benchmark_agent("Far", "pass"))
    result = project.run(workers, agent="oracle")
    result.stdout.fnmatch_lines(["smallbench: toy: *, agent oracle, *"])
    assert project.report["benchmarks"]["toy"]["agent"] == "oracle"
    assert project.summary["unresolved"] == 0


def test_who_wins_over_an_ini_file_is_asked(project, workers):
    project.conftest(benchmark_agent("Far", "pass"))
    project.pytester.makeini("[pytest]\nsmallbench_agent = nop")
    result = project.run(workers, agent=None)
    assert result.ret == 4
    result.stderr.fnmatch_lines(
        ["ERROR: smallbench_agent = nop: the fixture 'agent' of *conftest.py is an agent too; *"]
    )
