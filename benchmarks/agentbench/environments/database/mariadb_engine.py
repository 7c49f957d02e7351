"""The engine for purists: a real MariaDB, one database a task."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pytest_smallbench.errors import SandboxError

from .engine import SECONDS, RowsText, SqlError, Table
from .mariadb_server import MariaServer, shared_server

LOST = (2006, 2013)
"""Codes for a connection that has gone."""


class MariaEngine:
    """One task's database and the user that may use nothing else.

    Every statement has a session of its own, as in the original: variables, temporary tables
    and open transactions do not outlive it. Views are not part of a snapshot.
    """

    def __init__(self, tables: Iterable[Table], server: MariaServer | None = None) -> None:
        self._server = server or shared_server()
        self._name = self._server.next_name()
        self._copies: list[str] = []
        self._names = {table: _storable(table) for table in tables}
        self._admin = self._server.connect()
        user = f"'{self._name}'@'localhost'"
        self._do(f"CREATE DATABASE {self._name}", f"CREATE USER {user}")
        self._do(f"GRANT ALL ON {self._name}.* TO {user}")
        for table, columns in self._names.items():
            self._load(table, columns)

    def _load(self, table: Table, columns: Sequence[str]) -> None:
        name = f"{self._name}.{_quoted(table.name)}"
        self._do(f"CREATE TABLE {name} ({', '.join(f'{_quoted(c)} TEXT' for c in columns)})")
        places = ", ".join(["%s"] * len(columns))
        with self._admin.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {name} VALUES ({places})", table.rows)

    def execute(self, sql: str) -> str:
        """Carry out one statement. Raises SqlError."""
        import pymysql

        reply = RowsText()
        with self._session() as connection, _in_words(self._server):
            cursor = connection.cursor(pymysql.cursors.SSCursor)
            cursor.execute(sql)
            if cursor.description:
                reply.add(cursor)
        return str(reply)

    @contextlib.contextmanager
    def _session(self) -> Iterator[Any]:
        limits = {"read_timeout": SECONDS + 10, "write_timeout": SECONDS + 10}
        connection = self._server.connect(self._name, self._name, **limits)
        try:
            yield connection
        finally:
            # Not close(): that would first read to the end of what is still under way.
            connection._force_close()

    def rows(self, table: Table) -> Sequence[Sequence[object]]:
        columns = ", ".join(map(_quoted, self._names[table]))
        with self._session() as connection, _in_words(self._server):
            cursor = connection.cursor()
            cursor.execute(f"SELECT {columns} FROM {_quoted(table.name)}")
            return list(cursor.fetchall())

    def snapshot(self) -> str:
        copy = f"{self._name}_{len(self._copies) + 1}"
        self._do(f"CREATE DATABASE {copy}")
        self._copies.append(copy)
        self._copy(self._name, copy)
        return copy

    def restore(self, snapshot: str) -> None:
        for name in self._tables(self._name):
            self._do(f"DROP TABLE {self._name}.{_quoted(name)}")
        self._copy(snapshot, self._name)

    def _copy(self, source: str, target: str) -> None:
        for name in self._tables(source):
            one, other = (f"{base}.{_quoted(name)}" for base in (source, target))
            self._do(f"CREATE TABLE {other} LIKE {one}", f"INSERT INTO {other} SELECT * FROM {one}")

    def _tables(self, database: str) -> list[str]:
        with self._admin.cursor() as cursor:
            cursor.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = %s "
                "AND table_type = 'BASE TABLE' ORDER BY table_name",
                (database,),
            )
            return [str(name) for (name,) in cursor.fetchall()]

    def _do(self, *statements: str) -> None:
        with self._admin.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def close(self) -> None:
        """Drop all that the task had; a server that has gone took it along."""
        import pymysql

        with contextlib.suppress(pymysql.MySQLError):
            # A statement that is still under way would hold its tables.
            self._do(f"KILL USER '{self._name}'@'localhost'")
            self._do(*(f"DROP DATABASE IF EXISTS {d}" for d in (self._name, *self._copies)))
            self._do(f"DROP USER IF EXISTS '{self._name}'@'localhost'")
        with contextlib.suppress(pymysql.MySQLError):
            self._admin.close()


@contextlib.contextmanager
def _in_words(server: MariaServer) -> Iterator[None]:
    """The server's refusals as SqlError; its own end as SandboxError."""
    import pymysql

    try:
        yield
    except pymysql.MySQLError as error:
        code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        if code in LOST and not server.alive:
            raise SandboxError("the MariaDB server has ended") from None
        raise SqlError(code, "", str(error.args[-1] if error.args else error)) from None
    except (UnicodeError, ValueError, TypeError) as error:
        raise SqlError(1300, "", f"The statement or its result is no text: {error}") from None


def _storable(table: Table) -> tuple[str, ...]:
    """Column names that MySQL takes: not blank, no trailing space, at most 64 characters."""
    names = (name.rstrip()[:64].rstrip() for name in table.columns)
    return tuple(name or f"column_{place}" for place, name in enumerate(names, start=1))


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
