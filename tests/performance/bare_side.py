"""The least that a grader by forks could spend: the tests, and nothing of ours.

``bare_side.py RECORDS.json WORKERS LIMIT_S PRELOAD`` prints what official_side.py prints, and
like it is run by the grading interpreter. Each task is executed by the official evaluator's own
function, but in a fork of an interpreter that holds the modules which our sandbox holds.
Nobody reads the details of a failure: this side is for its CPU time.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import multiprocessing as mp
import sys
from typing import Any

import official_side
from official_side import MEMORY_MIB, STACK_MIB

PASSED = 0  # what the official function writes where nothing was raised


def verdict(record: dict[str, Any], limit_s: float) -> tuple[str, float]:
    from bigcodebench.eval import unsafe_execute

    before, status = official_side.cpu_s(), mp.Value("i", -1)
    limits = (limit_s, MEMORY_MIB, MEMORY_MIB, STACK_MIB)
    task = (record["entry_point"], official_side.program(record), record["test"])
    process = mp.Process(target=unsafe_execute, args=(*task, *limits, status, {}))
    process.start()
    process.join(limit_s + 1)
    process.kill()
    process.join()
    return "pass" if status.value == PASSED else "fail", official_side.cpu_s() - before


def hold(modules: list[str]) -> None:
    """Import them, as the zygote of our sandbox does (sandboxes/process/zygote.py)."""
    gc.disable()
    for name in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()
    gc.enable()


if __name__ == "__main__":
    hold(sys.argv[4].split(","))
    official_side.main(verdict)
