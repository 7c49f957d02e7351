"""The attempts as rows of the page's table, and what its reader tells of each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypedDict

from pytest_smallbench.reports.formatting import clip, duration, money, token_count, token_words
from pytest_smallbench.reports.shape import Report, ResultRecord
from pytest_smallbench.reports.untrusted import clean, one_line

REASON_LENGTH = 300
Changes = Mapping[tuple[str, str], str]
"""By benchmark and task: worse or better than the baseline."""


class Row(TypedDict):
    """Numbers sort, texts are shown: ``facts`` and ``texts`` are for the reader, as
    (name, value). ``absence`` says why there is no trajectory, or is empty."""

    benchmark: str
    task: str
    outcome: str
    change: str
    category: str
    reason: str
    steps: int
    tokens: int | None
    tokens_text: str
    cost: float | None
    cost_text: str
    seconds: float
    time_text: str
    facts: list[tuple[str, str]]
    texts: list[tuple[str, str]]
    absence: str


def rows(report: Report, absences: Sequence[str]) -> list[Row]:
    changes = _changes(report)
    return [
        _row(result, changes, absence)
        for result, absence in zip(report["results"], absences, strict=True)
    ]


def _row(result: ResultRecord, changes: Changes, absence: str) -> Row:
    benchmark, task = result["benchmark"], _task(result)
    bare = task.removesuffix(f"[{result['attempt']}]")
    cost, seconds = finite(result["cost_usd"]), finite(result["duration_s"]) or 0.0
    tokens = token_count(result["tokens"])
    return {
        "benchmark": one_line(benchmark),
        "task": one_line(task),
        "outcome": result["outcome"],
        "change": changes.get((benchmark, task)) or changes.get((benchmark, bare), ""),
        "category": one_line(result["category"]),
        "reason": clip(one_line(result["reason"]), REASON_LENGTH),
        "steps": result["steps"],
        "tokens": tokens,
        "tokens_text": f"{tokens:,}" if tokens is not None else "unknown",
        "cost": cost,
        "cost_text": money(cost) if cost is not None else "unknown",
        "seconds": seconds,
        "time_text": duration(seconds),
        "facts": [(name, one_line(value)) for name, value in _facts(result) if value],
        "texts": [(name, clean(value)) for name, value in _texts(result) if value],
        "absence": absence,
    }


def _facts(result: ResultRecord) -> list[tuple[str, str]]:
    score = finite(result["score"])
    metrics = [f"{name} {value:g}" for name, value in result["metrics"].items() if value]
    return [
        ("item", result["nodeid"]),
        ("score", "" if score is None else f"{score:g}"),
        ("tokens", token_words(result["tokens"])),
        ("tool calls", f"{result['tool_calls']:,}, {result['invalid_tool_calls']:,} not valid"),
        ("tags", ", ".join(result["tags"])),
        ("figures", ", ".join(metrics)),
        ("remarks", ", ".join(result["flags"])),
        ("trajectory", result["trajectory"]),
    ]  # fmt: skip


def _texts(result: ResultRecord) -> list[tuple[str, str]]:
    return [
        ("reason", result["reason"]),
        ("agent's output", result["agent_output"]),
        ("expected output", result["expected_output"] or ""),
    ]


def _changes(report: Report) -> Changes:
    found = {}
    for name, benchmark in report["benchmarks"].items():
        comparison = benchmark["comparison"]
        for flip in comparison["regressed"] if comparison else ():
            found[name, flip["task"]] = "worse"
        for flip in comparison["improved"] if comparison else ():
            found[name, flip["task"]] = "better"
    return found


def _task(result: ResultRecord) -> str:
    return result["nodeid"].partition("::")[2] or result["nodeid"]


def finite(value: float | None) -> float | None:
    """JSON has no NaN and no Infinity; a stranger's grader may."""
    return value if value is not None and math.isfinite(value) else None
