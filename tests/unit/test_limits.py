"""A task's limits: the option's, else its own, else the benchmark's."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_smallbench.contracts import Limits, TaskEntry
from pytest_smallbench.settings import Settings
from pytest_smallbench.worker import limits_for

BENCHMARK = SimpleNamespace(limits=Limits(max_steps=10, timeout_s=600.0))
OWN = TaskEntry("T/1", "T/1", max_steps=8, timeout_s=300.0)


@pytest.mark.parametrize(
    ("entry", "options", "expected"),
    [
        (None, {}, (10, 600.0)),
        (TaskEntry("T/1", "T/1"), {}, (10, 600.0)),
        (OWN, {}, (8, 300.0)),
        (OWN, {"max_steps": 3}, (3, 300.0)),
        (OWN, {"max_steps": 30, "task_timeout": 900.0}, (30, 900.0)),
    ],
)
def test_limits(entry, options, expected):
    limits = limits_for(BENCHMARK, Settings(**options), entry)
    assert (limits.max_steps, limits.timeout_s) == expected
