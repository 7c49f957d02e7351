"""A run against a baseline: compared task by task, gated, or refused by name."""

from __future__ import annotations

import json
import shutil

import pytest

AGENT = """
import pytest

class Agent:
    def solve(self, environment):
        number = int(environment.task.id.rpartition("/")[2])
        environment.call("add", {"n": number if number not in %s else -1})

@pytest.fixture
def agent():
    return Agent()
"""
REPORTS = []
GATE = ("--smallbench-baseline=old/report.json", "--smallbench-gate=no-regression")


@pytest.fixture
def baseline(project):
    """The report of a run that resolved all 11 tasks that can be graded; run once."""
    if not REPORTS:
        project.run()
        REPORTS.append((project.path / "out" / "report.json").read_text())
        shutil.rmtree(project.path / "out")
    path = project.pytester.mkdir("old") / "report.json"
    path.write_text(REPORTS[0])
    return path


def edited(path, change):
    report = json.loads(path.read_text())
    change(report["benchmarks"]["toy"])
    path.write_text(json.dumps(report))


def failing(project, numbers, *args):
    project.conftest(AGENT % repr(set(numbers)))
    return project.run(*args, agent=None)


def test_a_regression_misses_the_gate_and_names_its_tasks(project, workers, baseline):
    result = failing(project, range(1, 6), workers, *GATE)
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "against old/report.json (run *): agent oracle -> conftest:Agent",
            "11 tasks graded in both: 100.0% before, 54.5% now, -45.5 points (95% CI *",
            "smallest drop that such a run finds with a chance of 80% at alpha 0.05: * points",
            "worse: 5 tasks: Toy/1, Toy/2, Toy/3, Toy/4, Toy/5",
            "toy: * gate: missed (regressed: 5 tasks worse and 0 better than the baseline, "
            "p 0.031 below 0.05)",
        ]
    )
    comparison = project.report["benchmarks"]["toy"]["comparison"]
    assert (comparison["pairs"], comparison["p_value"]) == (11, 1 / 32)
    assert "worse: 5 tasks" in (project.path / "out" / "report.md").read_text()


def test_a_loss_that_may_be_chance_meets_it(project, baseline):
    result = failing(project, range(1, 5), *GATE)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["worse: 4 tasks: *", "toy: resolved 7/11 * gate: met"])


def test_alpha_is_the_users(project, baseline):
    assert failing(project, range(1, 5), GATE[0], f"{GATE[1]},alpha=0.1").ret == 1


def test_fewer_than_ten_pairs_are_inconclusive(project, baseline):
    result = failing(project, range(9), *GATE, "--smallbench-limit=9")
    assert result.ret == 7
    result.stdout.fnmatch_lines(["*inconclusive (9 tasks in common with the baseline, 10 needed)"])


def test_the_worse_of_two_gates_wins(project, baseline):
    assert failing(project, [1], *GATE, "--smallbench-min-rate=0.95").ret == 1
    assert failing(project, [1], *GATE, "--smallbench-min-rate=0.9").ret == 0


def test_without_a_gate_it_is_compared_only(project, baseline):
    result = failing(project, range(9), GATE[0])
    assert result.ret == 1
    result.stdout.fnmatch_lines(["worse: 9 tasks: *", "* gate: none"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda toy: toy["dataset"].update(revision="0"), "has data set revision '0' for toy"),
        (lambda toy: toy.update(grader_version="0"), "has grader version '0' for toy"),
        (lambda toy: toy["environment"].update(fingerprint="x"), "has grading environment 'x'"),
    ],
)
def test_another_measure_is_refused_before_any_task_runs(project, workers, baseline, change, said):
    edited(baseline, change)
    result = project.run(workers, *GATE)
    assert result.ret == 4
    (line,) = [line for line in result.errlines if line.startswith("ERROR")]
    assert said in line
    assert not (project.path / "out" / "report.json").exists()


def test_a_gate_needs_a_baseline(project):
    result = project.run(GATE[1])
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: --smallbench-gate=no-regression needs *baseline=FILE*"])


def test_another_prompt_is_shown(project, baseline):
    (project.path / "prompt.txt").write_text("Well? {problem_statement}")
    result = project.run(*GATE, "--smallbench-agent-prompt=prompt.txt")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["against *: agent prompt none -> ????????????"])
