"""A few mutants of the bundled tasks, judged by us and by the official evaluator. The whole
comparison, on the real data set, is ``tox run -e fidelity``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import confined
import pytest
from agreement import compare, differing, given_solutions
from mutants import KINDS, make_mutants
from pytest_smallbench.benchmarks.bcb_agent.grading_environment import GradingEnvironment
from pytest_smallbench.benchmarks.bcb_agent.mini import records

from pytest_smallbench.cache import cache_folder

RECORDS = {record["task_id"]: record for record in records()}
needs_namespaces = pytest.mark.skipif(bool(confined.why_not()), reason=confined.why_not())
# A hanging one would cost the time limit, and by chance the sides need not agree.
SURE = [kind for kind in KINDS if kind not in ("hanging", "randomised")]


def test_the_same_seed_makes_the_same_mutants_of_every_kind():
    first = make_mutants(RECORDS.values(), 60, seed=3)
    assert first == make_mutants(RECORDS.values(), 60, seed=3)
    assert first != make_mutants(RECORDS.values(), 60, seed=4)
    assert len({mutant.id for mutant in first}) == 60
    assert {mutant.kind for mutant in first} == set(KINDS)


def test_mutants_differ_from_their_reference():
    wrong = [m for m in make_mutants(RECORDS.values(), 60, seed=5) if m.kind != "rewritten"]
    for mutant in wrong:
        record = RECORDS[mutant.task_id]
        assert mutant.solution != record["code_prompt"] + record["canonical_solution"]


def test_official_samples_are_read_with_all_their_fields(tmp_path):
    file = tmp_path / "samples.jsonl"
    line = '{"task_id": "Mini/0", "solution": "x", "raw_solution": "y", "_identifier": "z"}\n'
    file.write_text(line + "\n" + line)
    found = given_solutions(file, {"Mini/0": {}})
    assert [mutant.id for mutant in found] == ["Mini/0~line 1", "Mini/0~line 3"]


FORKS = """
import os, time
started = 0
try:
    while started < 2000:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        started += 1
except OSError:
    print("bounded")
"""


@needs_namespaces
@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's limit counts all that runs")
def test_what_runs_confined_may_start_so_many_processes_and_no_more():
    command = confined.confined([sys.executable, "-c", FORKS])
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "bounded\n"


@needs_namespaces
def test_what_runs_confined_writes_nothing_of_ours(tmp_path):
    script = f"touch /tmp/mine && ! touch {Path.cwd()}/theirs && ! ls {tmp_path}"
    done = subprocess.run(confined.confined(["sh", "-c", script]), capture_output=True, check=False)
    assert done.returncode == 0


@needs_namespaces
def test_our_verdicts_are_the_official_ones():
    python = GradingEnvironment.ensure("mini", base_python=None, cache=cache_folder(), say=print)
    mutants = make_mutants(RECORDS.values(), 12, seed=0, turns=SURE)
    judged = compare(mutants, RECORDS, python, limit_s=60)
    assert differing(judged) == []
    assert {each.ours[0] == "pass" for each in judged} == {True, False}
