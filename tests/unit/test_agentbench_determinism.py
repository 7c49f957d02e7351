"""The same calls on the same task give byte-identical observations, in any process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from agentbench_samples import episode, observations
from pytest_smallbench.benchmarks.agentbench.kinds import KINDS

NUMBERS = (0, 1, 2)  # easy, medium and hard


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """What another process observes, of all kinds and numbers, with another hash seed."""
    cache = tmp_path_factory.mktemp("elsewhere")
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("agentbench_samples.py"), str(cache)],
        input=json.dumps([f"{key}/g3-{number:05d}" for key in KINDS for number in NUMBERS]),
        env={"PYTHONHASHSEED": "12345", "PATH": "/usr/bin:/bin", "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("key", KINDS)
def test_in_two_processes(bench, elsewhere, key, number):
    task_id = f"{key}/g3-{number:05d}"
    assert observations(task_id, bench) == elsewhere[task_id]


@pytest.mark.parametrize("key", KINDS)
def test_after_restore(bench, key):
    """From the start, and from the middle of the gold calls."""
    with episode(f"{key}/g3-00001", bench) as environment:
        calls = list(environment.reference())
        half = len(calls) // 2
        start = environment.snapshot()
        before = [environment.call(call.name, call.arguments) for call in calls[:half]]
        middle = environment.snapshot()
        after = [environment.call(call.name, call.arguments) for call in calls[half:]]
        environment.restore(middle)
        again = [environment.call(call.name, call.arguments) for call in calls[half:]]
        assert again == after
        environment.restore(start)
        assert [environment.call(c.name, c.arguments) for c in calls] == before + after
        assert environment.grade().resolved


@pytest.mark.parametrize("key", KINDS)
def test_the_observation_holds_the_tasks_text(bench, key):
    """A user's prompt template takes its place."""
    with episode(f"{key}/g3-00000", bench) as environment:
        assert environment.task.problem_statement in environment.observe()


@pytest.mark.parametrize("key", KINDS)
def test_nothing_of_the_answer_is_in_the_task(bench, key):
    with episode(f"{key}/g3-00000", bench) as environment:
        assert environment.task.expected_output is None
