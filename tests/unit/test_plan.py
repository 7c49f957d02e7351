"""A plan reaches the workers as it was made."""

from __future__ import annotations

from dataclasses import replace

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


def names(bench):
    return [item.name for item in bench.items()]


def test_each_attempt_is_an_item_and_a_tasks_name_stands_for_all():
    twice = replace(BENCH, attempts=2)
    assert names(BENCH) == ["a/1[x]", "a/2"]
    assert names(twice) == ["a/1[x][1]", "a/1[x][2]", "a/2[1]", "a/2[2]"]
    assert names(twice.only({"a/1[x]", "a/2[2]"})) == ["a/1[x][1]", "a/1[x][2]", "a/2[2]"]
    plan = Plan("id", "/out", {"toy": twice.without({"a/2[1]"})})
    assert names(Plan.unpack(plan.pack()).benches["toy"]) == ["a/1[x][1]", "a/1[x][2]", "a/2[2]"]
