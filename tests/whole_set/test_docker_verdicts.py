"""200 tasks of the real data set get the same verdicts in containers as in processes.

Needs an engine and a base whose Python fits the lock (SMALLBENCH_TEST_DOCKER_REFERENCE_BASE,
python:3.10-slim by default); takes half an hour.
"""

from __future__ import annotations

import json
import os

import pytest

from pytest_smallbench.sandboxes.docker import engine

BASE = os.environ.get("SMALLBENCH_TEST_DOCKER_REFERENCE_BASE", "python:3.10-slim")


def outcomes(pytester, data, *args):
    pytester.runpytest_subprocess(
        "--smallbench=bcb-agent",
        f"--smallbench-dataset={data}",
        "--smallbench-sample=200",
        "--smallbench-agent=oracle",
        "--smallbench-output=out",
        "--tb=no",
        "-q",
        "-n8",
        *args,
    )
    report = json.loads((pytester.path / "out" / "report.json").read_text())
    assert len(report["results"]) == 200
    return {result["task_id"]: result["outcome"] for result in report["results"]}


def test_containers_and_processes_agree(pytester, bigcodebench):
    if reason := engine.unavailable():
        pytest.skip(reason)
    image = f"--smallbench-base-image={BASE}"
    inside = outcomes(pytester, bigcodebench, "--smallbench-sandbox=docker", image)
    assert "error" not in inside.values()
    assert inside == outcomes(pytester, bigcodebench)
