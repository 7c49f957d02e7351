"""200 tasks of the real data set get the same verdicts in containers as in processes.

Needs an engine and a base whose Python fits the lock (SMALLBENCH_TEST_DOCKER_REFERENCE_BASE,
python:3.10-slim by default; ``tests/docker_base.py`` makes one without a registry).
"""

from __future__ import annotations

import gzip
import json
import os
import random
import sys
from pathlib import Path

import pytest

from pytest_smallbench.sandboxes.docker import engine

sys.path.append(str(Path(__file__).parent.parent / "fidelity"))
from mutants import KINDS, make_mutants

BASE = os.environ.get("SMALLBENCH_TEST_DOCKER_REFERENCE_BASE", "python:3.10-slim")
COUNT = 200
# By chance, or at the edge of the time limit, two runs need not agree.
SURE = [kind for kind in KINDS if kind not in ("hanging", "randomised")]


@pytest.fixture(scope="module")
def records(bigcodebench):
    with gzip.open(bigcodebench, "rt") as lines:
        return random.Random(0).sample([json.loads(line) for line in lines], COUNT)


def outcomes(pytester, *args):
    pytester.runpytest_subprocess(
        "--smallbench=bcb-agent",
        "--smallbench-dataset=sample.jsonl",
        "--smallbench-output=out",
        "--tb=no",
        "-q",
        "-n8",
        *args,
    )
    report = json.loads((pytester.path / "out" / "report.json").read_text())
    return {result["task_id"]: result["outcome"] for result in report["results"]}


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def mutants(records):
    """A solution for each record, most of them wrong."""
    found = make_mutants(records, COUNT, seed=0, turns=SURE)
    return {each.task_id: each.solution for each in found}


@pytest.fixture(params=["oracle", "solutions"])
def agent(request, pytester, records):
    """The options for it; both leave their files in pytester's folder."""
    write(pytester.path / "sample.jsonl", records)
    if request.param == "oracle":
        return ["--smallbench-agent=oracle"]
    rows = [{"task_id": id, "solution": text} for id, text in mutants(records).items()]
    write(pytester.path / "given.jsonl", rows)
    return ["--smallbench-agent=solutions", "--smallbench-solutions=given.jsonl"]


def test_containers_and_processes_agree(pytester, agent):
    if reason := engine.unavailable():
        pytest.skip(reason)
    image = f"--smallbench-base-image={BASE}"
    inside = outcomes(pytester, *agent, "--smallbench-sandbox=docker", image)
    outside = outcomes(pytester, *agent)
    assert len(inside) == len(outside) == COUNT
    assert "error" not in inside.values()
    differing = {id: (inside[id], outside[id]) for id in inside if inside[id] != outside[id]}
    assert differing == {}
