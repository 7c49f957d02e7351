"""Which of the selected tasks this machine cannot grade, and why."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_smallbench.contracts import TaskIndex

from . import parts
from .dataset import read_record
from .kinds import KINDS
from .plain import PlainRecord


def skips(index: TaskIndex, values: Mapping[str, str], sandbox: str) -> dict[str, str]:
    """The reason by task id. Only records of kinds that ask for something are looked at."""
    found = {}
    for entry in index.entries:
        kind = KINDS.get(entry.category)
        unmet = parts.requirements(kind) if kind is not None else None
        if unmet is None:
            continue
        record = read_record(index, entry, values)
        if not isinstance(record, PlainRecord) and (reason := unmet(record, sandbox)):
            found[entry.id] = reason
    return found
