"""Runs with trajectories on disk, for the tests of report.html."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from report_samples import report, result

from pytest_smallbench.contracts import Result
from pytest_smallbench.reports.shape import Report
from pytest_smallbench.trajectory import Trajectory

_OWN = "document.title='owned'"
HOSTILE = f'</script><script>{_OWN}</script><img src=x onerror="{_OWN}">'


def trajectory(path: Path, text: str = "Count.", padding: str = "") -> None:
    """Two steps: a first solution, then an edit of it."""
    told = Trajectory(path)
    told.add("start", task="T/0", nodeid="bcb-agent::T/0", limits={"max_steps": 10})
    code = "def f():\n    return 1\n"
    for turn, answer in enumerate((code, code.replace("1", "2"))):
        told.add("request", messages_added=[{"role": "user", "content": f"{turn} {text}"}])
        told.add(
            "response",
            message={"role": "assistant", "content": f"Thinking {turn}. {padding}"},
            usage={"prompt": 1204, "completion": 33, "cached": 0},
            cost_usd=0.0002,
            finish_reason="stop",
        )
        told.add("call", name="add_submission", arguments={"submission": answer})
        changed = {"solution.py": answer, "own test test_a": f"assert f() == {text!r}\n"}
        told.add("observation", text=text, done=False, valid=True, changed=changed)
    told.add("grade", resolved=True, score=1.0, explanation=text, flags=[])
    told.add("end", outcome="resolved", reason="")


def run(
    folder: Path, *results: Result, text: str = "Count.", padding: int = 0, **changed: Any
) -> Report:
    """A report whose results have trajectories in ``folder``; ``padding`` is in characters,
    ``changed`` goes to ``report``."""
    draw = random.Random(0)
    words = [f"word{n}" for n in range(2000)]
    for each in results:
        filler = " ".join(draw.choices(words, k=padding // 9))
        trajectory(folder / each.trajectory, text, filler)
    return report(*results, **changed)


def many(count: int) -> list[Result]:
    outcomes: list[Any] = ["resolved", "unresolved", "resolved", "error"]
    return [
        result(n, outcomes[n % 4], category=("Network", "System")[n % 2], steps=1 + n % 9,
               cost_usd=0.001 * (1 + n % 50), reason=f"why {n}")
        for n in range(count)
    ]  # fmt: skip


def repeated(tasks: int, attempts: int) -> list[Result]:
    """Each task's first attempt fails, and all of every third task's."""
    return [
        result(task, "resolved" if task % 3 and attempt > 1 else "unresolved", attempt=attempt,
               nodeid=f"bcb-agent::T/{task}[{attempt}]",
               trajectory=f"trajectories/{task}-{attempt}.jsonl")
        for task in range(tasks)
        for attempt in range(1, attempts + 1)
    ]  # fmt: skip
