"""What a statement may do and use in SQLite: everything else is closed off."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .engine import SECONDS
from .functions import BUILT_IN, PREFIX

EVERY = 4000
"""Steps of SQLite's machine between two looks at the clock and at memory."""
LONGEST_VALUE = 200_000
"""Bytes of a value or a row."""
PAGES = 16_384
"""Pages of 4 KiB that a database may have: 64 MiB."""

_ALLOWED = frozenset(
    {
        sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE,
        sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE,
        sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_DROP_TABLE, sqlite3.SQLITE_ALTER_TABLE,
        sqlite3.SQLITE_CREATE_VIEW, sqlite3.SQLITE_DROP_VIEW,
        sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_DROP_INDEX, sqlite3.SQLITE_REINDEX,
    }
)  # fmt: skip
"""Not among them: ATTACH (files), PRAGMA, virtual tables, triggers, temporary tables."""


class Authorizer:
    """SQLite's authorizer: an allow-list of actions and of functions.

    ``altering`` is set while ALTER TABLE runs, which calls functions inside SQLite that no
    statement may.
    """

    def __init__(self) -> None:
        self.altering = False

    def __call__(self, action: int, one: str | None, two: str | None, *_where: str | None) -> int:
        if action == sqlite3.SQLITE_FUNCTION:
            name = (two or "").lower()
            well = self.altering or name.startswith(PREFIX) or name in BUILT_IN
        elif action == sqlite3.SQLITE_PRAGMA:
            well = one == "table_info"  # information_schema reads through it
        else:
            well = action in _ALLOWED
        return sqlite3.SQLITE_OK if well else sqlite3.SQLITE_DENY


@dataclass
class Limits:
    """What one statement may use. ``steps`` stand for the time limit in a way that is the
    same on every machine: a hundred million are a few seconds."""

    seconds: float = SECONDS
    steps: int = 100_000_000
    memory: int = 256 << 20


@dataclass
class Meter:
    """Counts what the present statement uses, from SQLite's progress handler."""

    limits: Limits
    exceeded: str = ""
    _left: int = 0
    _deadline: float = 0.0
    _most: int = 0
    _memory: Callable[[], int] = field(default_factory=lambda: _resident)

    def begin(self) -> None:
        self.exceeded = ""
        self._left = self.limits.steps
        self._deadline = time.monotonic() + self.limits.seconds
        self._most = self._memory() + self.limits.memory

    def tick(self) -> int:
        """Non-zero interrupts the statement."""
        self._left -= EVERY
        if self._left <= 0 or time.monotonic() > self._deadline:
            self.exceeded = "time"
        elif self._memory() > self._most:
            self.exceeded = "memory"
        return bool(self.exceeded)


def fence(connection: sqlite3.Connection, meter: Meter, authorizer: Authorizer) -> None:
    """Set a connection's limits; the task's tables must be in it already."""
    connection.execute(f"PRAGMA max_page_count = {PAGES}")
    connection.execute("PRAGMA temp_store = MEMORY")
    if sys.version_info >= (3, 11):
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    else:  # Python 3.10 cannot limit a connection, but SQLite limits the process
        connection.execute(f"PRAGMA hard_heap_limit = {1 << 30}")
    connection.set_progress_handler(meter.tick, EVERY)
    connection.set_authorizer(authorizer)


def _resident() -> int:
    """The process's resident memory in bytes, 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
