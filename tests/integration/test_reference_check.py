"""--smallbench-validate on a data set of one's own, and what later runs make of it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from pytest_smallbench.cache import cache_folder

HEAD = "import unittest\nclass TestCases(unittest.TestCase):\n"
RIGHT = "    def test_value(self):\n        self.assertEqual(task_func(), 1)\n"
WRONG = "    def test_other(self):\n        self.assertEqual(task_func(), 2)\n"
SKIPS = "    def test_{0}(self):\n        self.skipTest('not on this system')\n"
MANY = "".join(SKIPS.format(letter) for letter in "abcdefghij")  # more than a verdict names


def record(number: int, tests: str) -> dict[str, str]:
    return {
        "task_id": f"Own/{number}",
        "complete_prompt": 'def task_func():\n    """One."""\n',
        "instruct_prompt": "Return one.",
        "canonical_solution": "    return 1\n",
        "code_prompt": "def task_func():\n",
        "test": HEAD + tests,
        "entry_point": "task_func",
        "libs": "['os']",
    }


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """Four tasks: right, wrong, one that skips some of its tests, one that skips all."""
    own = pytester.path / "cache"
    own.mkdir()
    # What is known of interpreters is shared, the reference checks are each test's own.
    (cache_folder() / "environments").mkdir(parents=True, exist_ok=True)
    (own / "environments").symlink_to(cache_folder() / "environments")
    monkeypatch.setenv("SMALLBENCH_CACHE", str(own))
    tests = (RIGHT, RIGHT + WRONG, RIGHT + MANY, MANY)
    lines = [json.dumps(record(number, text)) for number, text in enumerate(tests)]
    data = pytester.path / "own.jsonl"
    data.write_text("\n".join(lines))

    def call(*args: str) -> pytest.RunResult:
        return pytester.runpytest_subprocess(
            "--smallbench=bcb-agent",
            f"--smallbench-dataset={data}",
            f"--smallbench-python={sys.executable}",
            "--smallbench-output=out",
            *args,
        )

    return call


def whole_report(path: Path):
    return json.loads((path / "out" / "report.json").read_text())


def report(path: Path) -> dict[str, dict[str, object]]:
    return {result["task_id"]: result for result in whole_report(path)["results"]}


def test_without_a_check_tasks_are_run_and_flagged(run, pytester):
    run("--smallbench-agent=oracle", "--smallbench-limit=1").assert_outcomes(passed=1)
    assert report(pytester.path)["Own/0"]["flags"] == ["unvalidated"]


def test_a_check_skips_what_cannot_be_graded_and_says_how_many_and_why(run, pytester):
    checked = run("--smallbench-validate=2", "-n2")
    checked.assert_outcomes(passed=2, failed=2)
    checked.stdout.fnmatch_lines(["*4 reference checks stored, 2 pass, 2 tasks to skip (*"])
    later = run("--smallbench-agent=oracle", "-n2")
    later.assert_outcomes(passed=2, skipped=2)
    why = "the reference solution does not pass in this environment: "
    later.stdout.fnmatch_lines(
        ["skipped:", f"*1  {why}its tests fail (*", f"*1  {why}skips all its tests (*"]
    )
    summary = whole_report(pytester.path)["benchmarks"]["bcb-agent"]["summary"]
    assert summary["skip_reasons"] == {f"{why}its tests fail": 1, f"{why}skips all its tests": 1}
    text = (pytester.path / "out" / "report.md").read_text()
    assert "### Why tasks were skipped" in text
    assert "2 skipped" in text
    assert report(pytester.path)["Own/2"]["outcome"] == "resolved"
    assert report(pytester.path)["Own/2"]["flags"] == []


def test_a_solution_may_skip_only_what_the_reference_skips(run, pytester):
    run("--smallbench-validate=1").assert_outcomes(passed=2, failed=2)
    wrong = "import unittest\ndef task_func():\n    raise unittest.SkipTest('no')\n"
    solutions = pytester.path / "solutions.jsonl"
    solutions.write_text(json.dumps({"task_id": "Own/2", "solution": wrong}))
    run(
        "--smallbench-agent=solutions", f"--smallbench-solutions={solutions}", "-k", "Own/2"
    ).assert_outcomes(failed=1)
    assert "test_value (skipped)" in str(report(pytester.path)["Own/2"]["reason"])


def test_a_records_file_that_is_damaged_is_a_mistake_in_one_line(run, pytester):
    run("--smallbench-agent=nop", "--smallbench-limit=1")
    (records,) = pytester.path.rglob("records.jsonl")
    records.write_bytes(records.read_bytes()[:-40])
    result = run("--smallbench-agent=nop")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*record of Own/3 cannot be read from*"])
