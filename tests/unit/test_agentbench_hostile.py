"""Odd calls to every tool of every environment: an answer in words, and the world is whole."""

from __future__ import annotations

import pytest
from agentbench_samples import episode
from pytest_smallbench.benchmarks.agentbench.kinds import KINDS

from pytest_smallbench.attempt import Attempt
from pytest_smallbench.contracts import Limits
from pytest_smallbench.recording import RecordedEnvironment
from pytest_smallbench.trajectory import Trajectory

ODD_TEXTS = (
    *("", " \n\t", "\x1b[31m\x07\x08", "\ufeff\u202e\U0001f989", "'; DROP TABLE x; --"),
    *("#99999", "-1", "{}", "%s%n{0}", "../../etc/passwd", "(" * 5_000, "x" * 99_999),
    *("\ud800", "a\0b", "y" * 200_000),  # no world gets to see these
)
ODD_NUMBERS = (-1, 4, 10**30, True)


def odd(schema):
    """Values that the schema lets through, or may not."""
    if schema.get("type") == "integer":
        return ODD_NUMBERS
    if schema.get("type") == "array":
        return ([], [""], ["x"] * 1_000, list(ODD_TEXTS[:3]), None)
    return (*ODD_TEXTS, None, 7)


def odd_calls(tool):
    """One argument odd, the others harmless; then none, and one too many."""
    properties = tool.parameters.get("properties", {})
    harmless = {
        name: {"integer": 0, "array": ["a"]}.get(spec.get("type"), "a")
        for name, spec in properties.items()
    }
    for name, spec in properties.items():
        for value in odd(spec):
            yield {**harmless, name: value}
    yield {}
    yield {**harmless, "one_too_many": 1}
    yield "not JSON"


@pytest.mark.parametrize("key", KINDS)
def test_the_gold_calls_hold_after_odd_ones(bench, tmp_path, key):
    with episode(f"{key}/g4-00001", bench) as inner:
        attempt = Attempt(inner.task, Limits(max_steps=None), Trajectory(tmp_path / "t.jsonl"))
        environment = RecordedEnvironment(inner, attempt)
        start = environment.snapshot()
        for tool in environment.tools:
            for arguments in odd_calls(tool):
                observation = environment.call(tool.name, arguments)
                assert isinstance(observation.text, str)
                assert observation.text
                assert len(observation.text) < 20_000
                environment.restore(start)
        for call in environment.reference():
            environment.call(call.name, call.arguments)
        assert environment.grade().resolved
