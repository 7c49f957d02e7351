"""A task of AgentBench as the index has it, with its environment's limits."""

from __future__ import annotations

from dataclasses import replace

from pytest_smallbench.contracts import TaskEntry

from .kinds import KINDS


def entry_of(
    id: str, environment: str, difficulty: str = "", place: tuple[int, int] = (0, 0)
) -> TaskEntry:
    """``environment`` is a kind's key, or a name that no kind has (``general``); ``place`` is
    the record's offset and length in the file of records."""
    tags = tuple(tag for tag in (environment, difficulty) if tag.isidentifier())
    offset, length = place
    entry = TaskEntry(id, id, environment, tags, offset=offset, length=length, sandboxed=False)
    kind = KINDS.get(environment)
    if kind is None:
        return entry
    return replace(
        entry, max_steps=kind.max_steps, timeout_s=kind.timeout_s, sandboxed=kind.sandboxed
    )
