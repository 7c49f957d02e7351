"""--smallbench-export: a run in the neighbours' formats, written by the controller at its end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

INTERRUPTING = """
import pytest

@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report):
    if report.nodeid.endswith("Toy/1") and report.when == "call":
        raise KeyboardInterrupt  # where a shell has SIGINT ignored, too
"""


def atif(project) -> dict[str, dict]:
    files = (project.path / "out" / "atif").iterdir()
    return {path.name: json.loads(path.read_text()) for path in files}


def log(project) -> dict:
    (path,) = (project.path / "out" / "inspect").iterdir()
    return json.loads(path.read_text())


def test_both_formats_hold_what_the_report_holds(project, workers):
    result = project.run(workers, "--smallbench-export=atif,inspect", "--smallbench-attempts=2")
    result.stdout.fnmatch_lines(["written: out/atif", "written: out/inspect"])
    every = project.report["results"]
    results = [each for each in every if each["outcome"] != "skipped"]  # these have never begun
    found = atif(project)
    assert len(found) == len(results) == len(every) - 2 == 22
    for each in results:
        document = found[Path(each["trajectory"]).stem + ".json"]
        assert document["extra"]["nodeid"] == each["nodeid"]
        assert document["extra"]["outcome"] == each["outcome"]
        calls = [step["tool_calls"][0] for step in document["steps"] if "tool_calls" in step]
        assert [call["function_name"] for call in calls] == ["add", "done"]
    samples = log(project)["samples"]
    ids = [(each["task_id"], each["attempt"]) for each in results]
    assert [(each["id"], each["epoch"]) for each in samples] == ids
    assert [each["scores"]["resolved"]["value"] for each in samples] == ["C"] * 22
    told = log(project)["results"]["metadata"]["without_record"]
    assert [each["outcome"] for each in told] == ["skipped"] * 2
    assert {each["input"] for each in samples} == {"Reach it."}
    totals = [each["metadata"]["metrics"] for each in samples if each["id"] == "Toy/10"]
    assert totals == [{"total": 10}] * 2


def test_the_ini_twin_and_nothing_without(project):
    project.run("--smallbench-limit=1")
    assert not (project.path / "out" / "atif").exists()
    project.pytester.makeini("[pytest]\nsmallbench_export = atif")
    project.run("--smallbench-limit=1")
    assert len(atif(project)) == 1
    assert not (project.path / "out" / "inspect").exists()


def test_an_unknown_format_is_a_usage_mistake(project):
    result = project.run("--smallbench-export=atif,csv")
    assert result.ret == 4
    result.stderr.fnmatch_lines(
        ["*--smallbench-export: 'atif,csv' is not atif or inspect, or several with commas between"]
    )


def test_an_error_and_a_worker_that_died_are_told(project):
    project.conftest(AGENT)
    project.run("-n2", "--smallbench-export=atif,inspect", "--smallbench-limit=3", agent=None)
    assert set(project.outcomes().values()) == {"error", "resolved"}
    samples = {each["id"]: each for each in log(project)["samples"]}
    assert samples["Toy/0"]["error"]["message"].startswith("SandboxError: the broker went away")
    assert samples["Toy/1"]["error"]["message"].startswith("the worker process died")
    assert samples["Toy/1"]["metadata"]["note"].startswith("The record is not whole")
    notes = {each["extra"]["task_id"]: each.get("notes") for each in atif(project).values()}
    assert notes["Toy/1"].endswith("this is made of 2 events.")
    assert notes["Toy/2"] is None


AGENT = """
import pytest

class Agent:
    def solve(self, environment):
        number = int(environment.task.id.rpartition("/")[2])
        environment.call("add", {"n": {0: 503, 1: 666}.get(number, number)})

@pytest.fixture
def agent():
    return Agent()
"""


def test_an_interrupted_run_is_exported_as_far_as_it_went(project):
    project.conftest(INTERRUPTING)
    project.run("-n0", "--smallbench-export=atif,inspect")
    found = log(project)
    assert found["status"] == "cancelled"
    assert [each["id"] for each in found["samples"]] == ["Toy/0", "Toy/1"]
    assert found["results"]["total_samples"] == 12
    assert len(atif(project)) == 2


def test_another_run_in_the_same_folder_does_not_mix_with_the_first(project):
    for limit in ("2", "1"):
        project.run("--smallbench-export=atif", f"--smallbench-limit={limit}")
    assert len(atif(project)) == 1
    assert len(list((project.path / "out" / "atif-1").iterdir())) == 2


@pytest.mark.parametrize("format", ["atif", "inspect"])
def test_a_finished_run_is_exported_alike(project, format):
    project.run("--smallbench-limit=2", f"--smallbench-export={format}")
    project.pytester.run("smallbench", "export", "out", f"--format={format}", "--output=again")
    first = {each.name: each.read_bytes() for each in (project.path / "out" / format).iterdir()}
    again = {each.name: each.read_bytes() for each in (project.path / "again" / format).iterdir()}
    assert first == again
