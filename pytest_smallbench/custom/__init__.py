"""custom: tasks that are a user's own tests, with plain asserts for a grader."""

from __future__ import annotations

from pytest_smallbench.custom.benchmark import CustomTasks

BENCHMARK = CustomTasks()
