"""The embedded engine: SQLite in memory, spoken to in MySQL's dialect."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from . import functions
from .engine import RowsText, SqlError, Table
from .guard import Authorizer, Limits, Meter, fence
from .interruptible import interruptible
from .messages import in_words, too_large, too_long

if TYPE_CHECKING:
    from sqlglot import exp


class SqliteEngine:
    """One task's tables. All columns are TEXT and compare without regard to case."""

    def __init__(self, tables: Iterable[Table], limits: Limits | None = None) -> None:
        # A statement runs beside the main thread, see interruptible.py; never two at once.
        self._connection = sqlite3.connect(
            ":memory:", isolation_level=None, check_same_thread=False
        )
        self._meter = Meter(limits or Limits())
        self._authorizer = Authorizer()
        self._complaints: list[Exception] = []
        self._dice = random.Random()
        self._saved: dict[str, sqlite3.Connection] = {}
        for table in tables:
            _load(self._connection, table)
        functions.register(self._connection, self._dice, self._complaints)
        fence(self._connection, self._meter, self._authorizer)

    def execute(self, sql: str) -> str:
        """Carry out one statement. Raises SqlError."""
        from .dialect import parsed

        tree = parsed(sql)
        reply = RowsText()
        self._meter.exceeded = ""
        self._complaints.clear()
        try:
            self._carry_out(tree, reply)
        except (sqlite3.Error, sqlite3.Warning, OverflowError, MemoryError) as error:
            raise self._explained(error) from None
        return str(reply)

    def _carry_out(self, tree: exp.Expr, reply: RowsText) -> None:
        from sqlglot import exp

        from . import catalogue
        from .statements import statements_for

        if isinstance(tree, exp.Show):
            reply.add(catalogue.listed(self._connection, tree))
        elif isinstance(tree, exp.Describe):
            reply.add(catalogue.described(self._connection, tree))
        else:
            for statement in statements_for(tree):
                self._run(statement, reply)

    def _run(self, statement: str, reply: RowsText) -> None:
        self._dice.seed(0)
        self._meter.begin()
        self._authorizer.altering = statement.startswith("ALTER ")
        interruptible(self._connection, lambda: reply.add(self._connection.execute(statement)))

    def _explained(self, error: Exception) -> SqlError:
        if self._meter.exceeded or isinstance(error, MemoryError):
            return too_long() if self._meter.exceeded == "time" else too_large()
        for complaint in self._complaints:
            return complaint if isinstance(complaint, SqlError) else in_words(str(complaint))
        return in_words(str(error))

    def rows(self, table: Table) -> Sequence[Sequence[object]]:
        columns = ", ".join(map(_quoted, table.columns))
        try:
            return self._connection.execute(
                f"SELECT {columns} FROM {_quoted(table.name)}"
            ).fetchall()
        except sqlite3.Error as error:
            raise in_words(str(error)) from None

    def snapshot(self) -> str:
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.backup(copy)
        name = str(len(self._saved) + 1)
        self._saved[name] = copy
        return name

    def restore(self, snapshot: str) -> None:
        self._saved[snapshot].backup(self._connection)

    def close(self) -> None:
        for connection in (self._connection, *self._saved.values()):
            connection.close()


def _load(connection: sqlite3.Connection, table: Table) -> None:
    columns = ", ".join(f"{_quoted(name)} TEXT COLLATE NOCASE" for name in table.columns)
    connection.execute(f"CREATE TABLE {_quoted(table.name)} ({columns})")
    places = ", ".join("?" * len(table.columns))
    connection.execute("BEGIN")
    connection.executemany(f"INSERT INTO {_quoted(table.name)} VALUES ({places})", table.rows)
    connection.execute("COMMIT")


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
