"""The tables of reference checks that come with the package, and how they are found."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import bcb_samples
import pytest
from pytest_smallbench.benchmarks.bcb_agent.grading_environment import GradingEnvironment
from pytest_smallbench.benchmarks.bcb_agent.images import FOLDER, find_lock
from pytest_smallbench.benchmarks.bcb_agent.images.interpreters import Interpreter
from pytest_smallbench.benchmarks.bcb_agent.records import Record, checked_record
from pytest_smallbench.benchmarks.bcb_agent.reference_causes import CAUSES, CORPORA, TIME
from pytest_smallbench.benchmarks.bcb_agent.reference_tables import (
    read_table,
    table_for,
    task_key,
    write_table,
)
from pytest_smallbench.benchmarks.bcb_agent.validation import ReferenceChecks

from pytest_smallbench.contracts import ReferenceCheck

# What the runs behind the tables came to.
PASSED = {"reference": 1115, "current": 1066}
PYTHON = {"reference": "3.10.13", "current": "3.11.7"}
FINGERPRINT = "tiny-0123456789ab-cpython3.10.13-linux-x86_64"


def fingerprint(lock: str, version: str, platform: str = "linux-x86_64") -> str:
    base = Interpreter("python", version, "cpython", platform)
    return GradingEnvironment(find_lock(lock), base, Path(), print).name


def record(**changes: str) -> Record:
    return checked_record(bcb_samples.raw(**changes), "sample")


@pytest.fixture(params=list(PASSED))
def lock(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_table_knows_every_task_by_its_id_and_its_key(lock: str) -> None:
    table = read_table(FOLDER / f"reference_checks_{lock}.jsonl")
    assert list(table.keys) == [f"BigCodeBench/{number}" for number in range(1140)]
    assert set(table.keys.values()) == set(table.checks)
    assert len(table.checks) == 1139  # 1120 and 1121 are one task under two ids


def test_a_table_holds_what_its_runs_came_to(lock: str) -> None:
    table = read_table(FOLDER / f"reference_checks_{lock}.jsonl")
    outcomes = Counter(table.checks[key].outcome for key in table.keys.values())
    assert outcomes["pass"] == PASSED[lock]
    assert set(outcomes) <= {"pass", "fail", "flaky"}


def test_what_does_not_pass_has_a_known_cause_and_a_detail(lock: str) -> None:
    table = read_table(FOLDER / f"reference_checks_{lock}.jsonl")
    for check in table.checks.values():
        assert (check.outcome == "pass") == (check.cause == "") == (check.detail == "")
        assert check.cause in ("", *CAUSES)
        assert check.runs >= 2
        assert check.seconds > 0
        assert check.seconds < 240 or check.cause == TIME


def test_the_tables_are_of_the_locks_as_they_are_now(lock: str) -> None:
    assert table_for(fingerprint(lock, PYTHON[lock])) is not None


def test_a_table_holds_for_one_minor_version_and_platform(lock: str) -> None:
    minor = PYTHON[lock].rpartition(".")[0]
    assert table_for(fingerprint(lock, f"{minor}.99"))
    assert not table_for(fingerprint(lock, "3.9.1"))
    assert not table_for(fingerprint(lock, PYTHON[lock], "linux-aarch64"))


def test_the_real_data_sets_tasks_are_those_of_the_tables(lock: str) -> None:
    table = read_table(FOLDER / f"reference_checks_{lock}.jsonl")
    with gzip.open(bcb_samples.real_file(), "rt", encoding="utf-8") as lines:
        records = [checked_record(json.loads(line), "line") for line in lines]
    assert {each.task_id: task_key(each) for each in records} == table.keys


def test_where_corpora_are_nobody_knows_of_the_tasks_that_lack_them() -> None:
    known = table_for(fingerprint("reference", PYTHON["reference"]))
    table = table_for(fingerprint("reference", PYTHON["reference"]) + "+nltk-012345")
    assert known
    assert table
    lacking = {key for key, check in known.checks.items() if check.cause == CORPORA}
    assert lacking
    assert set(table.checks) == set(known.checks) - lacking


def test_space_that_changes_nothing_does_not_change_a_key() -> None:
    first = record(test="class TestCases:\n\n    hidden = True\n")
    assert task_key(first) == task_key(record(test="class TestCases:  \n    hidden = True"))
    assert task_key(first) != task_key(record(test="class TestCases:\nhidden = True\n"))


@pytest.mark.parametrize("part", ["code_prompt", "canonical_solution", "test", "entry_point"])
def test_a_task_that_changed_is_another_one(part: str) -> None:
    assert task_key(record()) != task_key(replace(record(), **{part: "something else"}))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    check = ReferenceCheck("flaky", "its tests fail", 1.25, 3, "1/2 failed", ("test_a",))
    write_table(tmp_path / "table.jsonl", FINGERPRINT, [(record(), check)])
    table = read_table(tmp_path / "table.jsonl")
    assert table.environment == "tiny-0123456789ab-cpython3.10"
    assert table.get(record()) == check
    assert table.get(record(test="import unittest")) is None


def test_ones_own_check_stands_before_the_table(tmp_path: Path) -> None:
    name = fingerprint("reference", PYTHON["reference"])
    table = table_for(name)
    assert table
    failing = next(id for id, key in table.keys.items() if table.checks[key].outcome == "fail")
    with gzip.open(bcb_samples.real_file(), "rt", encoding="utf-8") as lines:
        raw = next(r for r in map(json.loads, lines) if r["task_id"] == failing)
    task = checked_record(raw, "line")
    checks = ReferenceChecks(tmp_path, name, "sha256:0")
    assert table.get(task).cause in checks.skip_reason(task)  # type: ignore[union-attr] # it fails
    checks.add({failing: ReferenceCheck("pass", "", 1.0, 1)})
    assert checks.skip_reason(task) == ""
