"""The reference checks that come with BCB-Agent: one table for each of the two large locks.

A table holds for an environment (the lock's hash, the Python's minor version, the platform)
whatever the data set's revision: its rows are found by what a task's verdict depends on, so
a task that another revision has changed is not in it, and nobody is told anything of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from pytest_smallbench.contracts import ReferenceCheck

from .images import FOLDER
from .images.corpora import MARK as WITH_CORPORA
from .records import Record
from .reference_causes import CORPORA

SCHEMA = "smallbench-reference-table/1"


@dataclass(frozen=True)
class ReferenceTable:
    """``environment`` is the part of a fingerprint that must be the same, as
    ``reference-4692bdbfe4b3-cpython3.10``, ``platform`` as ``linux-x86_64``; ``keys`` are the
    tasks' keys by their ids, ``checks`` what was found, by key."""

    environment: str
    platform: str
    keys: Mapping[str, str] = field(default_factory=dict)
    checks: Mapping[str, ReferenceCheck] = field(default_factory=dict)

    def get(self, record: Record) -> ReferenceCheck | None:
        return self.checks.get(task_key(record))


def task_key(record: Record) -> str:
    """Sixteen hex digits over what the reference's verdict depends on: prompt code, reference,
    tests and entry point, but for the space at the ends of lines and empty lines."""
    parts = (record.code_prompt, record.canonical_solution, record.test, record.entry_point)
    text = "\0".join("\n".join(_lines(part)) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _lines(text: str) -> Iterator[str]:
    return (line.rstrip() for line in text.splitlines() if line.strip())


def table_for(fingerprint: str) -> ReferenceTable | None:
    """The table that holds in the environment of this fingerprint, if one was shipped."""
    for path in sorted(FOLDER.glob("reference_checks_*.jsonl")):
        table = read_table(path)
        if holds(table, fingerprint):
            return _without_corpora(table) if WITH_CORPORA in fingerprint else table
    return None


def holds(table: ReferenceTable, fingerprint: str) -> bool:
    return fingerprint.startswith(f"{table.environment}.") and table.platform in fingerprint


def _without_corpora(table: ReferenceTable) -> ReferenceTable:
    """Nobody knows how those that only lack corpora fare where these are."""
    known = {key: check for key, check in table.checks.items() if check.cause != CORPORA}
    return ReferenceTable(table.environment, table.platform, table.keys, known)


@lru_cache(maxsize=4)
def read_table(path: Path) -> ReferenceTable:
    """A table: a line of JSON that says what it is of, then a line a task."""
    head, *rows = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return ReferenceTable(
        head["environment"],
        head["platform"],
        {row["task_id"]: row["key"] for row in rows},
        {row["key"]: _check(row) for row in rows},
    )


def write_table(
    path: Path, fingerprint: str, found: Iterable[tuple[Record, ReferenceCheck]]
) -> None:
    """Write what was found in the environment of this fingerprint."""
    environment, platform = environment_of(fingerprint)
    head = {"schema": SCHEMA, "environment": environment, "platform": platform}
    rows = [_row(record, check) for record, check in found]
    lines = [json.dumps(row, separators=(",", ":")) for row in [head, *rows]]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def environment_of(fingerprint: str) -> tuple[str, str]:
    """(environment, platform) of ``reference-4692bdbfe4b3-cpython3.10.13-linux-x86_64``."""
    lock, digest, python, platform = fingerprint.split("-", 3)
    return f"{lock}-{digest}-{python.rpartition('.')[0]}", platform


def _row(record: Record, check: ReferenceCheck) -> dict[str, Any]:
    """A task's row; what is empty is left out."""
    values = {
        "task_id": record.task_id,
        "key": task_key(record),
        "outcome": check.outcome,
        "seconds": round(check.seconds, 2),
        "runs": check.runs,
        "cause": check.cause,
        "detail": check.detail,
        "skips": list(check.skips),
    }
    return {name: value for name, value in values.items() if value not in ("", [])}


def _check(row: Mapping[str, Any]) -> ReferenceCheck:
    return ReferenceCheck(
        row["outcome"],
        row.get("cause", ""),
        row["seconds"],
        row["runs"],
        row.get("detail", ""),
        tuple(row.get("skips", ())),
    )
