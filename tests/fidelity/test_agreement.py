"""The whole comparison with the official evaluator: ``tox run -e fidelity``."""

from __future__ import annotations

import json
import os
from pathlib import Path

import agreement
import confined
import pytest
from mutants import make_mutants

pytestmark = [
    pytest.mark.fidelity,
    pytest.mark.skipif(bool(confined.why_not()), reason=confined.why_not()),
    pytest.mark.skipif(
        "SMALLBENCH_TEST_DATA" not in os.environ,
        reason="SMALLBENCH_TEST_DATA names no folder with the real data set",
    ),
]


def test_verdicts_on_mutants_are_the_official_ones():
    records, python = agreement.load_records(), agreement.grading_python(None)
    fast = agreement.fast_records(records, python.fingerprint, agreement.SEED)
    mutants = make_mutants(fast, agreement.COUNT, agreement.SEED)
    assert len(mutants) == agreement.COUNT
    judged = agreement.compare(mutants, records, python, agreement.LIMIT_S)
    print("\n".join([*agreement.differing(judged), "", *agreement.table(judged)]))
    assert agreement.unexplained(judged) == []


def test_tasks_that_cannot_be_graded_here_are_skipped_and_counted(pytester, bigcodebench: Path):
    result = pytester.runpytest_subprocess(
        "--smallbench=bcb-agent",
        f"--smallbench-dataset={bigcodebench}",
        "--smallbench-task=BigCodeBench/17?",
        "--smallbench-agent=oracle",
        "--smallbench-output=out",
        "-n2",
    )
    result.stdout.fnmatch_lines_random(["skipped:", "*needs the network*", "*needs NLTK corpora*"])
    report = json.loads((pytester.path / "out" / "report.json").read_text())
    outcomes = {each["task_id"]: each["outcome"] for each in report["results"]}
    assert {id for id, outcome in outcomes.items() if outcome == "skipped"} == {
        "BigCodeBench/176",
        "BigCodeBench/177",
    }
    assert list(outcomes.values()).count("resolved") == 8
    assert not any("unvalidated" in each["flags"] for each in report["results"])
