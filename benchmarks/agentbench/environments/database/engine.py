"""What the world asks of a database engine; two of them know how."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

Value: TypeAlias = str | None
"""A cell of a task's table: every column is TEXT."""

SHOWN = 800
"""Characters of a reply that the agent sees (specification, section 2)."""
SECONDS = 60.0
"""What one statement may take."""


@dataclass(frozen=True)
class Table:
    """A task's table. Each row is as long as ``columns``."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


class SqlError(Exception):
    """The engine refused a statement; the message is in MySQL's manner."""

    def __init__(self, code: int, state: str, message: str) -> None:
        super().__init__(f"{code} ({state}): {message}" if state else f"{code}: {message}")


class Engine(Protocol):
    """One task's database."""

    def execute(self, sql: str) -> str:
        """Carry out one statement: the reply, cut. Raises SqlError."""

    def rows(self, table: Table) -> Sequence[Sequence[object]]:
        """The present rows of one of the task's tables. Raises SqlError where it is gone."""

    def snapshot(self) -> str: ...

    def restore(self, snapshot: str) -> None: ...

    def close(self) -> None: ...


def shown(text: str) -> str:
    """A reply as the agent sees it."""
    return text if len(text) <= SHOWN else text[:SHOWN] + "[TRUNCATED]"


class RowsText:
    """The repr of a list of row tuples, of which only what will be shown is kept."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0

    def add(self, rows: Iterable[tuple[object, ...]]) -> None:
        for row in rows:
            if self._length <= SHOWN:
                part = repr(row)
                self._parts.append(part)
                self._length += len(part) + 2

    def __str__(self) -> str:
        return shown("[" + ", ".join(self._parts) + "]")
