"""A plan reaches the workers as it was made."""

from __future__ import annotations

from pytest_smallbench.contracts import Preparation, SandboxSetup, TaskEntry, TaskIndex
from pytest_smallbench.plan import BenchPlan, Plan

ENTRIES = (
    TaskEntry("a/1", "a/1[x]", "General", ("os", "re"), "x", 5, 9, max_steps=8, timeout_s=300.0),
    TaskEntry("a/2", "a/2", sandboxed=False),
)
BENCH = BenchPlan(
    TaskIndex("mini", "sha256:0", "all", "/records.jsonl", ENTRIES),
    Preparation(
        SandboxSetup("/python", preload=("json",), readable=("/opt",)),
        "print",
        {"key": "value"},
        {"a/2": "no network"},
        {"a/1": 1.5},
    ),
    "@address",
)


def test_packing_loses_nothing():
    plan = Plan("id", "/out", {"toy": BENCH})
    assert Plan.unpack(plan.pack()) == plan


def test_without_a_task_that_needs_one_there_is_no_sandbox():
    assert BENCH.sandbox("process") == "process"
    assert BENCH.only({"a/2"}).sandbox("process") == "none"


def test_only_keeps_the_order():
    assert BENCH.only({"a/2", "a/1[x]"}).index.entries == ENTRIES
    assert BENCH.only({"a/2"}).index.entries == ENTRIES[1:]
