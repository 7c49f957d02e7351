"""A run that was killed, or stopped, goes on: nothing with a verdict runs again."""

from __future__ import annotations

import json

import pytest

AGENT = """
import os, pathlib, signal
import pytest

class Agent:
    def solve(self, environment):
        number = int(environment.task.id.rpartition("/")[2])
        with open("ran.txt", "a") as file:
            file.write(environment.task.id + "\\n")
        {trouble}
        environment.call("add", {{"n": number if number % 3 else -1}})

@pytest.fixture
def agent():
    return Agent()
"""
KILL = (
    "if number == 5 and not os.path.exists('killed'): pathlib.Path('killed').touch(); "
    "os.kill(os.getppid() if '{workers}' == '-n2' else os.getpid(), signal.SIGKILL)"
)
PREPARED = []


def ran(project):
    path = project.path / "ran.txt"
    found = path.read_text().split() if path.exists() else []
    path.unlink(missing_ok=True)
    return found


def journal(project):
    lines = (project.path / "out" / "results.jsonl").read_bytes().split(b"\n")[:-1]
    return [json.loads(line) for line in lines]


def comparable(report):
    """All but times, and what is said of the run itself."""
    for benchmark in report["benchmarks"].values():
        benchmark["summary"].pop("duration_s")
    for result in report["results"]:
        result.pop("duration_s")
    return report["benchmarks"], report["results"]


def test_a_killed_run_goes_on_and_its_report_is_that_of_one_never_killed(project, workers):
    project.conftest(AGENT.format(trouble=KILL.format(workers=workers)))
    project.run(workers, agent=None)
    done = {e["packed"]["result"]["task_id"] for e in journal(project) if e["kind"] == "result"}
    assert 2 <= len(done) <= 6
    assert not (project.path / "out" / "report.json").exists()
    ran(project)

    result = resumed(project, workers)
    assert not done & set(ran(project))
    merged = project.report
    assert merged["run"]["resumed"]["carried"] == len(done)
    assert merged["run"]["resumed"]["cut_short"] >= 1
    assert result.ret == 1
    assert list((project.path / "out" / "trajectories").glob("try-1/*Toy%2F5.jsonl"))

    whole = project.run(workers, "--smallbench-output=whole", agent=None)
    assert result.ret == whole.ret
    path = project.path / "whole" / "report.json"
    assert comparable(merged) == comparable(json.loads(path.read_text()))


def resumed(project, *args):
    return project.pytester.runpytest_subprocess(
        "--smallbench=toy", "--smallbench-sandbox=none", "--smallbench-resume=out", *args
    )


def test_errors_run_again_and_keep_the_evidence_of_each_try(project):
    project.conftest(
        AGENT.format(
            trouble="if number == 1 and not os.path.exists('up'): "
            "environment.call('add', {'n': 503})"
        )
    )
    assert project.run("--smallbench-limit=3", agent=None).ret == 7
    assert resumed(project, "--smallbench-limit=3").ret == 7
    (project.path / "up").touch()
    ran(project)
    assert resumed(project, "--smallbench-limit=3").ret == 1
    assert ran(project) == ["Toy/1"]
    assert project.outcomes() == {"Toy/0": "unresolved", "Toy/1": "resolved", "Toy/2": "resolved"}
    assert project.summary["repeats"] == 2
    for number in (1, 2):
        assert (project.path / f"out/trajectories/try-{number}/toy%3A%3AToy%2F1.jsonl").exists()


def test_a_complete_run_is_judged_anew_and_runs_nothing(project):
    project.run("--smallbench-limit=3")
    result = project.pytester.runpytest_subprocess(
        *("--smallbench=toy", "--smallbench-sandbox=none", "--smallbench-agent=oracle"),
        *("--smallbench-resume=out", "--smallbench-limit=3", "-n2"),
    )
    assert result.ret == 0
    result.stdout.fnmatch_lines(["toy: resolved 3/3 * gate: none"])


def test_a_torn_last_line_is_an_attempt_without_a_verdict(project):
    project.conftest(AGENT.format(trouble="pass"))
    project.run("--smallbench-limit=3", agent=None)
    ran(project)
    path = project.path / "out" / "results.jsonl"
    path.write_bytes(path.read_bytes()[:-40])
    assert resumed(project, "--smallbench-limit=3").ret == 1
    assert ran(project) == ["Toy/2"]
    assert project.summary["graded"] == 3


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--smallbench-model=other"], "model 'gpt-4o-mini' then, 'other' now"),
        (["--smallbench-attempts=2"], "attempts '1' then, '2' now"),
        (["--smallbench-max-steps=3"], "max steps 'none' then, '3' now"),
        (["--smallbench-limit=2"], "tasks of toy '3 ("),
        (["--smallbench-agent=nop"], "agent 'oracle' then, 'nop' now"),
        (["--smallbench-output=elsewhere"], "drop --smallbench-output"),
        (["--smallbench-resume=nowhere"], "'nowhere' is not a folder that exists"),
        (["--smallbench-resume=."], "there is no run.json: no run has begun there"),
    ],
)
def test_another_run_is_refused_by_name(project, args, said):
    if not PREPARED:
        project.run("--smallbench-limit=3")
        PREPARED.extend(
            (name, (project.path / "out" / name).read_text())
            for name in ("run.json", "results.jsonl")
        )
    (project.path / "out").mkdir(exist_ok=True)
    for name, text in PREPARED:
        (project.path / "out" / name).write_text(text)
    result = project.pytester.runpytest_inprocess(
        *("--smallbench=toy", "--smallbench-sandbox=none", "--smallbench-agent=oracle"),
        *("--smallbench-resume=out", "--smallbench-limit=3", *args),
    )
    assert result.ret == 4
    (line,) = [line for line in result.errlines if line.startswith("ERROR")]
    assert said in line
