"""Several attempts a task: their ids, the rate over tasks, pass@k and the flake table."""

from __future__ import annotations

AGENT = """
import pytest

class Agent:
    def __init__(self, name):
        self.name = name

    def solve(self, environment):
        number = int(environment.task.id.rpartition("/")[2])
        wrong = number == 1 and not self.name.endswith("[2]") or number == 2
        environment.call("add", {"n": -1 if wrong else number})

@pytest.fixture
def agent(request):
    return Agent(request.node.name)
"""


def test_each_attempt_is_an_item(project, workers):
    result = project.run(workers, "--co", "-q", "--smallbench-limit=2", "--smallbench-attempts=2")
    ids = [line for line in result.outlines if line.startswith("toy::")]
    assert ids == ["toy::Toy/0[1]", "toy::Toy/0[2]", "toy::Toy/1[1]", "toy::Toy/1[2]"]


def test_one_attempt_can_be_named_and_a_tasks_id_names_all(project):
    result = project.run(
        "--co", "-q", "--smallbench-attempts=3", "toy::Toy/4[2]", "toy::Toy/7", agent="nop"
    )
    ids = [line for line in result.outlines if line.startswith("toy::")]
    assert ids == ["toy::Toy/4[2]", "toy::Toy/7[1]", "toy::Toy/7[2]", "toy::Toy/7[3]"]
    assert project.run("--smallbench-attempts=3", "toy::Toy/4[4]").ret == 4


def test_the_rate_is_over_tasks_and_flakes_are_named(project, workers):
    project.conftest(AGENT)
    args = ("--smallbench-limit=4", "--smallbench-attempts=3", "--smallbench-min-rate=0.58")
    result = project.run(workers, *args, agent=None)
    assert result.ret == 0  # (1 + 1/3 + 0 + 1) / 4
    result.stdout.fnmatch_lines(
        [
            "3 attempts a task: pass@1 58.3%, pass@2 66.7%, pass@3 75.0%, pass^1 58.3%, "
            "pass^2 50.0%, pass^3 50.0%",
            "resolved by some attempts only: 1 task: Toy/1 1/3",
            "toy: resolved 7/12 attempts (58.3%, 95% CI *, pass@3 75.0%, pass^3 50.0%), * met",
        ]
    )
    assert [r["attempt"] for r in project.report["results"]] == [1, 2, 3] * 4
    assert "| Toy/1 | 1/3 |" in (project.path / "out" / "report.md").read_text()


def test_a_baseline_of_other_attempts_is_refused(project):
    project.run("--smallbench-limit=2", "--smallbench-output=old")
    result = project.run("--smallbench-baseline=old/report.json", "--smallbench-attempts=2")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: *give --smallbench-attempts=1, or run the baseline anew"])


def test_the_last_failed_attempts_are_found_again(project):
    project.run("--smallbench-limit=2", "--smallbench-attempts=2", agent="nop")
    result = project.run("--smallbench-limit=2", "--smallbench-attempts=2", "--lf", "--co", "-q")
    ids = [line for line in result.outlines if line.startswith("toy::")]
    assert ids == ["toy::Toy/1[1]", "toy::Toy/1[2]"]
