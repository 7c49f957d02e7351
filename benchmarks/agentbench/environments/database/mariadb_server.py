"""A private MariaDB server: a folder of its own, a Unix socket, no network.

One is started in each process that opens a task with ``db_engine=mariadb``, and serves all
tasks of that process; it ends with the process (see mariadb_keeper.py).
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from pytest_smallbench.errors import SandboxError, UsageMistake

from . import mariadb_keeper


def missing() -> str:
    """What ``db_engine=mariadb`` lacks on this machine and how to have it; empty if nothing."""
    if _program("mariadbd") is None or _program("mariadb-install-db") is None:
        return (
            "db_engine=mariadb needs the MariaDB server, which is not installed: "
            "apt-get install mariadb-server"
        )
    if not _has_client():
        return (
            "db_engine=mariadb needs the library PyMySQL, which is not installed: "
            "pip install 'pytest-smallbench[mariadb]'"
        )
    return ""


def _program(name: str) -> str | None:
    # Servers lie in sbin, which an ordinary user's PATH may leave out.
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    return shutil.which(name, path=path)


def _has_client() -> bool:
    return importlib.util.find_spec("pymysql") is not None


class MariaServer:
    """A running server. Raises UsageMistake or SandboxError where it cannot be started."""

    def __init__(self) -> None:
        lack = missing()
        if lack:
            raise UsageMistake(lack)
        self.folder = Path(tempfile.mkdtemp(prefix="smallbench-mariadb-"))
        self._tasks = 0
        programs = [str(_program("mariadb-install-db")), str(_program("mariadbd"))]
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", mariadb_keeper.__file__, str(self.folder), *programs],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Ctrl-C is for the owner, whose end the keeper sees.
            start_new_session=True,
        )
        assert self._keeper.stdout is not None
        said = self._keeper.stdout.readline().decode("utf-8", "replace").strip()
        if said != "ready":
            self.close()
            raise SandboxError(f"the MariaDB server did not start: {said or 'no reason given'}")

    @property
    def alive(self) -> bool:
        return self._keeper.poll() is None and (self.folder / "socket").exists()

    def next_name(self) -> str:
        """A name for the next task's database and its user."""
        self._tasks += 1
        return f"task_{self._tasks}"

    def connect(self, user: str = "root", database: str | None = None, **options: Any) -> Any:
        """A PyMySQL connection that commits every statement. Raises SandboxError."""
        import pymysql

        try:
            return pymysql.connect(
                unix_socket=str(self.folder / "socket"),
                user=user,
                database=database,
                charset="utf8mb4",
                autocommit=True,
                **options,
            )
        except pymysql.OperationalError as error:
            raise SandboxError(f"the MariaDB server cannot be reached: {error}") from None

    def close(self) -> None:
        """End the server and remove its folder. Safe to call twice."""
        for pipe in (self._keeper.stdin, self._keeper.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._keeper.wait()


@functools.cache
def shared_server() -> MariaServer:
    """This process's server, started when first asked for."""
    server = MariaServer()
    atexit.register(server.close)
    return server
