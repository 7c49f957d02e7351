from __future__ import annotations

import json
from pathlib import Path

import bcb_samples
import pytest
from pytest_smallbench.benchmarks.bcb_agent.records import Record, checked_record
from pytest_smallbench.benchmarks.bcb_agent.validation import ReferenceChecks

from pytest_smallbench.contracts import ReferenceCheck
from pytest_smallbench.errors import UsageMistake

PASSED = ReferenceCheck("pass", "", 2.0, 2)
FAILED = ReferenceCheck("fail", "needs the network", 1.0, 2, "test_a (URLError)")
FLAKY = ReferenceCheck("flaky", "its tests fail", 4.0, 3)


def task(number: int, libs: str = "['re']") -> Record:
    return checked_record(bcb_samples.raw(f"B/{number}", libs=libs), "sample")


@pytest.fixture
def checks(tmp_path: Path) -> ReferenceChecks:
    return ReferenceChecks(tmp_path, "reference-1234", "v0.1.4@abc")


def again(checks: ReferenceChecks) -> ReferenceChecks:
    return ReferenceChecks(checks.path.parent.parent, "reference-1234", "v0.1.4@abc")


def test_what_is_added_is_there_in_the_next_run(checks: ReferenceChecks) -> None:
    checks.add({"B/0": PASSED, "B/1": FAILED})
    assert again(checks).get(task(0)) == PASSED
    assert again(checks).get(task(1)) == FAILED
    assert len(again(checks)) == 2


def test_a_task_never_checked_is_run_under_the_official_limit(checks: ReferenceChecks) -> None:
    assert checks.get(task(0)) is None
    assert checks.skip_reason(task(0)) == ""
    assert checks.wall_limit(task(0)) == 240
    assert checks.expected_s(task(0)) is None


def test_the_wall_limit_is_three_reference_times_and_a_minute_at_least(
    checks: ReferenceChecks,
) -> None:
    checks.add({"B/0": PASSED, "B/1": ReferenceCheck("pass", "", 50.0, 1)})
    assert checks.wall_limit(task(0)) == 60
    assert checks.wall_limit(task(1)) == 150
    assert checks.expected_s(task(1)) == 50


def test_tasks_that_cannot_be_graded_are_skipped_with_their_cause(checks: ReferenceChecks) -> None:
    checks.add({"B/0": PASSED, "B/1": FAILED, "B/2": FLAKY})
    here = "in this environment: "
    assert checks.skip_reason(task(0)) == ""
    assert checks.skip_reason(task(1)) == (
        f"the reference solution does not pass {here}needs the network"
    )
    assert checks.skip_reason(task(2)) == (
        f"the reference solution passes only sometimes {here}its tests fail"
    )


def test_a_task_whose_library_cannot_be_imported_is_skipped(checks: ReferenceChecks) -> None:
    broken = ["cv2: ImportError: libGL.so.1 is missing", "wordcloud: OSError"]
    needs = task(0, libs="['os', 'cv2']")
    assert checks.skip_reason(needs, broken).startswith("needs cv2, which cannot be imported")
    assert checks.skip_reason(task(1, libs="['os']"), broken) == ""


def test_a_check_of_ones_own_shows_that_a_task_does_without_the_library(
    checks: ReferenceChecks,
) -> None:
    checks.add({"B/0": PASSED})
    assert checks.skip_reason(task(0, libs="['cv2']"), ["cv2: ImportError"]) == ""


def test_the_tests_that_the_reference_skips_are_kept(checks: ReferenceChecks) -> None:
    checks.add({"B/0": ReferenceCheck("pass", "", 1.0, 2, skips=("test_on_windows",))})
    assert again(checks).may_skip(task(0)) == ("test_on_windows",)
    assert checks.may_skip(task(1)) == ()


def test_the_summary_counts_causes(checks: ReferenceChecks) -> None:
    checks.add({"B/0": PASSED, "B/1": FAILED, "B/2": FAILED, "B/3": FLAKY})
    assert checks.summary() == ("1 pass, 3 tasks to skip (needs the network: 2, its tests fail: 1)")


def test_checking_some_tasks_keeps_what_is_known_of_the_others(checks: ReferenceChecks) -> None:
    at_the_same_time = again(checks)
    checks.add({"B/0": FAILED})
    at_the_same_time.add({"B/1": PASSED})
    assert again(checks).skip_reason(task(0))
    assert at_the_same_time.get(task(0)) == FAILED


def test_a_newer_check_replaces_an_older_one(checks: ReferenceChecks) -> None:
    checks.add({"B/0": FAILED})
    checks.add({"B/0": PASSED})
    assert checks.skip_reason(task(0)) == ""


def test_one_lucky_run_does_not_clear_a_flaky_task(checks: ReferenceChecks) -> None:
    checks.add({"B/0": FLAKY})
    checks.add({"B/0": ReferenceCheck("pass", "", 1.0, 1)})
    assert checks.get(task(0)) == ReferenceCheck("flaky", FLAKY.cause, 4.0, 4)
    checks.add({"B/0": ReferenceCheck("pass", "", 1.0, 4)})
    assert checks.skip_reason(task(0)) == ""


def test_environments_and_revisions_are_kept_apart(tmp_path: Path) -> None:
    ReferenceChecks(tmp_path, "reference-1", "r1").add({"B/0": FAILED})
    assert len(ReferenceChecks(tmp_path, "reference-2", "r1")) == 0
    assert len(ReferenceChecks(tmp_path, "reference-1", "r2")) == 0


@pytest.mark.parametrize("content", ["", "[]", '{"tasks": {"B/0": {"outcome": "pass"}}}'])
def test_a_damaged_store_is_a_usage_mistake_that_names_the_file(
    checks: ReferenceChecks, content: str
) -> None:
    checks.path.parent.mkdir(parents=True)
    checks.path.write_text(content)
    with pytest.raises(UsageMistake, match="delete that file") as mistake:
        again(checks)
    assert str(checks.path) in str(mistake.value)


def test_the_file_says_what_it_is_of(checks: ReferenceChecks) -> None:
    checks.add({"B/0": PASSED})
    stored = json.loads(checks.path.read_text())
    assert stored["schema"] == "smallbench-references/1"
    assert stored["fingerprint"] == "reference-1234"
    assert stored["revision"] == "v0.1.4@abc"
