"""What became of a task: in the terminal, in junit, in the report, in the exit status."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

AGENT = """
import pytest
{imports}

class Agent:
    def solve(self, environment):
        number = environment.goal if hasattr(environment, "goal") else int(
            environment.task.id.rpartition("/")[2])
{body}

@pytest.fixture
def agent():
    return Agent()
"""


def agent_that(*lines, imports=""):
    body = "\n".join("        " + line for line in lines)
    return AGENT.format(body=body, imports=imports)


def test_the_oracle_resolves_all_but_what_is_skipped(project, workers):
    result = project.run(workers)
    result.assert_outcomes(passed=11, skipped=1)
    assert result.ret == 0
    assert (project.summary["resolved"], project.summary["skipped"]) == (11, 1)
    assert project.outcomes()["Toy/11"] == "skipped"


def test_what_another_plugin_breaks_at_the_end_costs_no_report(project, workers):
    project.conftest("def pytest_sessionfinish(): raise RuntimeError('broken at the end')")
    result = project.run(workers)
    assert "broken at the end" in result.stdout.str() + result.stderr.str()
    assert project.summary["resolved"] == 11
    assert result.ret != 0


def test_the_last_line_is_the_verdict(project, workers):
    result = project.run(workers)
    assert result.outlines[-1].startswith(
        "toy: resolved 11/11 (100.0%, 95% CI 74.1-100.0), 0 errors"
    )
    assert result.outlines[-1].endswith("gate: none")


def test_nop_is_unresolved_and_says_why_without_a_traceback(project, workers):
    result = project.run(
        workers, "-k", "Toy/1 or Toy/2 or Toy/3", "--smallbench-limit=4", agent="nop"
    )
    result.assert_outcomes(failed=3)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["FAILED toy::Toy/2 - *reached 0, not 2*"])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*pytest_smallbench/*.py*")


def test_an_agents_exception_is_unresolved(project, workers):
    project.conftest(agent_that("raise KeyError('lost')"))
    result = project.run(workers, "--smallbench-limit=2", agent=None)
    result.assert_outcomes(failed=2)
    assert project.report["results"][0]["reason"].startswith("agent raised KeyError: 'lost'")


def test_a_sandbox_error_is_an_error_everywhere_and_no_verdict(project, workers):
    project.conftest(agent_that("environment.call('add', {'n': 503})"))
    result = project.run(workers, "--smallbench-limit=3", "--junitxml=junit.xml", agent=None)
    result.assert_outcomes(errors=3)
    assert project.summary["errors"] == 3
    assert project.summary["graded"] == 0
    assert result.ret == 7  # nothing was graded
    suite = ElementTree.parse(project.path / "junit.xml").getroot()[0]
    assert (suite.get("errors"), suite.get("failures")) == ("3", "0")


def test_a_swallowed_sandbox_error_is_an_error_too(project):
    project.conftest(
        agent_that("try:", "    environment.call('add', {'n': 503})", "except Exception: pass")
    )
    result = project.run("--smallbench-limit=1", agent=None)
    result.assert_outcomes(errors=1)


def test_a_crashed_worker_is_an_error_and_the_run_goes_on(project):
    project.conftest(agent_that("environment.call('add', {'n': 666 if number == 3 else number})"))
    result = project.run("-n2", agent=None)
    assert project.outcomes()["Toy/3"] == "error"
    assert project.summary["resolved"] == 10
    assert result.ret == 7  # one error in eleven is more than 5%
    result.stdout.fnmatch_lines(["*gate: inconclusive (1 error in 11 attempts*"])


def test_a_crash_within_the_allowed_share_still_is_not_green(project):
    project.conftest(agent_that("environment.call('add', {'n': 666 if number == 3 else number})"))
    result = project.run("-n2", "--smallbench-max-errors=0.2", agent=None)
    assert result.ret == 1


def test_a_fault_in_a_users_fixture_is_an_error_with_its_traceback(project, workers):
    project.conftest("import pytest\n@pytest.fixture\ndef agent():\n    raise ValueError('mine')\n")
    result = project.run(workers, "--smallbench-limit=2", agent=None)
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["*ValueError: mine*"])
    result.stdout.no_fnmatch_line("*running.py*")
    assert project.outcomes() == {"Toy/0": "error", "Toy/1": "error"}


def test_an_agent_without_solve_stops_the_run_with_one_line(project):
    project.conftest("import pytest\n@pytest.fixture\ndef agent():\n    return 7\n")
    result = project.run(agent=None)
    assert result.ret == 2
    result.stdout.fnmatch_lines(["*fixture 'agent' gave a int, which has no method solve*"])
    assert project.summary["not_run"] == 11


def test_a_step_limit_is_unresolved_and_named(project):
    project.conftest(agent_that("while True: environment.call('add', {'n': 0})"))
    project.run("--smallbench-limit=2", "--smallbench-max-steps=4", agent=None)
    last = project.report["results"][-1]
    assert last["outcome"] == "unresolved"
    assert last["reason"] == "reached 0, not 1 (step limit of 4 reached)"
    assert last["steps"] == 4


def test_a_hanging_agent_is_unresolved_and_the_run_goes_on(project, workers):
    project.conftest(
        agent_that(
            "if number == 0: time.sleep(3600)",
            "environment.call('add', {'n': number})",
            imports="import time",
        )
    )
    project.run(workers, "--smallbench-limit=3", "--smallbench-task-timeout=8", agent=None)
    assert project.outcomes() == {"Toy/0": "resolved", "Toy/1": "resolved", "Toy/2": "resolved"}
    trajectory = project.path / "out/trajectories/toy%3A%3AToy%2F0.jsonl"
    assert "time limit of 8 s reached" in trajectory.read_text()


def test_ctrl_c_still_writes_the_report(project):
    project.conftest(
        agent_that(
            "if number == 2: raise KeyboardInterrupt", "environment.call('add', {'n': number})"
        )
    )
    result = project.run(agent=None)
    assert result.ret == 2
    assert (project.summary["resolved"], project.summary["not_run"]) == (2, 10)


def test_an_own_test_that_fails_is_not_hidden_by_a_met_gate(project, workers):
    project.pytester.makepyfile(test_own="def test_own(): assert False")
    result = project.run(workers, "--smallbench-min-rate=0.5", "test_own.py")
    result.assert_outcomes(passed=11, skipped=1, failed=1)
    assert result.ret == 1
