"""A baseline comes from elsewhere: what is wrong with it is one line, and never a crash."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from report_samples import outcomes, report

from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.reports.baseline import Terms, read_baseline, refuse_other

GOOD = json.loads(json.dumps(report(*outcomes(resolved=2, unresolved=1, error=1))))
TERMS = Terms("mini", "1", "", "py312")
DELETE = object()


def written(folder: Path, value: object) -> Path:
    path = folder / "report.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def changed(at: str, value: object) -> Any:
    """GOOD with one field set, or taken away."""
    found = copy.deepcopy(GOOD)
    *steps, last = [int(step) if step.isdigit() else step for step in at.split("/")]
    inner: Any = found
    for step in steps:
        inner = inner[step]
    if value is DELETE:
        del inner[last]
    else:
        inner[last] = value
    return found


def test_a_report_is_read(tmp_path: Path) -> None:
    found = read_baseline(written(tmp_path, GOOD)).benchmarks["bcb-agent"]
    assert found.terms == TERMS
    assert found.variants["model"] == "gpt-4o-mini"
    assert found.verdicts == {("T/0", ""): [True], ("T/1", ""): [True], ("T/2", ""): [False]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "has schema none, not 'smallbench-report/1'"),
        ("7", "has schema none"),
        ('{"schema": "inspect/2"}', "has schema 'inspect/2'"),
        ('{"schema": "a\\u001b[31mb\\nc"}', "has schema 'ab c'"),
        (changed("run", None), "run is not an object"),
        (changed("benchmarks", []), "benchmarks is not an object"),
        (changed("results", {}), "results is not a list"),
        (changed("results/1", "x"), "results[1] is not an object"),
        (changed("results/1/outcome", "great"), "results[1].outcome is not one of resolved"),
        (changed("results/1/outcome", ["resolved"]), "results[1].outcome is not one of"),
        (changed("results/1/task_id", 7), "results[1].task_id is not a text"),
        (changed("results/1/attempt", True), "results[1].attempt is not a whole number above 0"),
        (changed("results/1/attempt", -1), "results[1].attempt is not a whole number above 0"),
        (changed("results/1/attempt", 1e300), "results[1].attempt is not a whole number above 0"),
        (changed("results/1/benchmark", DELETE), "results[1].benchmark is not a text"),
        (changed("results/1/task_id", "T/0"), "results[1].task_id is not a task and attempt that"),
        (
            changed("benchmarks/bcb-agent/summary/attempts", "2"),
            "benchmarks.bcb-agent.summary.attempts is not a whole number above 0",
        ),
        (
            changed("benchmarks/bcb-agent/dataset/revision", None),
            "benchmarks.bcb-agent.dataset.revision is not a text",
        ),
    ],
)
def test_what_is_no_report_is_one_line(tmp_path: Path, content: object, said: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(UsageMistake) as raised:
        read_baseline(path)
    line = str(raised.value)
    assert line.startswith(f"--smallbench-baseline: {path}")
    assert said in line
    assert len(line.splitlines()) == 1


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageMistake, match="is not JSON"):
        read_baseline(path)


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (Terms("hub", "1", "", "py312"), "data set 'mini' for bcb-agent, this run has 'hub'"),
        (Terms("mini", "2", "", "py312"), "data set revision '1' for bcb-agent, this run has '2'"),
        (Terms("mini", "1", "3", "py312"), "grader version none for bcb-agent, this run has '3'"),
        (Terms("mini", "1", "", "py313"), "grading environment 'py312' for bcb-agent"),
        (Terms("mini", "1", "", "py312", 4), "give --smallbench-attempts=1"),
    ],
)
def test_another_measure_is_refused_by_name(tmp_path: Path, terms: Terms, said: str) -> None:
    baseline = read_baseline(written(tmp_path, GOOD))
    with pytest.raises(UsageMistake) as raised:
        refuse_other(baseline, "bcb-agent", terms)
    assert said in str(raised.value)


def test_the_same_measure_is_not(tmp_path: Path) -> None:
    baseline = read_baseline(written(tmp_path, GOOD))
    refuse_other(baseline, "bcb-agent", TERMS)
    refuse_other(baseline, "bcb-agent", Terms("mini", "1", "", ""))  # not built yet


def test_a_file_is_known_by_its_content_wherever_it_lies(tmp_path: Path) -> None:
    there = changed("benchmarks/bcb-agent/dataset", {"source": "/a", "revision": "sha256:1"})
    baseline = read_baseline(written(tmp_path, there))
    refuse_other(baseline, "bcb-agent", Terms("/b", "sha256:1", "", "py312"))


def test_a_benchmark_that_it_does_not_have(tmp_path: Path) -> None:
    with pytest.raises(UsageMistake, match=r"has no results of toy, only of: bcb-agent"):
        refuse_other(read_baseline(written(tmp_path, GOOD)), "toy", TERMS)
