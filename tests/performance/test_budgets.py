"""The design's budgets, as ratios of two things measured in the same run.

The scripts beside this print the figures themselves.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import agentbench
import collection
import grading
import measuring
import plugin_load
import pytest
import workers

pytestmark = [
    pytest.mark.performance,
    pytest.mark.skipif(bool(measuring.why_not()), reason=measuring.why_not()),
]
needs_data = pytest.mark.skipif(
    "SMALLBENCH_TEST_DATA" not in os.environ,
    reason="SMALLBENCH_TEST_DATA names no folder with the real data set",
)


@needs_data
def test_grading_takes_a_quarter_of_the_official_evaluators_cpu_time(tmp_path: Path) -> None:
    records = grading.sample_records(60, seed=0)
    comparison = grading.compare(records, grading.grading_python(None), tmp_path)
    print(comparison)
    assert comparison.ratio <= grading.ALLOWED


def test_a_pytest_that_does_not_use_the_plugin_hardly_notices_it(tmp_path: Path) -> None:
    load = plugin_load.compare(tmp_path, runs=7)
    print(load)
    assert load.ratio < 1.25


@needs_data
def test_collecting_the_tasks_costs_like_collecting_plain_tests(tmp_path: Path) -> None:
    collected = collection.compare(tmp_path, runs=3)
    print(collected)
    assert collected.heavy == []
    assert collected.ratio < 4


def test_a_worker_of_ours_is_hardly_heavier_than_any_other(tmp_path: Path) -> None:
    run = workers.compare(tmp_path, workers=8)
    print(run)
    assert run.heavy == []
    assert run.memory_ratio < 1.5
    assert run.time_ratio < 3


def test_agentbenchs_worlds_start_like_nothing_and_fit_in_300_mb() -> None:
    script = [sys.executable, agentbench.__file__, "--tasks=6"]
    printed = subprocess.run(script, stdout=subprocess.PIPE, text=True, check=True).stdout
    print(printed)
    figures = json.loads(printed.splitlines()[-1])
    assert figures["peak_memory"] < agentbench.MEMORY_BUDGET
    for key in agentbench.KINDS:
        assert figures[f"{key}_unresolved"] == 0
        # A system of its own takes longer; all else is of an interpreter's order at most.
        assert figures[f"{key}_start_s"] < figures["python_start_s"] * (10 if key == "os" else 3)
