"""What a CI system gets: annotations and a summary on GitHub, properties in JUnit files."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

AGENT = """
import pytest

class Agent:
    def solve(self, environment):
        environment.call("add", {"n": int(environment.task.id.rpartition("/")[2]) % 5})

@pytest.fixture
def agent():
    return Agent()
"""


def test_a_lost_task_is_annotated_and_the_summary_has_the_report(project, workers, monkeypatch):
    project.run("--smallbench-output=old")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project.path / "summary.md"))
    project.conftest(AGENT)
    result = project.run(
        workers,
        *("--smallbench-baseline=old/report.json", "--smallbench-gate=no-regression"),
        agent=None,
    )
    assert result.ret == 1
    commands = [line for line in result.outlines if line.startswith("::")]
    assert len(commands) == 7  # the gate, and Toy/5 to Toy/10
    assert commands[1].endswith("::Toy/5: resolved 100.0%25 before, 0.0%25 now: reached 0, not 5")
    assert result.outlines[-1].startswith("toy: resolved 5/11")
    assert (project.path / "summary.md").read_text().startswith("# Benchmark report")


def test_junit_carries_what_became_of_each_attempt(project, workers):
    project.conftest(AGENT)
    project.run(workers, "--junitxml=junit.xml", "--smallbench-task=Toy/1*", agent=None)
    cases = ElementTree.parse(project.path / "junit.xml").getroot()[0].iter("testcase")
    found = {
        case.get("name"): {p.get("name"): p.get("value") for p in case.iter("property")}
        for case in cases
    }
    assert found["Toy/1"]["smallbench_outcome"] == "resolved"
    assert found["Toy/1"]["smallbench_score"] == "1.0"
    assert found["Toy/10"]["smallbench_outcome"] == "unresolved"
    assert found["Toy/10"]["smallbench_cost_usd"] == "0.0"
    assert found["Toy/11"]["smallbench_outcome"] == "skipped"
