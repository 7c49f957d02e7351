"""What benchmarks have, over tasks of one's own: baseline, attempts, recordings, budget."""

from __future__ import annotations

import pytest

from pytest_smallbench.contracts import ToolCall
from pytest_smallbench.testing.script import Turn
from pytest_smallbench.testing.scripted_server import ScriptedServer

WORDS = """
import pytest

@pytest.mark.parametrize("word", "a b c d e f g h i j k".split())
def test_word(word, agent, sandbox):
    assert agent.solve(sandbox.task(word)) == word
"""
WORSE = "return word if word in {} else 'no'"
AGAINST = ("--smallbench-baseline=old/report.json", "--smallbench-gate=no-regression")


def answering(words):
    """A model that answers each of ``words`` right."""
    script = {word: [Turn(calls=(ToolCall("answer", {"text": word}),))] for word in words}
    return ScriptedServer(script)


@pytest.fixture
def baseline(own_tasks):
    own_tasks.write(test_own=WORDS)
    own_tasks.run()
    (own_tasks.path / "out").rename(own_tasks.path / "old")


@pytest.mark.parametrize(
    ("right", "status", "said"), [("fghijk", 1, "missed"), ("bcdefghijk", 0, "met")]
)
def test_a_regression_misses_the_gate(own_tasks, baseline, workers, right, status, said):
    own_tasks.write(agent=WORSE.format(repr(right)), test_own=WORDS)
    result = own_tasks.run(workers, *AGAINST)
    assert result.ret == status
    result.stdout.fnmatch_lines(
        [
            f"worse: {11 - len(right)} task*: test_word[[]a[]]*",
            f"custom: resolved {len(right)}/11 *gate: {said}*",
        ]
    )


def test_another_number_of_attempts_is_no_baseline(own_tasks, baseline):
    result = own_tasks.run("--smallbench-attempts=2", *AGAINST)
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: *old/report.json*attempts*"])


def test_attempts_are_summed_up_by_task(own_tasks, workers):
    own_tasks.write(agent=WORSE.format("'ab'"), test_own=WORDS)
    own_tasks.run(workers, "--smallbench-attempts=2", "--smallbench-limit=3")
    summary = own_tasks.report["benchmarks"]["custom"]["summary"]
    assert summary["attempts"] == 2
    assert summary["pass_at"]["2"] == pytest.approx(2 / 3)


def test_a_recorded_run_plays_again_without_a_model(own_tasks, workers):
    own_tasks.write(agent="", test_own=WORDS)
    with answering("abcdefghijk") as server:
        endpoint = f"--smallbench-base-url={server.base_url}"
        own_tasks.run(workers, endpoint, "--smallbench-record=tape").assert_outcomes(passed=11)
        asked = server.counts().requests
    result = own_tasks.run(workers, "--smallbench-replay=tape")
    result.assert_outcomes(passed=11)
    result.stdout.fnmatch_lines(["model answers were replayed: *nothing was spent"])
    assert own_tasks.report["benchmarks"]["custom"]["summary"]["tokens"]["prompt"] > 0
    assert asked == 11


def test_a_spent_budget_leaves_tasks_unrun(own_tasks, workers):
    own_tasks.write(agent="", test_own=WORDS)
    with answering("abcdefghijk") as server:
        endpoint = f"--smallbench-base-url={server.base_url}"
        many = ("--smallbench-attempts=4", "--smallbench-budget=0.0015")
        result = own_tasks.run(workers, endpoint, *many)
    assert result.ret == 7
    summary = own_tasks.report["benchmarks"]["custom"]["summary"]
    assert summary["not_run"] > 0
    assert summary["resolved"] > 0
    assert summary["errors"] == 0


SNAPSHOT = """
def test_snapshot(agent, sandbox):
    sandbox.write("a.txt", "before")
    before = sandbox.snapshot()
    agent.solve(sandbox.task("Change it."))
    assert sandbox.read_text("a.txt") == "after"
    other = sandbox.fork(before)
    assert other.read_text("a.txt") == "before"
    other.close()
    sandbox.restore(before)
    assert sandbox.read_text("a.txt") == "before"
    task = sandbox.task("And again.")
    here = task.snapshot()
    agent.solve(task)
    task.restore(here)
    assert sandbox.read_text("a.txt") == "before"
"""


def test_a_test_may_go_back_to_a_snapshot(own_tasks):
    writes = 'environment.call("bash", {"command": "printf after > a.txt"})'
    own_tasks.write(agent=writes, test_own=SNAPSHOT)
    own_tasks.run().assert_outcomes(passed=1)
