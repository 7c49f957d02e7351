"""The test that every task folder runs."""

from __future__ import annotations

from pytest_smallbench.contracts import Agent, Environment


def test_task(environment: Environment, agent: Agent) -> None:
    agent.solve(environment)
    grade = environment.grade()
    assert grade.resolved, grade.explanation
