"""The official evaluator over records from a file; run by the grading interpreter.

``official_side.py RECORDS.json WORKERS LIMIT_S`` prints {task id: [status, CPU seconds]}; the
status is "pass", "fail", "timeout", or "died" where the worker was taken along.
The package ``bigcodebench`` must be importable; nothing else of its dependencies is.
"""

from __future__ import annotations

import json
import multiprocessing as mp
import os
import resource
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

MEMORY_MIB, STACK_MIB = 30 * 1024, 10  # its defaults
Check = Callable[[dict[str, Any], float], tuple[str, float]]


def cpu_s() -> float:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(one)[:2]) for one in who)


def program(record: dict[str, Any]) -> str:
    """In its calibrated form."""
    return f"{record['code_prompt']}\n    pass\n{record['solution']}"


def verdict(record: dict[str, Any], limit_s: float) -> tuple[str, float]:
    import bigcodebench.eval as official

    official.TIMEOUT_LIMIT = limit_s
    before = cpu_s()
    status, _ = official.untrusted_check(
        program(record),
        record["test"],
        record["entry_point"],
        MEMORY_MIB,
        MEMORY_MIB,
        STACK_MIB,
        1,
        1,
    )
    return str(status), cpu_s() - before


def serve(pipe: Any, check: Check, limit_s: float) -> None:
    while True:
        pipe.send(check(pipe.recv(), limit_s))


def grade_all(
    records: Iterator[dict[str, Any]], check: Check, limit_s: float, verdicts: dict[str, Any]
) -> None:
    """One worker's share. Some programs end the official worker with themselves, and a pool
    of the standard library then waits for ever: such a task is told, and a new worker made."""
    process, pipe = worker(check, limit_s)
    for record in records:
        try:
            pipe.send(record)
            verdicts[record["task_id"]] = pipe.recv()
        except (EOFError, OSError):
            process.join()
            process, pipe = worker(check, limit_s)
            verdicts[record["task_id"]] = ("died", 0.0)
    process.kill()
    process.join()


def worker(check: Check, limit_s: float) -> tuple[Any, Any]:
    ours, theirs = mp.Pipe()
    process = mp.Process(target=serve, args=(theirs, check, limit_s))
    process.start()
    theirs.close()
    return process, ours


class Shared:
    """An iterator that several threads may share."""

    def __init__(self, items: list[dict[str, Any]]) -> None:
        self._items, self._lock = iter(items), threading.Lock()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self

    def __next__(self) -> dict[str, Any]:
        with self._lock:
            return next(self._items)


def main(check: Check) -> None:
    """Print what ``check`` says of each record."""
    records = Shared(json.loads(Path(sys.argv[1]).read_text()))
    workers, limit_s = int(sys.argv[2]), float(sys.argv[3])
    reply = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # the tasks print
    verdicts: dict[str, Any] = {}
    shares = [
        threading.Thread(target=grade_all, args=(records, check, limit_s, verdicts))
        for _ in range(workers)
    ]
    for share in shares:
        share.start()
    for share in shares:
        share.join()
    print(json.dumps(verdicts), file=reply, flush=True)


if __name__ == "__main__":
    main(verdict)
